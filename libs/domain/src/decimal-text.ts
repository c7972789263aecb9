import type { Kop } from '@kkt/contracts';

/** A decimal text as an integer count of its smallest part. The text has the pattern of money or of a quantity. */
function countOf(text: string, decimals: number): number {
  const [whole = '0', part = ''] = text.split('.');
  return Number(whole + part.padEnd(decimals, '0'));
}

/** `"1234.5"` to 123450. Exact: the pattern leaves at most 13 digits. */
export const kopOf = (text: string): Kop => countOf(text, 2);

/** `"1.5"` to 1500000. */
export const microOf = (text: string): number => countOf(text, 6);

/** 1500000 to `"1.5"`. */
export function microText(micro: number): string {
  const digits = String(micro).padStart(7, '0');
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`.replace(/\.?0+$/, '');
}
