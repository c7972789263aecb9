import { FarmError } from '@kkt/contracts';

/** A calendar day, `YYYY-MM-DD`. Days compare as text. */
export type Day = string;

const dayMs = 86_400_000;
const toMs = (day: Day): number => {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== day)
    throw new FarmError('SYS-DAY', `${day} is no calendar day`, { day });
  return ms;
};

export const addDays = (day: Day, count: number): Day =>
  new Date(toMs(day) + count * dayMs).toISOString().slice(0, 10);

/** Days from `from` to `to`: 1 when `to` is the next day. */
export const daysBetween = (from: Day, to: Day): number => Math.round((toMs(to) - toMs(from)) / dayMs);

/** The day in Moscow, where our books are kept, at a moment of Unix milliseconds. */
export const moscowDay = (atMs: number): Day => new Date(atMs + 3 * 3_600_000).toISOString().slice(0, 10);
