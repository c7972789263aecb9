import { malformed, unencodable } from './faults';

/** Writes a non-negative integer as packed BCD, most significant byte first: 12345 in 3 bytes is `01 23 45`. */
export function encodeBcd(value: number, byteCount: number): Buffer {
  if (!Number.isSafeInteger(value) || value < 0 || value >= 100 ** byteCount) {
    throw unencodable('Number does not fit its BCD field', { value, byteCount });
  }
  const out = Buffer.allocUnsafe(byteCount);
  let rest = value;
  for (let at = byteCount - 1; at >= 0; at -= 1) {
    const pair = rest % 100;
    out[at] = (Math.floor(pair / 10) << 4) | (pair % 10);
    rest = Math.floor(rest / 100);
  }
  return out;
}

/** Reads packed BCD, most significant byte first. A nibble above 9 is a malformed message; so is a number beyond 2^53. */
export function decodeBcd(bytes: Uint8Array): number {
  let value = 0;
  for (const byte of bytes) {
    const high = byte >> 4;
    const low = byte & 0x0f;
    if (high > 9 || low > 9) throw malformed('Not a BCD byte', { byte });
    value = value * 100 + high * 10 + low;
  }
  if (!Number.isSafeInteger(value)) throw malformed('BCD number is too large', { digits: bytes.length * 2 });
  return value;
}

/** Writes a string of decimal digits as BCD, left-padded with zeros; for numbers whose leading zeros matter. */
export function encodeBcdDigits(digits: string, byteCount: number): Buffer {
  if (!/^\d*$/.test(digits) || digits.length > byteCount * 2) {
    throw unencodable('Not a digit string of this length', { digits, byteCount });
  }
  return Buffer.from(digits.padStart(byteCount * 2, '0'), 'hex');
}

/** Reads BCD as a digit string, all leading zeros kept. */
export function decodeBcdDigits(bytes: Uint8Array): string {
  const digits = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  if (!/^\d*$/.test(digits)) throw malformed('Not BCD digits', { digits });
  return digits;
}
