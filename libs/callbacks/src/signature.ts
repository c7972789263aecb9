import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/*
 * Standard Webhooks 1.0 (standardwebhooks.com): the headers `webhook-id` (the same at each repeat, so that receivers
 * drop doubles), `webhook-timestamp` (Unix seconds of the attempt) and `webhook-signature`: `v1,` and the base64 of
 * HMAC-SHA256 over `id.timestamp.body`. Several signatures may stand side by side while a secret is changed.
 */

/** The secret of a client: derived, so that none needs to be stored. 32 bytes; each generation has its own. */
export function clientCallbackSecret(secretKey: Buffer, clientId: string, generation = 1): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, clientId, `callback signature v${generation}`, 32));
}

/** Secrets that sign now, the current one first: two of them while a shop changes over. */
export const secretsInUse = (
  secretKey: Buffer,
  clientId: string,
  { current, previousUntil }: { current: number; previousUntil: Date | null },
): Buffer[] =>
  (previousUntil && current > 1 ? [current, current - 1] : [current]).map((generation) =>
    clientCallbackSecret(secretKey, clientId, generation),
  );

/** The secret as clients are given it. */
export const showCallbackSecret = (secret: Buffer): string => `whsec_${secret.toString('base64')}`;

export interface SignedHeaders {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature'?: string;
}

/** Id of the result callback of a receipt. */
export const callbackEventId = (receiptId: string): string => `receipt_${receiptId}`;

const signatureOf = (secret: Buffer, id: string, timestamp: string, body: string): string =>
  createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');

/** The three headers; a signature per secret, none without one. */
export function signCallback(
  message: { id: string; body: string; nowMs: number },
  secrets: readonly Buffer[],
): SignedHeaders {
  const timestamp = String(Math.floor(message.nowMs / 1000));
  const signatures = secrets.map(
    (secret) => `v1,${signatureOf(secret, message.id, timestamp, message.body)}`,
  );
  return {
    'webhook-id': message.id,
    'webhook-timestamp': timestamp,
    ...(signatures.length > 0 && { 'webhook-signature': signatures.join(' ') }),
  };
}

/** What a receiver does: right secret, body unchanged, time within `toleranceS`. */
export function isCallbackGenuine(
  headers: Readonly<Record<string, string | undefined>>,
  body: string,
  secret: Buffer,
  nowMs: number,
  toleranceS = 300,
): boolean {
  const id = headers['webhook-id'] ?? '';
  const timestamp = headers['webhook-timestamp'] ?? '';
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(nowMs / 1000 - Number(timestamp)) > toleranceS) return false;
  const expected = Buffer.from(signatureOf(secret, id, timestamp, body));
  return (headers['webhook-signature'] ?? '').split(' ').some((part) => {
    const [version, signature = ''] = part.split(',', 2);
    const given = Buffer.from(signature);
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
}
