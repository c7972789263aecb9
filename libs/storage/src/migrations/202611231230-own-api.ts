import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The own API: keys of clients' programs, and from which registered receipt a refund or a correction was built.
 */
export class OwnApi1763901000000 implements MigrationInterface {
  readonly name = 'OwnApi1763901000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A key is known by the SHA-256 of its text; the text is shown once and kept nowhere.
      create table api_keys (
        id text primary key check (id ~ '^[0-9a-z]{8}$'),
        client_id uuid not null references clients on delete cascade,
        -- What the key is for. Two keys of one name may live at once, so that a program changes over without a pause.
        name text not null check (name <> ''),
        slot smallint not null check (slot in (1, 2)),
        key_hash bytea not null unique,
        scopes text[] not null,
        -- Bound to one group of registers, or to all of the client's.
        group_id integer references register_groups on delete cascade,
        created_at timestamptz not null default farm_now(),
        expires_at timestamptz,
        revoked_at timestamptz,
        last_used_at timestamptz,
        last_used_from text
      );
      create unique index api_keys_two_active on api_keys (client_id, name, slot) where revoked_at is null;
      create index api_keys_client on api_keys (client_id);

      -- Written before the receipt it names is accepted; counts while that receipt exists and has not failed.
      create table receipt_origins (
        receipt_id uuid primary key,
        original_id uuid not null references receipts on delete cascade,
        external_id text not null,
        kind text not null check (kind in ('refund', 'undo', 'redo')),
        -- Kopecks taken back of each item of the original, by its place.
        taken_kop bigint[] not null,
        -- Millionths taken back of each item of the original, by its place.
        taken_micro bigint[] not null,
        created_at timestamptz not null default farm_now(),
        unique (original_id, external_id)
      );

      -- What a client's program has missed is read by the moment of its end.
      create index receipts_client_finished on receipts (client_id, finished_at, id) where finished_at is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index receipts_client_finished;
      drop table receipt_origins, api_keys;
    `);
  }
}
