import type { Sql } from '../sql';

export type LedgerState =
  'stock' | 'tested' | 'reserved' | 'installed' | 'closed' | 'in_cell' | 'returned' | 'faulty';

export interface LedgerRow {
  fnNumber: string;
  model: string;
  state: LedgerState;
  clientId: string | null;
  clientName: string | null;
  registerId: number | null;
  serial: string | null;
  capacityDocuments: number;
  documentsLeft: number | null;
  /** `YYYY-MM-DD`. */
  validUntil: string | null;
  registrationsLeft: number | null;
  cell: string | null;
  responsible: string | null;
  keepUntil: string | null;
  returnAct: string | null;
}

export interface LedgerActor {
  id: string | null;
  name: string;
}

export interface LedgerChange {
  fnNumber: string;
  from: LedgerState;
  to: LedgerState;
  clientId?: string | null;
  registerId?: number | null;
  workflowId?: string | null;
  cell?: string | null;
  responsible?: string | null;
  keepUntil?: string | null;
  act?: string | null;
  reason?: string | null;
}

export interface MoveRow {
  id: string;
  from: LedgerState | null;
  to: LedgerState;
  clientName: string | null;
  serial: string | null;
  cell: string | null;
  responsible: string | null;
  keepUntil: string | null;
  act: string | null;
  actorName: string;
  reason: string | null;
  at: Date;
}

const columns = `f.fn_number as "fnNumber", f.model, f.state, f.client_id as "clientId", c.name as "clientName",
  f.register_id as "registerId", k.serial, f.capacity_documents as "capacityDocuments",
  case when s.fn_number = f.fn_number then s.documents_left end as "documentsLeft",
  to_char(f.valid_until, 'YYYY-MM-DD') as "validUntil", f.registrations_left as "registrationsLeft", f.cell, f.responsible,
  to_char(f.keep_until, 'YYYY-MM-DD') as "keepUntil", f.return_act as "returnAct"`;
const from = `from fiscal_drives f left join clients c on c.id = f.client_id left join registers k on k.id = f.register_id
  left join register_status s on s.register_id = f.register_id`;

/** The ledger of FNs: where each is now, and every move it ever made. Moves are only added to. */
export class FnLedgerStore {
  constructor(private readonly sql: Sql) {}

  /** Locks the FN's row for the transaction. */
  async lock(fnNumber: string): Promise<LedgerRow | undefined> {
    await this.sql.query('select 1 from fiscal_drives where fn_number = $1 for update', [fnNumber]);
    return this.read(fnNumber);
  }

  async read(fnNumber: string): Promise<LedgerRow | undefined> {
    const rows = await this.sql.query<LedgerRow>(`select ${columns} ${from} where f.fn_number = $1`, [
      fnNumber,
    ]);
    return rows[0];
  }

  async list(filter: {
    state?: string;
    clientId?: string;
    text?: string;
    limit: number;
    offset: number;
  }): Promise<LedgerRow[]> {
    return this.sql.query<LedgerRow>(
      `select ${columns} ${from}
       where ($1::text is null or f.state = $1) and ($2::uuid is null or f.client_id = $2)
         and ($3::text is null or f.fn_number like '%' || $3 or f.cell = $3)
       order by f.keep_until nulls last, f.fn_number limit $4 offset $5`,
      [filter.state, filter.clientId, filter.text, filter.limit, filter.offset],
    );
  }

  async counts(): Promise<{ state: LedgerState; clientName: string | null; drives: number }[]> {
    return this.sql.query(
      `select f.state, c.name as "clientName", count(*)::integer as drives
       from fiscal_drives f left join clients c on c.id = f.client_id group by 1, 2 order by 1, 2`,
    );
  }

  /** A new FN came; false when it is in the ledger already. */
  async receive(
    drive: {
      fnNumber: string;
      model: string;
      clientId: string | null;
      capacityDocuments: number;
      reason: string | null;
    },
    actor: LedgerActor,
  ): Promise<boolean> {
    const rows = await this.sql.query(
      `insert into fiscal_drives (fn_number, model, client_id, capacity_documents) values ($1, $2, $3, $4)
       on conflict do nothing returning fn_number`,
      [drive.fnNumber, drive.model, drive.clientId, drive.capacityDocuments],
    );
    if (rows.length === 0) return false;
    await this.sql.query(
      `insert into fn_moves (fn_number, to_state, client_id, actor_id, actor_name, reason) values ($1, 'stock', $2, $3, $4, $5)`,
      [drive.fnNumber, drive.clientId, actor.id, actor.name, drive.reason],
    );
    return true;
  }

  /** Moves an FN; false when it is not in the state it was thought to be in. */
  async move(change: LedgerChange, actor: LedgerActor): Promise<boolean> {
    const rows = await this.sql.query(
      `update fiscal_drives set state = $3, client_id = coalesce(client_id, $4),
         register_id = case when $3 = 'installed' then $5 when $3 in ('in_cell', 'returned') then null else register_id end,
         cell = case when $3 = 'in_cell' then $6 end, responsible = case when $3 = 'in_cell' then $7 end,
         keep_until = case when $3 = 'in_cell' then $8::date end,
         return_act = case when $3 = 'returned' then $9 end
       where fn_number = $1 and state = $2 returning fn_number`,
      [
        change.fnNumber,
        change.from,
        change.to,
        change.clientId,
        change.registerId,
        change.cell,
        change.responsible,
        change.keepUntil,
        change.act,
      ],
    );
    if (rows.length === 0) return false;
    await this.sql.query(
      `insert into fn_moves (fn_number, from_state, to_state, client_id, register_id, workflow_id, cell, responsible,
         keep_until, act, actor_id, actor_name, reason) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [
        change.fnNumber,
        change.from,
        change.to,
        change.clientId,
        change.registerId,
        change.workflowId,
        change.cell,
        change.responsible,
        change.keepUntil,
        change.act,
        actor.id,
        actor.name,
        change.reason,
      ],
    );
    return true;
  }

  async moves(fnNumber: string): Promise<MoveRow[]> {
    return this.sql.query<MoveRow>(
      `select m.id::text, m.from_state as "from", m.to_state as "to", c.name as "clientName", k.serial, m.cell, m.responsible,
         to_char(m.keep_until, 'YYYY-MM-DD') as "keepUntil", m.act, m.actor_name as "actorName", m.reason, m.at
       from fn_moves m left join clients c on c.id = m.client_id left join registers k on k.id = m.register_id
       where m.fn_number = $1 order by m.id`,
      [fnNumber],
    );
  }

  /** FNs kept longer than was agreed. */
  async overdueInCells(today: string): Promise<LedgerRow[]> {
    return this.sql.query<LedgerRow>(
      `select ${columns} ${from} where f.state = 'in_cell' and f.keep_until < $1::date order by f.keep_until`,
      [today],
    );
  }

  /** FNs of working registers with what a forecast needs: documents of each of the last days. */
  async installedWithHistory(
    days: number,
    /** Numbers of FNs that are left out. */
    except: readonly string[] = [],
  ): Promise<
    {
      fnNumber: string;
      registerId: number;
      clientId: string;
      capacityDocuments: number;
      usedDocuments: number;
      validUntil: string | null;
      firstDay: string | null;
      documents: number[];
    }[]
  > {
    return this.sql.query(
      `with made as (
         select d.fn_number, d.document_at::date as day, count(*)::integer as n from documents d
         join fiscal_drives f on f.fn_number = d.fn_number and f.state = 'installed'
           and f.fn_number <> all ($2::text[])
         where d.document_at >= (farm_now() at time zone 'Europe/Moscow')::date - $1::integer
           and d.document_at < (farm_now() at time zone 'Europe/Moscow')::date
         group by 1, 2
       ), span as (
         select fn_number, min(day) as first from made group by 1
       ), filled as (
         select s.fn_number, s.first, array_agg(coalesce(m.n, 0) order by g.day) as documents
         from span s cross join lateral generate_series(s.first, (farm_now() at time zone 'Europe/Moscow')::date - 1, interval '1 day') as g(day)
         left join made m on m.fn_number = s.fn_number and m.day = g.day::date group by 1, 2
       )
       select f.fn_number as "fnNumber", k.id as "registerId", k.client_id as "clientId", f.capacity_documents as "capacityDocuments",
         (select coalesce(max(d.fd_number), 0) from documents d where d.fn_number = f.fn_number) as "usedDocuments",
         to_char(f.valid_until, 'YYYY-MM-DD') as "validUntil", to_char(h.first, 'YYYY-MM-DD') as "firstDay",
         coalesce(h.documents, '{}') as documents
       from fiscal_drives f join registers k on k.fn_number = f.fn_number and k.client_id is not null
       left join filled h on h.fn_number = f.fn_number
       where f.state = 'installed' and k.state <> 'closed' and f.fn_number <> all ($2::text[]) order by f.fn_number`,
      [days, except],
    );
  }
}
