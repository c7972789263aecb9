import { FnRefusal, type FiscalDrive, type HardwareCatalog } from '@hardware/emulator';
import { defaultDispatchSettings } from '@kkt/dispatch';
import { check } from './check';
import type { SimDatabase } from './database';
import { Engineer } from './engineer';
import { SimFarm } from './farm';
import { resultOf, type RunOptions, type RunResult } from './simulate';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** 54-FZ art. 4.1: an FN without confirmations makes no documents after this. */
const lawMs = 30 * dayMs;
const { unsentLimitMs, deviceUtcOffsetMin } = defaultDispatchSettings;

/** Days of ordinary work before the operator goes away and after it is back. */
const before = 1;
const after = 2;

/** A month has few moments that matter: everything that only looks again looks seldom. */
const seldom = {
  leaseTtlS: 24 * 3_600,
  renewEveryMs: 6 * hourMs,
  statusEveryMs: 2 * hourMs,
  checkEveryMs: 2 * hourMs,
  // Whether a shift must be closed is looked at every two hours, too.
  shiftCloseAfterMs: 20 * hourMs,
};
const sweepMs = 3 * hourMs;

/** What the last day of the outage was like. */
interface Block {
  /** FNs that refuse by themselves. */
  blocked: number;
  /** Receipts that wait. */
  waited: number;
  faults: string[];
}

/**
 * The operator is away for so many days under load (fault 35). By 54-FZ art. 4.1 an FN that has had no confirmation for
 * 30 days makes no documents: dispatch must have left its register before. Once the operator is back everything is
 * carried in the order of FD numbers, and receipts that waited are made.
 */
export async function simulateBlock(
  database: SimDatabase,
  catalog: HardwareCatalog,
  options: RunOptions,
  awayDays: number,
): Promise<RunResult> {
  const { seed, modules, receiptMs, receipts, logFile } = options;
  const statementsBefore = database.statements;
  const farm = new SimFarm(database, {
    seed,
    modules,
    catalog,
    receiptMs,
    sweepMs,
    settings: seldom,
    logFile,
  });
  await farm.begin();
  for (const kind of ['api', 'driver', 'relay', 'worker'] as const) farm.start(kind);
  const engineer = new Engineer(farm);
  await engineer.until('registers ready', 5 * minuteMs, () => engineer.areRegistersReady());
  farm.shops.open(farm.groups, receipts, (before + awayDays + after) * dayMs, { shortLimitRate: 0.1 });

  await farm.clock.advance(before * dayMs);
  const mood = farm.dice.pick(['no-connection', 'silent', 'try-later'] as const);
  farm.operator.mood = () => mood;
  farm.events.add('fault', `operator away: ${mood}`);
  await farm.clock.advance(awayDays * dayMs);
  const block = await lastDay(farm);
  const oldest = new Map([...farm.drives].map(([fn, drive]) => [fn, drive.state.unsent.oldest?.at]));
  farm.operator.mood = () => 'well';
  farm.events.add('fault', 'operator back');
  const backAtMs = farm.clock.nowMs();
  await farm.clock.advance(after * dayMs);

  const waiting = await engineer.bringToRest();
  const verdict = await check(farm);
  verdict.faults.push(...waiting, ...block.faults, ...lateReceipts(farm, oldest, backAtMs));
  const happened = [`${before * dayMs} 35 operator-away-${awayDays}-days (${mood})`];
  const { blocked, waited } = block;
  return { ...resultOf(farm, { seed, verdict, happened, statementsBefore }), blocked, waited };
}

const wallNow = (farm: SimFarm): number => farm.clock.nowMs() + deviceUtcOffsetMin * minuteMs;

/** FNs at their limit refuse, dispatch has left their registers and says why receipts wait. */
async function lastDay(farm: SimFarm): Promise<Block> {
  const faults: string[] = [];
  const problems = await farm.database.run<{ fnNumber: string; problem: string | null }>(
    `select k.fn_number as "fnNumber", s.problem from registers k join register_status s on s.register_id = k.id`,
  );
  const now = wallNow(farm);
  let blocked = 0;
  for (const [fn, drive] of farm.drives) {
    const { oldest } = drive.state.unsent;
    if (!oldest || now - oldest.at <= lawMs) continue;
    if (refuses(drive, now)) blocked += 1;
    else faults.push(`${fn} does not refuse although its documents wait for more than 30 days`);
    const problem = problems.find(({ fnNumber }) => fnNumber === fn)?.problem;
    if (problem !== 'ofd_silent') faults.push(`the register of ${fn} is not out of work: ${problem}`);
  }
  const groups = await farm.database.run<{ code: string; reason: string | null; waiting: string }>(
    `select g.code, g.wait_reason as reason, count(*) as waiting from register_groups g
     join receipts r on r.group_id = g.id and r.state = 'queued' group by g.id`,
  );
  for (const { code, reason } of groups)
    if (reason !== 'ofd_silent') faults.push(`${code} waits for another reason: ${reason}`);
  return { blocked, waited: groups.reduce((sum, { waiting }) => sum + Number(waiting), 0), faults };
}

function refuses(drive: FiscalDrive, wallMs: number): boolean {
  try {
    drive.start('shiftOpen', wallMs);
  } catch (error) {
    return error instanceof FnRefusal;
  }
  drive.cancel();
  return false;
}

/** No receipt was given to a register whose oldest document had waited beyond the limit, while the operator was away. */
function lateReceipts(
  farm: SimFarm,
  oldest: ReadonlyMap<string, number | undefined>,
  backAtMs: number,
): string[] {
  const backWallMs = backAtMs + deviceUtcOffsetMin * minuteMs;
  const faults: string[] = [];
  for (const [fn, drive] of farm.drives) {
    const since = oldest.get(fn);
    if (since === undefined) continue;
    const limit = since + unsentLimitMs + seldom.checkEveryMs;
    for (let fd = 1; fd <= drive.state.lastFd; fd += 1) {
      const document = drive.document(fd);
      if (document?.head.form !== 3) continue;
      const { at } = document.head;
      if (at > limit && at < backWallMs)
        faults.push(`${fn}/${fd}: a receipt was given to a register beyond the limit`);
    }
  }
  return faults;
}
