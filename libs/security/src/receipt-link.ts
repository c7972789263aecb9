import { createHmac, timingSafeEqual } from 'node:crypto';

/** Names one fiscal document in a link. */
export interface LinkedDocument {
  /** Tag 1041. */
  fnNumber: string;
  /** Tag 1040. */
  fdNumber: number;
}

const NUMBER_BYTES = 7;
const FD_BYTES = 3;
const SIGN_BYTES = 8;
const CODE = /^[A-Za-z0-9_-]{24}$/;

const signOf = (secretKey: Buffer, body: Buffer): Buffer =>
  createHmac('sha256', secretKey).update('receipt link').update(body).digest().subarray(0, SIGN_BYTES);

/**
 * The last part of a buyer's link: 24 characters that hold FN and FD number with 8 bytes of HMAC-SHA-256 over them.
 * Whoever has the link sees the receipt; nobody can make one from the numbers alone.
 */
export function receiptCode(secretKey: Buffer, { fnNumber, fdNumber }: LinkedDocument): string {
  const body = Buffer.alloc(NUMBER_BYTES + FD_BYTES);
  body.write(
    BigInt(fnNumber)
      .toString(16)
      .padStart(NUMBER_BYTES * 2, '0'),
    'hex',
  );
  body.writeUIntBE(fdNumber, NUMBER_BYTES, FD_BYTES);
  return Buffer.concat([body, signOf(secretKey, body)]).toString('base64url');
}

/** What the code names; undefined when we did not make it. */
export function readReceiptCode(secretKey: Buffer, code: string): LinkedDocument | undefined {
  if (!CODE.test(code)) return undefined;
  const bytes = Buffer.from(code, 'base64url');
  const body = bytes.subarray(0, NUMBER_BYTES + FD_BYTES);
  if (!timingSafeEqual(bytes.subarray(body.length), signOf(secretKey, body))) return undefined;
  const fnNumber = BigInt(`0x${body.toString('hex', 0, NUMBER_BYTES)}`)
    .toString()
    .padStart(16, '0');
  return { fnNumber, fdNumber: body.readUIntBE(NUMBER_BYTES, FD_BYTES) };
}

/** The whole link: `https://host/r/<code>`. */
export const receiptLink = (baseUrl: string, secretKey: Buffer, document: LinkedDocument): string =>
  `${baseUrl.replace(/\/+$/, '')}/r/${receiptCode(secretKey, document)}`;
