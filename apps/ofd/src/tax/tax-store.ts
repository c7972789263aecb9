import { oneRow, type Database } from '@kkt/storage';
import type { TaxBatch, TaxDocument } from './tax-service';

export interface TaxState {
  /** Stored, not yet in a batch. */
  newDocuments: number;
  /** In a batch the service has not accepted. */
  sentDocuments: number;
  acceptedDocuments: number;
  openBatches: number;
  /** When the oldest document still on its way was stored. */
  oldestWaitingAt: Date | null;
  lastAcceptedAt: Date | null;
  lastError: string | null;
}

/** The line of documents for the tax service. Every step is one committed statement, so a crash repeats a step at most. */
export class TaxStore {
  constructor(private readonly database: Database) {}

  /** Puts the oldest waiting documents into a new batch; returns how many. */
  async formBatch(id: string, maxDocuments: number, now: Date): Promise<number> {
    return this.database.transaction(async (sql) => {
      const picked = await sql.query<{ fn: string; fd: number }>(
        `select fn_number as fn, fd_number as fd from ofd.tax_deliveries
          where batch_id is null order by seq limit $1 for update skip locked`,
        [maxDocuments],
        'ofd-tax-pick',
      );
      if (picked.length === 0) return 0;
      await sql.query(
        `insert into ofd.tax_batches (id, created_at, documents, next_attempt_at) values ($1, $2, $3, $2)`,
        [id, now, picked.length],
        'ofd-tax-batch',
      );
      await sql.query(
        `update ofd.tax_deliveries set batch_id = $3
           from unnest($1::text[], $2::int[]) as t (fn, fd) where fn_number = t.fn and fd_number = t.fd`,
        [picked.map((row) => row.fn), picked.map((row) => row.fd), id],
        'ofd-tax-assign',
      );
      return picked.length;
    });
  }

  /**
   * Takes the batch that is due, oldest first, and puts its next attempt off: should this process die, another tries
   * again then. `attempt` counts from 1.
   */
  async takeDue(now: Date, leaseUntil: Date): Promise<(TaxBatch & { attempt: number }) | undefined> {
    const [taken] = await this.database.query<{ id: string; attempt: number }>(
      `update ofd.tax_batches set attempts = attempts + 1, sent_at = $1, next_attempt_at = $2
        where id = (select id from ofd.tax_batches where accepted_at is null and next_attempt_at <= $1
                     order by created_at, id limit 1 for update skip locked)
      returning id, attempts as attempt`,
      [now, leaseUntil],
      'ofd-tax-take',
    );
    if (!taken) return undefined;
    const documents = await this.database.query<TaxDocument>(
      `select d.fn_number as "fnNumber", d.fd_number as "fdNumber", d.inn, d.rnm, d.decoded::text as document
         from ofd.tax_deliveries t join ofd.documents d using (fn_number, fd_number)
        where t.batch_id = $1 order by t.seq`,
      [taken.id],
      'ofd-tax-load',
    );
    return { ...taken, documents };
  }

  async accepted(id: string, now: Date): Promise<void> {
    await this.database.query(
      'update ofd.tax_batches set accepted_at = $2, last_error = null where id = $1',
      [id, now],
      'ofd-tax-accepted',
    );
  }

  async failed(id: string, nextAttemptAt: Date, error: string): Promise<void> {
    await this.database.query(
      'update ofd.tax_batches set next_attempt_at = $2, last_error = $3 where id = $1',
      [id, nextAttemptAt, error],
      'ofd-tax-failed',
    );
  }

  async state(): Promise<TaxState> {
    const rows = await this.database.query<TaxState>(
      `select (select count(*)::int from ofd.tax_deliveries where batch_id is null) as "newDocuments",
              coalesce(sum(documents) filter (where accepted_at is null), 0)::int as "sentDocuments",
              coalesce(sum(documents) filter (where accepted_at is not null), 0)::int as "acceptedDocuments",
              count(*) filter (where accepted_at is null)::int as "openBatches",
              max(accepted_at) as "lastAcceptedAt",
              (select last_error from ofd.tax_batches where accepted_at is null and last_error is not null
                order by created_at limit 1) as "lastError",
              (select received_at from ofd.documents join ofd.tax_deliveries t using (fn_number, fd_number)
                 left join ofd.tax_batches b on b.id = t.batch_id
                where b.accepted_at is null order by t.seq limit 1) as "oldestWaitingAt"
         from ofd.tax_batches`,
    );
    return oneRow(rows, 'tax state');
  }
}
