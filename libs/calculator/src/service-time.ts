/** How long a register is busy with one receipt. */
export interface ServiceTime {
  meanS: number;
  /** Variance ÷ mean²; 0 when every receipt takes the same. */
  variation: number;
}

/** Normal quantile (Acklam's rational approximation, good to 1e-9). */
export function normalQuantile(chance: number): number {
  const low = 0.02425;
  const a = [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
    2.506628277459239,
  ];
  const b = [
    -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572,
  ];
  const c = [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ];
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416];
  const horner = (values: readonly number[], x: number) => values.reduce((sum, value) => sum * x + value, 0);
  if (chance < low) {
    const q = Math.sqrt(-2 * Math.log(chance));
    return horner(c, q) / (horner(d, q) * q + 1);
  }
  if (chance > 1 - low) return -normalQuantile(1 - chance);
  const q = chance - 0.5;
  const r = q * q;
  return (horner(a, r) * q) / (horner(b, r) * r + 1);
}

/** Time that the share `chance` of receipts stays below: gamma by the Wilson–Hilferty cube. */
export function serviceQuantile({ meanS, variation }: ServiceTime, chance: number): number {
  if (variation <= 0) return meanS;
  const shape = 1 / variation;
  const root = 1 - 1 / (9 * shape) + normalQuantile(chance) / Math.sqrt(9 * shape);
  return meanS * Math.max(0, root) ** 3;
}
