import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Letters to buyers with the link to their receipt: a group asks for them, each receipt is written about once. */
export class BuyerLetters1795763100000 implements MigrationInterface {
  readonly name = 'BuyerLetters1795763100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table register_groups add column buyer_letters boolean not null default false;
      create table buyer_letters (
        receipt_id uuid primary key references receipts on delete cascade,
        created_at timestamptz not null default farm_now()
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table buyer_letters;
      alter table register_groups drop column buyer_letters;
    `);
  }
}
