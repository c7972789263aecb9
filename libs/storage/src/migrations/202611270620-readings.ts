import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Readings of registers: the last ones, one row per minute for a day, one per hour for thirteen months. History holds
 * numbers only, as an array in the order of `HISTORY` of the table of readings: a column, once given, never moves.
 * Minutes are partitioned by the hour and hours by the month, so that retention drops whole tables.
 */
export class Readings1795760400000 implements MigrationInterface {
  readonly name = 'Readings1795760400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table register_readings (
        register_id integer primary key references registers on delete cascade,
        readings jsonb not null,
        read_at timestamptz not null default farm_now()
      ) with (fillfactor = 70);

      create table register_minutes (
        register_id integer not null,
        at timestamptz not null,
        readings float8[] not null
      ) partition by range (at);
      create index register_minutes_register on register_minutes (register_id, at);

      create table register_hours (
        register_id integer not null,
        at timestamptz not null,
        -- The last value of the hour and the greatest.
        last_readings float8[] not null,
        max_readings float8[] not null,
        primary key (register_id, at)
      ) partition by range (at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table register_hours, register_minutes, register_readings');
  }
}
