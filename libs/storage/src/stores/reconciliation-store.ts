import { type Database, oneRow } from '../sql';

/** `full`: every document; `new`: those after the last one that was proven the same everywhere. */
export type ReconciliationDepth = 'full' | 'new';

export const FINDING_KINDS = [
  'missing_in_database',
  'missing_in_fn',
  'missing_at_operator',
  'fields_differ',
  'not_confirmed_though_operator_has',
  'confirmed_though_operator_lacks',
  'gap',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** An FN whose documents must be accounted for. */
export interface DriveInScope {
  registerId: number;
  serial: string;
  fnNumber: string;
  /** It is in the register and can be read; otherwise it was there once. */
  isInstalled: boolean;
  /** INN of the register's operator. */
  ofdInn: string | null;
  /** INNs of operators that got earlier documents of this FN. */
  formerOfdInns?: readonly string[];
  /** Up to which number it was proven the same everywhere; 0 when never. */
  provenUpTo: number;
}

/** What the database holds of one document. */
export interface DatabaseRecord {
  fdNumber: number;
  form: number;
  fiscalSign: number;
  totalKop: number | null;
  /** Local wall clock, `YYYY-MM-DDTHH:MM:SS`. */
  at: string;
  confirmed: boolean;
  receiptId: string | null;
}

export interface FindingInput {
  fdNumber: number;
  /** The last number of a gap; `fdNumber` for one document. */
  toFd: number;
  kind: FindingKind;
  form?: number;
  details: object;
  /** What the engineer shall do, in Russian. */
  action: string;
}

export interface FindingRow extends FindingInput {
  id: string;
  serial: string;
  fnNumber: string;
  state: 'open' | 'closed';
  foundAt: Date;
}

/** A register that was not read on every side, and why. */
export interface NotRead {
  serial: string;
  fnNumber: string;
  reason: string;
}

export interface ReconciliationTotals {
  registers: number;
  documents: number;
  findings: number;
  notRead: number;
  seconds: number;
}

export type ReconciliationOutcome = 'clean' | 'differences' | 'broken_off';

export interface ReconciliationRow {
  id: string;
  kind: 'nightly' | 'demand';
  startedBy: string;
  depth: ReconciliationDepth;
  startedAt: Date;
  finishedAt: Date | null;
  outcome: ReconciliationOutcome | null;
  totals: ReconciliationTotals;
  notRead: NotRead[];
}

/** One nightly run at a time, whoever of the workers begins it. */
const NIGHTLY_LOCK = 540_055;
/** A run that was not heard of for so long is dead. */
const SILENT_S = 120;
/** The hours of Moscow in which a nightly run may begin: 03, and later only in place of one that broke off. */
const FIRST_HOUR = 3;
const LAST_HOUR = 5;
/** Moscow has no summer time: https://www.iana.org/time-zones, Europe/Moscow since 2014. */
const MOSCOW_NOW = `(farm_now() at time zone interval '3 hours')`;

/** Runs of reconciliation, what they compare, and what they found. */
export class ReconciliationStore {
  constructor(private readonly database: Database) {}

  async begin(run: { id: string; startedBy: string; depth: ReconciliationDepth }): Promise<void> {
    await this.database.query(
      `insert into reconciliations (id, kind, started_by, depth) values ($1, 'demand', $2, $3)`,
      [run.id, run.startedBy, run.depth],
    );
  }

  /**
   * Begins tonight's run when it is night in Moscow and nobody has it in hand. Its depth: everything in the night to
   * Sunday, otherwise what is new. Undefined when there is nothing to begin.
   */
  async beginNightly(run: { id: string; startedBy: string }): Promise<ReconciliationDepth | undefined> {
    return this.database.transaction(async (sql) => {
      const [lock] = await sql.query<{ got: boolean }>('select pg_try_advisory_xact_lock($1) as got', [
        NIGHTLY_LOCK,
      ]);
      if (!lock?.got) return undefined;
      const rows = await sql.query<{ depth: ReconciliationDepth }>(
        `insert into reconciliations (id, kind, started_by, depth)
         select $1, 'nightly', $2, case when extract(dow from ${MOSCOW_NOW}) = 0 then 'full' else 'new' end
         where extract(hour from ${MOSCOW_NOW}) between ${FIRST_HOUR} and ${LAST_HOUR}
           and not exists (
             select 1 from reconciliations r
             where r.kind = 'nightly' and r.started_at > farm_now() - interval '12 hours'
               and r.outcome is distinct from 'broken_off'
               and (r.finished_at is not null or r.seen_at > farm_now() - make_interval(secs => ${SILENT_S})))
         returning depth`,
        [run.id, run.startedBy],
      );
      return rows[0]?.depth;
    });
  }

  /** The run is alive. */
  async seen(runId: string): Promise<void> {
    await this.database.query('update reconciliations set seen_at = farm_now() where id = $1', [runId]);
  }

  async finish(
    runId: string,
    outcome: ReconciliationOutcome,
    totals: ReconciliationTotals,
    notRead: readonly NotRead[],
  ): Promise<void> {
    await this.database.query(
      `update reconciliations set finished_at = farm_now(), seen_at = farm_now(), outcome = $2, totals = $3, not_read = $4
       where id = $1 and finished_at is null`,
      [runId, outcome, JSON.stringify(totals), JSON.stringify(notRead)],
    );
  }

  /** The newest runs first. */
  async runs(limit: number): Promise<ReconciliationRow[]> {
    return this.database.query<ReconciliationRow>(
      `select id, kind, started_by as "startedBy", depth, started_at as "startedAt", finished_at as "finishedAt",
              outcome, totals, not_read as "notRead"
       from reconciliations order by started_at desc limit $1`,
      [limit],
    );
  }

  /** Is there a driver that could read anything? */
  async isDriverAlive(): Promise<boolean> {
    const rows = await this.database.query(
      'select 1 from leases where owner is not null and expires_at > farm_now() limit 1',
    );
    return rows.length > 0;
  }

  /**
   * FNs in registers that are rented, and FNs that were in a register and left documents with us. `serial` narrows it to
   * one register.
   */
  async drives(serial?: string): Promise<DriveInScope[]> {
    return this.database.query<DriveInScope>(
      `with installed as (
         select k.id, k.fn_number from registers k
         where k.state not in ('stock', 'closed') and k.fn_number is not null
       ), former as (
         select d.register_id as id, f.fn_number
         from fiscal_drives f
         cross join lateral (select register_id from documents where fn_number = f.fn_number limit 1) d
         where not exists (select 1 from installed i where i.fn_number = f.fn_number)
       ), drive as (
         select id, fn_number, true as installed from installed union all select id, fn_number, false from former
       )
       select k.id as "registerId", k.serial, drive.fn_number as "fnNumber", drive.installed as "isInstalled",
              coalesce(o.inn, g.ofd_inn) as "ofdInn", coalesce(p.up_to_fd, 0) as "provenUpTo",
              (select coalesce(json_agg(distinct coalesce(f.inn, g.ofd_inn)), '[]') from operator_changes c
                 left join operators f on f.id = c.from_operator_id
                where c.fn_number = drive.fn_number and c.state in ('registering', 'done')) as "formerOfdInns"
       from drive join registers k on k.id = drive.id left join register_groups g on g.id = k.group_id
       left join operators o on o.id = k.operator_id
       left join reconciled_drives p on p.fn_number = drive.fn_number
       where $1::text is null or k.serial = $1
       order by k.id, drive.installed desc, drive.fn_number`,
      [serial],
    );
  }

  /** Documents of an FN from a number on, in the order of numbers; at most `limit`. */
  async documents(fnNumber: string, fromFd: number, limit: number): Promise<DatabaseRecord[]> {
    const rows = await this.database.query<
      Omit<DatabaseRecord, 'fiscalSign' | 'totalKop'> & { fiscalSign: string; totalKop: string | null }
    >(
      `select fd_number as "fdNumber", form, fiscal_sign as "fiscalSign", total_kop as "totalKop",
              to_char(document_at, 'YYYY-MM-DD"T"HH24:MI:SS') as at, confirmed_at is not null as confirmed,
              receipt_id as "receiptId"
       from documents where fn_number = $1 and fd_number >= $2 order by fd_number limit $3`,
      [fnNumber, fromFd, limit],
      'reconciliation_documents',
    );
    return rows.map((row) => ({
      ...row,
      fiscalSign: Number(row.fiscalSign),
      totalKop: row.totalKop === null ? null : Number(row.totalKop),
    }));
  }

  /**
   * Stores what a run found in one FN: known findings are seen again, new ones open. With `closeFromFd`, open findings
   * from that number on that were not seen are closed: every side was read, and they are gone.
   */
  async saveFindings(
    drive: { runId: string; registerId: number; fnNumber: string },
    findings: readonly FindingInput[],
    closeFromFd?: number,
  ): Promise<void> {
    await this.database.transaction(async (sql) => {
      await sql.query(
        `insert into findings as f (run_id, last_run_id, register_id, fn_number, fd_number, to_fd, kind, form, details, action)
         select $1, $1, $2, $3, "fdNumber", "toFd", kind, form, details, action
         from json_to_recordset($4::json) as x("fdNumber" integer, "toFd" integer, kind text, form smallint, details jsonb, action text)
         on conflict (fn_number, fd_number, kind) where state = 'open' do update set last_run_id = excluded.last_run_id,
           seen_at = farm_now(), to_fd = excluded.to_fd, form = excluded.form, details = excluded.details, action = excluded.action`,
        [drive.runId, drive.registerId, drive.fnNumber, JSON.stringify(findings)],
      );
      if (closeFromFd === undefined) return;
      await sql.query(
        `update findings set state = 'closed', closed_at = farm_now()
         where fn_number = $1 and to_fd >= $2 and state = 'open' and last_run_id <> $3`,
        [drive.fnNumber, closeFromFd, drive.runId],
      );
    });
  }

  /** What a run has seen, register by register. */
  async findings(runId: string): Promise<FindingRow[]> {
    return this.database.query<FindingRow>(
      `select f.id::text, k.serial, f.fn_number as "fnNumber", f.fd_number as "fdNumber", f.to_fd as "toFd", f.kind, f.form,
              f.details, f.action, f.state, f.found_at as "foundAt"
       from findings f join registers k on k.id = f.register_id
       where f.last_run_id = $1 order by k.id, f.fn_number, f.fd_number, f.kind`,
      [runId],
    );
  }

  /** How many findings are open for a register: all, and receipts that the database lacks. */
  async openOf(registerId: number): Promise<{ open: number; lostReceipts: number }> {
    const rows = await this.database.query<{ open: number; lostReceipts: number }>(
      `select count(*)::int as open,
              count(*) filter (where kind = 'missing_in_database' and form in (3, 4, 31, 41))::int as "lostReceipts"
       from findings where register_id = $1 and state = 'open'`,
      [registerId],
    );
    return oneRow(rows, 'open findings');
  }

  /** Remembers up to which document an FN was the same everywhere. */
  async proven(fnNumber: string, upToFd: number, runId: string): Promise<void> {
    await this.database.query(
      `insert into reconciled_drives (fn_number, up_to_fd, run_id) values ($1, $2, $3)
       on conflict (fn_number) do update set up_to_fd = excluded.up_to_fd, run_id = excluded.run_id, at = farm_now()`,
      [fnNumber, upToFd, runId],
    );
  }
}
