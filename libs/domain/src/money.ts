import type { Kop } from '@kkt/contracts';

/** Largest count of kopecks or millionths whose decimal text a double still holds exactly (15 digits). */
const exactLimit = 999_999_999_999_999;

/**
 * Reads a JSON number as an integer count of its smallest part: roubles with 2 decimals to kopecks, pieces with
 * 6 decimals to millionths. Returns undefined when the number has more decimals than that, or is too big to be exact.
 *
 * No rounding happens: `value` is accepted only when it is the very double that the decimal text `count / scale`
 * denotes. Division by a power of ten is correctly rounded, so up to 15 digits the double and the text are one.
 */
function toCount(value: number, scale: number): number | undefined {
  const count = Math.round(value * scale);
  if (count > exactLimit || count < -exactLimit || count / scale !== value) return undefined;
  return count === 0 ? 0 : count;
}

/** Roubles as a JSON number to kopecks; undefined for more than two decimals, NaN or an unsafe size. */
export const roublesToKop = (roubles: number): Kop | undefined => toCount(roubles, 100);

/** Kopecks to roubles, the double nearest to the decimal text. */
export const kopToRoubles = (kop: Kop): number => kop / 100;

/** Quantity as a JSON number to millionths (tag 1023); undefined for more than six decimals or an unsafe size. */
export const quantityToMicro = (quantity: number): number | undefined => toCount(quantity, 1_000_000);

/** Kopecks as people read them: `1234.50`. */
export function formatKop(kop: Kop): string {
  const sign = kop < 0 ? '-' : '';
  const digits = String(Math.abs(kop)).padStart(3, '0');
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** `numerator / denominator` rounded half up; both non-negative. */
function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  return (numerator * 2n + denominator) / (denominator * 2n);
}

/**
 * Cost of an item: price × quantity rounded half up to kopecks (tag 1043 = 1079 × 1023).
 * How the outer API rounds is stated nowhere; half up is what registers do, and this is the only place that knows it.
 */
export function itemCostKop(priceKop: Kop, quantityMicro: number): Kop {
  const product = priceKop * quantityMicro;
  if (Number.isSafeInteger(product) && Number.isSafeInteger(product * 2 + 1_000_000))
    return Math.floor((product * 2 + 1_000_000) / 2_000_000);
  return Number(divideHalfUp(BigInt(priceKop) * BigInt(quantityMicro), 1_000_000n));
}

/** VAT inside a tax-inclusive sum, `sum × part / whole` rounded half up to kopecks (22/122 of 122.00 is 22.00). */
export function vatInsideKop(sumKop: Kop, part: number, whole: number): Kop {
  const product = sumKop * part * 2 + whole;
  if (Number.isSafeInteger(product)) return Math.floor(product / (whole * 2));
  return Number(divideHalfUp(BigInt(sumKop) * BigInt(part), BigInt(whole)));
}
