import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Cards that clients let the bank remember, and top-ups that the farm asks for by itself within the client's limits. */
export class SavedCards1795791900000 implements MigrationInterface {
  readonly name = 'SavedCards1795791900000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- No card number is ever here: the bank's name of a saved card, and what may be shown of it.
      create table saved_cards (
        id uuid primary key,
        client_id uuid not null references clients,
        binding text not null,
        mask text not null,
        system text not null default '',
        -- The last day it is valid.
        expires_on date,
        consent text not null,
        consent_by text not null,
        consent_at timestamptz not null,
        created_at timestamptz not null default farm_now(),
        -- The client took it off; the bank is told until it has heard.
        removed_at timestamptz,
        forgotten_at timestamptz,
        constraint saved_cards_binding unique (client_id, binding)
      );
      create index saved_cards_to_forget on saved_cards (removed_at) where removed_at is not null and forgotten_at is null;

      create table auto_top_ups (
        client_id uuid primary key references clients on delete cascade,
        card_id uuid not null references saved_cards,
        below_kop bigint not null check (below_kop >= 0),
        amount_kop bigint not null check (amount_kop > 0),
        month_limit_kop bigint not null,
        receipt_email text not null,
        enabled boolean not null default true,
        -- Which words the client agreed to, who and when.
        consent text not null,
        consent_by text not null,
        consent_at timestamptz not null default farm_now(),
        failures integer not null default 0,
        last_failure text,
        next_at timestamptz not null default farm_now(),
        check (amount_kop <= month_limit_kop)
      );

      alter table card_payments add column card_id uuid references saved_cards;
      alter table card_payments add column is_auto boolean not null default false;
      -- The words the payer agreed to when he asked to remember the card, and his name; null: he did not ask.
      alter table card_payments add column save_consent text, add column save_by text;
      create unique index card_payments_one_auto on card_payments (client_id) where is_auto and state in ('new', 'pending');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table card_payments drop column card_id, drop column is_auto, drop column save_consent, drop column save_by;
      drop table auto_top_ups, saved_cards;
    `);
  }
}
