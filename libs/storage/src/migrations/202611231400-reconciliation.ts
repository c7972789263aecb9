import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Reconciliation: its runs, requests to read FN archives (the driver alone may open a port, so a reading is a row that it
 * serves), what it read, and what was found. Nothing here is fiscal data: every table may be emptied without harm.
 */
export class Reconciliation1763906400000 implements MigrationInterface {
  readonly name = 'Reconciliation1763906400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table reconciliations (
        id uuid primary key,
        kind text not null check (kind in ('nightly', 'demand')),
        started_by text not null,
        depth text not null check (depth in ('full', 'new')),
        started_at timestamptz not null default farm_now(),
        -- Told again and again while the run lives; a run that is silent is dead.
        seen_at timestamptz not null default farm_now(),
        finished_at timestamptz,
        outcome text check (outcome in ('clean', 'differences', 'broken_off')),
        totals jsonb not null default '{}',
        -- Registers of which not every side could be read, with the reason.
        not_read jsonb not null default '[]',
        check ((finished_at is null) = (outcome is null))
      );
      create index reconciliations_started on reconciliations (started_at desc);

      create table archive_reads (
        id bigint generated always as identity primary key,
        run_id uuid not null references reconciliations on delete cascade,
        register_id integer not null references registers on delete cascade,
        fn_number text not null,
        from_fd integer not null check (from_fd >= 1),
        -- Null: to the last document of the FN.
        to_fd integer,
        state text not null default 'waiting' check (state in ('waiting', 'done', 'failed')),
        -- The number to be read next: where a new session goes on.
        next_fd integer not null,
        last_fd integer,
        reason text,
        created_at timestamptz not null default farm_now(),
        -- Prolonged by the run; what nobody waits for is not read.
        expires_at timestamptz not null,
        finished_at timestamptz
      );
      create index archive_reads_waiting on archive_reads (register_id, id) where state = 'waiting';
      create index archive_reads_run on archive_reads (run_id);

      create table archive_records (
        read_id bigint not null references archive_reads on delete cascade,
        fd_number integer not null,
        -- Of the short record; all null when the FN has no such document.
        form smallint,
        type smallint,
        fiscal_sign bigint,
        total_kop bigint,
        document_at timestamp,
        delivered boolean,
        primary key (read_id, fd_number)
      );

      create table findings (
        id bigint generated always as identity primary key,
        run_id uuid not null references reconciliations on delete cascade,
        last_run_id uuid not null references reconciliations on delete cascade,
        register_id integer not null references registers on delete cascade,
        fn_number text not null,
        fd_number integer not null,
        -- The last number of a gap; the same as fd_number for one document.
        to_fd integer not null,
        kind text not null check (kind in ('missing_in_database', 'missing_in_fn', 'missing_at_operator', 'fields_differ',
          'not_confirmed_though_operator_has', 'confirmed_though_operator_lacks', 'gap')),
        form smallint,
        details jsonb not null,
        action text not null,
        state text not null default 'open' check (state in ('open', 'closed')),
        found_at timestamptz not null default farm_now(),
        seen_at timestamptz not null default farm_now(),
        closed_at timestamptz,
        check ((state = 'closed') = (closed_at is not null))
      );
      create unique index findings_one_open on findings (fn_number, fd_number, kind) where state = 'open';
      create index findings_register on findings (register_id, found_at desc);
      create index findings_last_run on findings (last_run_id);

      -- Up to which document an FN was the same in all three places and confirmed: a 'new' run begins after it.
      create table reconciled_drives (
        fn_number text primary key,
        up_to_fd integer not null,
        run_id uuid references reconciliations on delete set null,
        at timestamptz not null default farm_now()
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table reconciled_drives, findings, archive_records, archive_reads, reconciliations',
    );
  }
}
