import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Payments of shops told by their providers. Invariants: one row per payment of a connection, one receipt per part of a
 * payment's effect, one receipted payment per order, one row per callback however often it comes.
 */
export class Payments1763902800000 implements MigrationInterface {
  readonly name = 'Payments1763902800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table payment_connections (
        id uuid primary key,
        client_id uuid not null references clients,
        group_id integer not null references register_groups,
        provider text not null,
        name text not null,
        -- Part of the callback address; chance, so that strangers cannot guess it.
        callback_key text not null unique,
        -- AES-256-GCM under a key derived from SECRET_KEY; the row's id is bound in.
        secrets bytea not null,
        settings jsonb not null,
        state text not null default 'active' check (state in ('active', 'suspended', 'disabled')),
        state_reason text,
        polled_at timestamptz,
        next_poll_at timestamptz not null default farm_now(),
        created_at timestamptz not null default farm_now()
      );
      create index payment_connections_client on payment_connections (client_id);
      create index payment_connections_poll on payment_connections (next_poll_at) where state <> 'disabled';

      -- What the shop says will be paid for, before it is paid: the source of items.
      create table payment_orders (
        id uuid primary key,
        client_id uuid not null references clients,
        group_id integer not null references register_groups,
        order_no text not null,
        content jsonb not null,
        content_hash bytea not null,
        total_kop bigint not null,
        callback_url text,
        next_poll_at timestamptz not null default farm_now() + interval '5 minutes',
        polls integer not null default 0,
        created_at timestamptz not null default farm_now(),
        updated_at timestamptz not null default farm_now(),
        constraint payment_orders_number unique (group_id, order_no)
      );
      create index payment_orders_poll on payment_orders (next_poll_at);

      create table payments (
        id uuid primary key,
        connection_id uuid not null references payment_connections,
        provider_payment_id text not null,
        order_no text,
        order_id uuid references payment_orders,
        currency text not null,
        contact text,
        -- By the provider's word, in minor units of the currency.
        paid_minor bigint not null default 0,
        refunded_minor bigint not null default 0,
        refunds jsonb not null default '{}',
        -- Covered by receipts.
        income_kop bigint not null default 0,
        returned_kop bigint not null default 0,
        returned_by_line jsonb not null default '[]',
        waits_for_payment boolean not null default false,
        park_reason text,
        park_text text,
        parked_at timestamptz,
        approved boolean not null default false,
        dismissed_at timestamptz,
        dismiss_reason text,
        next_poll_at timestamptz,
        created_at timestamptz not null default farm_now(),
        updated_at timestamptz not null default farm_now(),
        constraint payments_provider_id unique (connection_id, provider_payment_id)
      );
      create unique index payments_one_per_order on payments (order_id) where income_kop > 0;
      create index payments_order_no on payments (order_no) where park_reason = 'unknown-order';
      create index payments_parked on payments (parked_at) where park_reason is not null and dismissed_at is null;
      create index payments_poll on payments (next_poll_at) where next_poll_at is not null;

      -- A receipt per part of a payment's effect: the part is the business key.
      create table payment_receipts (
        payment_id uuid not null references payments,
        effect text not null check (effect in ('income', 'return')),
        from_kop bigint not null,
        to_kop bigint not null check (to_kop > from_kop),
        attempt smallint not null default 1,
        receipt_id uuid not null unique references receipts,
        created_at timestamptz not null default farm_now(),
        primary key (payment_id, effect, from_kop, attempt)
      );

      -- Everything that came to the callback addresses, believed or not.
      create table payment_events (
        id bigint generated always as identity primary key,
        connection_id uuid not null references payment_connections,
        transport_key text not null,
        source text not null check (source in ('callback', 'reconciliation', 'shop')),
        kind text not null,
        verdict text not null,
        state text not null check (state in ('new', 'applied', 'ignored', 'rejected')),
        note text,
        normal jsonb,
        method text not null,
        address text not null,
        raw bytea not null,
        attempts integer not null default 0,
        next_at timestamptz not null default farm_now(),
        times integer not null default 1,
        payment_id uuid references payments,
        received_at timestamptz not null default farm_now(),
        seen_at timestamptz not null default farm_now(),
        constraint payment_events_transport unique (connection_id, transport_key),
        check (state <> 'new' or normal is not null)
      );
      create index payment_events_due on payment_events (next_at) where state = 'new';
      create index payment_events_payment on payment_events (payment_id) where payment_id is not null;
      create index payment_events_rejected on payment_events (seen_at) where state = 'rejected';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table payment_events, payment_receipts, payments, payment_orders, payment_connections;
    `);
  }
}
