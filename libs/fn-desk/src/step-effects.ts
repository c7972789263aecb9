import { FarmError } from '@kkt/contracts';
import {
  applicationDueMs,
  type ApplicationKind,
  dayOf,
  reasonFn,
  type StepFacts,
  type StepName,
} from '@kkt/fn-life';
import { notify } from '@kkt/notifications';
import {
  AlertStore,
  FnLedgerStore,
  type FnWorkflowRow,
  RegisterStore,
  RegistrationStore,
  RenewalStore,
  type Sql,
} from '@kkt/storage';
import { moveDrive } from './ledger-desk';
import { type DeskPorts, farmActor } from './ports';
import {
  applicationData,
  type GroupFacts,
  lockRegister,
  readGroup,
  type RegisterFacts,
} from './register-facts';

/** What the farm's own rows must say when a step begins or has ended; in the transaction that moves the workflow. */
export class StepEffects {
  constructor(
    private readonly ports: DeskPorts,
    private readonly sql: Sql,
    private readonly workflow: FnWorkflowRow,
  ) {}

  private get today(): string {
    return dayOf(this.ports.clock.nowMs());
  }

  /** Returns what else the workflow's row must say. */
  async begin(step: StepName): Promise<{ leftDispatch?: true }> {
    if (step !== 'drain') return {};
    const { registerId, why } = this.workflow;
    const hasMoved = await new RegisterStore(this.sql).move(
      registerId,
      ['ready', 'paused', 'stopped'],
      'swap',
      why,
    );
    if (!hasMoved)
      throw new FarmError('CLIENT-STATE', 'Касса не в том состоянии, из которого начинают замену ФН');
    return { leftDispatch: true };
  }

  async end(step: StepName, proof: StepFacts): Promise<{ backInDispatch?: true }> {
    const { workflow, sql } = this;
    switch (step) {
      case 'application':
        await this.takeIntoGroup();
        return {};
      case 'drain':
        if (workflow.oldFnBroken && workflow.oldFn) await this.move(workflow.oldFn, 'faulty');
        return {};
      case 'close_fn':
        if (workflow.oldFn) await this.move(workflow.oldFn, 'closed');
        return {};
      case 'check_fn':
        await sql.query('update registers set fn_number = $2 where id = $1', [
          workflow.registerId,
          workflow.newFn,
        ]);
        return {};
      case 'register':
        await this.registered(proof);
        return {};
      case 'return':
        if (workflow.oldFn && workflow.kind === 'swap')
          await new RenewalStore(sql).closeOf(workflow.oldFn, workflow.id);
        await new AlertStore(sql).close('fn_workflow_failed', 'register', workflow.registerId);
        return { backInDispatch: true };
      default:
        return {};
    }
  }

  /** Steps that the farm does by itself. */
  async act(step: StepName): Promise<StepFacts> {
    switch (step) {
      case 'hand_over':
        return this.handOver();
      case 'tell_operator':
        return this.tellOperator();
      case 'release':
        return this.release();
      default:
        throw new FarmError('SYS-WORKFLOW-STEP', `The farm does not know how to do ${step}`);
    }
  }

  /** The workflow is broken off: the register goes on as before. */
  async cancel(): Promise<void> {
    const { workflow, sql } = this;
    if (workflow.kind === 'install') {
      await this.letGo();
      return;
    }
    if (workflow.leftDispatchAt)
      await new RegisterStore(sql).move(workflow.registerId, ['swap'], 'ready', null);
  }

  private async move(fnNumber: string, to: 'closed' | 'faulty' | 'installed'): Promise<void> {
    const { id, registerId, clientId, why } = this.workflow;
    await moveDrive(
      this.sql,
      this.today,
      fnNumber,
      { to, registerId, clientId, workflowId: id, reason: why },
      farmActor,
    );
  }

  /** The module becomes the client's: from now on its FN is looked at by this workflow alone. */
  private async takeIntoGroup(): Promise<void> {
    const { workflow, sql } = this;
    const application = await new RegistrationStore(sql).ofWorkflow(workflow.id);
    await sql.query(
      `update registers set client_id = $2, group_id = $3, rnm = $4, ffd = (select ffd from register_groups where id = $3),
         state = 'swap', state_reason = $5, state_since = farm_now() where id = $1 and state = 'stock'`,
      [workflow.registerId, workflow.clientId, workflow.groupId, application?.rnm, workflow.why],
    );
  }

  private async registered(proof: StepFacts): Promise<void> {
    const { workflow, sql } = this;
    const fnNumber = String(proof.fnNumber);
    if (workflow.kind !== 'reregister') await this.move(fnNumber, 'installed');
    await sql.query(
      'update fiscal_drives set valid_until = $2, registrations_left = $3 where fn_number = $1',
      [fnNumber, proof.validUntil, proof.registrationsLeft],
    );
  }

  private async facts(): Promise<{ register: RegisterFacts; group: GroupFacts }> {
    const register = await lockRegister(this.sql, this.workflow.registerId);
    const group = register?.group ?? (await readGroup(this.sql, this.workflow.groupId));
    if (!register || !group) throw new FarmError('SYS-ROWS', 'The workflow has no register or group');
    return { register, group };
  }

  /** The data set of the client: the application with what the FN proved. */
  private async handOver(): Promise<StepFacts> {
    const { workflow, sql, ports } = this;
    const { register, group } = await this.facts();
    const store = new RegistrationStore(sql);
    const kind = applicationKind(workflow);
    const report = workflow.proofs.register ?? null;
    const closing = workflow.proofs.close_fn ?? null;
    const fnNumber = String(report?.fnNumber ?? closing?.fnNumber ?? workflow.oldFn ?? '');
    const drive = await new FnLedgerStore(sql).read(fnNumber);
    const modelId = drive?.model ?? '';
    const fn = { number: fnNumber, model: ports.models.get(modelId)?.name ?? modelId };
    const data = {
      facts: applicationData(register, group, fn),
      report,
      closing,
      oldFnFailed: workflow.oldFnBroken,
    };
    const dueAt = new Date(applicationDueMs('draft', ports.clock.nowMs(), workflow.oldFnBroken));
    let application = await store.ofWorkflow(workflow.id);
    if (application) await store.move(application.id, { state: application.state, dueAt, data });
    else {
      const { registerId, clientId } = workflow;
      const own = {
        id: ports.ids.uuid(),
        kind,
        registerId,
        clientId,
        workflowId: workflow.id,
        rnm: register.rnm,
      };
      await store.create({
        ...own,
        reasons: workflow.kind === 'swap' ? reasonFn : workflow.reasons,
        data,
        dueAt,
      });
      application = await store.ofWorkflow(workflow.id);
    }
    const proof = report ?? closing;
    await notify(sql, {
      kind: 'fn.data-set',
      to: { kind: 'client', id: workflow.clientId },
      channel: 'email',
      event: `fn-data-set:${workflow.id}`,
      clientId: workflow.clientId,
      params: {
        serial: register.serial,
        rnm: register.rnm ?? '—',
        fn: fnNumber,
        fd: String(proof?.fdNumber ?? '—'),
        at: String(proof?.at ?? '—'),
        sign: String(proof?.fiscalSign ?? '—'),
        due: dayOf(dueAt.getTime()),
      },
    });
    return { application: application?.id ?? '', dueOn: dayOf(dueAt.getTime()) };
  }

  /** The report itself goes to the operator as every document; its desk is told besides. */
  private async tellOperator(): Promise<StepFacts> {
    const { workflow, sql } = this;
    const { register, group } = await this.facts();
    const report = workflow.proofs.register;
    await notify(sql, {
      kind: 'fn.operator-told',
      to: { kind: 'role', id: 'operator-desk' },
      channel: 'email',
      event: `fn-operator:${workflow.id}`,
      params: {
        rnm: register.rnm ?? '—',
        inn: group.inn,
        fn: String(report?.fnNumber ?? '—'),
        fd: String(report?.fdNumber ?? '—'),
        at: String(report?.at ?? '—'),
        sign: String(report?.fiscalSign ?? '—'),
        oldFn: workflow.oldFn ?? '—',
      },
    });
    return { ofdInn: group.ofdInn, ofdName: group.ofdName, fdNumber: report?.fdNumber ?? null };
  }

  /** De-registered: the module is in stock again. Its history stays the client's. */
  private async release(): Promise<StepFacts> {
    await this.letGo(true);
    return { registerState: 'stock' };
  }

  private async letGo(isEmpty = false): Promise<void> {
    await this.sql.query(
      `update registers set client_id = null, group_id = null, rnm = null, ffd = null, state = 'stock', state_reason = null,
         fn_number = case when $2 then null else fn_number end, state_since = farm_now()
       where id = $1 and state in ('swap', 'stock')`,
      [this.workflow.registerId, isEmpty],
    );
  }
}

function applicationKind({ kind }: FnWorkflowRow): ApplicationKind {
  if (kind === 'install') return 'registration';
  return kind === 'close' ? 'deregistration' : 'reregistration';
}
