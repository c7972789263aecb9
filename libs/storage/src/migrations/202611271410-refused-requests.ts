import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Refusals at the door by the field that was wrong; those that name no group of the client's are the client's own. */
export class RefusedRequests1795788600000 implements MigrationInterface {
  readonly name = 'RefusedRequests1795788600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table intake_refusals drop constraint intake_refusals_pkey;
      alter table intake_refusals alter column group_id drop not null;
      alter table intake_refusals
        add column client_id uuid references clients on delete cascade,
        -- A path in the request, as the answer named it; empty: none.
        add column field text not null default '',
        add constraint intake_refusals_of_somebody check (group_id is not null or client_id is not null);
      create unique index intake_refusals_one on intake_refusals
        (coalesce(group_id, 0), coalesce(client_id, '00000000-0000-0000-0000-000000000000'), minute, code, field);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      delete from intake_refusals;
      drop index intake_refusals_one;
      alter table intake_refusals drop column client_id, drop column field, alter column group_id set not null,
        add primary key (group_id, minute, code);
    `);
  }
}
