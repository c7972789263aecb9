/** How a value of a column becomes bytes: PostgreSQL's number of the type, and a writer that returns what it wrote. */
interface BinaryType<Value> {
  oid: number;
  bytesOf: (value: Value) => number;
  write: (into: Buffer, value: Value, at: number) => void;
}

const int4: BinaryType<number> = {
  oid: 23,
  bytesOf: () => 4,
  write: (into, value, at) => into.writeInt32BE(value, at),
};

const text: BinaryType<string> = {
  oid: 25,
  bytesOf: (value) => Buffer.byteLength(value),
  write: (into, value, at) => into.write(value, at),
};

/** Types that a batch is sent in. Layouts: the `*_recv` functions of PostgreSQL's sources. */
export const binaryTypes = {
  int4,
  text,
  int2: {
    oid: 21,
    bytesOf: () => 2,
    write: (into, value, at) => into.writeInt16BE(value, at),
  } satisfies BinaryType<number>,
  /** A whole number within JavaScript's exact range. */
  int8: {
    oid: 20,
    bytesOf: () => 8,
    write: (into, value, at) => into.writeBigInt64BE(BigInt(value), at),
  } satisfies BinaryType<number>,
  /** With its hyphens. */
  uuid: {
    oid: 2950,
    bytesOf: () => 16,
    write: (into, value, at) => into.write(value.replaceAll('-', ''), at, 16, 'hex'),
  } satisfies BinaryType<string>,
  /** Bytes told as hex digits. */
  bytea: {
    oid: 17,
    bytesOf: (value) => value.length / 2,
    write: (into, value, at) => into.write(value, at, 'hex'),
  } satisfies BinaryType<string>,
  /** JSON text; before it stands the version of the form, 1. */
  jsonb: {
    oid: 3802,
    bytesOf: (value) => 1 + Buffer.byteLength(value),
    write: (into, value, at) => {
      into.writeUInt8(1, at);
      into.write(value, at + 1);
    },
  } satisfies BinaryType<string>,
};

const headBytes = 20;
const lengthBytes = 4;

/**
 * A column of a batch as PostgreSQL's binary array: bound as it is, so that neither side writes out and reads a text of
 * quoted values. Undefined and null become NULL. The batch must not be empty.
 * Source: `array_recv` in PostgreSQL's `src/backend/utils/adt/arrayfuncs.c`.
 */
export function binaryArray<Value>(
  type: BinaryType<Value>,
  values: readonly (Value | null | undefined)[],
): Buffer {
  const sizes = values.map((value) => (value === null || value === undefined ? -1 : type.bytesOf(value)));
  const total = sizes.reduce((sum, size) => sum + lengthBytes + Math.max(0, size), headBytes);
  const into = Buffer.allocUnsafe(total);
  into.writeInt32BE(1, 0);
  into.writeInt32BE(sizes.includes(-1) ? 1 : 0, 4);
  into.writeInt32BE(type.oid, 8);
  into.writeInt32BE(values.length, 12);
  // The first element is number 1.
  into.writeInt32BE(1, 16);
  let at = headBytes;
  values.forEach((value, index) => {
    const size = sizes[index] ?? -1;
    at = into.writeInt32BE(size, at);
    if (size < 0) return;
    type.write(into, value as Value, at);
    at += size;
  });
  return into;
}
