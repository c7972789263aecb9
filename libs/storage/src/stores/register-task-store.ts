import type { ReceiptContent } from '@kkt/contracts';
import { oneRow, type Sql } from '../sql';
import { type LeasedRegister, leasedColumns } from './lease-store';

export type RegisterTaskKind =
  | 'drain'
  | 'close_shift'
  | 'deliver'
  | 'close_fn'
  | 'identify'
  | 'register'
  | 'test_receipt'
  | 'return'
  | 'read_report'
  | 'open_shift'
  | 'end_shift'
  | 'settlement';

/** Plain facts of a task's outcome. */
export type TaskFacts = Record<string, string | number | boolean | null>;

/** What the device must do, as the driver's session gets it: with the register's facts of this very moment. */
export interface RegisterTask {
  id: string;
  kind: RegisterTaskKind;
  /** The FN that is meant; null: whatever is in the slot. */
  fnNumber: string | null;
  request: unknown;
  register: LeasedRegister;
}

export interface RegisterTaskRow {
  id: string;
  kind: RegisterTaskKind;
  fnNumber: string | null;
  state: 'waiting' | 'done' | 'failed' | 'withdrawn';
  result: TaskFacts | null;
  reason: string | null;
  createdAt: Date;
  finishedAt: Date | null;
}

const rowColumns = `id::text, kind, fn_number as "fnNumber", state, result, reason, created_at as "createdAt",
  finished_at as "finishedAt"`;

/**
 * Wishes to the device of one register. Whoever wants something stores a row; the session that holds the lease does it
 * between sales and stores the outcome. A row that is waiting is done again after a crash: every kind looks first at
 * what the FN says already.
 */
export class RegisterTaskStore {
  constructor(private readonly sql: Sql) {}

  /** Asks; a second wish for the same step and attempt of a workflow is the first one. */
  async ask(wish: {
    registerId: number;
    workflowId: string | null;
    step: string;
    attempt: number;
    kind: RegisterTaskKind;
    fnNumber: string | null;
    request: object;
  }): Promise<void> {
    await this.sql.query(
      `insert into register_tasks (register_id, workflow_id, step, attempt, kind, fn_number, request)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict (workflow_id, step, attempt) do nothing`,
      [
        wish.registerId,
        wish.workflowId,
        wish.step,
        wish.attempt,
        wish.kind,
        wish.fnNumber,
        JSON.stringify(wish.request),
      ],
    );
  }

  /** Asks for something outside of any workflow. */
  async askAlone(wish: {
    registerId: number;
    step: string;
    kind: RegisterTaskKind;
    fnNumber: string;
    request: object;
  }): Promise<string> {
    const rows = await this.sql.query<{ id: string }>(
      `insert into register_tasks (register_id, step, kind, fn_number, request) values ($1, $2, $3, $4, $5)
       returning id::text`,
      [wish.registerId, wish.step, wish.kind, wish.fnNumber, JSON.stringify(wish.request)],
    );
    return oneRow(rows, 'register tasks').id;
  }

  async read(id: string): Promise<RegisterTaskRow | undefined> {
    const rows = await this.sql.query<RegisterTaskRow>(
      `select ${rowColumns} from register_tasks where id = $1`,
      [id],
    );
    return rows[0];
  }

  /** The task of one step and attempt of a workflow. */
  async ofStep(workflowId: string, step: string, attempt: number): Promise<RegisterTaskRow | undefined> {
    const rows = await this.sql.query<RegisterTaskRow>(
      `select ${rowColumns} from register_tasks where workflow_id = $1 and step = $2 and attempt = $3`,
      [workflowId, step, attempt],
    );
    return rows[0];
  }

  /** Nobody wants it any more. One that the device is doing now ends as it ends; the FN is asked by whoever comes next. */
  async withdraw(workflowId: string): Promise<void> {
    await this.sql.query(
      `update register_tasks set state = 'withdrawn', finished_at = farm_now()
       where workflow_id = $1 and state = 'waiting'`,
      [workflowId],
    );
  }

  /** What waits for these registers. */
  async waitingFor(registerIds: readonly number[]): Promise<RegisterTask[]> {
    const rows = await this.sql.query<
      LeasedRegister & Omit<RegisterTask, 'register'> & { taskFn: string | null }
    >(
      `select t.id::text, t.kind, t.fn_number as "taskFn", t.request, ${leasedColumns}
       from register_tasks t join registers k on k.id = t.register_id join leases l on l.register_id = k.id
       left join register_groups g on g.id = k.group_id
       left join operators o on o.id = k.operator_id
       where t.state = 'waiting' and t.register_id = any($1::integer[])`,
      [registerIds],
      'register_tasks_waiting',
    );
    return rows.map(({ id, kind, taskFn, request, ...register }) => ({
      id,
      kind,
      fnNumber: taskFn,
      request,
      register,
    }));
  }

  /** Tells how far a waiting task is. */
  async progress(id: string, facts: TaskFacts): Promise<void> {
    await this.sql.query(`update register_tasks set result = $2 where id = $1 and state = 'waiting'`, [
      id,
      JSON.stringify(facts),
    ]);
  }

  /** Stores the outcome; may be repeated. */
  async finish(
    id: string,
    outcome: { facts: TaskFacts } | { reason: string; facts?: TaskFacts },
  ): Promise<void> {
    const failed = 'reason' in outcome;
    await this.sql.query(
      `update register_tasks set state = $2, result = $3, reason = $4, finished_at = farm_now()
       where id = $1 and state = 'waiting'`,
      [id, failed ? 'failed' : 'done', JSON.stringify(outcome.facts ?? {}), failed ? outcome.reason : null],
    );
  }

  /**
   * A receipt for this register alone, with its intent, in one commit: the proof that a register works before it takes
   * the shops' receipts. It never goes to another register. Undefined when the lease is lost or the receipt is there already.
   */
  async intendTestReceipt(input: {
    owner: string;
    registerId: number;
    fence: string;
    fnNumber: string;
    fdBefore: number;
    receiptId: string;
    content: ReceiptContent;
  }): Promise<string | undefined> {
    const rows = await this.sql.query<{ id: string }>(
      `with held as (
         select k.id, k.group_id, k.client_id from leases l join registers k on k.id = l.register_id
         where l.register_id = $2 and l.owner = $1 and l.fence = $3::bigint and l.expires_at > farm_now() and k.state = 'swap'
       ), receipt as (
         insert into receipts (id, group_id, client_id, external_id, api, operation, content, body_hash, total_kop, state,
                               deadline_at, attempts, register_id, started_at)
         select $6::uuid, group_id, client_id, 'test-' || $6::uuid::text, 'v1', 'sell', $7::jsonb,
                sha256(convert_to($7::jsonb::text, 'UTF8')), 0, 'working',
                farm_now() + interval '1 hour', 32767, id, farm_now()
         from held on conflict do nothing returning id
       )
       insert into intents (register_id, fence, kind, receipt_id, fn_number, fd_before)
       select $2, $3::bigint, 'receipt', receipt.id, $4, $5 from receipt returning id::text`,
      [
        input.owner,
        input.registerId,
        input.fence,
        input.fnNumber,
        input.fdBefore,
        input.receiptId,
        JSON.stringify(input.content),
      ],
    );
    return rows[0]?.id;
  }

  /** What became of a test receipt. */
  async testReceipt(
    receiptId: string,
  ): Promise<{ state: string; fdNumber: number | null; errorText: string | null } | undefined> {
    const rows = await this.sql.query<{ state: string; fdNumber: number | null; errorText: string | null }>(
      `select state, fd_number as "fdNumber", error_text as "errorText" from receipts where id = $1`,
      [receiptId],
    );
    return rows[0];
  }
}
