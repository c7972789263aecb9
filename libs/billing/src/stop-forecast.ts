import type { Kop } from '@kkt/contracts';
import { addDays, type Day } from './days';

/** A rental that runs, and what its next term would cost. */
export interface RunningRental {
  registerId: number;
  lastDay: Day;
  termDays: number;
  renewsItself: boolean;
  nextPriceKop: Kop;
}

/** The first day after which a register is no longer paid for. */
export interface StopForecast {
  /** Last day on which all registers are paid for. */
  day: Day;
  registerIds: number[];
  because: 'not_renewed' | 'balance';
  /** What the balance lacks for the renewals of that day; 0 when nobody asked for renewal. */
  missingKop: Kop;
}

/**
 * Renews rentals in order of their ends, as the farm will, until one is not renewed or the balance does not cover it.
 * Undefined when that does not happen up to the horizon.
 */
export function stopForecast(
  rentals: readonly RunningRental[],
  balanceKop: Kop,
  horizon: Day,
): StopForecast | undefined {
  const ends = rentals.map(({ lastDay }) => lastDay);
  let leftKop = balanceKop;
  for (;;) {
    const day = ends.reduce((least, end) => (end < least ? end : least), '9999-12-31');
    if (day > horizon) return undefined;
    const due = rentals.flatMap((rental, index) => (ends[index] === day ? [{ rental, index }] : []));
    const given = due.filter(({ rental }) => !rental.renewsItself);
    if (given.length > 0)
      return {
        day,
        registerIds: given.map(({ rental }) => rental.registerId),
        because: 'not_renewed',
        missingKop: 0,
      };
    const unpaid: number[] = [];
    let missingKop = 0;
    for (const { rental, index } of due) {
      if (leftKop >= rental.nextPriceKop) {
        leftKop -= rental.nextPriceKop;
        ends[index] = addDays(day, rental.termDays);
      } else {
        unpaid.push(rental.registerId);
        missingKop += rental.nextPriceKop;
      }
    }
    if (unpaid.length > 0)
      return { day, registerIds: unpaid, because: 'balance', missingKop: missingKop - leftKop };
  }
}
