import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the life of a receipt needs besides its ends: since when an outcome was in doubt, when an owed text was read. */
export class ReceiptLife1795791600000 implements MigrationInterface {
  readonly name = 'ReceiptLife1795791600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table intents add doubted_at timestamptz, add doubt_reason text;
      alter table documents add text_at timestamptz;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table documents drop text_at;
      alter table intents drop doubted_at, drop doubt_reason;
    `);
  }
}
