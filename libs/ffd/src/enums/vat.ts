import { FarmError, type VatCode } from '@kkt/contracts';
import { TAG } from '../tags/tag-numbers';

/** One VAT rate (tag 1199). */
export interface VatRate {
  readonly code: VatCode;
  /** Russian name as printed. */
  readonly printName: string;
  /** Percent of the rate; undefined for "without VAT". */
  readonly percent?: number;
  /** Part of the tax-inclusive amount that is VAT: numerator and denominator. Zero for 0 % and without VAT. */
  readonly fraction: readonly [number, number];
  /** r/(100+r) rate, for advances and agents. */
  readonly calculated: boolean;
  /** First day the rate may stand in a new receipt, `YYYY-MM-DD`. */
  readonly from: string;
  /** Last day for a new sale; returns and corrections of older sales keep the rate. */
  readonly until?: string;
  /** Tag of the document total, or 1119 for the codes gathered in 1115. */
  readonly totalTag: number;
  /** The total is the turnover, not the tax (tags 1104 and 1105). */
  readonly totalIsTurnover: boolean;
}

const START = '2019-01-01';

/**
 * Sources: order ED-7-20/662@ (codes 1–6), the order of December 2024 for 5 % and 7 % (7–10), order 1050@ of 08.12.2025
 * for 22 % (11, 12). The 22 % rate is law from 01.01.2026 and the format carries it from 05.01.2026.
 */
export const VAT_RATES: readonly VatRate[] = [
  rate(1, 'НДС 20%', 20, false, TAG.vat20, START, '2025-12-31'),
  rate(2, 'НДС 10%', 10, false, TAG.vat10, START),
  rate(3, 'НДС 20/120', 20, true, TAG.vat20of120, START, '2025-12-31'),
  rate(4, 'НДС 10/110', 10, true, TAG.vat10of110, START),
  rate(5, 'НДС 0%', 0, false, TAG.turnoverVat0, START),
  { ...rate(6, 'НДС не облагается', 0, false, TAG.turnoverNoVat, START), percent: undefined },
  rate(7, 'НДС 5%', 5, false, TAG.vatTotal, '2025-01-01'),
  rate(8, 'НДС 7%', 7, false, TAG.vatTotal, '2025-01-01'),
  rate(9, 'НДС 5/105', 5, true, TAG.vatTotal, '2025-01-01'),
  rate(10, 'НДС 7/107', 7, true, TAG.vatTotal, '2025-01-01'),
  rate(11, 'НДС 22%', 22, false, TAG.vatTotal, '2026-01-01'),
  rate(12, 'НДС 22/122', 22, true, TAG.vatTotal, '2026-01-01'),
];

function rate(
  code: VatCode,
  printName: string,
  percent: number,
  calculated: boolean,
  totalTag: number,
  from: string,
  until?: string,
): VatRate {
  return {
    code,
    printName,
    percent,
    fraction: percent === 0 ? [0, 1] : [percent, 100 + percent],
    calculated,
    from,
    ...(until === undefined ? {} : { until }),
    totalTag,
    totalIsTurnover: code === 5 || code === 6,
  };
}

const byCode = new Map<number, VatRate>(VAT_RATES.map((row) => [row.code, row]));

export const vatRate = (code: number): VatRate | undefined => byCode.get(code);

/** Whether the rate may stand in a receipt for a new sale on this local date (`YYYY-MM-DD` or longer). */
export function isVatAllowedOn(code: VatCode, localDate: string): boolean {
  const day = localDate.slice(0, 10);
  const row = byCode.get(code);
  return row !== undefined && day >= row.from && (row.until === undefined || day <= row.until);
}

/**
 * VAT inside a tax-inclusive sum, half a kopeck up: sum × r / (100 + r). Zero for codes 5 and 6.
 * Throws `CLIENT-FFD-MONEY` when the sum is not a safe number of kopecks.
 */
export function vatOf(sumKop: number, code: VatCode): number {
  if (!Number.isSafeInteger(sumKop) || sumKop < 0) {
    throw new FarmError('CLIENT-FFD-MONEY', 'Not a whole number of kopecks', { sumKop });
  }
  const [numerator, denominator] = byCode.get(code)?.fraction ?? [0, 1];
  // floor(sum*n/d + 1/2) without leaving whole numbers; quotient and rest apart so that large sums stay exact.
  const whole = Math.floor(sumKop / denominator);
  const rest = sumKop - whole * denominator;
  return whole * numerator + Math.floor((2 * rest * numerator + denominator) / (2 * denominator));
}
