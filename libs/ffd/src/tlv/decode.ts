import { fixedTag, HIGHEST_TAG, typeOfTag } from '../tags/tags';
import { asBuffer, readCp866 } from './cp866';
import { secondsToLocalTime } from './local-time';
import type { TlvNode, TlvValue } from './node';
import { tlvError, type TlvFault, type TlvOrigin } from './tlv-error';

/** Own names for what is imported: an import is read through a getter, and this is the library's hottest code. */
const TYPE = typeOfTag;
const FIXED = fixedTag;
const HIGHEST = HIGHEST_TAG;
const getText = readCp866;
const getTime = secondsToLocalTime;

/** Limits and manner of reading. */
export interface DecodeOptions {
  /** Values other than children stay bytes: encoding the result gives the same bytes back. Default false. */
  raw?: boolean;
  /** Longest input, bytes. Default 65 539: one TLV of the longest value. */
  maxBytes?: number;
  /** Deepest nesting. Default 8; documents have 4. */
  maxDepth?: number;
  /** Most nodes in all. Default 16 384: more do not fit a document. */
  maxNodes?: number;
  /** Whose bytes they are: block of the error codes. Default DEVICE. */
  origin?: TlvOrigin;
}

const DEFAULT_MAX_BYTES = 0xffff + 4;
const DEFAULT_MAX_DEPTH = 8;
const DEFAULT_MAX_NODES = 16_384;

class Reader {
  nodesLeft: number;
  constructor(
    readonly source: Buffer,
    readonly raw: boolean,
    readonly origin: TlvOrigin,
    maxNodes: number,
  ) {
    this.nodesLeft = maxNodes;
  }

  fail(fault: TlvFault, offset: number, message: string, tag?: number): never {
    const where = tag === undefined ? `Offset ${offset}` : `Tag ${tag} at offset ${offset}`;
    throw tlvError(this.origin, fault, `${where}: ${message}`, { offset, tag });
  }
}

/**
 * Bytes to nodes, each value by the type of its tag. Tags the table does not know keep their bytes. Lengths are read
 * as they come (a short number is a number, an empty one is zero), so that documents of any maker can be read; the
 * strict rules are `checkDocument`'s. Byte values share memory with the input.
 * Throws `<origin>-TLV-TRUNCATED`, `-TOO-LONG`, `-TOO-DEEP`, `-TOO-MANY` or `-VALUE`; never anything else.
 */
export function decodeTlv(bytes: Uint8Array, options: DecodeOptions = {}): TlvNode[] {
  const reader = new Reader(
    asBuffer(bytes),
    options.raw ?? false,
    options.origin ?? 'DEVICE',
    options.maxNodes ?? DEFAULT_MAX_NODES,
  );
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  if (bytes.length > maxBytes) reader.fail('TOO-LONG', 0, `${bytes.length} bytes, at most ${maxBytes}`);
  return readNodes(reader, 0, bytes.length, options.maxDepth ?? DEFAULT_MAX_DEPTH);
}

function readNodes(reader: Reader, start: number, end: number, depthLeft: number): TlvNode[] {
  if (depthLeft === 0) reader.fail('TOO-DEEP', start, 'nested too deep');
  const source = reader.source;
  const nodes: TlvNode[] = [];
  let at = start;
  while (at < end) {
    if (end - at < 4) reader.fail('TRUNCATED', at, 'no room for a tag and a length');
    const tag = source[at]! | (source[at + 1]! << 8);
    const length = source[at + 2]! | (source[at + 3]! << 8);
    const valueAt = at + 4;
    const valueEnd = valueAt + length;
    if (valueEnd > end) reader.fail('TRUNCATED', at, `${length} bytes told, ${end - valueAt} there`, tag);
    if (--reader.nodesLeft < 0) reader.fail('TOO-MANY', at, 'too many requisites', tag);
    nodes.push({ tag, value: readValue(reader, tag, valueAt, valueEnd, depthLeft) });
    at = valueEnd;
  }
  return nodes;
}

function readValue(reader: Reader, tag: number, at: number, end: number, depthLeft: number): TlvValue {
  const type = tag <= HIGHEST ? TYPE[tag]! : 0;
  if (type === 12) return readNodes(reader, at, end, depthLeft - 1);
  const source = reader.source;
  if (reader.raw) return source.subarray(at, end);
  switch (type) {
    case 1: {
      let last = end;
      if (FIXED[tag] === 1) while (last > at && source[last - 1] === 0x20) last--;
      return getText(source, at, last);
    }
    case 2:
    case 6:
      return readWhole(reader, tag, at, end, 1);
    case 3:
      return readWhole(reader, tag, at, end, 2);
    case 4:
    case 7:
      return readWhole(reader, tag, at, end, 4);
    case 5:
      return readWhole(reader, tag, at, end, 1) !== 0;
    case 8:
      return readVln(reader, tag, at, end);
    case 9:
      return readFvln(reader, tag, at, end);
    case 10:
      return getTime(readWhole(reader, tag, at, end, 4));
    default:
      return source.subarray(at, end);
  }
}

function readWhole(reader: Reader, tag: number, at: number, end: number, bytes: number): number {
  if (end - at > bytes) reader.fail('VALUE', at, `${end - at} bytes where ${bytes} are expected`, tag);
  let value = 0;
  for (let i = end - 1; i >= at; i--) value = (value << 8) | reader.source[i]!;
  return value >>> 0;
}

function readVln(reader: Reader, tag: number, at: number, end: number): number {
  if (end - at > 8) reader.fail('VALUE', at, `${end - at} bytes where 8 are the most`, tag);
  const source = reader.source;
  let value = 0;
  for (let i = end - 1; i >= at; i--) value = value * 256 + source[i]!;
  if (value > Number.MAX_SAFE_INTEGER) reader.fail('VALUE', at, 'number too large', tag);
  return value;
}

function readFvln(reader: Reader, tag: number, at: number, end: number): number {
  if (end === at) return 0;
  const digits = reader.source[at]!;
  const mantissa = readVln(reader, tag, at + 1, end);
  if (digits <= 6) {
    const micro = mantissa * 10 ** (6 - digits);
    if (micro > Number.MAX_SAFE_INTEGER) reader.fail('VALUE', at, 'quantity too large', tag);
    return micro;
  }
  // More than six digits are allowed only when they are zeros: a millionth is the smallest part of a document.
  const divisor = 10 ** Math.min(digits - 6, 16);
  if (mantissa % divisor !== 0) reader.fail('VALUE', at, 'quantity finer than a millionth', tag);
  return mantissa / divisor;
}
