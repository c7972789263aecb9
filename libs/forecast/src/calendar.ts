import { type Day, dayOf, weekdayOf } from './days';

/** What a day is to a Russian shop. */
export const DayKind = { ordinary: 0, holiday: 1, newYear: 2 } as const;

/**
 * Non-working holidays of the Labour Code (art. 112): 1–8 January, 23 February, 8 March, 1 and 9 May, 12 June,
 * 4 November; one that falls on a weekend is given back on the next working day (January's are moved by a decree of each
 * year, which no rule foretells: they are left out).
 */
const holidays: readonly (readonly [month: number, dayOfMonth: number])[] = [
  [2, 23],
  [3, 8],
  [5, 1],
  [5, 9],
  [6, 12],
  [11, 4],
];

const firstYear = 2015;
const lastYear = 2060;
const first = dayOf(`${firstYear}-01-01`) as Day;
const days = (dayOf(`${lastYear}-12-31`) as Day) - first + 1;

const kinds = new Uint8Array(days);
const monthDays = new Uint8Array(days);
const weekdays = new Uint8Array(days);

function fill(): void {
  for (let at = 0; at < days; at++) {
    const date = new Date((first + at) * 86_400_000);
    monthDays[at] = date.getUTCDate();
    weekdays[at] = weekdayOf(first + at);
    if (date.getUTCMonth() === 0 && date.getUTCDate() <= 8) kinds[at] = DayKind.newYear;
  }
  for (let year = firstYear; year <= lastYear; year++) {
    for (const [month, dayOfMonth] of holidays) {
      const at = Math.round(Date.UTC(year, month - 1, dayOfMonth) / 86_400_000) - first;
      kinds[at] = DayKind.holiday;
      if ((weekdays[at] as number) < 5) continue;
      let given = at + 1;
      while ((weekdays[given] as number) >= 5 || kinds[given] !== DayKind.ordinary) given += 1;
      kinds[given] = DayKind.holiday;
    }
  }
}

fill();

/** The calendar as tables, for loops that look at every day; index = day − first, within 0 … days − 1. */
export const calendarTable = { first, days, kinds, monthDays, weekdays };

const clamp = (day: Day): number => Math.min(days - 1, Math.max(0, day - first));

export const dayKind = (day: Day): number => kinds[clamp(day)] as number;
/** 1 … 31. */
export const dayOfMonth = (day: Day): number => monthDays[clamp(day)] as number;
/** 0 Monday … 6 Sunday. */
export const weekday = (day: Day): number => weekdays[clamp(day)] as number;
