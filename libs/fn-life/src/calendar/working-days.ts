import { russianHolidays } from './russian-holidays';

const DAY_MS = 86_400_000;
/** Moscow: the time in which the tax service counts days for this farm. */
const utcOffsetMs = 3 * 3_600_000;
const sunday = 0;
const saturday = 6;

const asDate = (day: string): Date => new Date(`${day}T00:00:00Z`);
const asDay = (date: Date): string => date.toISOString().slice(0, 10);

/** Moscow's calendar day, `YYYY-MM-DD`, of a moment in Unix milliseconds. */
export const dayOf = (epochMs: number): string => asDay(new Date(epochMs + utcOffsetMs));

/** The last moment (Unix milliseconds) of a Moscow day `YYYY-MM-DD`. */
export const endOfDayMs = (day: string): number => asDate(day).getTime() + DAY_MS - 1 - utcOffsetMs;

/** `days` calendar days after `day`; may be negative. */
export const addDays = (day: string, days: number): string =>
  asDay(new Date(asDate(day).getTime() + days * DAY_MS));

/** Calendar days from `from` to `to`. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((asDate(to).getTime() - asDate(from).getTime()) / DAY_MS);

/** Whether people work on this day `YYYY-MM-DD` in Russia. A year that is not in the data has weekends alone. */
export function isWorkingDay(day: string): boolean {
  const year = russianHolidays[Number(day.slice(0, 4))];
  const monthDay = day.slice(5);
  if (year?.daysOff.includes(monthDay)) return false;
  const weekday = asDate(day).getUTCDay();
  const isWeekend = weekday === sunday || weekday === saturday;
  return !isWeekend || (year?.workingWeekends.includes(monthDay) ?? false);
}

/** The `count`-th working day after `day`; the day itself does not count. */
export function addWorkingDays(day: string, count: number): string {
  let left = count;
  let at = day;
  while (left > 0) {
    at = addDays(at, 1);
    if (isWorkingDay(at)) left -= 1;
  }
  return at;
}

/** The end of the `count`-th working day after a moment, both in Unix milliseconds. */
export const workingDeadlineMs = (fromMs: number, count: number): number =>
  endOfDayMs(addWorkingDays(dayOf(fromMs), count));
