import type { HardwareCatalog, KktModule } from '@hardware/emulator';
import { silentLog } from '@kkt/contracts';
import { type StepName, stepsOf } from '@kkt/fn-life';
import { type Actor, type DeskPorts, loadFnModels, WorkflowDesk, LedgerDesk } from '@kkt/fn-desk';
import { type Database, type FnWorkflowRow, FnWorkflowStore, openDatabase, type Sql } from '@kkt/storage';
import type { SimDatabase } from './database';
import { Engineer } from './engineer';
import { type Running, SimFarm } from './farm';
import { clientId, clientInn, type SimRegister } from './rows';

export const newFn = '9999078960000001';
const patienceMs = 20 * 60_000;
export const pulls: readonly Pull[] = ['driver', 'cable', 'power', 'relay', 'desk'];
const models = loadFnModels();

/** What is pulled while a step is under way. */
export type Pull = 'driver' | 'cable' | 'power' | 'desk' | 'relay';

/**
 * A simulated farm in which the FN of one register is changed, and a person who does what the workflow asks. At one step
 * something is pulled; the workflow must come to its end all the same.
 */
export class SwapBench {
  private readonly database: Database;
  farm!: SimFarm;
  register!: SimRegister;
  workflowId = '';
  private ports!: DeskPorts;
  private desk!: WorkflowDesk;
  private readonly worker: Actor = {
    kind: 'staff',
    id: '00000000-0000-7000-8000-0000000000a1',
    name: 'Инженер',
  };
  private readonly second: Actor = {
    kind: 'staff',
    id: '00000000-0000-7000-8000-0000000000a2',
    name: 'Старший смены',
  };
  private uuids = 0;

  constructor(
    private readonly sim: SimDatabase,
    private readonly catalog: HardwareCatalog,
    url: string,
  ) {
    this.database = this.atSimTime(openDatabase({ url, applicationName: 'desk', maxConnections: 1 }));
  }

  close(): Promise<void> {
    return this.database.close();
  }

  /** The desk's own connection, which carries the simulation's time. */
  private atSimTime(database: Database): Database {
    const setNow = async (): Promise<void> => {
      if (!this.farm) return;
      await database.query("select set_config('farm.now', $1, false)", [
        new Date(this.farm.clock.nowMs()).toISOString(),
      ]);
    };
    const query: Sql['query'] = async (text, values, name) => {
      await setNow();
      return database.query(text, values, name);
    };
    return {
      query,
      transaction: async (run) => {
        await setNow();
        return database.transaction(run);
      },
      close: () => database.close(),
    };
  }

  /** A farm that works, a new FN in stock, a swap begun. */
  async begin(seed: number): Promise<void> {
    await this.database.query(
      `truncate fn_moves, fn_workflow_events, register_tasks, registration_applications, renewal_cases, renewal_warnings,
         fn_workflows, registration_reports cascade`,
    );
    this.farm = new SimFarm(this.sim, {
      seed,
      modules: 2,
      catalog: this.catalog,
      receiptMs: 350,
      sweepMs: 1_000,
      logFile: process.env.SWAP_LOG,
    });
    await this.farm.begin();
    for (const kind of ['driver', 'relay'] as const) this.farm.start(kind);
    const engineer = new Engineer(this.farm);
    await engineer.until('registers ready', 5 * 60_000, () => engineer.areRegistersReady());
    this.register = this.farm.registers[0] as SimRegister;
    this.ports = {
      database: this.database,
      clock: this.farm.clock,
      ids: { uuid: () => `00000000-0000-7000-9000-${String((this.uuids += 1)).padStart(12, '0')}` },
      log: silentLog,
      models,
    };
    this.newDesk();
    const ledger = new LedgerDesk(this.ports);
    const model = this.module.fn?.model.id ?? '';
    await ledger.receive({ fnNumber: newFn, model }, this.worker);
    await ledger.move(newFn, { to: 'tested' }, this.worker);
    await ledger.move(newFn, { to: 'reserved', clientId }, this.worker);
    const { id: registerId, serial } = this.register;
    this.workflowId = await this.desk.start(
      { kind: 'swap', registerId, serial, why: 'Плановая замена', newFn },
      this.worker,
    );
  }

  /** The process that moves workflows on is a new one: it knows nothing but rows. */
  newDesk(): void {
    this.desk = new WorkflowDesk(this.ports);
  }

  get module(): KktModule {
    return this.farm.world.find(this.register.serial) as KktModule;
  }

  async row(): Promise<FnWorkflowRow> {
    const row = await new FnWorkflowStore(this.database).read(this.workflowId);
    if (!row) throw new Error('no workflow');
    return row;
  }

  /** Goes on until the workflow ends; `onStep` is called when a step is seen for the first time. */
  async run(onStep: (row: FnWorkflowRow) => void | Promise<void> = () => undefined): Promise<FnWorkflowRow> {
    const seen = new Set<string>();
    const endMs = this.farm.clock.monotonicMs() + patienceMs;
    for (;;) {
      await this.desk.machine.sweep();
      const row = await this.row();
      if (row.finishedAt) return row;
      if (!seen.has(row.step)) {
        seen.add(row.step);
        await onStep(row);
      }
      await this.person(row);
      await this.farm.clock.advance(500);
      if (this.farm.clock.monotonicMs() > endMs)
        throw new Error(`the swap stands at ${row.step}: ${row.status}, ${row.note}`);
    }
  }

  /** Does what it is a person's turn to do. */
  private async person(row: FnWorkflowRow): Promise<void> {
    const { desk, workflowId } = this;
    const { world, operator } = this.farm;
    if (row.turn === 'approver') return desk.approve(workflowId, this.second);
    if (row.status === 'failed') return desk.retry(workflowId, this.worker);
    if (row.turn !== 'engineer') return;
    switch (row.step as StepName) {
      case 'take_out':
        if (this.module.fn?.fnNumber === row.oldFn) world.takeFnOut(this.module);
        return desk.say(workflowId, 'take_out', { fnNumber: row.oldFn }, this.worker);
      case 'put_in':
        if (!this.module.fn) world.putFnIn(this.module, newFn, undefined);
        operator.know(newFn, this.register.rnm, clientInn);
        return desk.say(workflowId, 'put_in', { fnNumber: newFn }, this.worker);
      case 'store_old': {
        const said = { cell: 'S1-07', responsible: 'Иванов И.И.', keepUntil: '2031-11-23' };
        return desk.say(workflowId, 'store_old', said, this.worker);
      }
      default:
        return;
    }
  }

  /** Steps of a swap at which something can be pulled. */
  static readonly steps = stepsOf({ kind: 'swap', oldFnBroken: false, joins: null }).map(({ name }) => name);

  /** Something is pulled now, and put back after a while. */
  pull(what: Pull): void {
    const { farm } = this;
    const backAfterMs = 7_000;
    switch (what) {
      case 'driver':
      case 'relay':
        for (const { process } of [...farm.of(what)]) process.kill();
        farm.clock.setTimer(backAfterMs, () => farm.start(what));
        return;
      case 'cable':
        this.module.unplug(backAfterMs);
        return;
      case 'power':
        this.module.powerOff({ forMs: backAfterMs });
        return;
      case 'desk':
        this.newDesk();
        return;
    }
  }

  /** Kills the driver at the n-th write to the register's wire from now on. */
  killAtWrite(n: number): void {
    let left = n;
    const { farm, register } = this;
    farm.onWireWrite = (running: Running, serial: string) => {
      if (serial !== register.serial || left <= 0) return undefined;
      left -= 1;
      if (left > 0) return undefined;
      farm.onWireWrite = undefined;
      return {
        bytesOut: 3,
        then: () => {
          running.process.kill();
          farm.clock.setTimer(7_000, () => farm.start('driver'));
        },
      };
    };
  }

  /** What is wrong at the end; empty when the swap ended right. */
  async verdict(): Promise<string[]> {
    const row = await this.row();
    const faults: string[] = [];
    const say = (is: boolean, text: string): void => void (is || faults.push(text));
    say(row.status === 'done', `ended ${row.status} at ${row.step}`);
    const drive = this.module.fn;
    say(drive?.fnNumber === newFn, `the slot holds ${drive?.fnNumber}`);
    const forms = Array.from(
      { length: drive?.state.lastFd ?? 0 },
      (_, at) => drive?.document(at + 1)?.head.form,
    );
    say(forms[0] === 11, `the new FN begins with form ${forms[0]}`);
    say(forms.filter((form) => form === 11).length === 1, `registered ${forms.join()}`);
    say(forms.filter((form) => form === 3).length === 1, `test receipts: ${forms.join()}`);
    const sides = await this.database.query<{
      state: string;
      fn: string;
      oldState: string;
      cell: string;
      newState: string;
    }>(
      `select k.state, k.fn_number as fn, o.state as "oldState", o.cell, n.state as "newState"
       from registers k, fiscal_drives o, fiscal_drives n where k.id = $1 and o.fn_number = $2 and n.fn_number = $3`,
      [this.register.id, row.oldFn, newFn],
    );
    const want = { state: 'ready', fn: newFn, oldState: 'in_cell', cell: 'S1-07', newState: 'installed' };
    say(JSON.stringify(sides[0]) === JSON.stringify(want), `rows: ${JSON.stringify(sides[0])}`);
    const old = this.farm.drives.get(row.oldFn ?? '');
    say(old?.state.phase === 15, `the old FN is in phase ${old?.state.phase}`);
    say(old?.document(old.state.lastFd)?.head.form === 6, 'the old FN does not end with form 6');
    const stored = await this.database.query<{ fn: string; n: number }>(
      'select fn_number as fn, count(*)::integer as n from documents where fn_number = any($1) group by 1 order by 1',
      [[newFn, row.oldFn]],
    );
    for (const { fn, n } of stored) {
      const inFn = fn === newFn ? drive?.state.lastFd : old?.state.lastFd;
      say(n === inFn, `${fn}: ${n} documents stored, ${inFn} in the FN`);
    }
    const open = await this.database.query(`select 1 from intents where state in ('open', 'stuck')`);
    say(open.length === 0, 'an intent is open');
    const application = await this.database.query<{ fd: string }>(
      `select data->'report'->>'fdNumber' as fd from registration_applications where workflow_id = $1`,
      [this.workflowId],
    );
    say(application[0]?.fd === '1', 'the client has no data set');
    return faults;
  }

  end(): void {
    for (const { process } of [...this.farm.running]) process.kill();
  }
}
