import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Payments receipted without an order keep the item they were receipted with: their refunds take back the same. */
export class MappedPayments1795783260000 implements MigrationInterface {
  readonly name = 'MappedPayments1795783260000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table payments add column mapped_item jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table payments drop column mapped_item');
  }
}
