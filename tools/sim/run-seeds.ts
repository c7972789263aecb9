import { loadCatalog } from '@hardware/emulator';
import type { SimDatabase } from './database';
import type { SimOptions } from './options';
import { isGood, lineOf } from './report';
import { type RunResult, simulate } from './simulate';

export interface Summary {
  runs: number;
  bad: number[];
  receipts: number;
  tookS: number;
}

/**
 * Runs seeds one after another while `more` allows, several at once: while one waits for PostgreSQL another goes on.
 * They share nothing but the program, so a seed's run does not depend on its neighbours.
 */
export async function runSeeds(
  databases: readonly SimDatabase[],
  options: SimOptions,
  more: (begun: number) => boolean,
  onResult: (result: RunResult) => void,
): Promise<Summary> {
  const catalog = loadCatalog();
  const began = performance.now();
  const summary: Summary = { runs: 0, bad: [], receipts: 0, tookS: 0 };
  let begun = 0;
  const work = async (database: SimDatabase): Promise<void> => {
    while (more(begun)) {
      const seed = options.firstSeed + begun;
      begun += 1;
      const result = await simulate(database, catalog, { ...options, seed });
      summary.runs += 1;
      summary.receipts += result.accepted;
      if (!isGood(result)) summary.bad.push(seed);
      onResult(result);
    }
  };
  await Promise.all(databases.map(work));
  summary.tookS = (performance.now() - began) / 1000;
  return summary;
}

/** The line of a run on stdout; what was wrong, and what had happened before, on stderr. */
export function tell(result: RunResult, quiet: boolean): void {
  const { seed, faults, happened } = result;
  if (!quiet || !isGood(result)) process.stdout.write(`${lineOf(result)}\n`);
  if (isGood(result)) return;
  for (const fault of faults) process.stderr.write(`seed ${seed}: ${fault}\n`);
  for (const what of happened) process.stderr.write(`seed ${seed} met ${what}\n`);
}

export function tellSummary({ runs, bad, receipts, tookS }: Summary): void {
  const speed = (runs / tookS).toFixed(1);
  process.stderr.write(`${runs} seeds, ${receipts} receipts, ${bad.length} bad, ${speed} seeds/s\n`);
  if (bad.length > 0) process.stderr.write(`bad seeds: ${bad.join(' ')}\n`);
}
