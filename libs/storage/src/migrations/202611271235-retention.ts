import type { MigrationInterface, QueryRunner } from 'typeorm';

/** So that delivered messages past their time are found without reading the others. */
export class Retention1795782900000 implements MigrationInterface {
  readonly name = 'Retention1795782900000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index ofd_messages_confirmed on ofd_messages (confirmed_at) where state = 'confirmed'
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index ofd_messages_confirmed');
  }
}
