/**
 * How a value lies in the bytes:
 * - `string` CP866; `u8` `u16` `u32` little endian; `bool` one byte 0 or 1; `bits8` `bits32` masks
 * - `vln` unsigned little endian of any length, here as a number (kopecks for money)
 * - `fvln` decimal with its own point, here as integer millionths
 * - `unixtime` seconds of the local wall clock, here as `YYYY-MM-DDTHH:MM:SS`
 * - `bytes` as they are; `stlv` a run of TLVs
 */
export type TagType =
  | 'string'
  | 'u8'
  | 'u16'
  | 'u32'
  | 'bool'
  | 'bits8'
  | 'bits32'
  | 'vln'
  | 'fvln'
  | 'unixtime'
  | 'bytes'
  | 'stlv';

/** What is known about one FFD tag. */
export interface TagInfo {
  readonly tag: number;
  /** Name in code, as in `TAG`; a document form has `form3` and the like. */
  readonly key: string;
  /** English meaning. */
  readonly name: string;
  /** How the requisite is called on paper and in consoles, Russian. */
  readonly printName: string;
  /** Key in the JSON of the FNS and operators; absent when the tag never appears there. */
  readonly json?: string;
  /** Key in the JSON of the FFD 1.0 era, where it differs. */
  readonly jsonOld?: string;
  readonly type: TagType;
  /** Longest value, bytes. */
  readonly maxLength: number;
  /** The value always takes `maxLength` bytes; strings are padded with spaces on the right. */
  readonly fixed: boolean;
  /** May stand several times in one parent. */
  readonly repeats: boolean;
}
