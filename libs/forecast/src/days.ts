/** Calendar days as whole numbers since 1970-01-01: cheap to count with, without a zone. */
export type Day = number;

const MS_PER_DAY = 86_400_000;

/** The number of a `YYYY-MM-DD`; undefined when there is no such day. */
export function dayOf(text: string): Day | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const atMs = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(atMs)) return undefined;
  const day = Math.round(atMs / MS_PER_DAY);
  // Date.parse lets 31 February through in some engines as 3 March.
  return isoOf(day) === text ? day : undefined;
}

/** `YYYY-MM-DD` of a day. */
export function isoOf(day: Day): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
}

/** The day of a moment on a wall clock `utcOffsetMin` minutes ahead of UTC. */
export function dayAt(atMs: number, utcOffsetMin: number): Day {
  return Math.floor((atMs + utcOffsetMin * 60_000) / MS_PER_DAY);
}

/** 0 Monday … 6 Sunday. */
export function weekdayOf(day: Day): number {
  return (((day + 3) % 7) + 7) % 7;
}
