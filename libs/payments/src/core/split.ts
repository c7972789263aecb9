import { FarmError, type Kop } from '@kkt/contracts';

/**
 * Shares `amountKop` out in proportion to `weights`: everyone gets the whole kopecks of his share, the kopecks left over
 * go to the largest remainders, ties to the earlier. The shares add up to the amount exactly, and while the amount is
 * not above the weights' sum no share is above its weight.
 */
export function shareOut(amountKop: Kop, weights: readonly Kop[]): Kop[] {
  const total = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  if (amountKop === 0) return weights.map(() => 0);
  if (total === 0n) throw new FarmError('SYS-SHARE', 'Nothing to share an amount over');
  const parts = weights.map((weight, index) => {
    const product = BigInt(amountKop) * BigInt(weight);
    return { index, share: Number(product / total), remainder: product % total };
  });
  let left = amountKop - parts.reduce((sum, { share }) => sum + share, 0);
  const byRemainder = [...parts].sort((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
  );
  for (const part of byRemainder) {
    if (left === 0) break;
    part.share += 1;
    left -= 1;
  }
  return parts.map(({ share }) => share);
}

/** A price and a quantity whose product, rounded half up, is a part of a sum. */
export interface PricedPart {
  priceKop: Kop;
  /** Millionths. */
  quantityMicro: number;
  sumKop: Kop;
}

const one = 1_000_000;

/**
 * Splits a quantity into lines that come to `sumKop` exactly, each line price × quantity: three pieces for 100 kopecks
 * are two at 33 and one at 34. At most three lines: dearer pieces, cheaper pieces, and a fraction of a piece.
 */
export function pricedParts(sumKop: Kop, quantityMicro: number): PricedPart[] {
  if (quantityMicro <= 0) throw new FarmError('SYS-SHARE', 'A quantity must be above nothing');
  const pieces = Math.floor(quantityMicro / one);
  const fraction = quantityMicro % one;
  const priceKop = Number((BigInt(sumKop) * BigInt(one)) / BigInt(quantityMicro));
  if (pieces === 0) return [partOf(sumKop, fraction)];
  // One line for the whole quantity whenever one price does it.
  for (const price of [priceKop, priceKop + 1])
    if (costOf(price, quantityMicro) === sumKop) return [{ priceKop: price, quantityMicro, sumKop }];
  const ofFraction = fraction === 0 ? 0 : costOf(priceKop, fraction);
  const ofPieces = sumKop - ofFraction;
  const cheaper = Math.floor(ofPieces / pieces);
  const dearerPieces = ofPieces - cheaper * pieces;
  const parts: PricedPart[] = [];
  const add = (price: Kop, quantity: number): void => {
    if (quantity > 0)
      parts.push({ priceKop: price, quantityMicro: quantity, sumKop: costOf(price, quantity) });
  };
  add(cheaper + 1, dearerPieces * one);
  add(cheaper, (pieces - dearerPieces) * one);
  add(priceKop, fraction);
  return parts;
}

/** Less than one piece: each kopeck of price moves the sum by less than a kopeck, so some price hits it. */
function partOf(sumKop: Kop, fraction: number): PricedPart {
  const priceKop = Number((BigInt(sumKop) * BigInt(one) * 2n + BigInt(fraction)) / (BigInt(fraction) * 2n));
  return { priceKop, quantityMicro: fraction, sumKop };
}

const costOf = (priceKop: Kop, quantityMicro: number): Kop =>
  Number((BigInt(priceKop) * BigInt(quantityMicro) * 2n + BigInt(one)) / BigInt(one * 2));
