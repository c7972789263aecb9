import { createHash } from 'node:crypto';
import { gs1Parts } from '@kkt/ffd';

/** What an FN finds out about a code by itself (B1): bits of tag 2004 and the reason byte. */
export interface LocalCheck {
  result: number;
  reason: number;
}

const CHECKED = 0;
const NOT_CHECKABLE = 1;
const NO_KEY = 2;
const NO_CRYPTO_PART = 3;

/** The one key emulated FNs hold (AI 91). Real keys and the real check are not public; this pair is ours. */
const KEY_ID = 'KF01';
const GS = '\u001d';

const tailOf = (identifier: string): string =>
  createHash('sha256').update(`${KEY_ID}:${identifier}`).digest('base64');

/** A GS1 code that an emulated FN checks and finds right; `isForged` makes one it finds wrong. */
export function makeMarkCode(gtin: string, serial: string, isForged = false): string {
  const identifier = `01${gtin}21${serial}`;
  return `${identifier}${GS}91${KEY_ID}${GS}92${tailOf(isForged ? `${identifier}!` : identifier)}`;
}

/** The local check of a code. Codes of other keys cannot be checked: real ones are sealed with keys no emulator has. */
export function checkLocally(code: string): LocalCheck {
  const parts = gs1Parts(code);
  if (!parts) return { result: 0, reason: NOT_CHECKABLE };
  const fields = code.split(GS);
  const key = fields.find((field) => field.startsWith('91'))?.slice(2);
  const tail = fields.find((field) => field.startsWith('92'))?.slice(2);
  if (key === undefined || tail === undefined) return { result: 0, reason: NO_CRYPTO_PART };
  if (key !== KEY_ID) return { result: 0, reason: NO_KEY };
  return { result: tail === tailOf(`01${parts.gtin}21${parts.serial}`) ? 3 : 1, reason: CHECKED };
}
