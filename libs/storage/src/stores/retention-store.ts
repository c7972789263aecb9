import type { Sql } from '../sql';

/** How long what is over is kept, days. */
export interface RetentionDays {
  /** Receipts with their documents, attempts and callbacks, counted from the receipt's end. Longer than any FN works. */
  receipts: number;
  /** Messages of FNs that the operator has confirmed: the document itself is in our documents and at the operator. */
  messages: number;
  /** Log-ins of people. */
  logins: number;
  /** Notifications that were sent, failed or cancelled. */
  notifications: number;
}

export const retentionStandard: RetentionDays = {
  receipts: 1_830,
  messages: 90,
  logins: 400,
  notifications: 400,
};

export type Forgotten = Record<keyof RetentionDays, number>;

/** FNs that work in a register: their documents are what the next one is told from. */
const working = `select fn_number from registers where fn_number is not null`;

/**
 * Takes out what is over and past its time, in small batches, oldest first: no statement holds locks for long, and the
 * space is used again by new rows. Nothing that waits, works or is in doubt is ever touched, nor anything of an FN that
 * still works. Several processes may do it at once: rows another one holds are left to it.
 */
export class RetentionStore {
  constructor(private readonly sql: Sql) {}

  /** At most `limit` of each kind; how many there were. */
  async forget(days: RetentionDays, limit: number): Promise<Forgotten> {
    return {
      receipts: await this.forgetReceipts(days.receipts, limit),
      messages: await this.forgetMessages(days.messages, limit),
      logins: await this.forgetHead('login_journal', 'at', 'true', days.logins, limit),
      notifications: await this.forgetHead(
        'notifications',
        'created_at',
        `state <> 'pending'`,
        days.notifications,
        limit,
      ),
    };
  }

  /** A receipt goes with all that speaks of it; what has no receipt (reports of shifts) goes by its own time. */
  private async forgetReceipts(days: number, limit: number): Promise<number> {
    const receipts = await this.sql.query<{ id: string }>(
      `with old as (
         select r.id from receipts r
         where r.finished_at < farm_now() - make_interval(days => $1) and r.state in ('done', 'failed')
           and (r.fn_number is null or r.fn_number not in (${working}))
           and not exists (select 1 from intents i where i.receipt_id = r.id and i.state in ('open', 'stuck'))
         order by r.finished_at limit $2 for update of r skip locked
       ), attempts as (
         delete from intents where receipt_id in (select id from old)
       ), papers as (
         delete from documents where receipt_id in (select id from old)
       ), paid as (
         delete from payment_receipts where receipt_id in (select id from old)
       ), origins as (
         delete from receipt_origins where receipt_id in (select id from old)
       ), facts as (
         delete from receipt_facts where receipt_id in (select id from old)
       )
       delete from receipts where id in (select id from old) returning id`,
      [days, limit],
      'retention_receipts',
    );
    const documents = await this.sql.query(
      `delete from documents where (fn_number, fd_number) in (
         select fn_number, fd_number from documents
         where recorded_at < farm_now() - make_interval(days => $1) and receipt_id is null
           and fn_number not in (${working})
         order by recorded_at limit $2 for update skip locked)
       returning fd_number`,
      [days, limit],
      'retention_documents',
    );
    await this.forgetHead(
      'intents',
      'created_at',
      `receipt_id is null and state in ('done', 'void')`,
      days,
      limit,
    );
    return Math.max(receipts.length, documents.length);
  }

  private async forgetMessages(days: number, limit: number): Promise<number> {
    const rows = await this.sql.query(
      `delete from ofd_messages where (fn_number, fd_number) in (
         select fn_number, fd_number from ofd_messages
         where state = 'confirmed' and confirmed_at < farm_now() - make_interval(days => $1)
         order by confirmed_at limit $2 for update skip locked)
       returning fd_number`,
      [days, limit],
      'retention_messages',
    );
    return rows.length;
  }

  /** Tables whose key grows with time: only the oldest rows are looked at, so no index by time is needed. */
  private async forgetHead(
    table: 'login_journal' | 'notifications' | 'intents',
    at: string,
    condition: string,
    days: number,
    limit: number,
  ): Promise<number> {
    const rows = await this.sql.query(
      `delete from ${table} where id in (
         select id from (select * from ${table} order by id limit $2) head
         where ${at} < farm_now() - make_interval(days => $1) and ${condition})
       returning id`,
      [days, limit],
      `retention_${table}`,
    );
    return rows.length;
  }
}
