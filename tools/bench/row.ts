/** One line of the bench, as `--json` writes it. What could not be measured has no value and says why in its note. */
export interface BenchRow {
  what: string;
  value: number | null;
  unit: string;
  /** The limit, measured in the same run. */
  beside: number | null;
  /** `value` to `beside`. */
  ratio: number | null;
  goal: number | null;
}

/** A row with what only the table of the page shows. */
export interface ToldRow extends BenchRow {
  /** What `beside` is. */
  besideWhat?: string;
  /** Of what the goal speaks: of the ratio (default where there is one) or of the value. */
  goalOf?: 'value' | 'ratio';
  /** `most`: at most the goal; `least`: at least. */
  goalIs?: 'most' | 'least';
  /** What stands in the way, how it was measured, or why it could not be. */
  note?: string;
}

export interface BenchContext {
  quick: boolean;
  /** Medians are of so many; at least five. */
  repeats: number;
  say: (line: string) => void;
}

/** A figure of the bench: measured by itself, in its own surroundings. */
export interface Figure {
  name: string;
  about: string;
  /** About how long a quick run of it takes on two free cores, seconds. */
  quickS: number;
  run: (context: BenchContext) => Promise<ToldRow[]>;
}

/** The middle value; of an even number the mean of both. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] ?? NaN;
  return ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** Value below which the given share of the values lies, 0…1. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

/** A row whose ratio is reckoned from value and limit. */
export function row(given: Omit<ToldRow, 'ratio' | 'beside' | 'goal'> & Partial<ToldRow>): ToldRow {
  const { value, beside = null, goal = null } = given;
  const ratio = given.ratio ?? (value !== null && beside !== null && beside !== 0 ? value / beside : null);
  return { ...given, beside, goal, ratio };
}

/** True: met; false: missed; undefined: no goal, or nothing measured. */
export function isMet(given: ToldRow): boolean | undefined {
  const { goal, goalIs = 'least' } = given;
  const measured = goalValue(given);
  if (goal === null || measured === null) return undefined;
  return goalIs === 'least' ? measured >= goal : measured <= goal;
}

/** What is held against the goal. */
export const goalValue = ({ goalOf, ratio, value }: ToldRow): number | null =>
  (goalOf ?? (ratio === null ? 'value' : 'ratio')) === 'ratio' ? ratio : value;

export const toJson = ({ what, value, unit, beside, ratio, goal }: ToldRow): BenchRow => ({
  what,
  value,
  unit,
  beside,
  ratio,
  goal,
});
