import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What FNs say of themselves, one row a day; when they will end; what a group's load needs; how much room the farm has.
 * All of it is made anew from the truth: nothing here decides about receipts.
 */
export class FnForecasts1795762500000 implements MigrationInterface {
  readonly name = 'FnForecasts1795762500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table register_status add column registrations_left smallint;

      -- The last reading of each day, as the driver had it from the FN.
      create table fn_days (
        fn_number text not null,
        day date not null,
        register_id integer not null references registers,
        documents_used integer not null,
        documents_left integer,
        unsent integer,
        registrations_left smallint,
        -- Bits of the FN's own warnings and its phase.
        warnings smallint,
        phase smallint,
        valid_until date,
        read_at timestamptz not null,
        primary key (fn_number, day)
      );

      create table fn_forecasts (
        fn_number text not null,
        made_on date not null,
        register_id integer not null references registers,
        group_id integer references register_groups,
        model text not null,
        fill_p10 date,
        fill_p50 date,
        fill_p90 date,
        end_on date,
        cause text not null check (cause in ('capacity', 'validity', 'none')),
        warn_on date,
        documents_used integer not null,
        per_day float8 not null,
        reason_ru text not null,
        reason_en text not null,
        made_at timestamptz not null default farm_now(),
        primary key (fn_number, made_on)
      );
      create index fn_forecasts_end on fn_forecasts (made_on, end_on);

      -- Each night: what the true load of a group asks for, beside what it has.
      create table group_needs (
        group_id integer not null references register_groups,
        made_on date not null,
        receipts_per_day float8 not null,
        peak_per_minute float8 not null,
        pace_ms float8 not null,
        registers integer not null,
        minimum integer not null,
        optimal integer not null,
        predicted_p99_s float8 not null,
        -- (optimal − registers) ÷ registers.
        drift float8 not null,
        is_drifted boolean not null,
        arithmetic jsonb not null,
        told_at timestamptz,
        primary key (group_id, made_on)
      );
      create index group_needs_untold on group_needs (made_on) where is_drifted and told_at is null;

      create table farm_capacity (
        day date primary key,
        slots integer not null,
        free_slots integer not null,
        rented integer not null,
        free_fns integer not null,
        -- FNs whose end is forecast within 90 days.
        fns_ending_90_days integer not null,
        -- At the pace of the last 90 days; null: the farm does not fill.
        days_to_full integer
      );

      create table nightly_runs (
        kind text not null,
        day date not null,
        started_at timestamptz not null default farm_now(),
        finished_at timestamptz,
        facts jsonb not null default '{}',
        primary key (kind, day)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table nightly_runs, farm_capacity, group_needs, fn_forecasts, fn_days;
      alter table register_status drop column registrations_left;
    `);
  }
}
