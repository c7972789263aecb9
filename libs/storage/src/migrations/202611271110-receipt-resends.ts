import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Receipts that were sent to their buyers on request: counted, so that nobody is flooded through us. */
export class ReceiptResends1795777800000 implements MigrationInterface {
  readonly name = 'ReceiptResends1795777800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table receipt_resends (
        id uuid primary key,
        client_id uuid not null references clients,
        receipt_id uuid not null references receipts on delete cascade,
        channel text not null check (channel in ('email', 'sms')),
        asked_by text not null,
        asked_at timestamptz not null default farm_now()
      );
      create index receipt_resends_of_receipt on receipt_resends (receipt_id, asked_at);
      create index receipt_resends_of_client on receipt_resends (client_id, asked_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table receipt_resends');
  }
}
