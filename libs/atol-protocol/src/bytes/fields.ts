import { decodeBcd, decodeBcdDigits, encodeBcd, encodeBcdDigits } from './bcd';
import type { Codec, ConstantCodec } from './codec';
import { decodeCp866, encodeCp866 } from './cp866';
import { malformed, unencodable } from './faults';

function uint(bytes: number, order: 'LE' | 'BE', max = 256 ** bytes - 1): Codec<number> {
  return {
    shape: { kind: 'uint', bytes, order, max },
    write(out, value) {
      if (!Number.isInteger(value) || value < 0 || value > max) {
        throw unencodable('Number does not fit its field', { value, max });
      }
      const cell = Buffer.allocUnsafe(bytes);
      if (order === 'LE') cell.writeUIntLE(value, 0, bytes);
      else cell.writeUIntBE(value, 0, bytes);
      out.put(cell);
    },
    read(from) {
      const cell = from.take(bytes);
      return order === 'LE' ? cell.readUIntLE(0, bytes) : cell.readUIntBE(0, bytes);
    },
  };
}

export const u8 = (): Codec<number> => uint(1, 'BE');
export const u16le = (): Codec<number> => uint(2, 'LE');
export const u32le = (): Codec<number> => uint(4, 'LE');
export const u16be = (): Codec<number> => uint(2, 'BE');
export const u32be = (): Codec<number> => uint(4, 'BE');
/** Little-endian integer of up to 6 bytes: sums inside FN messages take 5. */
export const uintLe = (bytes: 1 | 2 | 3 | 4 | 5 | 6): Codec<number> => uint(bytes, 'LE');

/** Packed BCD number, most significant byte first. */
export const bcd = (bytes: number): Codec<number> => ({
  shape: { kind: 'bcd', bytes },
  write: (out, value) => out.put(encodeBcd(value, bytes)),
  read: (from) => decodeBcd(from.take(bytes)),
});

/** Packed BCD as a string of exactly `bytes * 2` digits; leading zeros matter. */
export const digits = (bytes: number): Codec<string> => ({
  shape: { kind: 'digits', bytes },
  write: (out, value) => out.put(encodeBcdDigits(value, bytes)),
  read: (from) => decodeBcdDigits(from.take(bytes)),
});

/** Fixed-length Latin text, padded with spaces on the right; the padding is not part of the value. */
export const ascii = (bytes: number): Codec<string> => ({
  shape: { kind: 'ascii', bytes },
  write(out, value) {
    if (value.length > bytes || !/^[\x20-\x7e]*$/.test(value)) {
      throw unencodable('Text does not fit its Latin field', { value, bytes });
    }
    out.put(Buffer.from(value.padEnd(bytes, ' '), 'latin1'));
  },
  read: (from) =>
    from
      .take(bytes)
      .toString('latin1')
      .replace(/[\0 ]+$/, ''),
});

/** CP866 text: of a fixed length padded with spaces, or to the end of the message. */
export const text = (bytes?: number): Codec<string> => ({
  shape: bytes === undefined ? { kind: 'text' } : { kind: 'text', bytes },
  write(out, value) {
    const encoded = encodeCp866(value);
    if (bytes === undefined) return out.put(encoded);
    if (encoded.length > bytes) throw unencodable('Text is longer than its field', { bytes });
    out.put(encoded);
    out.put(Buffer.alloc(bytes - encoded.length, 0x20));
  },
  read(from) {
    const value = decodeCp866(bytes === undefined ? from.rest() : from.take(bytes));
    return bytes === undefined ? value : value.replace(/[\0 ]+$/, '');
  },
});

/** Raw bytes: a fixed count, or to the end of the message. Read values are copies. */
export const bytes = (count?: number): Codec<Buffer> => ({
  shape: count === undefined ? { kind: 'bytes' } : { kind: 'bytes', bytes: count },
  write(out, value) {
    if (count !== undefined && value.length !== count) {
      throw unencodable('Wrong number of bytes', { expected: count, given: value.length });
    }
    out.put(value);
  },
  read: (from) => Buffer.from(count === undefined ? from.rest() : from.take(count)),
});

/** Raw bytes behind a little-endian 16-bit or an 8-bit count of them. */
export const counted = (countBytes: 1 | 2): Codec<Buffer> => {
  const count = uint(countBytes, 'LE');
  return {
    shape: { kind: 'bytes' },
    write(out, value) {
      count.write(out, value.length);
      out.put(value);
    },
    read: (from) => Buffer.from(from.take(count.read(from))),
  };
};

/** Named bits of one byte (or of more, little-endian). Unnamed bits are written as 0 and ignored when read. */
export function bits<N extends string>(
  masks: Readonly<Record<N, number>>,
  size = 1,
): Codec<Record<N, boolean>> {
  const names = Object.keys(masks) as N[];
  const word = uint(size, 'LE');
  return {
    shape: { kind: 'bits', bytes: size, names },
    write: (out, value) =>
      word.write(
        out,
        names.reduce((sum, name) => sum + (value[name] ? masks[name] : 0), 0),
      ),
    read(from) {
      const raw = word.read(from);
      const pairs = names.map((name) => [name, (raw & masks[name]) !== 0] as const);
      return Object.fromEntries(pairs) as Record<N, boolean>;
    },
  };
}

/** Bytes that never change; a different value is a malformed message. */
export const constant = (...values: number[]): ConstantCodec => {
  const expected = Buffer.from(values);
  return {
    constant: true,
    shape: { kind: 'constant', hex: expected.toString('hex') },
    write: (out) => out.put(expected),
    read(from) {
      const got = from.take(expected.length);
      if (!got.equals(expected)) {
        throw malformed('Fixed bytes differ', {
          expected: expected.toString('hex'),
          got: got.toString('hex'),
        });
      }
      return undefined;
    },
  };
};

/** Reserved bytes: written as zeros, read without a look. */
export const reserved = (count: number): ConstantCodec => ({
  constant: true,
  shape: { kind: 'constant', hex: '00'.repeat(count) },
  write: (out) => out.put(Buffer.alloc(count)),
  read(from) {
    from.take(count);
    return undefined;
  },
});
