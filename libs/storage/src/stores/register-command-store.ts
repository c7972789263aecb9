import { FarmError } from '@kkt/contracts';
import type { Sql } from '../sql';
import { type LeasedRegister, leasedColumns } from './lease-store';

export type RegisterCommandKind =
  | 'ping'
  | 'identify'
  | 'sync_clock'
  | 'open_shift'
  | 'close_shift'
  | 'settlement_report'
  | 'reconnect'
  | 'read_documents'
  | 'reconcile';

/** A command as the session gets it: with the register's facts of this very moment. */
export interface RegisterCommand {
  id: string;
  kind: RegisterCommandKind;
  request: unknown;
  register: LeasedRegister;
}

export interface RegisterCommandRow {
  id: string;
  kind: RegisterCommandKind;
  request: unknown;
  state: 'waiting' | 'running' | 'done' | 'failed' | 'expired';
  result: unknown;
  reason: string | null;
  askedBy: string;
  askedWhy: string;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** Longer than any command of a device takes: whoever began it is gone. */
const lostAfterS = 300;

/**
 * Orders of engineers to one register. Each is begun at most once and only while it is fresh: what became of the documents
 * of one that was lost is told by the intents, as always.
 */
export class RegisterCommandStore {
  constructor(private readonly sql: Sql) {}

  /** Stores an order. `CLIENT-STATE` when the register has one in hand. */
  async ask(order: {
    registerId: number;
    kind: RegisterCommandKind;
    request: object;
    askedBy: string;
    askedWhy: string;
    ttlS: number;
  }): Promise<string> {
    await this.sql.query(
      `update register_commands set state = case state when 'waiting' then 'expired' else 'failed' end,
         reason = case state when 'running' then 'driver_gone' end, finished_at = farm_now()
       where register_id = $1 and (state = 'waiting' and expires_at <= farm_now()
         or state = 'running' and started_at < farm_now() - make_interval(secs => $2))`,
      [order.registerId, lostAfterS],
    );
    const [row] = await this.sql.query<{ id: string }>(
      `insert into register_commands (register_id, kind, request, asked_by, asked_why, expires_at)
       values ($1, $2, $3, $4, $5, farm_now() + make_interval(secs => $6))
       on conflict (register_id) where state in ('waiting', 'running') do nothing returning id::text`,
      [
        order.registerId,
        order.kind,
        JSON.stringify(order.request),
        order.askedBy,
        order.askedWhy,
        order.ttlS,
      ],
    );
    if (!row) throw new FarmError('CLIENT-STATE', 'The register has an order in hand; wait for its end');
    return row.id;
  }

  /** The last orders of a register, the newest first. */
  async last(registerId: number, limit: number): Promise<RegisterCommandRow[]> {
    return this.sql.query<RegisterCommandRow>(
      `select id::text, kind, request, case when state = 'waiting' and expires_at <= farm_now() then 'expired' else state end as state,
              result, reason, asked_by as "askedBy", asked_why as "askedWhy", created_at as "createdAt",
              started_at as "startedAt", finished_at as "finishedAt"
       from register_commands where register_id = $1 order by id desc limit $2`,
      [registerId, limit],
      'register_commands_last',
    );
  }

  /** Fresh orders for these registers. */
  async waitingFor(registerIds: readonly number[]): Promise<RegisterCommand[]> {
    const rows = await this.sql.query<LeasedRegister & Omit<RegisterCommand, 'register'>>(
      `select t.id::text, t.kind, t.request, ${leasedColumns}
       from register_commands t join registers k on k.id = t.register_id join leases l on l.register_id = k.id
       left join register_groups g on g.id = k.group_id left join operators o on o.id = k.operator_id
       where t.state = 'waiting' and t.expires_at > farm_now() and t.register_id = any($1::integer[])`,
      [registerIds],
      'register_commands_waiting',
    );
    return rows.map(({ id, kind, request, ...register }) => ({ id, kind, request, register }));
  }

  /** True once: whoever gets it carries the order out. */
  async begin(id: string): Promise<boolean> {
    const rows = await this.sql.query(
      `update register_commands set state = 'running', started_at = farm_now()
       where id = $1 and state = 'waiting' and expires_at > farm_now() returning id`,
      [id],
    );
    return rows.length === 1;
  }

  async finish(id: string, outcome: { result: object } | { reason: string; result?: object }): Promise<void> {
    const isFailed = 'reason' in outcome;
    await this.sql.query(
      `update register_commands set state = $2, result = $3, reason = $4, finished_at = farm_now()
       where id = $1 and state = 'running'`,
      [
        id,
        isFailed ? 'failed' : 'done',
        outcome.result ? JSON.stringify(outcome.result) : null,
        isFailed ? outcome.reason : null,
      ],
    );
  }
}
