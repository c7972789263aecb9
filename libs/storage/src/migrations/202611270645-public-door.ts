import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The public door: where a key may be used from, every attempt of a callback, the generation of its secret. */
export class PublicDoor1795761900000 implements MigrationInterface {
  readonly name = 'PublicDoor1795761900000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Networks the key may be used from; empty: from anywhere.
      alter table api_keys add column allowed_from inet[] not null default '{}';

      -- One row per attempt: the journal that a shop reads when it misses a result.
      create table callback_attempts (
        id bigint generated always as identity primary key,
        receipt_id uuid not null references receipts on delete cascade,
        at timestamptz not null default farm_now(),
        url text not null,
        outcome text not null check (outcome in ('delivered', 'failed', 'gave_up')),
        status integer,
        error text,
        took_ms integer
      );
      create index callback_attempts_receipt on callback_attempts (receipt_id, id);
      create index callback_attempts_at on callback_attempts (at);

      -- Secrets are derived from the farm's key; only which one is current is kept.
      create table callback_secrets (
        client_id uuid primary key references clients on delete cascade,
        generation integer not null check (generation > 1),
        -- Until then callbacks carry the signature by the previous secret too.
        previous_until timestamptz not null,
        changed_at timestamptz not null default farm_now()
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table callback_secrets, callback_attempts;
      alter table api_keys drop column allowed_from;
    `);
  }
}
