import { oneRow, type Sql } from '../sql';

/** A wish to read an FN's archive, as the driver's session gets it. */
export interface ArchiveReadRequest {
  id: string;
  registerId: number;
  /** The archive of this FN and no other is meant. */
  fnNumber: string;
  /** First number that is not read yet. */
  nextFd: number;
  /** Null: to the FN's last document. */
  toFd: number | null;
}

/** The FN's short record of one document. */
export interface ArchiveRecord {
  fdNumber: number;
  /** Form by the FFD; 0 when the FN's code of the document is not known. */
  form: number;
  /** The FN's own code of the document. */
  type: number;
  /** Tag 1077. */
  fiscalSign: number;
  totalKop: number | null;
  /** Local wall clock to the minute, `YYYY-MM-DDTHH:MM:SS`. */
  at: string;
  /** The operator's confirmation is in the FN. */
  delivered: boolean;
}

/** Some numbers of an archive, read one after another. */
export interface ArchivePart {
  /** First number that is not read yet. */
  nextFd: number;
  /** The FN's last document when it was asked. */
  lastFd: number;
  records: readonly ArchiveRecord[];
  /** Numbers up to the FN's last one of which it has no record. */
  missing: readonly number[];
  isDone: boolean;
}

/** How far a reading has come. */
export interface ArchiveReadProgress {
  id: string;
  state: 'waiting' | 'done' | 'failed';
  nextFd: number;
  lastFd: number | null;
  reason: string | null;
}

/**
 * Requests to read FN archives and what was read. Whoever wants a reading stores a row and keeps it alive; the session
 * that holds the register's lease fills it between sales, part by part, so that a broken link costs one part.
 */
export class ArchiveReadStore {
  constructor(private readonly sql: Sql) {}

  /** Asks for the documents `fromFd`…`toFd`; the wish is forgotten `ttlS` seconds after it was last prolonged. */
  async request(wish: {
    runId: string;
    registerId: number;
    fnNumber: string;
    fromFd: number;
    toFd: number | null;
    ttlS: number;
  }): Promise<string> {
    const rows = await this.sql.query<{ id: string }>(
      `insert into archive_reads (run_id, register_id, fn_number, from_fd, to_fd, next_fd, expires_at)
       values ($1, $2, $3, $4, $5, $4, farm_now() + make_interval(secs => $6)) returning id::text`,
      [wish.runId, wish.registerId, wish.fnNumber, wish.fromFd, wish.toFd, wish.ttlS],
    );
    return oneRow(rows, 'archive reads').id;
  }

  /** Prolongs these wishes and tells how far they are. */
  async follow(ids: readonly string[], ttlS: number): Promise<ArchiveReadProgress[]> {
    return this.sql.query<ArchiveReadProgress>(
      `update archive_reads set expires_at = farm_now() + make_interval(secs => $2)
       where id = any($1::bigint[])
       returning id::text, state, next_fd as "nextFd", last_fd as "lastFd", reason`,
      [ids, ttlS],
      'archive_reads_follow',
    );
  }

  /** What was read by a finished request, in the order of numbers. */
  async records(readId: string): Promise<ArchiveRecord[]> {
    const rows = await this.sql.query<
      Omit<ArchiveRecord, 'fiscalSign' | 'totalKop'> & { fiscalSign: string; totalKop: string | null }
    >(
      `select fd_number as "fdNumber", form, type, fiscal_sign as "fiscalSign", total_kop as "totalKop",
              to_char(document_at, 'YYYY-MM-DD"T"HH24:MI:SS') as at, delivered
       from archive_records where read_id = $1 and type is not null order by fd_number`,
      [readId],
    );
    return rows.map((row) => ({
      ...row,
      fiscalSign: Number(row.fiscalSign),
      totalKop: row.totalKop === null ? null : Number(row.totalKop),
    }));
  }

  /** Forgets wishes with all that was read for them. */
  async forget(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.sql.query('delete from archive_reads where id = any($1::bigint[])', [ids]);
  }

  /** Forgets what nobody waits for any more; returns how many. */
  async forgetExpired(): Promise<number> {
    const rows = await this.sql.query('delete from archive_reads where expires_at < farm_now() returning id');
    return rows.length;
  }

  /** The oldest waiting wish of each of these registers. */
  async waitingFor(registerIds: readonly number[]): Promise<ArchiveReadRequest[]> {
    return this.sql.query<ArchiveReadRequest>(
      `select distinct on (register_id) id::text, register_id as "registerId", fn_number as "fnNumber",
              next_fd as "nextFd", to_fd as "toFd"
       from archive_reads
       where state = 'waiting' and register_id = any($1::integer[]) and expires_at > farm_now()
       order by register_id, archive_reads.id`,
      [registerIds],
      'archive_reads_waiting',
    );
  }

  /** Stores a part; may be repeated. False when the wish is gone, and reading on is of no use. */
  async put(readId: string, part: ArchivePart): Promise<boolean> {
    const rows = await this.sql.query<{ id: string }>(
      `with wish as (
         update archive_reads set next_fd = greatest(next_fd, $2), last_fd = $3,
                state = case when $4 then 'done' else state end,
                finished_at = case when $4 then farm_now() end
         where id = $1 and state = 'waiting' returning id
       ), stored as (
         insert into archive_records (read_id, fd_number, form, type, fiscal_sign, total_kop, document_at, delivered)
         select wish.id, "fdNumber", form, type, "fiscalSign", "totalKop", at, delivered
         from wish, json_to_recordset($5::json) as x("fdNumber" integer, form smallint, type smallint,
           "fiscalSign" bigint, "totalKop" bigint, at timestamp, delivered boolean)
         on conflict (read_id, fd_number) do nothing
       )
       select id::text from wish`,
      [
        readId,
        part.nextFd,
        part.lastFd,
        part.isDone,
        JSON.stringify([...part.records, ...part.missing.map((fdNumber) => ({ fdNumber }))]),
      ],
      'archive_reads_put',
    );
    return rows.length === 1;
  }

  /** This archive cannot be read. */
  async fail(readId: string, reason: string): Promise<void> {
    await this.sql.query(
      `update archive_reads set state = 'failed', reason = $2, finished_at = farm_now()
       where id = $1 and state = 'waiting'`,
      [readId, reason],
    );
  }
}
