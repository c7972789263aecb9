import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FailProcess, failSteps, type FailStep } from '@kkt/contracts';
import { CallbackSink } from './callback-sink';
import { checkFarm } from './checker';
import { patienceMs } from './patience';
import { type SaleOptions, Shop } from './shop';
import type { KillStep, Victim } from './steps';
import { type FarmVictim, TestFarm } from './test-farm';

type Group = NonNullable<SaleOptions['group']>;
const groups: readonly Group[] = ['demo-v4', 'demo-v5'];

/** One cell of the matrix. */
export interface KillCase extends KillStep {
  victim: Victim;
  hit: number;
}

/** What became of the receipts of a case, by the memories of the FNs. */
export interface KillResult {
  receipts: number;
  done: number;
  /** Neither a document nor a clear refusal. */
  lost: string[];
  /** More than one document, or a document beside a refusal. */
  doubled: string[];
  untold: string[];
}

/** The process that stands at a step. */
export const processOf = (step: FailStep): FailProcess => failSteps[step].process;

/** How long the rest of the farm runs without the victim. */
const absenceMs = 250;
const retryMs = 100;
/** Phase of an FN that makes receipts. */
const inFiscalMode = 3;

/** Steps that come with the start of a process must be planned before it. */
const canBeTold = ({ trigger }: KillStep): boolean => trigger === 'sell' || trigger === 'open-shifts';

/** Receipts per group: enough to wake every register, or few. */
const perGroup = ({ trigger }: KillStep): number => (trigger === 'open-shifts' ? 12 : 3);

export const caseName = ({ step, hit, victim }: KillCase): string => `${step}.${hit}.${victim}`;

/**
 * Brings a real farm to a step, kills somebody exactly there, lets everything come back, and counts documents.
 * The process at the step either kills itself, or stands still (its event loop too) while another one is killed.
 */
export class KillBench {
  private readonly asked = new Map<string, { name: string; group: Group; uuid: string }>();
  private readonly sales: Promise<void>[] = [];
  private readonly pauseFile: string;

  private constructor(
    readonly farm: TestFarm,
    private readonly shop: Shop,
    readonly sink: CallbackSink,
  ) {
    this.pauseFile = join(farm.dataDir, 'pause');
  }

  static async open(options: { modules: number; pace: string }): Promise<KillBench> {
    const sink = await CallbackSink.open();
    try {
      const farm = await TestFarm.start({ ...options, ownServers: true });
      return new KillBench(farm, await Shop.open(farm), sink);
    } catch (error) {
      await sink.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    rmSync(this.pauseFile, { force: true });
    await this.farm.stop();
    await this.sink.close();
  }

  /** Runs one cell; its receipts go on while the next one runs. Rejects when the step was not reached. */
  async run(one: KillCase): Promise<void> {
    const { step, victim, hit } = one;
    const { process: at } = failSteps[step];
    const dies = victim === 'itself';
    await this.prepare(one);
    const crowded = one.trigger === 'close-shifts' ? await this.crowdFns() : [];
    try {
      await this.arm(one, `${step}:${hit}:${dies ? 'kill' : `pause@${this.pauseFile}`}`);
      // What a dead relay had taken waits for the end of its lease: let that be one FN's message, each time another's.
      if (at === 'ofd-relay') this.sell(caseName(one), 1, groups.slice(this.asked.size % 2).slice(0, 1));
      else this.sell(caseName(one), perGroup(one));
      await this.reached(at, dies);
      if (!dies) await this.killBeside(victim);
    } finally {
      // Whatever came of it, the next case finds a whole farm.
      rmSync(this.pauseFile, { force: true });
      await this.relieveFns(crowded);
      // One that got its plan at its start hears of no other.
      if (!canBeTold(one)) await this.farm.part(at).kill();
      await this.revive();
    }
  }

  /** Lets everything end, then counts: documents in FNs by receipt, calls of the shop, the operator's store. */
  async verdicts(cases: readonly KillCase[]): Promise<{ byCase: Map<string, KillResult>; faults: string[] }> {
    const refused = (await Promise.allSettled(this.sales)).flatMap((sale) =>
      sale.status === 'rejected' ? [String(sale.reason)] : [],
    );
    await this.settled();
    const told = (uuid: string) => this.sink.toldOf(uuid).length > 0;
    await this.eventually('shops told', patienceMs, () =>
      [...this.asked.values()].every(({ uuid }) => told(uuid)),
    );
    let faults: string[] = [];
    await this.eventually('operator has all', patienceMs, async () => {
      ({ faults } = await checkFarm(this.farm, { operator: true }));
      return faults.length === 0;
    });
    const states = new Map(
      (
        await this.farm.database.query<{ id: string; state: string }>(
          'select external_id as id, state from receipts',
        )
      ).map(({ id, state }) => [id, state]),
    );
    const archive = await this.archive();
    const byCase = new Map<string, KillResult>();
    for (const one of cases) {
      const result: KillResult = { receipts: 0, done: 0, lost: [], doubled: [], untold: [] };
      for (const [externalId, { name, uuid }] of this.asked) {
        if (name !== caseName(one)) continue;
        const state = states.get(externalId);
        const needle = Buffer.from(`${externalId}!`).toString('hex');
        const documents = archive.filter((tlvHex) => tlvHex.includes(needle)).length;
        result.receipts += 1;
        if (state === 'done') result.done += 1;
        if (documents > (state === 'done' ? 1 : 0)) result.doubled.push(externalId);
        else if (state !== 'failed' && documents === 0) result.lost.push(externalId);
        const last = this.sink.toldOf(uuid).at(-1);
        if (last !== (state === 'failed' ? 'fail' : 'done')) result.untold.push(externalId);
      }
      byCase.set(caseName(one), result);
    }
    return { byCase, faults: [...refused, ...faults] };
  }

  /** Plans the fault: for the running process, or for a new one when the step comes with its start. */
  private async arm(one: KillCase, plan: string): Promise<void> {
    const { process: at } = failSteps[one.step];
    if (canBeTold(one)) return this.tell(at, plan);
    await this.farm.part(at).kill();
    this.farm.part(at).launch({ FAIL_POINT: plan });
  }

  private async tell(at: FailProcess, plan: string): Promise<void> {
    const file = this.farm.planFile(at);
    writeFileSync(file, plan);
    this.farm.part(at).signal('SIGUSR2');
    await this.eventually(`${at} knows its fault`, patienceMs, () => !existsSync(file));
  }

  private async prepare(one: KillCase): Promise<void> {
    if (one.trigger === 'recover' && one.diesFirstAt) {
      const { process: at } = failSteps[one.step];
      await this.tell(at, `${one.diesFirstAt}:kill`);
      this.sell(`${caseName(one)}-before`, 2);
      await this.reached(at, true);
    }
    if (processOf(one.step) === 'ofd-relay') await this.quiet();
    if (one.trigger === 'open-shifts') await this.closeShifts();
    if (one.trigger === 'close-shifts') await this.openShifts(`${caseName(one)}-before`);
  }

  /** Sends receipts as a shop does: the same request again until there is an answer that names a uuid. */
  private sell(name: string, count: number, to: readonly Group[] = groups): void {
    const sales = to.flatMap((group) =>
      Array.from({ length: count }, (_, n) => ({ group, externalId: `${name}.${group}.${n}` })),
    );
    for (const [n, { group, externalId }] of sales.entries()) {
      const sale = async (): Promise<void> => {
        const endMs = Date.now() + patienceMs;
        for (;;) {
          const answer = await this.shop
            .sell({
              externalId,
              group,
              priceRub: 10 + n,
              callbackUrl: this.sink.url,
              itemName: `${externalId}!`,
            })
            .catch(() => undefined);
          const uuid = answer?.body.uuid;
          const isTaken = answer?.status === 200 || (answer?.status === 400 && codeOf(answer.body) === 33);
          if (isTaken && typeof uuid === 'string') {
            this.asked.set(externalId, { name, group, uuid });
            return;
          }
          if (Date.now() > endMs)
            throw new Error(`${externalId} was never accepted: ${JSON.stringify(answer)}`);
          await new Promise((go) => setTimeout(go, retryMs));
        }
      };
      const selling = sale();
      selling.catch(() => undefined);
      this.sales.push(selling);
    }
  }

  /** The process stands at the step, or has died there. */
  private async reached(at: FailProcess, dies: boolean): Promise<void> {
    const part = this.farm.part(at);
    if (dies) {
      const end = await part.ended(patienceMs);
      if (end !== 'SIGKILL') throw new Error(`${at} ended with ${end}, not at the step`);
    } else {
      await this.eventually(`${at} at the step`, patienceMs, () => existsSync(this.pauseFile));
    }
  }

  private async killBeside(victim: FarmVictim): Promise<void> {
    await this.farm.kill(victim);
    rmSync(this.pauseFile, { force: true });
    await new Promise((go) => setTimeout(go, absenceMs));
    await this.farm.restart(victim);
  }

  private async revive(): Promise<void> {
    for (const name of ['postgres', 'redis'] as const) await this.farm.restart(name);
    await Promise.all(
      [...this.farm.processes].map(([part, process]) =>
        process.isRunning ? process.ready() : this.farm.restart(part),
      ),
    );
  }

  private settled(): Promise<void> {
    return this.nothingLeft(
      'receipts settled',
      `select 1 from receipts where state not in ('done', 'failed')`,
    );
  }

  /** Nothing under way: no receipt, and no document that a relay has to carry now. */
  private async quiet(): Promise<void> {
    await this.settled();
    await this.nothingLeft(
      'messages carried',
      `select 1 from ofd_messages where state = 'ready' and next_at <= now() + interval '2 seconds'`,
    );
  }

  private nothingLeft(what: string, sql: string): Promise<void> {
    return this.eventually(what, patienceMs, async () => (await this.farm.database.query(sql)).length === 0);
  }

  /** As `until`, for a farm whose parts may be away for a while. */
  private eventually(what: string, limitMs: number, holds: () => boolean | Promise<boolean>): Promise<void> {
    return this.farm.until(what, limitMs, async () => {
      try {
        return await holds();
      } catch {
        return false;
      }
    });
  }

  /** FNs about to be full: the next driver closes their shifts. */
  private async crowdFns(): Promise<string[]> {
    const serials = (await this.farm.modules()).map(({ serial }) => serial);
    for (const serial of serials)
      await this.farm.emulator(`/modules/${serial}/faults`, {
        method: 'POST',
        body: JSON.stringify({ name: 'fnFull', left: 5 }),
      });
    return serials;
  }

  private async relieveFns(serials: readonly string[]): Promise<void> {
    for (const serial of serials) await this.farm.emulator(`/modules/${serial}/faults`, { method: 'DELETE' });
  }

  /** Puts every register to sleep, so that the next receipt must open a shift: one that is awake would take them all. */
  private async closeShifts(): Promise<void> {
    await this.settled();
    const awake = async () =>
      (await this.farm.modules()).filter(({ fn }) => fn?.phase === inFiscalMode && fn.shift.open).length;
    if ((await awake()) === 0) return;
    const crowded = await this.crowdFns();
    await this.farm.part('hardware-driver').kill();
    await this.farm.part('hardware-driver').start();
    await this.eventually('every shift closed', patienceMs, async () => (await awake()) === 0);
    await this.relieveFns(crowded);
    // The driver believes the FNs to be full until it reads them again.
    await this.farm.part('hardware-driver').kill();
    await this.farm.part('hardware-driver').start();
  }

  /** Wakes a register of each group, so that there is a shift to close; an earlier case may have left none. */
  private async openShifts(name: string): Promise<void> {
    // A driver that saw the FNs full believes it until it reads them again.
    await this.farm.part('hardware-driver').kill();
    await this.farm.part('hardware-driver').start();
    this.sell(name, 1);
    await Promise.allSettled(this.sales);
    await this.settled();
  }

  private async archive(): Promise<string[]> {
    const all: string[] = [];
    for (const { serial } of await this.farm.modules())
      for (const { form, tlvHex } of await this.farm.fnDocuments(serial))
        if (form === 3 || form === 31) all.push(tlvHex);
    return all;
  }
}

const codeOf = (body: Record<string, unknown>): unknown => (body.error as { code?: unknown } | null)?.code;
