import type { ReceiptContent } from '@kkt/contracts';
import type { Sql } from '../sql';

export type ExportFormat = 'csv' | 'xlsx';
export type ExportState = 'queued' | 'working' | 'done' | 'failed' | 'cancelled';

/** An export of a search, as its owner sees it. */
export interface ReceiptExport {
  id: string;
  format: ExportFormat;
  state: ExportState;
  rowsTotal: number | null;
  rowsDone: number;
  bytes: number;
  error: string | null;
  createdAt: Date;
  finishedAt: Date | null;
  expiresAt: Date;
}

/** An export that is to be written now. */
export interface ExportTask {
  id: string;
  clientId: string;
  format: ExportFormat;
  query: Record<string, unknown>;
  withContacts: boolean;
  createdAt: Date;
}

/** What a row of an export says beyond the list's. */
export interface ExportContent {
  id: string;
  content: ReceiptContent;
  fiscalSign: number | null;
  shopName: string | null;
}

const keptDays = 7;
const columns = `id, format, state, rows_total::float8 as "rowsTotal", rows_done::float8 as "rowsDone", bytes::float8 as bytes,
  error, created_at as "createdAt", finished_at as "finishedAt", expires_at as "expiresAt"`;

/** Exports of receipts: asked for by people, written in the background by whoever has the lease, kept for a week. */
export class ReceiptExportStore {
  constructor(private readonly sql: Sql) {}

  /** False when the person has too many under way. */
  async add(input: {
    id: string;
    clientId: string;
    personId: string;
    format: ExportFormat;
    query: object;
    withContacts: boolean;
  }): Promise<boolean> {
    const rows = await this.sql.query(
      `insert into receipt_exports (id, client_id, person_id, format, query, with_contacts, expires_at)
       select $1, $2, $3, $4, $5, $6, farm_now() + interval '${keptDays} days'
       where (select count(*) from receipt_exports where person_id = $3 and state in ('queued', 'working')) < 3
       returning id`,
      [
        input.id,
        input.clientId,
        input.personId,
        input.format,
        JSON.stringify(input.query),
        input.withContacts,
      ],
    );
    return rows.length > 0;
  }

  async list(clientId: string, personId: string): Promise<ReceiptExport[]> {
    return this.sql.query<ReceiptExport>(
      `select ${columns} from receipt_exports where client_id = $1 and person_id = $2 and expires_at > farm_now()
       order by created_at desc limit 20`,
      [clientId, personId],
    );
  }

  async one(clientId: string, personId: string, id: string): Promise<ReceiptExport | undefined> {
    const rows = await this.sql.query<ReceiptExport>(
      `select ${columns} from receipt_exports
       where client_id = $1 and person_id = $2 and id = $3 and expires_at > farm_now()`,
      [clientId, personId, id],
    );
    return rows[0];
  }

  /** Ends one that is under way, forgets one that is finished. False when there is none. */
  async drop(clientId: string, personId: string, id: string): Promise<boolean> {
    const rows = await this.sql.query(
      `delete from receipt_exports where client_id = $1 and person_id = $2 and id = $3 returning id`,
      [clientId, personId, id],
    );
    return rows.length > 0;
  }

  /** Takes an export that waits, or whose writer is gone, for so many seconds. */
  async claim(leaseS: number): Promise<ExportTask | undefined> {
    const rows = await this.sql.query<ExportTask>(
      `update receipt_exports set state = 'working', rows_done = 0, bytes = 0,
              lease_until = farm_now() + make_interval(secs => $1)
       where id = (select id from receipt_exports where state in ('queued', 'working') and lease_until <= farm_now()
                   order by lease_until limit 1 for update skip locked)
       returning id, client_id as "clientId", format, query, with_contacts as "withContacts", created_at as "createdAt"`,
      [leaseS],
    );
    const task = rows[0];
    if (task) await this.sql.query('delete from receipt_export_parts where export_id = $1', [task.id]);
    return task;
  }

  async putTotal(id: string, rowsTotal: number): Promise<void> {
    await this.sql.query('update receipt_exports set rows_total = $2 where id = $1', [id, rowsTotal]);
  }

  /** Adds a part and tells how far it is; false when the export is not wanted any more. */
  async putPart(id: string, seq: number, bytes: Buffer, rowsDone: number, leaseS: number): Promise<boolean> {
    const rows = await this.sql.query(
      `with told as (
         update receipt_exports set rows_done = $4, bytes = bytes + $5,
                lease_until = farm_now() + make_interval(secs => $6)
         where id = $1 and state = 'working' returning id
       )
       insert into receipt_export_parts (export_id, seq, bytes) select id, $2, $3 from told
       on conflict do nothing returning seq`,
      [id, seq, bytes, rowsDone, bytes.length, leaseS],
    );
    return rows.length > 0;
  }

  async finish(
    id: string,
    end: { state: 'done' | 'failed'; rowsDone: number; error?: string },
  ): Promise<void> {
    await this.sql.query(
      `update receipt_exports set state = $2, rows_done = $3, rows_total = case when $2 = 'done' then $3 else rows_total end,
              error = $4, finished_at = farm_now() where id = $1 and state = 'working'`,
      [id, end.state, end.rowsDone, end.error],
    );
  }

  /** One part of a file; undefined past its end. */
  async part(id: string, seq: number): Promise<Buffer | undefined> {
    const rows = await this.sql.query<{ bytes: Buffer }>(
      'select bytes from receipt_export_parts where export_id = $1 and seq = $2',
      [id, seq],
    );
    return rows[0]?.bytes;
  }

  /** Contents of receipts of a page of an export. */
  async contents(ids: readonly string[]): Promise<ExportContent[]> {
    return this.sql.query<ExportContent>(
      `select r.id, r.content, d.fiscal_sign::float8 as "fiscalSign", shop.name as "shopName"
       from receipts r left join documents d on d.fn_number = r.fn_number and d.fd_number = r.fd_number
       left join tree_nodes n on n.group_id = r.group_id
       left join tree_nodes shop on shop.id = n.parent_id and shop.kind = 'shop'
       where r.id = any ($1::uuid[])`,
      [ids],
    );
  }

  /** Forgets files past their week. */
  async forgetOld(limit: number): Promise<number> {
    const rows = await this.sql.query(
      `delete from receipt_exports where id in (
         select id from receipt_exports where expires_at < farm_now() limit $1) returning id`,
      [limit],
    );
    return rows.length;
  }
}
