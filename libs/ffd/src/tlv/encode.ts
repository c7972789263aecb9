import { fixedTag, HIGHEST_TAG, maxLengthOfTag, typeOfTag } from '../tags/tags';
import { writeCp866 } from './cp866';
import { localTimeToSeconds } from './local-time';
import type { TlvNode, TlvValue } from './node';
import { tlvError, type TlvFault } from './tlv-error';

/** Own names for what is imported: an import is read through a getter, and this is the library's hottest code. */
const TYPE = typeOfTag;
const MAX = maxLengthOfTag;
const FIXED = fixedTag;
const HIGHEST = HIGHEST_TAG;
const putText = writeCp866;

/** Longest value a TLV length field can tell. */
const MAX_VALUE = 0xffff;
/** Longest output: far over the 32 KiB container of the operators' protocol. */
const MAX_OUTPUT = 128 * 1024;
/** Setting a typed array costs more than a few bytes one by one; most byte values are fiscal signs of six bytes. */
const SHORT_BYTES = 32;

/**
 * One pass over a buffer that is kept between calls: lengths are patched in after their values, and the finished run
 * is copied out once. Encoding is synchronous and calls nobody, so the buffer has one user at a time. Behind
 * MAX_OUTPUT there is room for one more leaf, so that only the start of a node has to be checked.
 */
const out = Buffer.allocUnsafeSlow(MAX_OUTPUT + MAX_VALUE + 8);

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
    if (at > MAX_OUTPUT) fail('TOO-LONG', tag, `more than ${MAX_OUTPUT} bytes in all`);
    const end = writeValue(tag, tag <= HIGHEST ? TYPE[tag]! : 0, node.value, at + 4);
    const length = end - at - 4;
    if (length > MAX_VALUE) fail('TOO-LONG', tag, `${length} bytes do not fit a TLV`);
    out[at] = tag & 0xff;
    out[at + 1] = tag >>> 8;
    out[at + 2] = length & 0xff;
    out[at + 3] = length >>> 8;
    at = end;
  }
  return at;
}

function writeValue(tag: number, type: number, value: TlvValue, at: number): number {
  if (typeof value === 'string')
    return type === 1 ? writeText(tag, value, at) : writeTime(tag, type, value, at);
  if (typeof value === 'number') return writeNumber(tag, type, value, at);
  if (typeof value === 'boolean') return writeNumber(tag, type, value ? 1 : 0, at);
  if (Array.isArray(value)) return writeStructure(tag, value, at);
  if (value.length > MAX_VALUE) fail('TOO-LONG', tag, `${value.length} bytes do not fit a TLV`);
  if (value.length > SHORT_BYTES) out.set(value, at);
  else for (let i = 0; i < value.length; i++) out[at + i] = value[i]!;
  return at + value.length;
}

function writeStructure(tag: number, nodes: readonly TlvNode[], at: number): number {
  const end = writeNodes(nodes, at);
  const max = tag <= HIGHEST ? MAX[tag]! : 0;
  if (max !== 0 && end - at > max) fail('TOO-LONG', tag, `${end - at} bytes, at most ${max}`);
  return end;
}

function writeText(tag: number, value: string, at: number): number {
  const max = MAX[tag]!;
  if (value.length > max) fail('TOO-LONG', tag, `${value.length} characters, at most ${max}`);
  let position = putText(out, value, at);
  if (position - at > max) fail('TOO-LONG', tag, `${position - at} bytes, at most ${max}`);
  if (FIXED[tag] !== 0) while (position < at + max) out[position++] = 0x20;
  return position;
}

function writeTime(tag: number, type: number, value: string, at: number): number {
  if (type !== 10) fail('VALUE', tag, 'text where the tag holds something else');
  const seconds = localTimeToSeconds(value);
  if (Number.isNaN(seconds)) fail('VALUE', tag, 'not a date and time');
  return writeWhole(seconds, 4, at);
}

function writeWhole(value: number, bytes: number, at: number): number {
  let rest = value;
  for (let i = 0; i < bytes; i++) {
    out[at + i] = rest & 0xff;
    rest >>>= 8;
  }
  return at + bytes;
}

/** Bytes of a whole-number type by its code: u8 2, u16 3, u32 4, bool 5, bits8 6, bits32 7. */
const WHOLE_BYTES = [0, 0, 1, 2, 4, 1, 1, 4];
/** Largest value of so many bytes. */
const WHOLE_MOST = [0, 0xff, 0xffff, 0xffffff, 0xffffffff];

function writeNumber(tag: number, type: number, value: number, at: number): number {
  if (!Number.isSafeInteger(value) || value < 0) fail('VALUE', tag, 'not a non-negative whole number');
  if (type === 8) return writeVln(tag, value, at);
  if (type === 9) return writeFvln(value, at);
  const bytes = WHOLE_BYTES[type] ?? 0;
  if (bytes === 0) fail('VALUE', tag, 'a number where the tag holds something else');
  if (value > WHOLE_MOST[bytes]!) fail('VALUE', tag, `does not fit ${bytes} bytes`);
  return writeWhole(value, bytes, at);
}

function writeVln(tag: number, value: number, at: number): number {
  const max = MAX[tag]!;
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

/** At most 8 bytes: the point and, as a safe integer has 53 bits, up to 7 bytes of mantissa. */
function writeFvln(micro: number, at: number): number {
  let mantissa = micro;
  let digits = 6;
  while (digits > 0 && mantissa % 10 === 0) {
    mantissa /= 10;
    digits--;
  }
  out[at] = digits;
  return writeMinimal(mantissa, at + 1);
}
