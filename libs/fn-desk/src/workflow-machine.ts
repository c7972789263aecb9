import { FarmError, isClientFault } from '@kkt/contracts';
import {
  dayOf,
  decide,
  reasonFn,
  stepAfter,
  type StepFacts,
  type StepName,
  type TaskKind,
  type Verdict,
  type Workflow,
  type WorldSeen,
} from '@kkt/fn-life';
import {
  AlertStore,
  type FnWorkflowPatch,
  type FnWorkflowRow,
  FnWorkflowStore,
  RegisterTaskStore,
  RegistrationStore,
  type Sql,
} from '@kkt/storage';
import { type DeskPorts, farmActor } from './ports';
import { lockRegister, readGroup, registrationData, testReceipt } from './register-facts';
import { StepEffects } from './step-effects';

/** More steps than any workflow has: nothing goes round for ever. */
const mostSteps = 40;

const asWorkflow = (row: FnWorkflowRow): Workflow => ({
  ...row,
  step: row.step as StepName,
  said: row.said as Workflow['said'],
  proofs: row.proofs as Workflow['proofs'],
  isApproved: row.approvedBy !== null,
});

/**
 * Moves workflows on. Everything it needs is in rows: it may be run by any process, at any time, after any crash. One
 * transaction holds the workflow's row, decides, and stores what was decided together with what it causes.
 */
export class WorkflowMachine {
  constructor(private readonly ports: DeskPorts) {}

  /** Moves every live workflow as far as it can go now. Returns how many changed. */
  async sweep(): Promise<number> {
    const { database, log } = this.ports;
    let changed = 0;
    for (const id of await new FnWorkflowStore(database).liveIds()) {
      try {
        if (await this.advance(id)) changed += 1;
      } catch (error) {
        log.warn({ workflow: id, err: error }, 'a workflow could not be moved on');
        if (isClientFault(error)) await this.stop(id, error.code);
      }
    }
    return changed;
  }

  /** Its own rules forbid the next step: a person must look. */
  private async stop(id: string, note: string): Promise<void> {
    await this.ports.database.transaction(async (sql) => {
      const row = await new FnWorkflowStore(sql).lockFree(id);
      if (row && !row.finishedAt) await this.apply(sql, row, { is: 'failed', note });
    });
  }

  /** Moves one workflow on; false when nothing changed. */
  advance(id: string): Promise<boolean> {
    return this.ports.database.transaction((sql) => this.advanceIn(sql, id));
  }

  /** The same inside a transaction that changed the workflow. */
  async advanceIn(sql: Sql, id: string): Promise<boolean> {
    const store = new FnWorkflowStore(sql);
    let row = await store.lockFree(id);
    for (let step = 0; step < mostSteps; step += 1) {
      if (!row || row.finishedAt || row.status === 'failed') return step > 0;
      const verdict = decide(asWorkflow(row), await this.look(sql, row));
      const goesOn = await this.apply(sql, row, verdict);
      if (!goesOn) return step > 0 || verdict.is !== 'wait';
      row = await store.read(id);
    }
    return true;
  }

  /** Takes a workflow to a step: what must be said about the register is said in the same commit. */
  async enter(sql: Sql, row: FnWorkflowRow, step: StepName): Promise<FnWorkflowPatch> {
    const more = await new StepEffects(this.ports, sql, row).begin(step);
    return {
      step,
      status: 'running',
      turn: 'system',
      note: null,
      approvedBy: null,
      approvedName: null,
      stepChanged: true,
      ...more,
    };
  }

  private async look(sql: Sql, row: FnWorkflowRow): Promise<WorldSeen> {
    const task = await new RegisterTaskStore(sql).ofStep(row.id, row.step, row.attempt);
    const store = new FnWorkflowStore(sql);
    const underWay = await store.underWay(row.registerId);
    const joined = row.joins ? await store.read(row.joins) : undefined;
    const application = await new RegistrationStore(sql).ofWorkflow(row.id);
    const modelId = row.newFn ? await this.modelOf(sql, row.newFn) : undefined;
    const model = modelId ? this.ports.models.get(modelId) : undefined;
    return {
      ...(task ? { task: { state: task.state, result: task.result, reason: task.reason } } : {}),
      ...(joined ? { joined: joined.status } : {}),
      ...(application ? { application: application.state } : {}),
      receiptsUnderWay: underWay.receipts,
      openIntents: underWay.intents,
      ...(model ? { newFnKeyDays: model.keyDays, newFnModel: model.id } : {}),
      serial: row.serial,
      today: dayOf(this.ports.clock.nowMs()),
    };
  }

  private async modelOf(sql: Sql, fnNumber: string): Promise<string | undefined> {
    const rows = await sql.query<{ model: string }>('select model from fiscal_drives where fn_number = $1', [
      fnNumber,
    ]);
    return rows[0]?.model;
  }

  /** True when the workflow may be looked at again at once. */
  private async apply(sql: Sql, row: FnWorkflowRow, verdict: Verdict): Promise<boolean> {
    const store = new FnWorkflowStore(sql);
    switch (verdict.is) {
      case 'ask':
        await this.ask(sql, row, verdict.task, verdict.fnNumber);
        await store.patch(row.id, { status: 'waiting', turn: 'device', note: 'device_asked' });
        await this.note(sql, row, 'asked', null, verdict.task);
        return false;
      case 'act':
        return this.done(sql, row, await new StepEffects(this.ports, sql, row).act(row.step as StepName));
      case 'done':
        return this.done(sql, row, verdict.proof);
      case 'wait':
        if (row.status !== 'waiting' || row.turn !== verdict.turn || row.note !== verdict.note)
          await store.patch(row.id, { status: 'waiting', turn: verdict.turn, note: verdict.note });
        return false;
      case 'failed':
        await store.patch(row.id, { status: 'failed', turn: 'engineer', note: verdict.note });
        await this.note(sql, row, 'failed', null, verdict.note);
        await new AlertStore(sql).raise({
          class: 'fn_workflow_failed',
          objectKind: 'register',
          objectId: row.registerId,
          severity: 2,
          text: `Работа с ФН кассы ${row.serial} остановилась на шаге «${row.step}»: ${verdict.note}`,
          facts: { workflow: row.id, step: row.step, cause: verdict.note },
        });
        return false;
    }
  }

  private async done(sql: Sql, row: FnWorkflowRow, proof: StepFacts): Promise<boolean> {
    const store = new FnWorkflowStore(sql);
    const step = row.step as StepName;
    const proofs = { ...row.proofs, [step]: { ...proof } };
    const proven = { ...row, proofs };
    const more = await new StepEffects(this.ports, sql, proven).end(step, proof);
    await this.note(sql, row, 'done', proof, null);
    const next = stepAfter(asWorkflow(row), step);
    if (!next) {
      await store.patch(row.id, {
        proofs,
        status: 'done',
        turn: 'system',
        note: null,
        finished: true,
        ...more,
      });
      await this.note(sql, row, 'finished', null, null);
      return false;
    }
    await store.patch(row.id, { proofs, ...more, ...(await this.enter(sql, proven, next.name)) });
    return true;
  }

  private async ask(sql: Sql, row: FnWorkflowRow, kind: TaskKind, fnNumber: string | null): Promise<void> {
    const { id: workflowId, registerId, step, attempt } = row;
    await new RegisterTaskStore(sql).ask({
      registerId,
      workflowId,
      step,
      attempt,
      kind,
      fnNumber: row.oldFnBroken && step === 'drain' ? null : fnNumber,
      request: await this.requestOf(sql, row, kind),
    });
  }

  private async requestOf(sql: Sql, row: FnWorkflowRow, kind: TaskKind): Promise<object> {
    if (kind === 'drain') return { isBroken: row.oldFnBroken };
    if (kind !== 'register' && kind !== 'test_receipt') return {};
    const register = await lockRegister(sql, row.registerId);
    const group = register?.group ?? (await readGroup(sql, row.groupId));
    if (!register || !group) throw new FarmError('SYS-ROWS', 'The workflow has no register or group');
    if (kind === 'test_receipt') return { receiptId: this.ports.ids.uuid(), content: testReceipt(group) };
    if (row.kind === 'reregister')
      return {
        data: registrationData(register, group, 'parameters', row.reasons),
        fdBefore: Number(row.proofs.deliver?.lastFd ?? 0),
      };
    const data = registrationData(register, group, row.kind === 'install' ? 'new' : 'fn-change', reasonFn);
    return { data, fdBefore: 0 };
  }

  private note(
    sql: Sql,
    row: FnWorkflowRow,
    event: string,
    proof: StepFacts | null,
    note: string | null,
  ): Promise<void> {
    return new FnWorkflowStore(sql).note({
      workflowId: row.id,
      step: row.step,
      event,
      actorId: null,
      actorName: farmActor.name,
      proof: proof && { ...proof },
      note,
    });
  }
}
