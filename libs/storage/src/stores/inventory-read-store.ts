import type { Sql } from '../sql';

/** FNs of one model in one state. */
export interface DriveCount {
  model: string;
  state: 'stock' | 'installed' | 'closed' | 'in_cell' | 'returned' | 'faulty';
  drives: number;
}

/** One FN of the ledger. */
export interface DriveRow {
  fnNumber: string;
  model: string;
  state: DriveCount['state'];
  clientName: string | null;
  registerId: number | null;
  serial: string | null;
  capacityDocuments: number;
  documentsLeft: number | null;
  validUntil: string | null;
  registrationsLeft: number | null;
}

/** Modules of one model in one state. */
export interface ModuleCount {
  model: string;
  state: string;
  modules: number;
}

/** What an id typed into the search field may mean. */
export interface SearchHit {
  kind: 'receipt' | 'register' | 'document' | 'group' | 'client';
  id: string;
  title: string;
  note: string;
}

export interface AlertRow {
  id: string;
  class: string;
  objectKind: string;
  objectId: string;
  severity: 1 | 2 | 3 | 4;
  text: string;
  facts: Record<string, string | number | boolean | null>;
  openedAt: Date;
  seenAt: Date;
  times: number;
  closedAt: Date | null;
  title: string | null;
  object: string | null;
  cause: string | null;
  action: string | null;
  route: string | null;
  /** How many registers it concerns. */
  affected: number;
  silenced: boolean;
  ackedAt: Date | null;
  ackedBy: string | null;
  ackNote: string | null;
}

const alertColumns = `id::text, class, object_kind as "objectKind", object_id as "objectId", severity, text, facts,
  opened_at as "openedAt", seen_at as "seenAt", times, closed_at as "closedAt", title, object, cause, action, route,
  cardinality(registers) as affected, silenced, acked_at as "ackedAt",
  (select name from staff where staff.id = alerts.acked_by) as "ackedBy", ack_note as "ackNote"`;

/** Stock, the search by any number, and the list of alerts. Reads only. */
export class InventoryReadStore {
  constructor(private readonly sql: Sql) {}

  async driveCounts(): Promise<DriveCount[]> {
    return this.sql.query<DriveCount>(
      `select model, state, count(*)::integer as drives from fiscal_drives group by 1, 2 order by 1, 2`,
    );
  }

  async moduleCounts(): Promise<ModuleCount[]> {
    return this.sql.query<ModuleCount>(
      `select model, state, count(*)::integer as modules from registers group by 1, 2 order by 1, 2`,
    );
  }

  /** FNs of the ledger; those that end first come first. */
  async drives(filter: { state?: string; limit: number; offset: number }): Promise<DriveRow[]> {
    return this.sql.query<DriveRow>(
      `select f.fn_number as "fnNumber", f.model, f.state, c.name as "clientName", k.id as "registerId", k.serial,
              f.capacity_documents as "capacityDocuments", s.documents_left as "documentsLeft",
              to_char(coalesce(s.valid_until, f.valid_until), 'YYYY-MM-DD') as "validUntil",
              f.registrations_left as "registrationsLeft"
       from fiscal_drives f left join clients c on c.id = f.client_id left join registers k on k.fn_number = f.fn_number
       left join register_status s on s.register_id = k.id
       where $1::text is null or f.state = $1
       order by coalesce(s.valid_until, f.valid_until) nulls last, f.fn_number limit $2 offset $3`,
      [filter.state, filter.limit, filter.offset],
    );
  }

  /** Open alerts by urgency, or closed ones, the newest first. */
  async alerts(filter: { open: boolean; limit: number }): Promise<AlertRow[]> {
    return this.sql.query<AlertRow>(
      filter.open
        ? `select ${alertColumns} from alerts where closed_at is null order by severity, opened_at limit $1`
        : `select ${alertColumns} from alerts where closed_at is not null order by closed_at desc limit $1`,
      [filter.limit],
    );
  }

  async alert(id: string): Promise<AlertRow | undefined> {
    const [row] = await this.sql.query<AlertRow>(`select ${alertColumns} from alerts where id = $1`, [id]);
    return row;
  }

  /** How many alerts are open, by severity from 1 to 4. */
  async openAlertCounts(): Promise<[number, number, number, number]> {
    const rows = await this.sql.query<{ severity: 1 | 2 | 3 | 4; n: number }>(
      'select severity, count(*)::integer as n from alerts where closed_at is null group by 1',
    );
    const of = (severity: number) => rows.find((row) => row.severity === severity)?.n ?? 0;
    return [of(1), of(2), of(3), of(4)];
  }

  /** Open alerts about one object. */
  async alertsOf(objectKind: string, objectId: string): Promise<AlertRow[]> {
    return this.sql.query<AlertRow>(
      `select ${alertColumns} from alerts where object_kind = $1 and object_id = $2 and closed_at is null order by severity`,
      [objectKind, objectId],
    );
  }

  /** Open alerts about a register, its own and those of a common cause. */
  async alertsOfRegister(registerId: number): Promise<AlertRow[]> {
    return this.sql.query<AlertRow>(
      `select ${alertColumns} from alerts where closed_at is null
         and (object_kind = 'register' and object_id = $1::integer::text or registers @> array[$1::integer]) order by severity`,
      [registerId],
      'alerts_of_register',
    );
  }

  /** Finds what a number or a word names: receipt, register, FN, RNM, document `FN:FD`, group, client's INN. */
  async find(text: string): Promise<SearchHit[]> {
    const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text : null;
    const document = /^([0-9]{16})[:/ -]+([0-9]{1,9})$/.exec(text);
    const sign = /^[0-9]{5,10}$/.test(text) && Number(text) <= 0xffffffff ? text : null;
    return this.sql.query<SearchHit>(
      `(select 'receipt' as kind, r.id::text, r.external_id as title, g.code || ' · ' || r.state as note
        from receipts r join register_groups g on g.id = r.group_id where r.id = $1::uuid)
       union all
       (select 'receipt', r.id::text, r.external_id, g.code || ' · ' || r.state
        from register_groups g join receipts r on r.group_id = g.id and r.external_id = $2 limit 5)
       union all
       (select 'register', k.id::text, k.serial, concat_ws(' · ', k.model, 'РНМ ' || k.rnm, 'ФН ' || k.fn_number)
        from registers k where k.serial = $2 or k.rnm = $2 or k.fn_number = $2 or k.serial like '%' || $6 limit 5)
       union all
       (select 'document', d.fn_number || ':' || d.fd_number, 'ФД ' || d.fd_number, 'ФН ' || d.fn_number
        from documents d where d.fn_number = $3 and d.fd_number = $4::integer)
       union all
       (select 'document', d.fn_number || ':' || d.fd_number, 'ФД ' || d.fd_number, 'ФН ' || d.fn_number || ' · ФП ' || d.fiscal_sign
        from documents d where d.fiscal_sign = $5::bigint limit 5)
       union all
       (select 'group', g.code, g.code, c.name from register_groups g join clients c on c.id = g.client_id
        where g.code = $2 or c.inn = $2 limit 10)`,
      [uuid, text, document?.[1], document?.[2], sign, /^[0-9]{4,20}$/.test(text) ? text : 'нет'],
    );
  }
}
