import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

const periodS = 30;
const codeForm = /^\d{6}$/;

const totpOf = (secret: string, label: string): TOTP =>
  new TOTP({
    issuer: 'KKT Farm',
    label,
    // SHA-1 because the usual applications know no other (RFC 6238).
    algorithm: 'SHA1',
    digits: 6,
    period: periodS,
    secret: Secret.fromBase32(secret),
  });

/** A new seed, base32. */
export const newTotpSecret = (): string => new Secret({ size: 20 }).base32;

/** What the application scans. */
export const totpUri = (secret: string, label: string): string => totpOf(secret, label).toString();

/**
 * Checks a code with one step of tolerance to each side. The step it belongs to must be later than `lastStep`, so that
 * a code works once.
 * @returns the step to remember, or undefined when the code is wrong or used
 */
export function totpStep(secret: string, code: string, nowMs: number, lastStep: number): number | undefined {
  if (!codeForm.test(code)) return undefined;
  const delta = totpOf(secret, '').validate({ token: code, timestamp: nowMs, window: 1 });
  if (delta === null) return undefined;
  const step = Math.floor(nowMs / 1000 / periodS) + delta;
  return step > lastStep ? step : undefined;
}

/** The code of a moment: what the person's application would show. For tests and demonstrations. */
export const totpCode = (secret: string, nowMs: number): string =>
  totpOf(secret, '').generate({ timestamp: nowMs });

const recoveryCount = 10;
/** Without letters that look like others. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** One-time codes for a lost application: 80 random bits each, `ABCD-EFGH-JKLM-NPQR`. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: recoveryCount }, () =>
    [...randomBytes(16)]
      .map((byte) => alphabet[byte % alphabet.length])
      .join('')
      .replace(/(.{4})(?=.)/g, '$1-'),
  );
}

/** Blanks, hyphens and capitals do not matter when a recovery code is typed. */
export const normalRecoveryCode = (typed: string): string => typed.toUpperCase().replace(/[^A-Z0-9]/g, '');
