import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What clients look finished receipts up by: narrow rows beside the receipts, filled after the fact, so that the intake
 * pays nothing for them. Sums of goods by day, saved filters and exports stand on the same facts.
 */
export class ReceiptFacts1795783200000 implements MigrationInterface {
  readonly name = 'ReceiptFacts1795783200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table receipt_facts (
        -- No foreign key: checking it would lock and rewrite the rows of receipts.
        receipt_id uuid primary key,
        group_id integer not null,
        accepted_at timestamptz not null,
        finished_at timestamptz not null,
        is_done boolean not null,
        operation text not null,
        -- How it came: the compatible API, the own API, a payment provider, a person of the cabinet.
        channel smallint not null check (channel between 1 and 4),
        -- Bits of the kinds of payment: 1 cash, 2 electronic, 4 prepaid, 8 credit, 16 other.
        payments smallint not null,
        total_kop bigint not null,
        register_id integer,
        fn_number text,
        fd_number integer,
        -- HMAC of the buyer's contact: found by whoever knows the contact, told to nobody.
        contact_hash bytea,
        -- Words of the goods, and the client as a word of its own.
        goods tsvector not null
      );
      create index receipt_facts_list on receipt_facts (group_id, accepted_at desc, receipt_id desc)
        include (is_done, operation, channel, payments, total_kop, register_id);
      create index receipt_facts_goods on receipt_facts using gin (goods);
      create index receipt_facts_contact on receipt_facts (contact_hash, group_id) where contact_hash is not null;
      create index receipt_facts_drive on receipt_facts (fn_number, fd_number) where fn_number is not null;
      create index receipt_facts_document on receipt_facts (group_id, fd_number) where fd_number is not null;

      -- Up to which end of a receipt facts are taken; a little before it is looked through again each time.
      create table receipt_facts_cursor (one boolean primary key default true check (one), finished_at timestamptz not null);
      insert into receipt_facts_cursor (finished_at) values ('-infinity');

      -- Sold and taken back, by the day in Moscow.
      create table goods_days (
        group_id integer not null references register_groups on delete cascade,
        day date not null,
        name text not null,
        -- Subject of settlement (tag 1212).
        subject smallint not null,
        receipts integer not null default 0,
        sold_kop bigint not null default 0,
        sold_micro numeric not null default 0,
        returned_kop bigint not null default 0,
        returned_micro numeric not null default 0,
        primary key (group_id, day, name, subject)
      );

      create table saved_filters (
        id uuid primary key,
        client_id uuid not null,
        person_id uuid not null,
        name text not null check (length(name) between 1 and 60),
        query text not null check (length(query) <= 1000),
        created_at timestamptz not null default farm_now(),
        foreign key (person_id, client_id) references client_people (person_id, client_id) on delete cascade,
        unique (person_id, client_id, name)
      );

      create table receipt_exports (
        id uuid primary key,
        client_id uuid not null references clients on delete cascade,
        person_id uuid not null references people on delete cascade,
        format text not null check (format in ('csv', 'xlsx')),
        -- The search as it was asked, with the groups that the person saw then.
        query jsonb not null,
        -- Whether buyers' contacts stand in it in full.
        with_contacts boolean not null,
        state text not null default 'queued' check (state in ('queued', 'working', 'done', 'failed', 'cancelled')),
        rows_total bigint,
        rows_done bigint not null default 0,
        bytes bigint not null default 0,
        error text,
        lease_until timestamptz not null default farm_now(),
        created_at timestamptz not null default farm_now(),
        finished_at timestamptz,
        expires_at timestamptz not null
      );
      create index receipt_exports_person on receipt_exports (person_id, client_id, created_at desc);
      create index receipt_exports_due on receipt_exports (lease_until) where state in ('queued', 'working');
      create index receipt_exports_expiry on receipt_exports (expires_at);

      -- A file in parts, so that neither who writes nor who reads holds all of it.
      create table receipt_export_parts (
        export_id uuid not null references receipt_exports on delete cascade,
        seq integer not null,
        bytes bytea not null,
        primary key (export_id, seq)
      );
      alter table receipt_export_parts alter column bytes set storage external;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table receipt_export_parts, receipt_exports, saved_filters, goods_days, receipt_facts_cursor, receipt_facts;
    `);
  }
}
