import { FarmError } from '@kkt/contracts';
import {
  applicationDueMs,
  dayOf,
  objectionToInstall,
  objectionToMove,
  objectionToReregistration,
  reasonFn,
  ruleOf,
  type StepFacts,
  type StepName,
  stepsOf,
  workingDeadlineMs,
} from '@kkt/fn-life';
import {
  AlertStore,
  type AuditValue,
  AuditStore,
  FnLedgerStore,
  type FnWorkflowKind,
  type FnWorkflowRow,
  FnWorkflowStore,
  isUniqueViolation,
  RegisterTaskStore,
  RegistrationStore,
  RentalEndStore,
  type Sql,
} from '@kkt/storage';
import { moveDrive } from './ledger-desk';
import type { Actor, DeskPorts } from './ports';
import { refuse, refuseIf } from './refuse';
import {
  applicationData,
  type GroupFacts,
  lockRegister,
  readGroup,
  type RegisterFacts,
} from './register-facts';
import { StepEffects } from './step-effects';
import { WorkflowMachine } from './workflow-machine';

export interface StartRequest {
  kind: FnWorkflowKind;
  registerId: number;
  /** Typed or scanned by the engineer: proves that he means this register. */
  serial: string;
  why: string;
  /** FN from stock that is meant; may be said later, when it is put in. */
  newFn?: string;
  oldFnBroken?: boolean;
  /** Mask of tag 1205; re-registration only. */
  reasons?: number;
  /** Installation: the group the module is to serve. */
  groupId?: number;
  /** Swap: a free module that joins the group first, so that it loses nothing. */
  joinRegisterId?: number;
}

/** Working days for the whole of it: "up to two days"; five when the FN failed. */
const termDays = { planned: 2, failure: 5 } as const;
const startStates: Readonly<Record<FnWorkflowKind, readonly string[]>> = {
  swap: ['ready', 'paused', 'stopped'],
  reregister: ['ready', 'paused'],
  close: ['ready', 'paused', 'stopped'],
  install: ['stock'],
};

/** What people do with workflows: start, scan, approve, repeat, go back, break off, take over. All of it is audited. */
export class WorkflowDesk {
  readonly machine: WorkflowMachine;

  constructor(private readonly ports: DeskPorts) {
    this.machine = new WorkflowMachine(ports);
  }

  /**
   * @param also what else belongs to the start; in its transaction
   * @throws FarmError `CLIENT-*` with the reason why it cannot be started
   */
  async start(
    request: StartRequest,
    actor: Actor,
    also?: (sql: Sql, workflowId: string) => Promise<void>,
  ): Promise<string> {
    try {
      return await this.ports.database.transaction(async (sql) => {
        const id = await this.startIn(sql, request, actor);
        await also?.(sql, id);
        return id;
      });
    } catch (error) {
      if (isUniqueViolation(error, 'fn_workflows_one_per_register'))
        refuse({ code: 'CLIENT-STATE', text: 'С этой кассой уже идёт работа' });
      if (isUniqueViolation(error, 'fn_workflows_one_per_fn'))
        refuse({ code: 'CLIENT-FN-TAKEN', text: `ФН ${request.newFn} уже занят другой работой` });
      throw error;
    }
  }

  private async startIn(sql: Sql, request: StartRequest, actor: Actor): Promise<string> {
    const register = await lockRegister(sql, request.registerId);
    if (!register) throw new FarmError('CLIENT-NOT-FOUND', 'No such register');
    if (register.serial !== request.serial.trim())
      refuse({ code: 'CLIENT-SERIAL', text: 'Заводской номер — другой кассы' });
    const store = new FnWorkflowStore(sql);
    if (await store.liveOfRegister(register.registerId))
      refuse({ code: 'CLIENT-STATE', text: 'С этой кассой уже идёт работа' });
    const moving = await sql.query(
      `select 1 from operator_changes where register_id = $1 and state in ('draining', 'registering')`,
      [register.registerId],
    );
    if (moving.length > 0)
      refuse({ code: 'CLIENT-STATE', text: 'Касса переходит к другому оператору: дождитесь конца перехода' });
    if (!startStates[request.kind].includes(register.state))
      refuse({ code: 'CLIENT-STATE', text: `Касса в состоянии «${register.state}»: начать нельзя` });
    const group = await readGroup(
      sql,
      request.kind === 'install' ? (request.groupId ?? 0) : (register.groupId ?? 0),
    );
    if (!group) return refuse({ code: 'CLIENT-GROUP', text: 'Укажите группу касс' });
    if (request.kind === 'reregister') {
      refuseIf(objectionToReregistration(register.registrationsLeft));
      if (!request.reasons) refuse({ code: 'CLIENT-REASONS', text: 'Укажите причины перерегистрации' });
    }
    if (request.newFn) await this.checkNewFn(sql, request.newFn, group);
    const joins = request.joinRegisterId ? await this.startJoin(sql, request, group, actor) : null;
    const isBroken = request.kind === 'swap' && (request.oldFnBroken ?? false);
    const id = this.ports.ids.uuid();
    const plan = { kind: request.kind, oldFnBroken: isBroken, joins };
    const first = stepsOf(plan)[0];
    if (!first) throw new FarmError('SYS-WORKFLOW-STEP', 'A workflow without steps');
    await store.create({
      id,
      ...plan,
      registerId: register.registerId,
      clientId: group.clientId,
      groupId: group.id,
      oldFn: request.kind === 'install' ? null : register.fnNumber,
      newFn: request.newFn ?? null,
      reasons: request.kind === 'swap' ? reasonFn : (request.reasons ?? 0),
      why: request.why,
      step: first.name,
      assigneeId: actor.id,
      assigneeName: actor.name,
      dueAt: new Date(
        workingDeadlineMs(this.ports.clock.nowMs(), isBroken ? termDays.failure : termDays.planned),
      ),
    });
    if (request.kind === 'close') await new RentalEndStore(sql).stopRenewals(register.registerId);
    const row = await this.found(sql, id);
    if (request.kind === 'install') await this.apply(sql, row, register, group);
    await store.patch(id, await this.machine.enter(sql, row, first.name));
    await this.write(sql, row, actor, 'started', { why: request.why }, request.why);
    await this.machine.advanceIn(sql, id);
    return id;
  }

  private async checkNewFn(sql: Sql, fnNumber: string, group: GroupFacts): Promise<void> {
    const drive = await new FnLedgerStore(sql).lock(fnNumber);
    const model = drive && this.ports.models.get(drive.model);
    refuseIf(objectionToInstall(drive, fnNumber, group, model));
    if (drive?.registrationsLeft !== null)
      refuseIf(objectionToReregistration(drive?.registrationsLeft ?? null));
  }

  /** The additional register is a workflow of its own; the swap waits for it. */
  private async startJoin(sql: Sql, request: StartRequest, group: GroupFacts, actor: Actor): Promise<string> {
    const rows = await sql.query<{ serial: string }>('select serial from registers where id = $1', [
      request.joinRegisterId,
    ]);
    return this.startIn(
      sql,
      {
        kind: 'install',
        registerId: request.joinRegisterId ?? 0,
        serial: rows[0]?.serial ?? '',
        why: `Дополнительная касса на время замены ФН кассы ${request.serial}`,
        groupId: group.id,
      },
      actor,
    );
  }

  /** A first registration begins with an application: its number is written into the FN. */
  private async apply(
    sql: Sql,
    row: FnWorkflowRow,
    register: RegisterFacts,
    group: GroupFacts,
  ): Promise<void> {
    const data = applicationData(register, group, { number: row.newFn ?? '', model: '' });
    await new RegistrationStore(sql).create({
      id: this.ports.ids.uuid(),
      kind: 'registration',
      registerId: row.registerId,
      clientId: row.clientId,
      workflowId: row.id,
      reasons: 0,
      rnm: null,
      data: { facts: data, report: null, closing: null, oldFnFailed: false },
      dueAt: new Date(applicationDueMs('draft', this.ports.clock.nowMs(), false)),
    });
  }

  /** The engineer did his part of the present step: scans, cell, act. */
  say(id: string, step: StepName, said: StepFacts, actor: Actor): Promise<void> {
    return this.change(id, actor, 'said', said, undefined, async (sql, row, store) => {
      if (row.step !== step)
        refuse({ code: 'CLIENT-STATE', text: `Сейчас идёт шаг «${row.step}», а не «${step}»` });
      if (ruleOf(row.kind, step).by !== 'engineer')
        refuse({ code: 'CLIENT-STATE', text: `Шаг «${step}» делает система` });
      if (row.said[step] && row.status !== 'failed') return;
      const patch = await this.checkSaid(sql, row, step, said);
      await store.patch(id, {
        ...patch,
        said: { ...row.said, [step]: { ...said } },
        status: 'running',
        attempt: row.status === 'failed' ? row.attempt + 1 : row.attempt,
      });
      if (step === 'store_old') await this.storeOld(sql, row, said, actor);
    });
  }

  private async checkSaid(
    sql: Sql,
    row: FnWorkflowRow,
    step: StepName,
    said: StepFacts,
  ): Promise<{ newFn?: string }> {
    const scanned = String(said.fnNumber ?? '');
    if (step === 'take_out' && scanned !== row.oldFn)
      refuse({
        code: 'CLIENT-WRONG-SCAN',
        text: `Отсканирован ФН ${scanned}, а снять нужно ${row.oldFn}. Проверьте гнездо: возможно, это другая касса`,
      });
    if (step === 'put_in') {
      if (row.newFn && row.newFn !== scanned)
        refuse({
          code: 'CLIENT-FN-NOT-PLANNED',
          text: `Запланирован ФН ${row.newFn}, отсканирован ${scanned}. Поставьте запланированный или измените план`,
        });
      const group = await readGroup(sql, row.groupId);
      if (!group) throw new FarmError('SYS-ROWS', 'The workflow has no group');
      await this.checkNewFn(sql, scanned, group);
      return { newFn: scanned };
    }
    return {};
  }

  private async storeOld(sql: Sql, row: FnWorkflowRow, said: StepFacts, actor: Actor): Promise<void> {
    if (!row.oldFn) return;
    const text = (value: unknown): string | undefined =>
      typeof value === 'string' && value ? value : undefined;
    const today = dayOf(this.ports.clock.nowMs());
    const act = text(said.act);
    const move = act
      ? { to: 'returned' as const, act }
      : {
          to: 'in_cell' as const,
          cell: text(said.cell),
          responsible: text(said.responsible),
          keepUntil: text(said.keepUntil),
        };
    const drive = await new FnLedgerStore(sql).lock(row.oldFn);
    if (drive) refuseIf(objectionToMove(drive, move, today));
    try {
      await moveDrive(sql, today, row.oldFn, { ...move, workflowId: row.id }, actor);
    } catch (error) {
      if (isUniqueViolation(error, 'fiscal_drives_one_in_cell'))
        refuse({
          code: 'CLIENT-CELL',
          text: `Ячейка ${move.to === 'in_cell' ? move.cell : ''} занята другим ФН`,
        });
      throw error;
    }
  }

  /** A second person agrees to what cannot be taken back. */
  approve(id: string, actor: Actor): Promise<void> {
    return this.change(id, actor, 'approved', {}, undefined, async (_sql, row, store) => {
      if (row.turn !== 'approver' || row.approvedBy)
        refuse({ code: 'CLIENT-STATE', text: 'Сейчас подтверждать нечего' });
      const [first] = await store.events(id);
      if (actor.id === null || actor.id === row.assigneeId || actor.id === first?.actorId)
        refuse({
          code: 'CLIENT-SECOND-PERSON',
          text: 'Опасный шаг подтверждает другой сотрудник, не тот, кто начал работу или ведёт её',
        });
      await store.patch(id, { approvedBy: actor.id, approvedName: actor.name, status: 'running' });
    });
  }

  /** The failed step again. */
  retry(id: string, actor: Actor): Promise<void> {
    return this.change(id, actor, 'retried', {}, undefined, async (_sql, row, store) => {
      if (row.status !== 'failed') refuse({ code: 'CLIENT-STATE', text: 'Шаг не прерван: повторять нечего' });
      await store.patch(id, { status: 'running', attempt: row.attempt + 1 });
    });
  }

  /** Another FN than was planned: back to putting it in. Possible until the new FN is registered. */
  replan(id: string, newFn: string | undefined, reason: string, actor: Actor): Promise<void> {
    return this.change(id, actor, 'replanned', { newFn: newFn ?? null }, reason, async (sql, row, store) => {
      const steps = stepsOf(row).map(({ name }) => name);
      const isLate = steps.indexOf(row.step as StepName) > steps.indexOf('check_fn');
      if (!steps.includes('put_in') || isLate)
        refuse({ code: 'CLIENT-NO-WAY-BACK', text: 'Новый ФН уже зарегистрирован: план изменить нельзя' });
      const group = await readGroup(sql, row.groupId);
      if (newFn && group) await this.checkNewFn(sql, newFn, group);
      await new RegisterTaskStore(sql).withdraw(id);
      const { put_in: _gone, ...said } = row.said;
      const isThere = row.step === 'check_fn';
      await store.patch(id, {
        newFn: newFn ?? null,
        said,
        attempt: row.attempt + 1,
        ...(isThere ? await this.machine.enter(sql, row, 'put_in') : { status: 'running' }),
      });
    });
  }

  /** Breaks off; the register goes on with what it had. */
  cancel(id: string, reason: string, actor: Actor): Promise<void> {
    return this.change(id, actor, 'cancelled', {}, reason, async (sql, row, store) => {
      const rule = ruleOf(row.kind, row.step as StepName);
      if (!rule.canCancel || (rule.isDangerous && row.approvedBy))
        refuse({
          code: 'CLIENT-NO-WAY-BACK',
          text: `С шага «${row.step}» вернуться нельзя: доведите работу до конца или передайте её`,
        });
      await new RegisterTaskStore(sql).withdraw(id);
      await new StepEffects(this.ports, sql, row).cancel();
      const application = await new RegistrationStore(sql).ofWorkflow(id);
      if (application && application.state !== 'card')
        await new RegistrationStore(sql).move(application.id, {
          state: 'cancelled',
          dueAt: application.dueAt,
        });
      await new AlertStore(sql).close('fn_workflow_failed', 'register', row.registerId);
      await store.patch(id, { status: 'cancelled', turn: 'system', note: reason, finished: true });
    });
  }

  /** Somebody else goes on with it. */
  takeOver(id: string, reason: string, actor: Actor): Promise<void> {
    return this.change(id, actor, 'taken_over', {}, reason, async (_sql, row, store) => {
      if (row.assigneeId === actor.id) refuse({ code: 'CLIENT-STATE', text: 'Эту работу уже ведёте вы' });
      await store.patch(id, { assigneeId: actor.id, assigneeName: actor.name });
    });
  }

  private async found(sql: Sql, id: string): Promise<FnWorkflowRow> {
    const row = await new FnWorkflowStore(sql).read(id);
    if (!row) throw new FarmError('CLIENT-NOT-FOUND', 'No such workflow');
    return row;
  }

  private change(
    id: string,
    actor: Actor,
    event: string,
    facts: StepFacts,
    reason: string | undefined,
    run: (sql: Sql, row: FnWorkflowRow, store: FnWorkflowStore) => Promise<void>,
  ): Promise<void> {
    return this.ports.database.transaction(async (sql) => {
      const store = new FnWorkflowStore(sql);
      const row = await store.lock(id);
      if (!row) throw new FarmError('CLIENT-NOT-FOUND', 'No such workflow');
      if (row.finishedAt) refuse({ code: 'CLIENT-STATE', text: 'Работа уже закончена' });
      await run(sql, row, store);
      await this.write(sql, row, actor, event, facts, reason);
      await this.machine.advanceIn(sql, id);
    });
  }

  private async write(
    sql: Sql,
    row: FnWorkflowRow,
    actor: Actor,
    event: string,
    facts: StepFacts,
    reason: string | undefined,
  ): Promise<void> {
    await new FnWorkflowStore(sql).note({
      workflowId: row.id,
      step: row.step,
      event,
      actorId: actor.id,
      actorName: actor.name,
      proof: { ...facts },
      note: reason ?? null,
    });
    await AuditStore.write(sql, {
      actorKind: actor.kind,
      actorId: actor.id,
      actorName: actor.name,
      clientId: row.clientId,
      action: `fn-workflow.${event}`,
      objectKind: 'register',
      objectId: String(row.registerId),
      after: { workflow: row.id, kind: row.kind, step: row.step, ...facts } as AuditValue,
      reason,
      requestId: actor.requestId,
    });
  }
}
