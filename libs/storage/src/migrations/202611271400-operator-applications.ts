import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A change of operator ends with an application to the tax service: which one it is. */
export class OperatorApplications1795788000000 implements MigrationInterface {
  readonly name = 'OperatorApplications1795788000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table operator_changes add column application_id uuid references registration_applications;
      create index operator_changes_unapplied on operator_changes (id) where state = 'done' and application_id is null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table operator_changes drop column application_id');
  }
}
