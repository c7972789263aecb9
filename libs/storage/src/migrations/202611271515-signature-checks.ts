import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was found when a client's signature came: whose certificate, its term, which parts of it were checked. */
export class SignatureChecks1795792500000 implements MigrationInterface {
  readonly name = 'SignatureChecks1795792500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table client_documents add column signature_checks jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table client_documents drop column signature_checks');
  }
}
