import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type HardwareCatalog, loadCatalog } from '@hardware/emulator';
import { simulateBlock } from './block';
import { SimDatabase } from './database';
import { isGood, lineOf } from './report';
import { type RunOptions, type RunResult, simulate } from './simulate';

export interface Summary {
  runs: number;
  bad: number[];
  receipts: number;
  tookS: number;
}

/** Gives the next seed to run; undefined when there is none any more. */
export type NextSeed = () => Promise<number | undefined>;

/** What a worker is given: its databases and everything but the seed. */
export interface WorkOrder {
  urls: readonly string[];
  options: Omit<RunOptions, 'seed'>;
}
export type ToWorker = { order: WorkOrder } | { seed: number | undefined };
export type FromWorker = { wants: 'seed' } | { result: RunResult };

/**
 * Runs seeds in this process, one per database at a time: while one waits for PostgreSQL another goes on. They share
 * nothing but the program, so a seed's run does not depend on its neighbours.
 */
export async function runHere(
  { urls, options }: WorkOrder,
  next: NextSeed,
  onResult: (result: RunResult) => void,
): Promise<void> {
  const catalog = loadCatalog();
  const work = async (url: string): Promise<void> => {
    const database = await SimDatabase.open(url);
    try {
      for (let seed = await next(); seed !== undefined; seed = await next())
        onResult(await runOne(database, catalog, { ...options, seed }));
    } finally {
      await database.close();
    }
  };
  await Promise.all(urls.map(work));
}

const runOne = (database: SimDatabase, catalog: HardwareCatalog, options: RunOptions): Promise<RunResult> =>
  options.awayDays
    ? simulateBlock(database, catalog, options, options.awayDays)
    : simulate(database, catalog, options);

/** Runs in which refusals are ordinary need no stack of each, and live objects more than a small nursery. */
const workerFlags = ['--stack-trace-limit=0', '--max-semi-space-size=32'];

function runInWorker(order: WorkOrder, next: NextSeed, onResult: (result: RunResult) => void): Promise<void> {
  const child: ChildProcess = fork(join(__dirname, 'seed-worker.js'), {
    execArgv: [...process.execArgv, ...workerFlags],
  });
  const send = (message: ToWorker): void => void child.send(message);
  child.on('message', (message: FromWorker) => {
    if ('result' in message) onResult(message.result);
    else void next().then((seed) => send({ seed }));
  });
  send({ order });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`a worker of the simulation ended with ${signal ?? code}`)),
    );
  });
}

const progressEveryMs = 15_000;

/** Runs seeds while `more` allows, spread over the cores: every core a process, every process some runs at once. */
export async function runSeeds(
  urls: readonly string[],
  options: Omit<RunOptions, 'seed'> & { firstSeed: number },
  more: (begun: number) => boolean,
  onResult: (result: RunResult) => void,
): Promise<Summary> {
  const began = performance.now();
  const summary: Summary = { runs: 0, bad: [], receipts: 0, tookS: 0 };
  let begun = 0;
  const next: NextSeed = () =>
    Promise.resolve(more(begun) ? options.firstSeed + (begun += 1) - 1 : undefined);
  let toldAt = began;
  const take = (result: RunResult): void => {
    summary.runs += 1;
    summary.receipts += result.accepted;
    if (!isGood(result)) summary.bad.push(result.seed);
    onResult(result);
    if (summary.runs > 1 && performance.now() - toldAt > progressEveryMs) {
      toldAt = performance.now();
      tellSummary({ ...summary, tookS: (toldAt - began) / 1000 }, 'so far ');
    }
  };
  const workers = Math.min(availableParallelism(), urls.length);
  const orders = Array.from({ length: workers }, (_, worker) => ({
    urls: urls.filter((_url, n) => n % workers === worker),
    options,
  }));
  const [only] = orders;
  if (only && orders.length === 1) await runHere(only, next, take);
  else await Promise.all(orders.map((order) => runInWorker(order, next, take)));
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

export function tellSummary({ runs, bad, receipts, tookS }: Summary, when = ''): void {
  const speed = (runs / tookS).toFixed(1);
  process.stderr.write(`${when}${runs} seeds, ${receipts} receipts, ${bad.length} bad, ${speed} seeds/s\n`);
  if (bad.length > 0) process.stderr.write(`bad seeds: ${bad.join(' ')}\n`);
}
