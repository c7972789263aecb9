import { FarmError } from '@kkt/contracts';
import { oneRow, type Sql } from '../sql';
import type { ClientSight } from './cabinet-read-store';

/** An operator of the directory. */
export interface OperatorEntry {
  id: number;
  /** Tag 1017. */
  inn: string;
  /** Tag 1046. */
  name: string;
  host: string;
  port: number;
  /** Page of a receipt on the operator's site, with places `{fn}`, `{fd}`, `{fpd}`. */
  receiptUrl: string | null;
  enabled: boolean;
  note: string | null;
}

export type OperatorFields = Omit<OperatorEntry, 'id'>;

/** A change of operator, for lists. */
export interface OperatorChange {
  id: string;
  registerId: number;
  state: 'draining' | 'registering' | 'done' | 'cancelled';
  fromName: string;
  toName: string;
  toInn: string;
  reason: string;
  askedBy: string;
  /** What it waits for or what went wrong, for the engineer. */
  note: string | null;
  createdAt: Date;
  finishedAt: Date | null;
  /** The application to the tax service that the change ended with. */
  applicationId: string | null;
}

/** A change that ended and has no application to the tax service yet. */
export interface UnappliedChange {
  id: string;
  registerId: number;
  /** The FN's report of the change (form 11). */
  report: { fdNumber: number; at: string; fiscalSign: number };
}

/** How one register's documents get to its operator now. */
export interface RegisterExchange {
  operatorId: number | null;
  inn: string;
  name: string;
  host: string;
  port: number;
  /** Documents in the FN without the operator's confirmation, by the FN itself. */
  unsent: number | null;
  firstUnsentAt: Date | null;
  /** The message under way. */
  message: {
    fdNumber: number;
    state: 'ready' | 'answered';
    attempts: number;
    /** Why the last attempt failed, a word of the relay; null while none did. */
    cause: string | null;
    causeText: string | null;
    nextAt: string;
    since: string;
  } | null;
  change: OperatorChange | null;
}

/** A register whose oldest unsent document is old. */
export interface LateRegister {
  registerId: number;
  serial: string;
  fnNumber: string | null;
  operatorName: string;
  unsent: number;
  /** Of the oldest unsent document, seconds. */
  ageS: number;
}

const columns = `id, inn, name, host, port, receipt_url as "receiptUrl", enabled, note`;

const changeColumns = `c.id::text, c.register_id as "registerId", c.state, coalesce(f.name, g.ofd_name) as "fromName",
  n.name as "toName", n.inn as "toInn", c.reason, c.asked_by as "askedBy", c.note, c.created_at as "createdAt",
  c.finished_at as "finishedAt", c.application_id as "applicationId"`;
const changeFrom = `operator_changes c join registers k on k.id = c.register_id
  left join register_groups g on g.id = k.group_id left join operators f on f.id = c.from_operator_id
  join operators n on n.id = c.to_operator_id`;

/** The directory of operators, and registers that move from one to another. */
export class OperatorStore {
  constructor(private readonly sql: Sql) {}

  list(): Promise<OperatorEntry[]> {
    return this.sql.query<OperatorEntry>(`select ${columns} from operators order by name, id`);
  }

  /** Adds an operator, or brings the one with this INN, host and port up to date. */
  async save(fields: OperatorFields): Promise<OperatorEntry> {
    const rows = await this.sql.query<OperatorEntry>(
      `insert into operators (inn, name, host, port, receipt_url, enabled, note) values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (inn, host, port) do update set name = excluded.name, receipt_url = excluded.receipt_url,
         enabled = excluded.enabled, note = excluded.note
       returning ${columns}`,
      [fields.inn, fields.name, fields.host, fields.port, fields.receiptUrl, fields.enabled, fields.note],
    );
    return oneRow(rows, 'operator');
  }

  /**
   * Begins a register's change of operator. Refused with `CLIENT-OPERATOR-CHANGE` when the register is not in service,
   * is changing already, is with that operator, or the operator takes no new registers.
   */
  async beginChange(input: {
    registerId: number;
    operatorId: number;
    askedBy: string;
    reason: string;
  }): Promise<OperatorChange> {
    const [facts] = await this.sql.query<{
      state: string;
      changing: boolean;
      isSame: boolean;
      enabled: boolean | null;
    }>(
      `select k.state, exists (select 1 from operator_changes c where c.register_id = k.id
                and c.state in ('draining', 'registering')) as changing,
              (r.inn = o.inn and r.host = o.host and r.port = o.port) is true as "isSame", o.enabled
       from registers k left join register_operators r on r.register_id = k.id left join operators o on o.id = $2
       where k.id = $1`,
      [input.registerId, input.operatorId],
    );
    const why = refusal(facts);
    const { registerId } = input;
    if (why) throw new FarmError('CLIENT-OPERATOR-CHANGE', why, { registerId, field: 'operatorId' });
    const rows = await this.sql.query<{ id: string }>(
      `insert into operator_changes (register_id, from_operator_id, to_operator_id, asked_by, reason)
       select id, operator_id, $2, $3, $4 from registers where id = $1
       on conflict do nothing returning id::text`,
      [input.registerId, input.operatorId, input.askedBy, input.reason],
    );
    if (!rows[0])
      throw new FarmError('CLIENT-OPERATOR-CHANGE', 'касса уже меняет оператора', {
        registerId,
        field: 'operatorId',
      });
    return oneRow(await this.changes({ id: rows[0].id }), 'operator change');
  }

  /** Gives a change up while nothing was told to the FN; false when it is too late or over. */
  async cancelChange(registerId: number): Promise<boolean> {
    const rows = await this.sql.query(
      `update operator_changes set state = 'cancelled', finished_at = farm_now()
       where register_id = $1 and state = 'draining' returning id`,
      [registerId],
    );
    return rows.length > 0;
  }

  /** The newest first. `sight` narrows to registers that are in a client's groups now. */
  changes(
    filter: { id?: string; registerId?: number; isOpen?: boolean; sight?: ClientSight } = {},
  ): Promise<OperatorChange[]> {
    return this.sql.query<OperatorChange>(
      `select ${changeColumns} from ${changeFrom}
       where ($1::bigint is null or c.id = $1) and ($2::integer is null or c.register_id = $2)
         and (not $3 or c.state in ('draining', 'registering'))
         and ($4::uuid is null or (k.client_id = $4 and ($5::integer[] is null or k.group_id = any ($5))))
       order by c.id desc limit 200`,
      [
        filter.id,
        filter.registerId,
        filter.isOpen ?? false,
        filter.sight?.clientId,
        filter.sight?.groupIds ?? null,
      ],
    );
  }

  /** Changes that ended while no application was made for them, locked; those whose report is not stored yet wait. */
  unapplied(limit: number): Promise<UnappliedChange[]> {
    return this.sql.query<UnappliedChange>(
      `select c.id::text, c.register_id as "registerId",
              json_build_object('fdNumber', p.fd_number, 'at', to_char(p.document_at, 'YYYY-MM-DD"T"HH24:MI:SS'),
                                'fiscalSign', p.fiscal_sign) as report
       from operator_changes c
       join registration_reports p on p.fn_number = c.fn_number and p.fd_number = c.fd_before + 1 and p.form = 11
       join registers k on k.id = c.register_id and k.fn_number = c.fn_number and k.group_id is not null
       where c.state = 'done' and c.application_id is null
       order by c.id limit $1 for update of c skip locked`,
      [limit],
    );
  }

  async applied(changeId: string, applicationId: string): Promise<void> {
    await this.sql.query('update operator_changes set application_id = $2 where id = $1', [
      changeId,
      applicationId,
    ]);
  }

  /** Registers in service whose oldest unsent document is at least so old, by their FNs' own word. */
  late(minAgeS: number): Promise<LateRegister[]> {
    return this.sql.query<LateRegister>(
      `select k.id as "registerId", k.serial, k.fn_number as "fnNumber", r.name as "operatorName", s.unsent,
              extract(epoch from farm_now() - s.first_unsent_at)::float8 as "ageS"
       from register_status s join registers k on k.id = s.register_id join register_operators r on r.register_id = k.id
       where k.state not in ('stock', 'closed') and s.unsent > 0
         and s.first_unsent_at <= farm_now() - make_interval(secs => $1)
       order by k.id`,
      [minAgeS],
      'operators_late',
    );
  }

  /** Undefined for a register without a group: it has no operator. */
  async exchangeOf(registerId: number): Promise<RegisterExchange | undefined> {
    const [row] = await this.sql.query<Omit<RegisterExchange, 'change'>>(
      `select r.operator_id as "operatorId", r.inn, r.name, r.host, r.port, s.unsent, s.first_unsent_at as "firstUnsentAt",
              (select json_build_object('fdNumber', m.fd_number, 'state', m.state, 'attempts', m.attempts,
                        'cause', m.cause, 'causeText', m.cause_text, 'nextAt', m.next_at, 'since', m.created_at)
                 from ofd_messages m where m.register_id = r.register_id and m.state <> 'confirmed'
                order by m.created_at desc limit 1) as message
       from register_operators r left join register_status s on s.register_id = r.register_id
       where r.register_id = $1`,
      [registerId],
      'operators_exchange_of',
    );
    if (!row) return undefined;
    const [change] = await this.changes({ registerId, isOpen: true });
    return { ...row, change: change ?? null };
  }

  /**
   * Everything was delivered to the old operator: from now on the register is with the new one, and its FN must get the
   * report of the change as the document after `fdBefore`. False when messages still wait or the change is over.
   */
  async switchOver(changeId: string, fnNumber: string, fdBefore: number): Promise<boolean> {
    const rows = await this.sql.query(
      `with moved as (
         update operator_changes c set state = 'registering', fn_number = $2, fd_before = $3, note = null
         where c.id = $1 and c.state = 'draining' and not exists (
           select 1 from ofd_messages m where m.fn_number = $2 and m.state <> 'confirmed')
         returning c.register_id, c.to_operator_id
       )
       update registers k set operator_id = moved.to_operator_id from moved where k.id = moved.register_id returning k.id`,
      [changeId, fnNumber, fdBefore],
    );
    return rows.length > 0;
  }

  /** The FN has its report of the change. */
  async changeDone(changeId: string): Promise<void> {
    await this.sql.query(
      `update operator_changes set state = 'done', finished_at = farm_now(), note = null
       where id = $1 and state = 'registering'`,
      [changeId],
    );
  }

  /** What the change waits for, or what went wrong. */
  async noteChange(changeId: string, note: string): Promise<void> {
    await this.sql.query(
      `update operator_changes set note = $2 where id = $1 and state in ('draining', 'registering')
         and note is distinct from $2`,
      [changeId, note],
    );
  }
}

function refusal(
  facts: { state: string; changing: boolean; isSame: boolean; enabled: boolean | null } | undefined,
): string | undefined {
  if (!facts) return 'нет такой кассы';
  if (facts.enabled === null) return 'нет такого оператора';
  if (!facts.enabled) return 'этот оператор новых касс не принимает';
  if (facts.changing) return 'касса уже меняет оператора';
  if (facts.isSame) return 'касса и так у этого оператора';
  if (facts.state !== 'ready' && facts.state !== 'paused') return `касса не в работе (${facts.state})`;
  return undefined;
}
