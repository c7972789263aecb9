import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Operators to which nothing is sent for now, because a person said so. Documents wait in their FNs meanwhile. */
export class OperatorPauses1795792680000 implements MigrationInterface {
  readonly name = 'OperatorPauses1795792680000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table operator_pauses (
        host text not null,
        port integer not null check (port between 1 and 65535),
        paused_by text not null,
        paused_why text not null,
        paused_at timestamptz not null default farm_now(),
        primary key (host, port)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table operator_pauses');
  }
}
