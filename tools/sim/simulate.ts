import type { HardwareCatalog } from '@hardware/emulator';
import type { DispatchSettings } from '@kkt/dispatch';
import { check, type Verdict } from './check';
import type { SimDatabase } from './database';
import { Engineer } from './engineer';
import { SimFarm } from './farm';
import { FaultPlan } from './fault-plan';

export interface RunOptions {
  seed: number;
  receipts: number;
  hours: number;
  modules: number;
  /** Names of fault kinds; see `fault-kinds.ts`. */
  faults: readonly string[];
  /** Faults of a run at most. */
  maxFaults: number;
  /** Time one receipt takes in a module. */
  receiptMs: number;
  /** Instead of faults: the operator is away for so many days under load; see `block.ts`. */
  awayDays?: number;
  /** Several hosts may talk to a module at once: only leases hold two drivers apart. */
  sharedLines?: boolean;
  logFile?: string;
}

export interface RunResult extends Verdict {
  seed: number;
  /** Same seed, same digest. */
  digest: string;
  /** Faults that happened. */
  happened: string[];
  /** After an operator's long absence: FNs that blocked themselves, receipts that waited. */
  blocked?: number;
  waited?: number;
  virtualMs: number;
  statements: number;
  events: number;
}

const hourMs = 3_600_000;

/** Longer simulations look less often, or most of their time would be spent on looking. */
const sweepMsFor = (hours: number): number => Math.max(10_000, Math.min(60_000, hours * 2_000));

/** In simulations of days leases last longer: prolonging them is no part of what these look at. */
const leasesFor = (hours: number): Partial<DispatchSettings> =>
  hours > 5 ? { leaseTtlS: 1_200, renewEveryMs: 200_000 } : {};

/** One run: a farm is delivered, works through faults, is repaired, comes to rest, is checked. */
export async function simulate(
  database: SimDatabase,
  catalog: HardwareCatalog,
  options: RunOptions,
): Promise<RunResult> {
  const { seed, receipts, hours, modules, receiptMs } = options;
  const statementsBefore = database.statements;
  const farm = new SimFarm(database, {
    seed,
    modules,
    catalog,
    receiptMs,
    sweepMs: sweepMsFor(hours),
    settings: leasesFor(hours),
    sharedLines: options.sharedLines,
    logFile: options.logFile,
  });
  await farm.begin();
  for (const kind of ['api', 'driver', 'relay', 'worker'] as const) farm.start(kind);
  const engineer = new Engineer(farm);
  await engineer.until('registers ready', 5 * 60_000, () => engineer.areRegistersReady());

  const plan = new FaultPlan(farm, options.faults, options.maxFaults);
  const spanMs = hours * hourMs;
  farm.shops.open(farm.groups, receipts, spanMs * 0.9, { shortLimitRate: 0.1 });
  plan.begin(spanMs);
  await farm.clock.advance(spanMs);

  plan.end();
  const stillWaiting = await engineer.bringToRest();
  const verdict = await check(farm);
  verdict.faults.push(...stillWaiting);
  return resultOf(farm, { seed, verdict, happened: plan.happened, statementsBefore });
}

/** The run is over: every process ends. */
export function resultOf(
  farm: SimFarm,
  run: { seed: number; verdict: Verdict; happened: string[]; statementsBefore: number },
): RunResult {
  const result: RunResult = {
    ...run.verdict,
    seed: run.seed,
    digest: farm.events.digest(),
    happened: run.happened,
    virtualMs: Math.round(farm.clock.monotonicMs()),
    statements: farm.database.statements - run.statementsBefore,
    events: farm.clock.events,
  };
  for (const { process } of [...farm.running]) process.kill();
  return result;
}
