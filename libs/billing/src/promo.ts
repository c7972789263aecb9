import { FarmError } from '@kkt/contracts';
import type { Day } from './days';

/** A promotion: a further discount on the rent. */
export interface PromoCode {
  readonly code: string;
  /** Hundredths of a percent. */
  readonly discountBp: number;
  readonly from: Day;
  readonly to: Day;
  /** Only for terms of at least so many days. */
  readonly leastTermDays: number;
  /** How many orders may still use it; null: any number. */
  readonly usesLeft: number | null;
}

/** Codes are typed by people: capitals and blanks do not matter. */
export const normalPromoCode = (typed: string): string => typed.replace(/\s+/g, '').toUpperCase();

/**
 * The discount of a promotion for an order.
 * @throws FarmError CLIENT-PROMO with the reason why it does not apply
 */
export function promoDiscountBp(promo: PromoCode, termDays: number, day: Day): number {
  const refuse = (why: string): never => {
    throw new FarmError('CLIENT-PROMO', `Промокод ${promo.code} не действует: ${why}`, { field: 'promo' });
  };
  if (day < promo.from) refuse(`начнёт действовать ${promo.from}`);
  if (day > promo.to) refuse(`действовал до ${promo.to}`);
  if (termDays < promo.leastTermDays) refuse(`только для срока от ${promo.leastTermDays} дн.`);
  if (promo.usesLeft !== null && promo.usesLeft <= 0) refuse('использован нужное число раз');
  return promo.discountBp;
}
