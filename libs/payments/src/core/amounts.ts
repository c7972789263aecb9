import { FarmError } from '@kkt/contracts';

/** Currencies whose smallest unit is not a hundredth (ISO 4217); others have two decimals. */
const decimalsOf: Readonly<Record<string, number>> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, VND: 0, VUV: 0,
  XAF: 0, XOF: 0, XPF: 0, BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3,
}; // prettier-ignore

/** Money beyond any receipt; also keeps every product below 2^53. */
const maxMinor = 99_999_999_999_999;

const unreadable = (what: string): FarmError =>
  new FarmError('CLIENT-CALLBACK-BODY', `The callback's ${what} cannot be read`);

/**
 * Decimal text to minor units, without a float on the way: `1990.00` is 199000. More decimals than the currency has are
 * read only when they are zeros (`1990.000000`).
 */
export function minorOfText(text: string, currency: string): number {
  const match = /^(-?)(\d{1,14})(?:[.,](\d{1,12}))?$/.exec(text.trim());
  if (!match) throw unreadable('amount');
  const [, sign, whole = '', fraction = ''] = match;
  const decimals = decimalsOf[currency] ?? 2;
  if (/[1-9]/.test(fraction.slice(decimals))) throw unreadable('amount');
  const minor = Number(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
  if (minor > maxMinor) throw unreadable('amount');
  return sign && minor > 0 ? -minor : minor;
}

/** Minor units as providers send them: a whole number, or its digits. */
export function minorOfCount(value: unknown): number {
  const minor = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof minor !== 'number' || !Number.isSafeInteger(minor) || minor < 0 || minor > maxMinor)
    throw unreadable('amount');
  return minor;
}

/** A currency's code from its letters or its ISO number: providers of card payments use both. */
export function currencyOf(text: string | undefined): string {
  if (text === undefined || text === '' || text === '643' || text === '810' || /^rur$/i.test(text))
    return 'RUB';
  if (!/^[A-Za-z]{3}$|^\d{3}$/.test(text)) throw unreadable('currency');
  return text.toUpperCase();
}
