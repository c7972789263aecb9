import type { VatCode } from '@kkt/contracts';

/**
 * A VAT rate as receipts name it. `part / whole` of a tax-inclusive sum is the tax; null for the two kinds whose
 * document requisite carries the turnover instead (tags 1104 and 1105).
 */
export interface VatRate {
  /** Word of the outer API. */
  name: string;
  /** Tag 1199. */
  code: VatCode;
  part: number | null;
  whole: number | null;
  /** First and last local date, `YYYY-MM-DD`, when a sale or a purchase may carry it. Returns and corrections may carry any. */
  from: string;
  to: string | null;
}

/**
 * VAT rates as data. 18 % ended with 2018, and the services refuse it in sales since April 2019; 5 and 7 % came with
 * 2025, 22 % with 2026. 20 % has no end here although 22 % replaced it: goods handed over before 2026 are still being
 * paid, and no service is known to refuse it.
 */
export const vatRates: readonly VatRate[] = [
  { name: 'none', code: 6, part: null, whole: null, from: '2000-01-01', to: null },
  { name: 'vat0', code: 5, part: null, whole: null, from: '2000-01-01', to: null },
  { name: 'vat10', code: 2, part: 10, whole: 110, from: '2000-01-01', to: null },
  { name: 'vat110', code: 4, part: 10, whole: 110, from: '2000-01-01', to: null },
  { name: 'vat18', code: 1, part: 18, whole: 118, from: '2004-01-01', to: '2019-03-31' },
  { name: 'vat118', code: 3, part: 18, whole: 118, from: '2004-01-01', to: '2019-03-31' },
  { name: 'vat20', code: 1, part: 20, whole: 120, from: '2019-01-01', to: null },
  { name: 'vat120', code: 3, part: 20, whole: 120, from: '2019-01-01', to: null },
  { name: 'vat5', code: 7, part: 5, whole: 105, from: '2025-01-01', to: null },
  { name: 'vat7', code: 8, part: 7, whole: 107, from: '2025-01-01', to: null },
  { name: 'vat105', code: 9, part: 5, whole: 105, from: '2025-01-01', to: null },
  { name: 'vat107', code: 10, part: 7, whole: 107, from: '2025-01-01', to: null },
  { name: 'vat22', code: 11, part: 22, whole: 122, from: '2026-01-01', to: null },
  { name: 'vat122', code: 12, part: 22, whole: 122, from: '2026-01-01', to: null },
];

const byName = new Map(vatRates.map((rate) => [rate.name, rate]));

export const vatRateByName = (name: string): VatRate | undefined => byName.get(name);

/** Whether a sale or purchase made on `date` (`YYYY-MM-DD`) may carry the rate. */
export const isVatRateValid = (rate: VatRate, date: string): boolean =>
  rate.from <= date && (rate.to === null || date <= rate.to);
