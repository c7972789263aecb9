import { dayKind, DayKind, dayOfMonth, weekday } from '@kkt/forecast';
import { Dice } from '../sim/dice';

/** A made-up life of an FN: what it does each day, and the capacity that makes it end within it. */
export interface MadeHistory {
  firstDay: number;
  /** Documents of each day, well beyond the end; NaN where the reading is lost. */
  documents: Float64Array;
  /** The same without lost readings. */
  truth: Float64Array;
  capacityDocuments: number;
  /** Day of the life, from 0, on which the capacity is reached. */
  endAt: number;
}

/** Log of the level on day `at` of the life, and what the calendar and chance make of it. */
export interface Making {
  dice: Dice;
  firstDay: number;
  /** Documents a day, before calendar and noise. */
  level: (at: number) => number;
  /** 0 Monday … 6 Sunday. */
  week?: readonly number[];
  calendar?: (day: number, at: number) => number;
  /** Relative noise of a day. */
  noise: number;
  /** Day of the life on which it ends. */
  endAt: number;
  /** Turns the true number into the reading: lost days are NaN. */
  reading?: (value: number, at: number) => number;
}

const beyond = 60;

export function normal(dice: Dice): number {
  return Math.sqrt(-2 * Math.log(1 - dice.next())) * Math.cos(2 * Math.PI * dice.next());
}

/** Poisson by the normal approximation above 50, by counting below. */
export function poisson(dice: Dice, mean: number): number {
  if (mean <= 0) return 0;
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(dice)));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = dice.next(); product > limit; product *= dice.next()) count += 1;
  return count;
}

export function make(making: Making): MadeHistory {
  const { dice, firstDay, noise, endAt } = making;
  const truth = new Float64Array(endAt + beyond);
  const documents = new Float64Array(truth.length);
  let total = 0;
  let from = 0;
  for (let at = 0; at < truth.length; at++) {
    const day = firstDay + at;
    const mean =
      Math.max(0, making.level(at)) *
      (making.week?.[weekday(day)] ?? 1) *
      (making.calendar?.(day, at) ?? 1) *
      Math.exp(noise * normal(dice) - noise ** 2 / 2);
    const value = poisson(dice, mean);
    truth[at] = value;
    documents[at] = making.reading?.(value, at) ?? value;
    if (at === endAt - 3) from = total;
    if (at <= endAt + 3) total += value;
  }
  // Any document of the week around the planned end may be the last: quiet days are seldom the end.
  const capacityDocuments = Math.max(1, Math.round(from + (total - from) * dice.next()));
  return { firstDay, documents, truth, capacityDocuments, endAt: endOf(truth, capacityDocuments) };
}

/** The first day on which the sum reaches the capacity: a day without sales may have stood at the planned end. */
function endOf(truth: Float64Array, capacity: number): number {
  let total = 0;
  for (let at = 0; at < truth.length; at++) {
    total += truth[at] as number;
    if (total >= capacity) return at;
  }
  return truth.length - 1;
}

/** Days on which wages come: more sales on and after them. */
export const paydays =
  (lift: number) =>
  (day: number): number => {
    const date = dayOfMonth(day);
    return date === 10 || date === 25 ? lift : date === 11 || date === 26 ? 1 + (lift - 1) / 2 : 1;
  };

export const holidayLull =
  (factor: number) =>
  (day: number): number =>
    dayKind(day) === DayKind.ordinary ? 1 : factor;
