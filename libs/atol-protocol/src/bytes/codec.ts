import type { ByteReader, ByteWriter } from './cursor';

/**
 * What a field looks like on the wire, as data: reference pages are printed from it and tests make values from it.
 * Lengths are in bytes; a missing length means "to the end of the message".
 */
export type Shape =
  | { kind: 'uint'; bytes: number; order: 'LE' | 'BE'; min?: number; max: number }
  | { kind: 'bcd'; bytes: number }
  | { kind: 'digits'; bytes: number }
  | { kind: 'ascii'; bytes: number }
  | { kind: 'text'; bytes?: number }
  | { kind: 'bytes'; bytes?: number }
  | { kind: 'bits'; bytes: number; names: readonly string[] }
  | { kind: 'moment'; parts: readonly MomentPart[]; radix: 'bcd' | 'binary'; nullable: boolean }
  | { kind: 'constant'; hex: string }
  | { kind: 'struct'; fields: readonly FieldShape[] }
  | { kind: 'oneOf'; variants: readonly Shape[] };

export interface FieldShape {
  name: string;
  shape: Shape;
  optional: boolean;
}

export type MomentPart = 'YY' | 'MM' | 'DD' | 'hh' | 'mm' | 'ss';

/** One layout, both directions. `write` throws `SYS-UNENCODABLE`, `read` throws `WIRE-MALFORMED`. */
export interface Codec<T> {
  readonly shape: Shape;
  write(out: ByteWriter, value: T): void;
  read(from: ByteReader): T;
}

/** A trailing field that may be absent. */
export interface OptionalCodec<T> extends Codec<T | undefined> {
  readonly optional: true;
}

/** Fixed bytes without a value of their own. */
export interface ConstantCodec extends Codec<undefined> {
  readonly constant: true;
}

export type ValueOf<C> = C extends Codec<infer T> ? T : never;

export type Fields = Readonly<Record<string, Codec<unknown>>>;

type OptionalKeys<F extends Fields> = {
  [K in keyof F]: F[K] extends { optional: true } ? K : never;
}[keyof F];
type ConstantKeys<F extends Fields> = {
  [K in keyof F]: F[K] extends { constant: true } ? K : never;
}[keyof F];

/** The value of a struct: constants have no key, optional fields may be absent. */
export type StructValue<F extends Fields> = {
  [K in Exclude<keyof F, OptionalKeys<F> | ConstantKeys<F>>]: ValueOf<F[K]>;
} & { [K in OptionalKeys<F>]?: ValueOf<F[K]> };

const isOptional = (codec: Codec<unknown>): boolean => 'optional' in codec;
const isConstant = (codec: Codec<unknown>): boolean => 'constant' in codec;

/** Fields one after another, in the order they are written here. */
export function struct<F extends Fields>(fields: F): Codec<StructValue<F>> {
  const entries = Object.entries(fields);
  return {
    shape: {
      kind: 'struct',
      fields: entries.map(([name, codec]) => ({ name, shape: codec.shape, optional: isOptional(codec) })),
    },
    write(out, value) {
      const record: Readonly<Record<string, unknown>> = value;
      for (const [name, codec] of entries) codec.write(out, record[name]);
    },
    read(from) {
      const record: Record<string, unknown> = {};
      for (const [name, codec] of entries) {
        const value = codec.read(from);
        if (value !== undefined && !isConstant(codec)) record[name] = value;
      }
      return record as StructValue<F>;
    },
  };
}

/** A message part with nothing in it. */
export const nothing = struct({});

export function optional<T>(codec: Codec<T>): OptionalCodec<T> {
  return {
    optional: true,
    shape: codec.shape,
    write: (out, value) => {
      if (value !== undefined) codec.write(out, value);
    },
    read: (from) => (from.left === 0 ? undefined : codec.read(from)),
  };
}
