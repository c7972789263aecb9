import type { Kop } from '@kkt/contracts';

/** A discount from a term on. */
export interface TermDiscount {
  /** Shortest term in days. */
  readonly fromDays: number;
  /** Hundredths of a percent: 1 500 is 15 %. */
  readonly discountBp: number;
}

/** What renting a register costs. Prices include VAT. */
export interface Tariff {
  readonly id: string;
  readonly name: { readonly ru: string; readonly en: string };
  readonly pricePerDayKop: Kop;
  readonly discounts: readonly TermDiscount[];
  /** The operator's contract is part of the rent. */
  readonly isOperatorIncluded: boolean;
  /** First and last day on which it can be ordered, `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string | null;
}

/** What a fiscal drive costs when bought from us, VAT included. Models as in hardware/models/fn. */
export interface DrivePrice {
  readonly model: string;
  readonly priceKop: Kop;
  readonly from: string;
  readonly to: string | null;
}

export const shortestTermDays = 1;
export const longestTermDays = 1_096;
export const trialDays = 7;

/** The longer, the cheaper: from one day to three years. */
const standardDiscounts: readonly TermDiscount[] = [
  { fromDays: 1, discountBp: 0 },
  { fromDays: 30, discountBp: 1_000 },
  { fromDays: 90, discountBp: 1_500 },
  { fromDays: 180, discountBp: 2_000 },
  { fromDays: 365, discountBp: 3_000 },
  { fromDays: 730, discountBp: 3_500 },
  { fromDays: 1_095, discountBp: 4_000 },
];

/**
 * Tariffs as data. The figures are the demonstration farm's own: what real services charge could not be confirmed
 * from published pages. A price that changed gets a new row; an old row keeps what was agreed.
 */
export const tariffs: readonly Tariff[] = [
  {
    id: 'rent-2026',
    name: { ru: 'Аренда кассы', en: 'Register rental' },
    pricePerDayKop: 13_000,
    discounts: standardDiscounts,
    isOperatorIncluded: false,
    from: '2026-01-01',
    to: null,
  },
  {
    id: 'rent-with-operator-2026',
    name: { ru: 'Аренда кассы с услугами ОФД', en: 'Register rental, operator included' },
    pricePerDayKop: 14_500,
    discounts: standardDiscounts,
    isOperatorIncluded: true,
    from: '2026-01-01',
    to: null,
  },
];

export const drivePrices: readonly DrivePrice[] = [
  { model: 'fn-1.2-13', priceKop: 950_000, from: '2026-01-01', to: null },
  { model: 'fn-1.2-15', priceKop: 1_050_000, from: '2026-01-01', to: null },
  { model: 'fn-1.2-36', priceKop: 1_690_000, from: '2026-01-01', to: null },
];

const isOn = ({ from, to }: { from: string; to: string | null }, day: string): boolean =>
  from <= day && (to === null || day <= to);

export const tariffsOn = (day: string): Tariff[] => tariffs.filter((tariff) => isOn(tariff, day));
export const tariffById = (id: string): Tariff | undefined => tariffs.find((tariff) => tariff.id === id);
export const drivePriceOn = (model: string, day: string): DrivePrice | undefined =>
  drivePrices.find((price) => price.model === model && isOn(price, day));

/** The discount of a term: that of the longest step reached. */
export function termDiscountBp(tariff: Tariff, days: number): number {
  return tariff.discounts.reduce(
    (best, step) => (days >= step.fromDays ? Math.max(best, step.discountBp) : best),
    0,
  );
}
