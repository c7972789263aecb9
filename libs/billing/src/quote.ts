import { FarmError, type Kop } from '@kkt/contracts';
import { vatInsideKop, vatRateByName } from '@kkt/domain';
import type { Day } from './days';
import { type PromoCode, promoDiscountBp } from './promo';
import {
  drivePriceOn,
  longestTermDays,
  shortestTermDays,
  type Tariff,
  tariffById,
  tariffsOn,
  termDiscountBp,
} from './tariffs';

/** What a client wants to know the price of. */
export interface OrderWish {
  tariffId: string;
  registers: number;
  /** Days of rent, for each register. */
  termDays: number;
  /** Fiscal drives to buy, by model. */
  drives?: readonly { model: string; count: number }[];
  promo?: PromoCode;
}

export interface QuoteLine {
  what: 'rent' | 'term_discount' | 'promo' | 'drive';
  /** Model of the drive, code of the promotion. */
  detail?: string;
  count: number;
  priceKop: Kop;
  sumKop: Kop;
}

export interface Quote {
  lines: QuoteLine[];
  /** For one register and the whole term, all discounts taken off. */
  rentPerRegisterKop: Kop;
  discountBp: number;
  totalKop: Kop;
  /** VAT inside the total. */
  vatKop: Kop;
}

/** Share of a sum in hundredths of a percent, half up. */
const shareKop = (sumKop: Kop, bp: number): Kop => Math.floor((sumKop * bp * 2 + 10_000) / 20_000);

const refuse = (field: string, rule: string): never => {
  throw new FarmError('CLIENT-ORDER', rule, { field });
};

const wholeBetween = (field: string, value: number, least: number, most: number): void => {
  if (!Number.isSafeInteger(value) || value < least || value > most)
    refuse(field, `${field}: целое число от ${least} до ${most}`);
};

/** Rent of one register for a whole term: price × days less the term's and the promotion's discounts. */
export function rentKop(tariff: Tariff, termDays: number, promoBp: number): Kop {
  const fullKop = tariff.pricePerDayKop * termDays;
  const afterTermKop = fullKop - shareKop(fullKop, termDiscountBp(tariff, termDays));
  return afterTermKop - shareKop(afterTermKop, promoBp);
}

/** VAT inside our own prices. */
export function ownVatKop(sumKop: Kop, day: Day): Kop {
  const rate = vatRateByName(day >= '2026-01-01' ? 'vat22' : 'vat20');
  return rate?.part && rate.whole ? vatInsideKop(sumKop, rate.part, rate.whole) : 0;
}

/**
 * The price of an order with its arithmetic, before anything is ordered.
 * @throws FarmError CLIENT-ORDER with the field and its rule
 */
export function quote(wish: OrderWish, day: Day): Quote {
  const tariff = tariffById(wish.tariffId);
  if (!tariff || !tariffsOn(day).includes(tariff))
    return refuse('tariffId', 'tariffId: такого тарифа нет или он больше не предлагается');
  wholeBetween('registers', wish.registers, 1, 1_000);
  wholeBetween('termDays', wish.termDays, shortestTermDays, longestTermDays);
  const promoBp = wish.promo ? promoDiscountBp(wish.promo, wish.termDays, day) : 0;

  const fullKop = tariff.pricePerDayKop * wish.termDays;
  const termOffKop = shareKop(fullKop, termDiscountBp(tariff, wish.termDays));
  const rentPerRegisterKop = rentKop(tariff, wish.termDays, promoBp);
  const promoOffKop = fullKop - termOffKop - rentPerRegisterKop;
  const lines: QuoteLine[] = [line('rent', wish.registers, fullKop)];
  if (termOffKop > 0) lines.push(line('term_discount', wish.registers, -termOffKop));
  if (promoOffKop > 0) lines.push(line('promo', wish.registers, -promoOffKop, wish.promo?.code));
  for (const { model, count } of wish.drives ?? []) {
    wholeBetween('drives.count', count, 1, 1_000);
    const price = drivePriceOn(model, day) ?? refuse('drives.model', `drives.model: ${model} не продаётся`);
    lines.push(line('drive', count, price.priceKop, model));
  }
  const totalKop = lines.reduce((sum, { sumKop }) => sum + sumKop, 0);
  return {
    lines,
    rentPerRegisterKop,
    discountBp: fullKop === 0 ? 0 : Math.round(((fullKop - rentPerRegisterKop) * 10_000) / fullKop),
    totalKop,
    vatKop: ownVatKop(totalKop, day),
  };
}

const line = (what: QuoteLine['what'], count: number, priceKop: Kop, detail?: string): QuoteLine => ({
  what,
  ...(detail === undefined ? {} : { detail }),
  count,
  priceKop,
  sumKop: priceKop * count,
});
