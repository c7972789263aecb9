import { fixedTag, HIGHEST_TAG, maxLengthOfTag, typeOfTag } from '../tags/tags';
import { writeCp866 } from './cp866';
import { localTimeToSeconds } from './local-time';
import type { TlvNode, TlvValue } from './node';
import { tlvError, type TlvFault } from './tlv-error';

/**
 * One pass over a buffer that is kept between calls: lengths are patched in after their values, and the finished run
 * is copied out once. Encoding is synchronous and calls nobody, so the buffer has one user at a time.
 */
let out = Buffer.allocUnsafeSlow(128 * 1024);

/** Longest value a TLV length field can tell. */
const MAX_VALUE = 0xffff;
/** Room for one leaf: header and the longest value. */
const LEAF_ROOM = MAX_VALUE + 4;
/** An FVLN is at most 8 bytes: the point and 7 bytes of mantissa; 2^48 millionths are far more than goods need. */
const FVLN_MAX_MICRO = Number.MAX_SAFE_INTEGER;

function room(at: number): void {
  if (at + LEAF_ROOM <= out.length) return;
  const grown = Buffer.allocUnsafeSlow(out.length * 2);
  out.copy(grown, 0, 0, at);
  out = grown;
}

const fail = (fault: TlvFault, tag: number, message: string): never => {
  throw tlvError('CLIENT', fault, `Tag ${tag}: ${message}`, { tag });
};

/**
 * Nodes to bytes, each value by the type of its tag. Fixed strings are padded with spaces; VLN takes as few bytes as
 * it needs (zero is one byte); bytes are written as they are whatever the tag.
 * Throws `CLIENT-TLV-VALUE` or `CLIENT-TLV-TOO-LONG` naming the tag.
 */
export function encodeTlv(nodes: readonly TlvNode[]): Buffer {
  const end = writeNodes(nodes, 0);
  const result = Buffer.allocUnsafe(end);
  out.copy(result, 0, 0, end);
  return result;
}

function writeNodes(nodes: readonly TlvNode[], start: number): number {
  let at = start;
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]!;
    const tag = node.tag;
    room(at);
    out[at] = tag & 0xff;
    out[at + 1] = tag >>> 8;
    const end = writeValue(tag, node.value, at + 4);
    const length = end - at - 4;
    if (length > MAX_VALUE) fail('TOO-LONG', tag, `${length} bytes do not fit a TLV`);
    out[at + 2] = length & 0xff;
    out[at + 3] = length >>> 8;
    at = end;
  }
  return at;
}

function writeValue(tag: number, value: TlvValue, at: number): number {
  if (typeof value === 'string') return writeText(tag, value, at);
  if (typeof value === 'number') return writeNumber(tag, value, at);
  if (typeof value === 'boolean') return writeNumber(tag, value ? 1 : 0, at);
  if (Array.isArray(value)) {
    const end = writeNodes(value, at);
    if (tag <= HIGHEST_TAG && maxLengthOfTag[tag]! !== 0 && end - at > maxLengthOfTag[tag]!) {
      fail('TOO-LONG', tag, `${end - at} bytes, at most ${maxLengthOfTag[tag]}`);
    }
    return end;
  }
  if (value.length > MAX_VALUE) fail('TOO-LONG', tag, `${value.length} bytes do not fit a TLV`);
  out.set(value, at);
  return at + value.length;
}

function writeText(tag: number, value: string, at: number): number {
  const type = tag <= HIGHEST_TAG ? typeOfTag[tag] : 0;
  if (type === 10) {
    const seconds = localTimeToSeconds(value);
    if (Number.isNaN(seconds)) fail('VALUE', tag, 'not a date and time');
    return out.writeUInt32LE(seconds, at);
  }
  if (type !== 1) fail('VALUE', tag, 'text where the tag holds something else');
  const max = maxLengthOfTag[tag]!;
  if (value.length > max) fail('TOO-LONG', tag, `${value.length} characters, at most ${max}`);
  const end = writeCp866(out, value, at);
  if (fixedTag[tag] === 0) return end;
  out.fill(0x20, end, at + max);
  return at + max;
}

/** Bytes of a whole-number type by its code: u8 2, u16 3, u32 4, bool 5, bits8 6, bits32 7. */
const WHOLE_BYTES = [0, 0, 1, 2, 4, 1, 1, 4];

function writeNumber(tag: number, value: number, at: number): number {
  const type = tag <= HIGHEST_TAG ? typeOfTag[tag]! : 0;
  if (!Number.isSafeInteger(value) || value < 0) fail('VALUE', tag, 'not a non-negative whole number');
  if (type === 8) return writeVln(tag, value, at);
  if (type === 9) return writeFvln(tag, value, at);
  const bytes = WHOLE_BYTES[type] ?? 0;
  if (bytes === 0) fail('VALUE', tag, 'a number where the tag holds something else');
  if (value >= 2 ** (8 * bytes)) fail('VALUE', tag, `does not fit ${bytes} bytes`);
  let rest = value;
  for (let i = 0; i < bytes; i++) {
    out[at + i] = rest & 0xff;
    rest >>>= 8;
  }
  return at + bytes;
}

function writeVln(tag: number, value: number, at: number): number {
  const max = maxLengthOfTag[tag]!;
  const end = writeMinimal(value, at);
  if (end - at > max) fail('TOO-LONG', tag, `does not fit ${max} bytes`);
  return end;
}

function writeMinimal(value: number, at: number): number {
  let position = at;
  let rest = value;
  while (rest > 0xffffffff) {
    out[position++] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  do {
    out[position++] = rest & 0xff;
    rest >>>= 8;
  } while (rest !== 0);
  return position;
}

function writeFvln(tag: number, micro: number, at: number): number {
  if (micro > FVLN_MAX_MICRO) fail('VALUE', tag, 'too much');
  let mantissa = micro;
  let digits = 6;
  while (digits > 0 && mantissa % 10 === 0) {
    mantissa /= 10;
    digits--;
  }
  out[at] = digits;
  return writeMinimal(mantissa, at + 1);
}
