import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { faultNames } from './fault-kinds';
import type { RunOptions } from './simulate';

export interface SimOptions extends Omit<RunOptions, 'seed'> {
  firstSeed: number;
  seeds: number;
  /** Seeds at once, each on a database of its own, spread over the cores. */
  parallel: number;
  /** For soaking: begin new seeds until so much real time has passed. */
  minutes: number;
  quiet: boolean;
  /** Begins no seed after the first bad one. */
  stopAtBad: boolean;
}

export const usage = `npm run sim -- [--seed N] [--seeds COUNT] [--receipts M] [--hours H] [--modules K]
  [--faults all|none|NUMBER,NAME,…] [--max-faults F] [--receipt-ms MS] [--parallel P]
  [--shared-lines] [--log FILE] [--quiet] [--stop-at-bad]
npm run sim -- --operator-away-days D [--seed N] …: no other faults; beyond 30 days FNs block themselves
npm run sim:soak -- [--minutes T] and the same
Runs the farm's own logic on a virtual clock with faults drawn from the seed. Prints one JSON line per seed;
ends with 1 when a seed found something.
`;

/** Undefined when help was asked for. */
export function readOptions(argv: readonly string[]): SimOptions | undefined {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seed: { type: 'string', default: '1' },
      seeds: { type: 'string', default: '1' },
      receipts: { type: 'string', default: '40' },
      hours: { type: 'string', default: '0.03' },
      modules: { type: 'string', default: '6' },
      faults: { type: 'string', default: 'all' },
      'max-faults': { type: 'string', default: '8' },
      'receipt-ms': { type: 'string', default: '350' },
      parallel: { type: 'string', default: String(Math.min(16, 3 * availableParallelism())) },
      minutes: { type: 'string', default: '10' },
      'operator-away-days': { type: 'string' },
      'shared-lines': { type: 'boolean', default: false },
      log: { type: 'string' },
      quiet: { type: 'boolean', default: false },
      'stop-at-bad': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const number = (text: string, name: string): number => {
    const value = Number(text);
    if (!Number.isFinite(value) || value <= 0) throw new RangeError(`--${name} takes a positive number`);
    return value;
  };
  const away = values['operator-away-days'];
  return {
    firstSeed: number(values.seed, 'seed'),
    seeds: number(values.seeds, 'seeds'),
    receipts: number(values.receipts, 'receipts'),
    hours: number(values.hours, 'hours'),
    modules: number(values.modules, 'modules'),
    faults: faultNames(values.faults),
    maxFaults: number(values['max-faults'], 'max-faults'),
    receiptMs: number(values['receipt-ms'], 'receipt-ms'),
    parallel: number(values.parallel, 'parallel'),
    minutes: number(values.minutes, 'minutes'),
    ...(away === undefined ? {} : { awayDays: number(away, 'operator-away-days') }),
    sharedLines: values['shared-lines'],
    logFile: values.log,
    quiet: values.quiet,
    stopAtBad: values['stop-at-bad'],
  };
}
