import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What engineers ask of one register, and the traffic of its wire while one of them looks. */
export class RegisterDesk1795784700000 implements MigrationInterface {
  readonly name = 'RegisterDesk1795784700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table register_commands (
        id bigint generated always as identity primary key,
        register_id integer not null references registers on delete cascade,
        kind text not null check (kind in ('ping', 'sync_clock', 'open_shift', 'close_shift', 'settlement_report',
          'reconnect', 'read_documents', 'reconcile')),
        request jsonb not null default '{}',
        -- A row is begun once: a driver that dies leaves it running, and nobody does it a second time.
        state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'expired')),
        result jsonb,
        reason text,
        asked_by text not null,
        asked_why text not null,
        created_at timestamptz not null default farm_now(),
        -- An order is for now: a register that comes back later does not carry it out.
        expires_at timestamptz not null,
        started_at timestamptz,
        finished_at timestamptz
      );
      create unique index register_commands_one on register_commands (register_id) where state in ('waiting', 'running');
      create index register_commands_last on register_commands (register_id, id desc);

      create table wire_traces (
        register_id integer primary key references registers on delete cascade,
        until timestamptz not null,
        asked_by text not null
      );
      -- Not worth a log of its own: it is looked at while it comes.
      create unlogged table wire_trace_lines (
        id bigint generated always as identity primary key,
        register_id integer not null,
        at timestamptz not null,
        name text not null,
        fiscal boolean not null,
        sent text not null,
        received text,
        words text not null,
        refused boolean not null,
        took_ms float8,
        error text
      );
      create index wire_trace_lines_register on wire_trace_lines (register_id, id desc);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table wire_trace_lines, wire_traces, register_commands');
  }
}
