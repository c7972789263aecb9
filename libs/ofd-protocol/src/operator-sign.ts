import { createHmac, timingSafeEqual } from 'node:crypto';

/*
 * Fiscal sign of the operator (tag 1078). A licensed operator's cryptographic module makes it and only the FN can
 * check it; the algorithm is not public. Ours, for the reference operator and the emulated FN: two bytes that mark the
 * algorithm, then HMAC-SHA-256, cut to 14 bytes, over the confirmation without the sign and over the fiscal sign of the
 * confirmed document.
 */
export const OPERATOR_SIGN_BYTES = 16;

/** Signs made here begin so; a sign that does not is another operator's, and nobody here can check it. */
const SIGN_MARK = Buffer.from('KF', 'latin1');

/** Key shared by the reference operator and emulated FNs. Not a secret: it guards nothing real. */
export const REFERENCE_OPERATOR_KEY = 'reference operator: no legal force';

export interface OperatorSignFields {
  key: string;
  /** The confirmation's requisites without 1078, as bytes. */
  confirmation: Uint8Array;
  /** Tag 1077 of the confirmed document in the printed form. */
  fiscalSign: number;
}

export function makeOperatorSign(fields: OperatorSignFields): Buffer {
  const fiscalSign = Buffer.alloc(4);
  fiscalSign.writeUInt32BE(fields.fiscalSign);
  const digest = createHmac('sha256', fields.key).update(fields.confirmation).update(fiscalSign).digest();
  return Buffer.concat([SIGN_MARK, digest]).subarray(0, OPERATOR_SIGN_BYTES);
}

/** Whether the sign claims to be made by {@link makeOperatorSign}. */
export const isReferenceSign = (sign: Uint8Array): boolean =>
  SIGN_MARK.equals(sign.subarray(0, SIGN_MARK.length));

export function isOperatorSignRight(sign: Uint8Array, fields: OperatorSignFields): boolean {
  return sign.length === OPERATOR_SIGN_BYTES && timingSafeEqual(sign, makeOperatorSign(fields));
}
