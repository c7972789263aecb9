import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Alerts with their route, escalation and acknowledgement; what is watched but not yet told; silences, the duty roster;
 * what the alerts lean on besides: refusals at the door, test receipts, minutes of service.
 */
export class Alerting1795762800000 implements MigrationInterface {
  readonly name = 'Alerting1795762800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table alerts
        add column route text,
        add column title text,
        add column object text,
        add column cause text,
        add column action text,
        add column client_id uuid references clients on delete set null,
        add column registers integer[] not null default '{}',
        -- Opened and closed by the rules of the watch; the others by the process that saw them.
        add column managed boolean not null default false,
        add column silenced boolean not null default false,
        add column steps_taken smallint not null default 0,
        add column client_told boolean not null default false,
        add column acked_at timestamptz,
        add column acked_by uuid references staff on delete set null,
        add column ack_note text;
      create index alerts_closed on alerts (closed_at desc) where closed_at is not null;

      create table alert_watch (
        rule text not null,
        object_kind text not null,
        object_id text not null,
        since timestamptz not null,
        clear_since timestamptz,
        is_open boolean not null,
        primary key (rule, object_kind, object_id)
      );

      -- What this installation changed of the rules in the code.
      create table alert_rules (
        id text primary key,
        enabled boolean not null default true,
        severity smallint check (severity between 1 and 4),
        for_s integer check (for_s >= 0),
        parameters jsonb not null default '{}'
      );

      create table alert_events (
        id bigint generated always as identity primary key,
        alert_id bigint not null references alerts on delete cascade,
        at timestamptz not null default farm_now(),
        kind text not null check (kind in ('opened', 'told', 'acknowledged', 'silenced', 'closed', 'note')),
        who text,
        note text
      );
      create index alert_events_alert on alert_events (alert_id, id);

      -- No news of these while somebody works there. Everything that is null matches all.
      create table silences (
        id bigint generated always as identity primary key,
        rule text,
        dc text,
        rack text,
        assembly smallint,
        register_id integer references registers on delete cascade,
        reason text not null check (length(reason) between 3 and 500),
        staff_id uuid references staff on delete set null,
        starts_at timestamptz not null default farm_now(),
        ends_at timestamptz not null,
        constraint silences_have_an_end check (ends_at > starts_at and ends_at <= starts_at + interval '7 days'),
        constraint silences_have_an_object check (num_nonnulls(rule, dc, register_id) > 0)
      );

      create table duty_shifts (
        id bigint generated always as identity primary key,
        staff_id uuid not null references staff on delete cascade,
        role text not null check (role in ('duty', 'second', 'head')),
        starts_at timestamptz not null,
        ends_at timestamptz not null,
        handover_note text,
        constraint duty_shifts_have_an_end check (ends_at > starts_at and ends_at <= starts_at + interval '31 days')
      );
      create index duty_shifts_time on duty_shifts (ends_at, starts_at);

      -- Receipts that were refused at the door: never stored, only counted, with the last one's words.
      create table intake_refusals (
        group_id integer not null references register_groups on delete cascade,
        minute timestamptz not null,
        code integer not null,
        receipts integer not null,
        text text not null,
        primary key (group_id, minute, code)
      );
      create index intake_refusals_minute on intake_refusals (minute);

      create table synthetic_receipts (
        id uuid primary key,
        group_code text not null,
        started_at timestamptz not null default farm_now(),
        accept_ms integer,
        register_ms integer,
        outcome text not null check (outcome in ('ok', 'failed')),
        error text
      );
      create index synthetic_receipts_started on synthetic_receipts (started_at desc);

      create table service_minutes (
        minute timestamptz primary key,
        done integer not null,
        failed integer not null,
        register_p50_ms integer,
        register_p95_ms integer,
        callback_p95_ms integer,
        accept_ms integer
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table service_minutes, synthetic_receipts, intake_refusals, duty_shifts, silences, alert_events, alert_rules, alert_watch;
      drop index alerts_closed;
      alter table alerts drop column route, drop column title, drop column object, drop column cause, drop column action,
        drop column client_id, drop column registers, drop column managed, drop column silenced, drop column steps_taken,
        drop column client_told, drop column acked_at, drop column acked_by, drop column ack_note;
    `);
  }
}
