import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The operator's tables, in a schema of their own. What must hold whatever the code does is a constraint: one document
 * per (FN, FD number), never changed; one FN belongs to one KKT.
 *
 * The state of passing a document on to the tax service is kept apart in narrow rows, so that the wide document rows
 * are written once and never rewritten.
 */
export class Operator1763892000000 implements MigrationInterface {
  readonly name = 'Operator1763892000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create schema if not exists ofd;

      create table ofd.enterprises (
        inn text primary key check (inn ~ '^([0-9]{10}|[0-9]{12})$'),
        name text not null,
        created_at timestamptz not null
      );

      create table ofd.outlets (
        id uuid primary key,
        inn text not null references ofd.enterprises,
        name text not null,
        address text not null,
        unique (inn, name, address)
      );

      create table ofd.kkts (
        rnm text primary key check (rnm ~ '^[0-9]{16}$'),
        inn text not null references ofd.enterprises,
        outlet_id uuid not null references ofd.outlets,
        serial text,
        model text,
        state text not null check (state in ('active', 'unpaid', 'not_activated', 'closed')),
        state_since timestamptz not null,
        registered_at timestamptz not null
      );
      create index kkts_inn on ofd.kkts (inn);

      -- The chain of one FN: which document must come next.
      create table ofd.drives (
        fn_number text primary key check (fn_number ~ '^[0-9]{1,16}$'),
        rnm text not null references ofd.kkts,
        first_fd int not null default 1,
        last_fd int,
        last_document_at timestamp,
        last_received_at timestamptz,
        closed boolean not null default false,
        refusals int not null default 0,
        last_refusal text,
        last_refused_at timestamptz,
        added_at timestamptz not null
      );
      create index drives_rnm on ofd.drives (rnm);

      create table ofd.documents (
        fn_number text not null references ofd.drives,
        fd_number int not null,
        rnm text not null,
        inn text not null,
        outlet_id uuid not null,
        form smallint not null,
        ffd smallint,
        settlement_sign smallint,
        fiscal_sign bigint not null,
        document_at timestamp not null,
        total_kop bigint,
        cash_kop bigint,
        ecash_kop bigint,
        shift_number int,
        receipt_number int,
        cashier text,
        container bytea not null,
        tlv bytea not null,
        decoded jsonb not null,
        violations jsonb not null,
        confirmation bytea not null,
        received_at timestamptz not null,
        primary key (fn_number, fd_number)
      );
      create index documents_fiscal_sign on ofd.documents (fiscal_sign);
      create index documents_total on ofd.documents (total_kop, document_at) where total_kop is not null;
      create index documents_rnm on ofd.documents (rnm, document_at);
      create index documents_inn on ofd.documents (inn, document_at);
      create index documents_received on ofd.documents (received_at);

      create table ofd.items (
        fn_number text not null,
        fd_number int not null,
        position smallint not null,
        name text not null,
        subject smallint,
        vat smallint,
        quantity_micro bigint,
        price_kop bigint,
        sum_kop bigint not null,
        primary key (fn_number, fd_number, position),
        foreign key (fn_number, fd_number) references ofd.documents
      );

      -- Categories of goods are the enterprise's own: a receipt carries only names.
      create table ofd.categories (
        inn text not null references ofd.enterprises,
        item_name text not null,
        category text not null,
        primary key (inn, item_name)
      );

      create table ofd.tax_batches (
        id uuid primary key,
        created_at timestamptz not null,
        documents int not null,
        attempts int not null default 0,
        next_attempt_at timestamptz not null,
        sent_at timestamptz,
        accepted_at timestamptz,
        last_error text
      );
      create index tax_batches_due on ofd.tax_batches (next_attempt_at) where accepted_at is null;

      create table ofd.tax_deliveries (
        fn_number text not null,
        fd_number int not null,
        seq bigint generated always as identity,
        batch_id uuid references ofd.tax_batches,
        primary key (fn_number, fd_number),
        foreign key (fn_number, fd_number) references ofd.documents
      );
      create index tax_deliveries_new on ofd.tax_deliveries (seq) where batch_id is null;
      create index tax_deliveries_batch on ofd.tax_deliveries (batch_id) where batch_id is not null;

      -- The reference tax service: what it was given, by its own key, so that a repeated batch changes nothing.
      create table ofd.tax_documents (
        fn_number text not null,
        fd_number int not null,
        inn text not null,
        rnm text not null,
        document jsonb not null,
        batch_id uuid not null,
        received_at timestamptz not null,
        primary key (fn_number, fd_number)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema ofd cascade');
  }
}
