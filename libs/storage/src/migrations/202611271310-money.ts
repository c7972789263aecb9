import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a client's accountant needs besides the ledger: requisites, card payments, orders of registers, documents. */
export class Money1795785000000 implements MigrationInterface {
  readonly name = 'Money1795785000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The farm's own requisites, printed on its papers. One row.
      create table farm_requisites (
        one boolean primary key default true check (one),
        name text not null,
        inn text not null check (inn ~ '^([0-9]{10}|[0-9]{12})$'),
        kpp text not null check (kpp ~ '^[0-9]{9}$'),
        ogrn text not null check (ogrn ~ '^([0-9]{13}|[0-9]{15})$'),
        address text not null,
        bank_name text not null,
        bik text not null check (bik ~ '^[0-9]{9}$'),
        account text not null check (account ~ '^[0-9]{20}$'),
        correspondent_account text not null check (correspondent_account ~ '^[0-9]{20}$'),
        head_post text not null,
        head_name text not null,
        -- Group of registers that fiscalizes what clients pay us by card; null: none yet.
        receipts_group text
      );

      create table client_requisites (
        client_id uuid primary key references clients on delete cascade,
        full_name text not null,
        kpp text check (kpp ~ '^[0-9]{9}$'),
        ogrn text check (ogrn ~ '^([0-9]{13}|[0-9]{15})$'),
        address text not null,
        bank_name text,
        bik text check (bik ~ '^[0-9]{9}$'),
        account text check (account ~ '^[0-9]{20}$'),
        head_post text not null,
        head_name text not null,
        -- What the head acts on: the charter, a power of attorney.
        acts_on text not null,
        updated_at timestamptz not null default farm_now()
      );

      create table money_settings (
        client_id uuid primary key references clients on delete cascade,
        -- Tell the client when the balance falls below; null: never.
        warn_below_kop bigint check (warn_below_kop >= 0),
        -- Where receipts for card payments go.
        receipt_email text
      );

      -- A payment by card: stored before the acquirer is asked, settled by the acquirer's own word.
      create table card_payments (
        id uuid primary key,
        client_id uuid not null references clients,
        amount_kop bigint not null check (amount_kop > 0),
        state text not null default 'new' check (state in ('new', 'pending', 'paid', 'failed')),
        -- The acquirer's number of it; null until it has answered.
        acquirer_ref text unique,
        pay_url text,
        receipt_email text not null,
        note text,
        ask_at timestamptz not null default farm_now(),
        created_at timestamptz not null default farm_now(),
        settled_at timestamptz,
        -- Our own receipt for it.
        receipt_state text check (receipt_state in ('awaited', 'sent', 'done', 'failed')),
        receipt_id uuid,
        receipt_note text,
        check ((state in ('paid', 'failed')) = (settled_at is not null))
      );
      create index card_payments_client on card_payments (client_id, created_at desc);
      create index card_payments_open on card_payments (ask_at) where state in ('new', 'pending');
      create index card_payments_receipts on card_payments (settled_at) where receipt_state in ('awaited', 'sent');

      alter table papers add column paid_kop bigint not null default 0;
      alter table papers add column opening_kop bigint not null default 0;
      create unique index papers_one_act on papers (client_id, period_from, period_to) where series = 'act';

      -- Numbers of registrations made for clients: the first ten digits of an RNM. Above those of sandboxes.
      create sequence rnm_numbers start with 2000000;

      create table rental_orders (
        id uuid primary key,
        client_id uuid not null references clients,
        group_id integer not null references register_groups,
        tariff_id text not null,
        registers integer not null check (registers > 0),
        term_days integer not null,
        first_day date not null,
        total_kop bigint not null,
        -- Who registers with the tax service: the farm by a power of attorney, or the client himself.
        registered_by text not null check (registered_by in ('farm', 'client')),
        created_by text not null,
        created_at timestamptz not null default farm_now()
      );
      create index rental_orders_client on rental_orders (client_id, created_at desc);
      create table rental_order_registers (
        order_id uuid not null references rental_orders on delete cascade,
        register_id integer not null references registers,
        rental_id uuid not null references rentals,
        workflow_id uuid references fn_workflows,
        -- When the operator was told; until then it would refuse the register's documents.
        announced_at timestamptz,
        primary key (order_id, register_id)
      );
      create index rental_order_registers_register on rental_order_registers (register_id);

      -- A contract or another paper that is signed: the file as it was made, and detached signatures of it.
      create table client_documents (
        id uuid primary key,
        client_id uuid not null references clients,
        kind text not null check (kind in ('contract')),
        number text not null unique,
        state text not null default 'made' check (state in ('made', 'signed', 'in_force', 'rejected', 'archived')),
        day date not null,
        pdf bytea not null,
        sha256 bytea not null,
        client_signature bytea,
        client_signer text,
        signed_at timestamptz,
        decided_by text,
        decided_at timestamptz,
        note text,
        created_at timestamptz not null default farm_now(),
        check (state in ('made', 'archived') or client_signature is not null)
      );
      create index client_documents_client on client_documents (client_id, created_at desc);

      -- What people may want of a working register, besides the steps of workflows.
      alter table register_tasks drop constraint register_tasks_kind_check;
      alter table register_tasks add constraint register_tasks_kind_check
        check (kind in ('drain', 'close_shift', 'deliver', 'close_fn', 'identify', 'register', 'test_receipt', 'return',
                        'read_report', 'open_shift', 'end_shift', 'settlement'));

      alter table paper_numbers drop constraint paper_numbers_series_check;
      alter table paper_numbers add constraint paper_numbers_series_check
        check (series in ('invoice', 'act', 'reconciliation', 'contract'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table client_documents, rental_order_registers, rental_orders, card_payments, money_settings,
        client_requisites, farm_requisites;
      drop sequence rnm_numbers;
      drop index papers_one_act;
      alter table papers drop column paid_kop, drop column opening_kop;
    `);
  }
}
