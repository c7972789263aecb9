import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Money back: refunds to the cards that were paid with, and papers of what a rental gives back when it ends early. */
export class MoneyBack1795789500000 implements MigrationInterface {
  readonly name = 'MoneyBack1795789500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table card_refunds (
        id uuid primary key,
        client_id uuid not null references clients,
        payment_id uuid not null references card_payments,
        amount_kop bigint not null check (amount_kop > 0),
        state text not null default 'pending' check (state in ('pending', 'done', 'failed')),
        -- The paper it was made for.
        reason text not null,
        note text,
        ask_at timestamptz not null default farm_now(),
        created_at timestamptz not null default farm_now(),
        settled_at timestamptz,
        -- Our own receipt for it.
        receipt_state text check (receipt_state in ('awaited', 'sent', 'done', 'failed')),
        receipt_id uuid,
        receipt_note text,
        check ((state = 'pending') = (settled_at is null))
      );
      create index card_refunds_client on card_refunds (client_id, created_at desc);
      -- One at a time: what the bank gave back more than before is then known to be this one.
      create unique index card_refunds_one_open on card_refunds (payment_id) where state = 'pending';
      create index card_refunds_open on card_refunds (ask_at) where state = 'pending';
      create index card_refunds_receipts on card_refunds (settled_at) where receipt_state in ('awaited', 'sent');

      alter table papers drop constraint papers_series_check;
      alter table papers add constraint papers_series_check
        check (series in ('invoice', 'act', 'reconciliation', 'correction'));
      alter table paper_numbers drop constraint paper_numbers_series_check;
      alter table paper_numbers add constraint paper_numbers_series_check
        check (series in ('invoice', 'act', 'reconciliation', 'contract', 'correction'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table card_refunds');
  }
}
