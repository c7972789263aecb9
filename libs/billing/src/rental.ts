import { FarmError, type Kop } from '@kkt/contracts';
import { addDays, type Day, daysBetween } from './days';
import { type LedgerTransaction, balanced, type Posting } from './ledger';
import { ownVatKop, rentKop } from './quote';
import { type Tariff } from './tariffs';

/** One register rented for one term. */
export interface Rental {
  readonly id: string;
  readonly clientId: string;
  readonly registerId: number;
  readonly tariffId: string;
  /** First day that is paid for. */
  readonly firstDay: Day;
  readonly termDays: number;
  /** For the whole term, VAT included. Zero for a trial. */
  readonly priceKop: Kop;
  readonly promoBp: number;
  readonly renewsItself: boolean;
}

/** The last day that is paid for. */
export const lastDay = (rental: Rental): Day => addDays(rental.firstDay, rental.termDays - 1);

/**
 * The part of the price that belongs to a day of the term. Shares differ by a kopeck at most and add up to the price
 * exactly: day n gets what n days cost less what n − 1 days cost.
 */
export function dayShareKop(rental: Pick<Rental, 'priceKop' | 'termDays'>, dayIndex: number): Kop {
  const until = (days: number): Kop => Math.floor((rental.priceKop * days) / rental.termDays);
  return until(dayIndex + 1) - until(dayIndex);
}

const clientAccount = (id: string): Posting['account'] => `client:${id}`;
const deferredAccount = (id: string): Posting['account'] => `deferred:${id}`;

/** The client pays the whole term ahead; undefined when it costs nothing. */
export function payRent(rental: Rental, day: Day): LedgerTransaction | undefined {
  if (rental.priceKop === 0) return undefined;
  return balanced({
    key: `rent-paid:${rental.id}`,
    kind: 'rent_paid',
    day,
    text: `Аренда кассы на ${rental.termDays} дн. с ${rental.firstDay.split('-').reverse().join('.')}`,
    postings: [
      { account: clientAccount(rental.clientId), amountKop: -rental.priceKop },
      { account: deferredAccount(rental.id), amountKop: rental.priceKop },
    ],
  });
}

/** A day of rent is earned, with the VAT inside it; undefined for a day without a price. */
export function earnDay(rental: Rental, day: Day): LedgerTransaction | undefined {
  const index = daysBetween(rental.firstDay, day);
  if (index < 0 || index >= rental.termDays)
    throw new FarmError('SYS-RENTAL', `${day} is no day of rental ${rental.id}`, { day });
  const shareKop = dayShareKop(rental, index);
  if (shareKop === 0) return undefined;
  const vatKop = ownVatKop(shareKop, day);
  const postings: Posting[] = [
    { account: deferredAccount(rental.id), amountKop: -shareKop },
    { account: 'revenue', amountKop: shareKop - vatKop },
    { account: 'vat', amountKop: vatKop },
  ];
  return balanced({
    // Of the register, not of the rental: a day of a register is never billed twice, whatever became of its rentals.
    key: `rent-day:${rental.registerId}:${day}`,
    kind: 'rent_day',
    day,
    text: `Аренда кассы за ${day}`,
    postings: postings.filter(({ amountKop }) => amountKop !== 0),
  });
}

/**
 * What a rental that ends early gives back: the price paid less what the days used would have cost as a term of their
 * own. Never below zero, never more than what is not earned yet.
 */
export function returnKop(rental: Rental, tariff: Tariff, usedDays: number): Kop {
  if (usedDays >= rental.termDays) return 0;
  const usedKop = usedDays === 0 ? 0 : rentKop(tariff, usedDays, rental.promoBp);
  const unearnedKop = rental.priceKop - Math.floor((rental.priceKop * usedDays) / rental.termDays);
  return Math.max(0, Math.min(rental.priceKop - usedKop, unearnedKop));
}

/** What a rental would give back if a day were its last: shown before anybody agrees to it. */
export interface RentalEnding {
  firstDay: Day;
  lastDay: Day;
  paidKop: Kop;
  /** From the first day to the last used one; 0 when it has not begun. */
  usedDays: number;
  unusedDays: number;
  /** What is kept: the used days as a term of their own. */
  usedKop: Kop;
  backKop: Kop;
}

export function endingOf(rental: Rental, tariff: Tariff, lastUsedDay: Day): RentalEnding {
  const usedDays = Math.min(rental.termDays, Math.max(0, daysBetween(rental.firstDay, lastUsedDay) + 1));
  const backKop = returnKop(rental, tariff, usedDays);
  return {
    firstDay: rental.firstDay,
    lastDay: lastDay(rental),
    paidKop: rental.priceKop,
    usedDays,
    unusedDays: rental.termDays - usedDays,
    usedKop: rental.priceKop - backKop,
    backKop,
  };
}

/**
 * Ends a rental before its time, after the last used day was earned: the rest goes back to the client, what a shorter
 * term costs more is earned.
 */
export function endEarly(
  rental: Rental,
  tariff: Tariff,
  usedDays: number,
  day: Day,
): LedgerTransaction | undefined {
  const unearnedKop = rental.priceKop - Math.floor((rental.priceKop * usedDays) / rental.termDays);
  if (unearnedKop === 0) return undefined;
  const backKop = returnKop(rental, tariff, usedDays);
  const keptKop = unearnedKop - backKop;
  const vatKop = ownVatKop(keptKop, day);
  const postings: Posting[] = [
    { account: deferredAccount(rental.id), amountKop: -unearnedKop },
    { account: clientAccount(rental.clientId), amountKop: backKop },
    { account: 'revenue', amountKop: keptKop - vatKop },
    { account: 'vat', amountKop: vatKop },
  ];
  return balanced({
    key: `rent-returned:${rental.id}`,
    kind: 'rent_returned',
    day,
    text: `Возврат за неиспользованные дни аренды с ${day}`,
    postings: postings.filter(({ amountKop }) => amountKop !== 0),
  });
}

export type RenewalAdvice = 'not_yet' | 'renew' | 'remind' | 'too_little_money' | 'ended';

/** Days before the end at which the client is told, each once. */
export const reminderDays = [14, 7, 3, 1] as const;

/** What is to be done about the end of a rental today, given the client's balance and the price of the next term. */
export function renewalAdvice(rental: Rental, today: Day, balanceKop: Kop, nextPriceKop: Kop): RenewalAdvice {
  const daysLeft = daysBetween(today, lastDay(rental));
  if (daysLeft < 0) return 'ended';
  if (daysLeft > reminderDays[0]) return 'not_yet';
  if (rental.renewsItself && daysLeft <= 1) return balanceKop >= nextPriceKop ? 'renew' : 'too_little_money';
  // A short rental is not reminded of its end while it has hardly begun.
  const isNear = daysLeft * 2 < rental.termDays;
  return isNear && (reminderDays as readonly number[]).includes(daysLeft) ? 'remind' : 'not_yet';
}
