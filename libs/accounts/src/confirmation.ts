import { randomBytes, randomInt } from 'node:crypto';
import { hmacHex } from '@kkt/security';

/** What a code proves. */
export type ConfirmationKind = 'email' | 'phone' | 'reset';

/** Codes live no longer than this (ASVS 5.0, 6.5.5) and take this many tries. */
export const codeValidS = 600;
export const codeTries = 5;
/** Codes of a kind that a person may ask for in an hour. */
export const codesAnHour = 5;

/** Eight digits: 26 bits, told as `1234 5678`. */
export const newCode = (): string => String(randomInt(100_000_000)).padStart(8, '0');
export const spokenCode = (code: string): string => `${code.slice(0, 4)} ${code.slice(4)}`;
export const normalCode = (typed: string): string => typed.replace(/\D/g, '');

/** The other way to confirm, for a link: 256 bits. */
export const newLinkToken = (): string => randomBytes(32).toString('base64url');

/**
 * How a code is stored. It has too few bits for a bare hash: whoever reads the table must not find it by trying.
 * Bound to what it confirms.
 */
export const codeHash = (key: Buffer, confirmationId: string, code: string): Buffer =>
  Buffer.from(hmacHex(key, `${confirmationId}:${code}`), 'hex');
