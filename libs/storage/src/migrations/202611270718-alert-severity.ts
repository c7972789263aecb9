import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when an alert has its priority: escalation counts from there, not from its lighter beginning. */
export class AlertSeverity1795763880000 implements MigrationInterface {
  readonly name = 'AlertSeverity1795763880000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table alerts add column severity_since timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table alerts drop column severity_since');
  }
}
