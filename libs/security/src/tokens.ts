import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** API token: 128 characters of `[A-Za-z0-9_-]`, so that it survives in a query string without encoding. */
export const newToken = (): string => randomBytes(96).toString('base64url');

/** Form of a token; anything else need not be looked up. */
export const isTokenShaped = (text: string): boolean => /^[A-Za-z0-9_-]{128}$/.test(text);

/** How a token is stored: its SHA-256. A fast hash is enough, the token holds 768 random bits. */
export const tokenHash = (token: string): Buffer => hash('sha256', token, 'buffer');

/** Compares secrets without telling by time where they differ. */
export function isSameSecret(a: string, b: string): boolean {
  const hashOf = (text: string) => hash('sha256', text, 'buffer');
  return timingSafeEqual(hashOf(a), hashOf(b));
}

/** HMAC-SHA256, hex. */
export const hmacHex = (key: string | Buffer, message: string | Buffer): string =>
  createHmac('sha256', key).update(message).digest('hex');

/**
 * Value of a signature header over raw bytes: `t=<unix seconds>,kid=<key id>,v1=<HMAC of "t.body">`.
 * The receiver recomputes it over the bytes it got and refuses old times.
 */
export function signBody(
  body: string | Buffer,
  key: { id: string; secret: string | Buffer },
  nowMs: number,
): string {
  const t = Math.floor(nowMs / 1000);
  const signed = Buffer.concat([Buffer.from(`${t}.`), Buffer.from(body)]);
  return `t=${t},kid=${key.id},v1=${hmacHex(key.secret, signed)}`;
}

/** Checks a header made by `signBody`; false for a foreign key id, a wrong signature or a time further than `toleranceS`. */
export function isSignatureRight(
  header: string,
  body: string | Buffer,
  keys: readonly { id: string; secret: string | Buffer }[],
  nowMs: number,
  toleranceS = 300,
): boolean {
  const parts = new Map(header.split(',').map((part) => part.split('=', 2) as [string, string]));
  const t = Number(parts.get('t'));
  const key = keys.find(({ id }) => id === parts.get('kid'));
  if (!key || !Number.isInteger(t) || Math.abs(nowMs / 1000 - t) > toleranceS) return false;
  return isSameSecret(header, signBody(body, key, t * 1000));
}
