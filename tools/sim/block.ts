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
const { unsentLimitMs, checkEveryMs, deviceUtcOffsetMin } = defaultDispatchSettings;

/** Days of ordinary work before the operator goes away and after it is back. */
const before = 1;
const after = 2;

/** A month has few moments that matter: everything that only looks again looks seldom. */
const seldom = {
  leaseTtlS: 6 * 3_600,
  renewEveryMs: hourMs,
  statusEveryMs: 30 * minuteMs,
  checkEveryMs: 30 * minuteMs,
};

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
    sweepMs: 30 * minuteMs,
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
  const found = awayDays > 30 ? await blockFaults(farm) : [];
  const oldest = new Map([...farm.drives].map(([fn, drive]) => [fn, drive.state.unsent.oldest?.at]));
  farm.operator.mood = () => 'well';
  farm.events.add('fault', 'operator back');
  const backAtMs = farm.clock.nowMs();
  await farm.clock.advance(after * dayMs);

  const waiting = await engineer.bringToRest();
  const verdict = await check(farm);
  verdict.faults.push(...waiting, ...found, ...lateReceipts(farm, oldest, backAtMs));
  const happened = [`${before * dayMs} 35 operator-away-${awayDays}-days (${mood})`];
  return resultOf(farm, { seed, verdict, happened, statementsBefore });
}

const wallNow = (farm: SimFarm): number => farm.clock.nowMs() + deviceUtcOffsetMin * minuteMs;

/** What must hold on the last day of the outage. */
async function blockFaults(farm: SimFarm): Promise<string[]> {
  const faults: string[] = [];
  for (const [fn, drive] of farm.drives)
    if (drive.state.unsent.length > 0 && !refuses(drive, wallNow(farm)))
      faults.push(`${fn} does not refuse although its documents wait for more than 30 days`);
  const wrong = await farm.database.run<{ serial: string; problem: string | null }>(
    `select k.serial, s.problem from registers k join register_status s on s.register_id = k.id
     where s.problem is distinct from 'ofd_silent'`,
  );
  for (const { serial, problem } of wrong) faults.push(`${serial} is not out of work: ${problem}`);
  const groups = await farm.database.run<{ code: string; reason: string | null }>(
    `select g.code, g.wait_reason as reason from register_groups g
     where exists (select from receipts r where r.group_id = g.id and r.state = 'queued')`,
  );
  if (groups.length === 0) faults.push('nothing waits: the block was not met');
  for (const { code, reason } of groups)
    if (reason !== 'ofd_silent') faults.push(`${code} waits for another reason: ${reason}`);
  return faults;
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
    const limit = since + unsentLimitMs + checkEveryMs;
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
