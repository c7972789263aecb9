import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reports on sales that are mailed by themselves. */
export class ReportSchedules1795783320000 implements MigrationInterface {
  readonly name = 'ReportSchedules1795783320000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table report_schedules (
        id uuid primary key,
        client_id uuid not null,
        person_id uuid not null,
        name text not null check (length(name) between 1 and 100),
        spec jsonb not null,
        every text not null check (every in ('day', 'week', 'month')),
        email text not null,
        next_at timestamptz not null,
        last_at timestamptz,
        created_at timestamptz not null default farm_now(),
        -- Who is shut out of the company gets no more reports of it.
        foreign key (person_id, client_id) references client_people (person_id, client_id) on delete cascade
      );
      create index report_schedules_due on report_schedules (next_at);
      create index report_schedules_person on report_schedules (person_id, client_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table report_schedules');
  }
}
