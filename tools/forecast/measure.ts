import { Forecaster, warnDaysBefore } from '@kkt/forecast';
import type { Family } from './families';
import type { MadeHistory } from './history';

/** How one made-up life was foretold. Days. */
export interface Measured {
  error: number;
  /** A straight line from the first reading through the last. */
  lineError: number;
  /** A straight line with the slope of the last 30 days. */
  monthLineError: number;
  isCovered: boolean;
  /** Days before the true end on which the first warning came, by day-by-day replay. */
  warnedBefore: number;
}

const replayFrom = 120;
const forecaster = new Forecaster();

export function forecastAt(made: MadeHistory, at: number) {
  const { firstDay, documents, capacityDocuments, truth } = made;
  let used = 0;
  for (let day = 0; day < at; day++) used += truth[day] as number;
  return forecaster.forecast({
    history: { firstDay, documents: documents.subarray(0, at) },
    capacityDocuments,
    // The FN's own counter knows what a lost reading does not.
    usedDocuments: used,
    today: firstDay + at,
  });
}

/** Whole days from `at` until a straight line reaches the capacity. */
function lineEnd(made: MadeHistory, at: number, days: number): number {
  let used = 0;
  let recent = 0;
  for (let day = 0; day < at; day++) {
    used += made.truth[day] as number;
    if (day >= at - days) recent += made.truth[day] as number;
  }
  const perDay = recent / Math.min(days, at);
  return perDay > 0 ? at + Math.floor((made.capacityDocuments - used) / perDay) : Infinity;
}

export function measure(made: MadeHistory): Measured {
  const { endAt, firstDay } = made;
  const at = endAt - warnDaysBefore;
  const { fill } = forecastAt(made, at);
  const end = firstDay + endAt;
  const capped = (value: number) => Math.min(value, 365);
  return {
    error: capped(Math.abs((fill.p50 ?? Infinity) - end)),
    lineError: capped(Math.abs(lineEnd(made, at, Infinity) - endAt)),
    monthLineError: capped(Math.abs(lineEnd(made, at, 30) - endAt)),
    isCovered: (fill.p10 ?? Infinity) <= end && end <= (fill.p90 ?? Infinity),
    warnedBefore: firstWarning(made),
  };
}

function firstWarning(made: MadeHistory): number {
  for (let before = Math.min(replayFrom, made.endAt - 1); before >= 0; before--) {
    const { end, today } = forecastAt(made, made.endAt - before);
    if (end.day !== null && end.day - today <= warnDaysBefore) return before;
  }
  return -1;
}

export interface FamilyResult {
  name: string;
  hasSeasonOrGrowth: boolean;
  cases: number;
  error: number;
  lineError: number;
  monthLineError: number;
  covered: number;
  warnedInTime: number;
  warnedLate: number;
}

/** Means over all noises and seeds of a family. */
export function measureFamily(
  family: Family,
  noises: readonly number[],
  seeds: readonly number[],
): FamilyResult {
  const all = noises.flatMap((noise) => seeds.map((seed) => measure(family.make(seed, noise))));
  const mean = (value: (measured: Measured) => number) =>
    all.reduce((sum, measured) => sum + value(measured), 0) / all.length;
  return {
    name: family.name,
    hasSeasonOrGrowth: family.hasSeasonOrGrowth,
    cases: all.length,
    error: mean(({ error }) => error),
    lineError: mean(({ lineError }) => lineError),
    monthLineError: mean(({ monthLineError }) => monthLineError),
    covered: mean(({ isCovered }) => Number(isCovered)),
    warnedInTime: mean(({ warnedBefore }) => Number(warnedBefore >= 59 && warnedBefore <= 61)),
    warnedLate: mean(({ warnedBefore }) => Number(warnedBefore < 30)),
  };
}
