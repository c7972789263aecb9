/** What a day is expected to bring: the middle, and a band that four days of five fall into. */
export interface ForecastDay {
  /** `YYYY-MM-DD`. */
  day: string;
  kop: number;
  lowKop: number;
  highKop: number;
}

const dayMs = 86_400_000;
/** Two weeks of history say nothing of weekdays; less than that says nothing at all. */
const leastDays = 14;
const bandShare = 0.1;

const quantile = (sorted: readonly number[], share: number): number => {
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? 0;
  return low + ((sorted[Math.ceil(at)] ?? low) - low) * (at - Math.floor(at));
};
const ordered = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const median = (values: readonly number[]): number => quantile(ordered(values), 0.5);

const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay();
const later = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);

/**
 * Revenue of the coming days from that of whole days past, the oldest first and without gaps. Each weekday has its
 * share of a level; the level is the median of the last four weeks, moved on by the growth from the four weeks before,
 * half of it a month. The band is what the same method missed by in the past. Empty while there is too little history.
 */
export function forecastRevenue(
  history: readonly { day: string; kop: number }[],
  days: number,
): ForecastDay[] {
  const last = history.at(-1);
  if (!last || history.length < leastDays) return [];
  const weeks = history.slice(-56);
  const level = Math.max(1, weeks.reduce((sum, { kop }) => sum + kop, 0) / weeks.length);
  const factors = Array.from({ length: 7 }, (_, weekday) => {
    const same = weeks.filter(({ day }) => weekdayOf(day) === weekday).map(({ kop }) => kop / level);
    return same.length === 0 ? 1 : median(same);
  });
  // Without its weekday a day shows its level.
  const levels = weeks.map(({ day, kop }) => kop / Math.max(0.05, factors[weekdayOf(day)] ?? 1));
  const recent = median(levels.slice(-28));
  const before = levels.length >= 42 ? median(levels.slice(0, -28)) : recent;
  const growth = before > 0 ? Math.min(1.5, Math.max(0.67, recent / before)) : 1;
  const expected = (weekday: number, ahead: number): number =>
    recent * (factors[weekday] ?? 1) * growth ** (ahead / 56);
  const misses = ordered(
    weeks.map(({ day, kop }) => kop / Math.max(1, recent * Math.max(0.05, factors[weekdayOf(day)] ?? 1))),
  );
  const [low, high] = [quantile(misses, bandShare), quantile(misses, 1 - bandShare)];
  return Array.from({ length: days }, (_, index) => {
    const day = later(last.day, index + 1);
    const kop = expected(weekdayOf(day), index + 1);
    return {
      day,
      kop: Math.round(kop),
      lowKop: Math.round(kop * Math.min(1, low)),
      highKop: Math.round(kop * Math.max(1, high)),
    };
  });
}
