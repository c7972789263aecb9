import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A company's first group of registers, made by itself to try the service. */
export class Sandboxes1795765200000 implements MigrationInterface {
  readonly name = 'Sandboxes1795765200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table sandboxes (
        -- Numbers registrations: the first ten digits of the RNM. Above those of the demo tenant.
        id bigint generated always as identity (start with 1000000) primary key,
        client_id uuid not null unique references clients on delete cascade,
        group_id integer references register_groups on delete cascade,
        register_id integer references registers,
        login_id uuid references api_logins on delete set null,
        -- When the operator was told of the register; until then it would refuse its documents.
        announced_at timestamptz,
        created_at timestamptz not null default farm_now()
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table sandboxes');
  }
}
