import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Registers that clients own and run themselves: listed and watched by the calendar, never driven by the farm. */
export class ExternalRegisters1795789200000 implements MigrationInterface {
  readonly name = 'ExternalRegisters1795789200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table external_registers (
        id uuid primary key,
        client_id uuid not null references clients on delete cascade,
        -- Where in the company it stands; null: nowhere in particular.
        node_id uuid,
        name text not null check (length(name) between 1 and 100),
        model text not null,
        serial text not null,
        rnm text check (rnm ~ '^[0-9]{16}$'),
        address text not null default '',
        fn_number text check (fn_number ~ '^[0-9]{16}$'),
        fn_valid_until date,
        operator_name text not null default '',
        operator_paid_until date,
        note text not null default '',
        created_at timestamptz not null default farm_now(),
        updated_at timestamptz not null default farm_now(),
        archived_at timestamptz,
        constraint external_registers_node foreign key (node_id, client_id) references tree_nodes (id, client_id)
      );
      create index external_registers_client on external_registers (client_id);
      create unique index external_registers_serial on external_registers (client_id, serial) where archived_at is null;

      -- What its owner typed in or imported: his word, proven by nothing.
      create table external_documents (
        register_id uuid not null references external_registers on delete cascade,
        fn_number text not null check (fn_number ~ '^[0-9]{16}$'),
        fd_number integer not null check (fd_number > 0),
        form smallint not null,
        sign smallint check (sign between 1 and 4),
        document_at timestamp not null,
        fiscal_sign bigint not null,
        total_kop bigint,
        added_by text not null,
        added_at timestamptz not null default farm_now(),
        primary key (register_id, fn_number, fd_number)
      );
      create index external_documents_at on external_documents (register_id, document_at desc);

      -- A part of the company that is taken away leaves its registers where they can be found.
      create function external_registers_stay() returns trigger language plpgsql as $$
      begin
        update external_registers set node_id = null where node_id = old.id;
        return old;
      end $$;
      create trigger external_registers_stay before delete on tree_nodes
        for each row execute function external_registers_stay();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop trigger external_registers_stay on tree_nodes;
      drop function external_registers_stay;
      drop table external_documents, external_registers;
    `);
  }
}
