import type { HardwareCatalog } from '@hardware/emulator';
import { check } from './check';
import type { SimDatabase } from './database';
import { Engineer } from './engineer';
import { SimFarm } from './farm';
import { resultOf, type RunOptions, type RunResult } from './simulate';

const minuteMs = 60_000;
const awayMs = 10 * minuteMs;
/** Longest a receipt may wait while only one register of its group is away. */
const promptlyMs = minuteMs;

/**
 * A module is unplugged for ten minutes under load, in the middle of a receipt: its group's other registers carry on,
 * the receipt in its hands stays in doubt and is settled after the return by the word of its own FN.
 */
export async function simulateAway(
  database: SimDatabase,
  catalog: HardwareCatalog,
  options: RunOptions & { at: 'beforeCommit' | 'afterCommit' },
): Promise<RunResult> {
  const { seed, modules, receiptMs, receipts, at, logFile } = options;
  const statementsBefore = database.statements;
  const farm = new SimFarm(database, { seed, modules, catalog, receiptMs, sweepMs: 10_000, logFile });
  await farm.begin();
  for (const kind of ['api', 'driver', 'relay', 'worker'] as const) farm.start(kind);
  const engineer = new Engineer(farm);
  await engineer.until('registers ready', 5 * minuteMs, () => engineer.areRegistersReady());
  farm.shops.open(farm.groups, receipts, 12 * minuteMs, { shortLimitRate: 0 });
  await farm.clock.advance(30_000);

  const [victim] = farm.registers;
  const module = farm.world.modules.find(({ serial }) => serial === victim?.serial);
  if (!victim || !module) throw new Error('no module');
  // A module that has been given the closing ends it without its host.
  const command = at === 'beforeCommit' ? 'payment' : 'closeReceipt';
  module.inject({ name: 'unplug', at, command, forMs: awayMs });
  await engineer.until('a receipt in doubt', 5 * minuteMs, async () => (await doubts(farm)).length > 0);
  const [doubt] = await doubts(farm);
  const madeBefore = await madeByOthers(farm, victim);
  await farm.clock.advance(awayMs - 2 * minuteMs);
  const faults = await duringAbsence(farm, doubt?.id ?? '', victim.id);
  const madeMeanwhile = (await madeByOthers(farm, victim)) - madeBefore;
  if (madeMeanwhile === 0) faults.push('the other registers of the group did not carry on');

  await farm.clock.advance(4 * minuteMs);
  faults.push(
    ...(await engineer.bringToRest()),
    ...(await settledByItsFn(farm, doubt?.id ?? '', victim, at)),
  );
  const verdict = await check(farm);
  verdict.faults.push(...faults);
  const happened = [`${madeMeanwhile} receipts by the others of the group while ${victim.serial} was away`];
  return resultOf(farm, { seed, verdict, happened, statementsBefore });
}

interface Doubt {
  id: string;
  registerId: number;
}
type Victim = SimFarm['registers'][number];

const doubts = (farm: SimFarm): Promise<Doubt[]> =>
  farm.database.run<Doubt>(
    `select id, register_id as "registerId" from receipts where state = 'in_doubt' order by id`,
  );

async function madeByOthers(farm: SimFarm, victim: Victim): Promise<number> {
  const [row] = await farm.database.run<{ made: string }>(
    `select count(*) as made from documents d join registers k on k.id = d.register_id
     where d.form = 3 and k.group_id = $1 and k.id <> $2`,
    [victim.group.id, victim.id],
  );
  return Number(row?.made);
}

/** Only the receipt in the module's hands waits, at its own register. */
async function duringAbsence(farm: SimFarm, doubtId: string, registerId: number): Promise<string[]> {
  const waiting = await farm.database.run<Doubt & { externalId: string; state: string }>(
    `select id, external_id as "externalId", state, register_id as "registerId" from receipts
     where state not in ('done', 'failed') and accepted_at < farm_now() - make_interval(secs => $1)`,
    [promptlyMs / 1000],
  );
  const faults = waiting
    .filter(({ id }) => id !== doubtId)
    .map(({ externalId, state }) => `${externalId} is held up (${state}) although others of its group work`);
  const own = waiting.find(({ id }) => id === doubtId);
  if (own?.state !== 'in_doubt' || own.registerId !== registerId)
    faults.push('the receipt in flight is not in doubt at its register');
  return faults;
}

/** Written before the plug was pulled: adopted from that FN. Not written: proven absent there before anything else. */
async function settledByItsFn(
  farm: SimFarm,
  doubtId: string,
  victim: Victim,
  at: 'beforeCommit' | 'afterCommit',
): Promise<string[]> {
  const [seen] = await farm.database.run<{ states: string; registerId: number }>(
    `select string_agg(case when d.adopted then 'adopted' else i.state end, ',' order by i.id) as states,
            (array_agg(i.register_id order by i.id))[1] as "registerId"
     from intents i left join documents d on d.receipt_id = i.receipt_id and i.state = 'done'
     where i.receipt_id = $1`,
    [doubtId],
  );
  const expected = at === 'afterCommit' ? 'adopted' : 'void,done';
  if (seen?.states === expected && seen.registerId === victim.id) return [];
  return [`the receipt in flight was not settled by its own FN: ${seen?.states}`];
}
