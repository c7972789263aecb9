import { createHmac, hash, timingSafeEqual } from 'node:crypto';

export const sha256Hex = (data: string | Buffer): string => hash('sha256', data, 'hex');

export const hmacSha256 = (key: string, data: string | Buffer): Buffer =>
  createHmac('sha256', key).update(data).digest();

/** Compares digests in constant time; lengths are no secret. */
export const isSameDigest = (given: Buffer, expected: Buffer): boolean =>
  given.length === expected.length && timingSafeEqual(given, expected);

/** A digest in hex of either case; undefined for anything else. */
export const digestOfHex = (text: string): Buffer | undefined =>
  /^(?:[0-9a-fA-F]{2})+$/.test(text) ? Buffer.from(text, 'hex') : undefined;

/** A digest in canonical base64; undefined for anything else. */
export function digestOfBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length > 0 && bytes.toString('base64') === text ? bytes : undefined;
}
