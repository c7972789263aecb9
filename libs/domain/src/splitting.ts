import type { Kop } from '@kkt/contracts';
import { itemCostKop } from './money';

/** Price, quantity and their product, as an item must hold them. */
export interface PricedLine {
  priceKop: Kop;
  quantityMicro: number;
  sumKop: Kop;
}

const one = 1_000_000;

/**
 * Splits an amount in proportion to the weights, to the kopeck: the parts add up to the amount, and no part exceeds
 * its weight when the amount does not exceed all of them. Kopecks left by rounding go to the largest fractions, to the
 * earlier ones first. All zero when the weights are.
 */
export function splitKop(amountKop: Kop, weights: readonly number[]): Kop[] {
  const whole = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  if (whole === 0n) return weights.map(() => 0);
  const amount = BigInt(amountKop);
  const shares = weights.map((weight, index) => {
    const product = amount * BigInt(weight);
    return { index, part: Number(product / whole), rest: product % whole };
  });
  let left = amountKop - shares.reduce((sum, { part }) => sum + part, 0);
  const parts = shares.map(({ part }) => part);
  for (const { index, rest } of [...shares].sort((a, b) =>
    a.rest === b.rest ? a.index - b.index : a.rest < b.rest ? 1 : -1,
  )) {
    if (left === 0 || rest === 0n) break;
    parts[index] = (parts[index] ?? 0) + 1;
    left -= 1;
  }
  return parts;
}

/** `amount × part / whole` rounded half up. */
export function shareKop(amountKop: Kop, part: number, whole: number): Kop {
  const divisor = BigInt(whole) * 2n;
  return Number((BigInt(amountKop) * BigInt(part) * 2n + BigInt(whole)) / divisor);
}

/**
 * Lines that hold the quantity and come to exactly the sum, although each line's sum must be its price times its
 * quantity (tag 1043 = 1079 × 1023): one line where a price in kopecks exists, otherwise two. Whole pieces are parted
 * into those a kopeck cheaper and those a kopeck dearer; a broken quantity above one has a single unit set apart that
 * takes the difference.
 */
export function priceLines(sumKop: Kop, quantityMicro: number): PricedLine[] {
  const near = shareKop(sumKop, one, quantityMicro);
  for (const priceKop of [near, near - 1, near + 1])
    if (priceKop >= 0 && itemCostKop(priceKop, quantityMicro) === sumKop)
      return [{ priceKop, quantityMicro, sumKop }];
  if (quantityMicro % one === 0) {
    const pieces = quantityMicro / one;
    const low = Math.floor(sumKop / pieces);
    const dearer = sumKop - low * pieces;
    return [
      { priceKop: low, quantityMicro: (pieces - dearer) * one, sumKop: low * (pieces - dearer) },
      { priceKop: low + 1, quantityMicro: dearer * one, sumKop: (low + 1) * dearer },
    ];
  }
  const priceKop = Math.floor(Number((BigInt(sumKop) * BigInt(one)) / BigInt(quantityMicro)));
  const rest = quantityMicro - one;
  const cost = itemCostKop(priceKop, rest);
  return [
    { priceKop, quantityMicro: rest, sumKop: cost },
    { priceKop: sumKop - cost, quantityMicro: one, sumKop: sumKop - cost },
  ];
}
