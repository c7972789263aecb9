import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Until when an operator is paid for a register, as the client said. */
export class OperatorTerms1795792200000 implements MigrationInterface {
  readonly name = 'OperatorTerms1795792200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table operator_terms (
        register_id integer not null references registers,
        client_id uuid not null references clients on delete cascade,
        -- The operator it was said of: a register that moved to another knows nothing of that one.
        operator_inn text not null,
        paid_until date not null,
        contract text not null default '',
        said_by text not null,
        said_at timestamptz not null default farm_now(),
        primary key (register_id, client_id)
      );
      create index operator_terms_until on operator_terms (paid_until);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table operator_terms');
  }
}
