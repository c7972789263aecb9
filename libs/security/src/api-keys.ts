import { hash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** A key as its owner sees it once, and what is kept of it. */
export interface NewApiKey {
  /** `fk_live_<id>_<secret><checksum>`; never stored. */
  text: string;
  /** Eight characters that name the key in lists and logs. */
  id: string;
  /** SHA-256 of the whole text: a fast hash is enough for 256 random bits. */
  hash: Buffer;
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const idAlphabet = '0123456789abcdefghijklmnopqrstuvwxyz';
const idLength = 8;
/** 62^43 is the first power of 62 above 2^256. */
const secretLength = 43;
const checksumLength = 6;

const keyForm = /^fk_live_([0-9a-z]{8})_[0-9A-Za-z]{49}$/;

/** The number in the given digits, left padded to `length`. */
function inDigits(value: bigint, digits: string, length: number): string {
  const base = BigInt(digits.length);
  let text = '';
  for (let rest = value; text.length < length; rest /= base) text = digits.charAt(Number(rest % base)) + text;
  return text;
}

const checksumOf = (text: string): string => inDigits(BigInt(crc32(text)), alphabet, checksumLength);

const numberOf = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`);

/**
 * Makes a key. The prefix lets scanners of repositories find a leaked one, the checksum (CRC-32) lets a mistyped one be
 * told from a wrong one without asking the database.
 *
 * @param random 37 bytes: five for the id, 32 for the secret; given only where a key must be known beforehand
 */
export function newApiKey(random: Buffer = randomBytes(37)): NewApiKey {
  const id = inDigits(numberOf(random.subarray(0, 5)), idAlphabet, idLength);
  const body = `fk_live_${id}_${inDigits(numberOf(random.subarray(5, 37)), alphabet, secretLength)}`;
  const text = body + checksumOf(body);
  return { text, id, hash: apiKeyHash(text) };
}

/** How a key is stored. */
export const apiKeyHash = (text: string): Buffer => hash('sha256', text, 'buffer');

/** The id inside a text that has the form and the checksum of a key; undefined for anything else. */
export function apiKeyId(text: string): string | undefined {
  const id = keyForm.exec(text)?.[1];
  return id !== undefined && checksumOf(text.slice(0, -checksumLength)) === text.slice(-checksumLength)
    ? id
    : undefined;
}
