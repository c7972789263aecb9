import { oneRow, type Sql } from '../sql';
import type { TaskFacts } from './register-task-store';

export type FnWorkflowKind = 'swap' | 'install' | 'reregister' | 'close';
export type FnWorkflowStatus = 'running' | 'waiting' | 'failed' | 'cancelled' | 'done';

export interface FnWorkflowRow {
  id: string;
  kind: FnWorkflowKind;
  registerId: number;
  serial: string;
  place: Record<string, string | number>;
  registerState: string;
  ffd: number | null;
  rnm: string | null;
  clientId: string;
  clientName: string;
  groupId: number;
  groupCode: string;
  oldFn: string | null;
  newFn: string | null;
  oldFnBroken: boolean;
  reasons: number;
  why: string;
  joins: string | null;
  step: string;
  status: FnWorkflowStatus;
  turn: 'system' | 'device' | 'engineer' | 'approver' | 'client';
  note: string | null;
  attempt: number;
  said: Record<string, TaskFacts>;
  proofs: Record<string, TaskFacts>;
  approvedBy: string | null;
  approvedName: string | null;
  assigneeId: string | null;
  assigneeName: string;
  dueAt: Date;
  overdueTold: boolean;
  leftDispatchAt: Date | null;
  backInDispatchAt: Date | null;
  createdAt: Date;
  stepSince: Date;
  finishedAt: Date | null;
}

export interface FnWorkflowEvent {
  id: string;
  step: string;
  event: string;
  actorId: string | null;
  actorName: string;
  proof: TaskFacts | null;
  note: string | null;
  at: Date;
}

/** What a change of a workflow sets; what is absent stays. */
export type FnWorkflowPatch = Partial<
  Pick<
    FnWorkflowRow,
    | 'step'
    | 'status'
    | 'turn'
    | 'note'
    | 'attempt'
    | 'said'
    | 'proofs'
    | 'newFn'
    | 'approvedBy'
    | 'approvedName'
    | 'assigneeId'
    | 'assigneeName'
    | 'overdueTold'
  >
> & { leftDispatch?: true; backInDispatch?: true; finished?: true; stepChanged?: true };

const names: Record<
  Exclude<keyof FnWorkflowPatch, 'leftDispatch' | 'backInDispatch' | 'finished' | 'stepChanged'>,
  string
> = {
  step: 'step',
  status: 'status',
  turn: 'turn',
  note: 'note',
  attempt: 'attempt',
  said: 'said',
  proofs: 'proofs',
  newFn: 'new_fn',
  approvedBy: 'approved_by',
  approvedName: 'approved_name',
  assigneeId: 'assignee_id',
  assigneeName: 'assignee_name',
  overdueTold: 'overdue_told',
};

const columns = `w.id, w.kind, w.register_id as "registerId", k.serial, k.place, k.state as "registerState", coalesce(k.ffd, g.ffd) as ffd,
  k.rnm, w.client_id as "clientId", c.name as "clientName", w.group_id as "groupId", g.code as "groupCode", w.old_fn as "oldFn",
  w.new_fn as "newFn", w.old_fn_broken as "oldFnBroken", w.reasons, w.why, w.joins, w.step, w.status, w.turn, w.note, w.attempt,
  w.said, w.proofs, w.approved_by as "approvedBy", w.approved_name as "approvedName", w.assignee_id as "assigneeId",
  w.assignee_name as "assigneeName", w.due_at as "dueAt", w.overdue_told as "overdueTold", w.left_dispatch_at as "leftDispatchAt",
  w.back_in_dispatch_at as "backInDispatchAt", w.created_at as "createdAt", w.step_since as "stepSince", w.finished_at as "finishedAt"`;
const from = `from fn_workflows w join registers k on k.id = w.register_id join clients c on c.id = w.client_id
  join register_groups g on g.id = w.group_id`;

/** Workflows that change the FN of a register, and their journal. */
export class FnWorkflowStore {
  constructor(private readonly sql: Sql) {}

  async create(input: {
    id: string;
    kind: FnWorkflowKind;
    registerId: number;
    clientId: string;
    groupId: number;
    oldFn: string | null;
    newFn: string | null;
    oldFnBroken: boolean;
    reasons: number;
    why: string;
    joins: string | null;
    step: string;
    assigneeId: string | null;
    assigneeName: string;
    dueAt: Date;
  }): Promise<void> {
    await this.sql.query(
      `insert into fn_workflows (id, kind, register_id, client_id, group_id, old_fn, new_fn, old_fn_broken, reasons, why, joins,
         step, assignee_id, assignee_name, due_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
      [
        input.id,
        input.kind,
        input.registerId,
        input.clientId,
        input.groupId,
        input.oldFn,
        input.newFn,
        input.oldFnBroken,
        input.reasons,
        input.why,
        input.joins,
        input.step,
        input.assigneeId,
        input.assigneeName,
        input.dueAt,
      ],
    );
  }

  async read(id: string): Promise<FnWorkflowRow | undefined> {
    return (await this.sql.query<FnWorkflowRow>(`select ${columns} ${from} where w.id = $1`, [id]))[0];
  }

  /** Locks the row for the transaction: whoever moves a workflow on is alone. */
  async lock(id: string): Promise<FnWorkflowRow | undefined> {
    const rows = await this.sql.query('select 1 from fn_workflows where id = $1 for update', [id]);
    return rows.length === 1 ? this.read(id) : undefined;
  }

  /** As {@link lock}, but undefined when somebody else is at it. */
  async lockFree(id: string): Promise<FnWorkflowRow | undefined> {
    const rows = await this.sql.query('select 1 from fn_workflows where id = $1 for update skip locked', [
      id,
    ]);
    return rows.length === 1 ? this.read(id) : undefined;
  }

  async liveIds(): Promise<string[]> {
    const rows = await this.sql.query<{ id: string }>(
      `select id from fn_workflows where finished_at is null and status <> 'failed' order by created_at`,
      [],
      'fn_workflows_live_ids',
    );
    return rows.map(({ id }) => id);
  }

  async liveOfRegister(registerId: number): Promise<FnWorkflowRow | undefined> {
    const rows = await this.sql.query<FnWorkflowRow>(
      `select ${columns} ${from} where w.register_id = $1 and w.finished_at is null`,
      [registerId],
    );
    return rows[0];
  }

  /** `groupIds` narrows to work on registers of these groups. */
  async list(filter: {
    live?: boolean;
    clientId?: string;
    groupIds?: readonly number[] | null;
    limit: number;
  }): Promise<FnWorkflowRow[]> {
    return this.sql.query<FnWorkflowRow>(
      `select ${columns} ${from}
       where ($1::boolean is null or (w.finished_at is null) = $1) and ($2::uuid is null or w.client_id = $2)
         and ($4::integer[] is null or w.group_id = any ($4))
       order by w.finished_at desc nulls first, w.due_at limit $3`,
      [filter.live, filter.clientId, filter.limit, filter.groupIds ?? null],
    );
  }

  async patch(id: string, patch: FnWorkflowPatch): Promise<void> {
    const values: (string | number | boolean | null | undefined)[] = [];
    const sets: string[] = [];
    for (const [key, column] of Object.entries(names) as [keyof typeof names, string][]) {
      if (!(key in patch)) continue;
      const value = patch[key];
      values.push(typeof value === 'object' && value !== null ? JSON.stringify(value) : value);
      sets.push(`${column} = $${values.length + 1}`);
    }
    if (patch.leftDispatch) sets.push('left_dispatch_at = coalesce(left_dispatch_at, farm_now())');
    if (patch.backInDispatch) sets.push('back_in_dispatch_at = farm_now()');
    if (patch.finished) sets.push('finished_at = farm_now()');
    if (patch.stepChanged) sets.push('step_since = farm_now()');
    if (sets.length > 0)
      await this.sql.query(`update fn_workflows set ${sets.join(', ')} where id = $1`, [id, ...values]);
  }

  async note(event: {
    workflowId: string;
    step: string;
    event: string;
    actorId: string | null;
    actorName: string;
    proof?: TaskFacts | null;
    note?: string | null;
  }): Promise<void> {
    await this.sql.query(
      `insert into fn_workflow_events (workflow_id, step, event, actor_id, actor_name, proof, note) values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        event.workflowId,
        event.step,
        event.event,
        event.actorId,
        event.actorName,
        event.proof ? JSON.stringify(event.proof) : null,
        event.note,
      ],
    );
  }

  async events(workflowId: string): Promise<FnWorkflowEvent[]> {
    return this.sql.query<FnWorkflowEvent>(
      `select id::text, step, event, actor_id as "actorId", actor_name as "actorName", proof, note, at
       from fn_workflow_events where workflow_id = $1 order by fn_workflow_events.id`,
      [workflowId],
    );
  }

  /** Live ones that are late and of which nobody was told. */
  async newlyOverdue(): Promise<FnWorkflowRow[]> {
    return this.sql.query<FnWorkflowRow>(
      `select ${columns} ${from} where w.finished_at is null and w.due_at < farm_now() and not w.overdue_told`,
    );
  }

  /** Receipts and intents of a register that are not at their end. */
  async underWay(registerId: number): Promise<{ receipts: number; intents: number }> {
    return oneRow(
      await this.sql.query<{ receipts: number; intents: number }>(
        `select (select count(*)::integer from receipts where register_id = $1 and state in ('working', 'in_doubt')) as receipts,
                (select count(*)::integer from intents where register_id = $1 and state in ('open', 'stuck')) as intents`,
        [registerId],
      ),
      'things under way',
    );
  }

  /** How long finished workflows took, seconds: the whole way, and the register out of dispatch. */
  async durations(): Promise<
    {
      kind: FnWorkflowKind;
      finished: number;
      medianS: number | null;
      medianDowntimeS: number | null;
      maxDowntimeS: number | null;
    }[]
  > {
    return this.sql.query(
      `select kind, count(*)::integer as finished,
         round(percentile_cont(0.5) within group (order by extract(epoch from finished_at - created_at)))::integer as "medianS",
         round(percentile_cont(0.5) within group (order by extract(epoch from back_in_dispatch_at - left_dispatch_at)))::integer
           as "medianDowntimeS",
         round(max(extract(epoch from back_in_dispatch_at - left_dispatch_at)))::integer as "maxDowntimeS"
       from fn_workflows where status = 'done' group by 1 order by 1`,
    );
  }
}
