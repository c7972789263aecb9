import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FarmError, type Random } from '@kkt/contracts';

/** Numbers of modules and FNs by series: two series never have one in common. Series 0 is that of the examples. */
export const MAX_SERIES = 499;
const SERIALS_IN_SERIES = 1_000_000;
const FNS_IN_SERIES = 100_000;
const FIRST_SERIAL = 106_000_000_001;
const FIRST_FN = 9_999_078_900_000_001n;
/** Spare FNs, put in by experiments. */
const FIRST_SPARE_FN = 9_999_078_950_000_001n;

export const serialOf = (index: number, series = 0): string =>
  String(FIRST_SERIAL + series * SERIALS_IN_SERIES + index).padStart(14, '0');
export const fnNumberOf = (index: number, series = 0): string =>
  String(FIRST_FN + BigInt(series * FNS_IN_SERIES + index));
export const spareFnNumberOf = (index: number, series = 0): string =>
  String(FIRST_SPARE_FN + BigInt(series * FNS_IN_SERIES + index));

/**
 * The series of a data folder: drawn once and kept in it, so that modules of two folders are never taken for each other.
 * A folder from before there were series keeps its numbers.
 * @throws FarmError `SYS-SERIES-FILE` when the file holds something else
 */
export function ownSeries(dataDir: string, random: Random): number {
  const file = join(dataDir, 'series');
  if (existsSync(file)) {
    const series = Number(readFileSync(file, 'utf8'));
    if (Number.isInteger(series) && series >= 0 && series <= MAX_SERIES) return series;
    throw new FarmError('SYS-SERIES-FILE', `The file must hold a number from 0 to ${MAX_SERIES}`, { file });
  }
  const series = existsSync(join(dataDir, 'kkt')) ? 0 : 1 + Math.floor(random.next() * MAX_SERIES);
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(file, `${series}\n`);
  return series;
}
