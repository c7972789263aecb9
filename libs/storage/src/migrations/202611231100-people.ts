import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * People behind the consoles: staff of the farm, people of clients, their sessions, and what they did.
 * Sessions and log-ins of both applications share one table each, told apart by `realm`.
 */
export class People1763895600000 implements MigrationInterface {
  readonly name = 'People1763895600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table staff (
        id uuid primary key,
        login text not null unique,
        password_hash text not null,
        name text not null,
        role text not null check (role in ('viewer', 'support', 'engineer', 'lead')),
        disabled boolean not null default false,
        created_at timestamptz not null default farm_now()
      );

      create table people (
        id uuid primary key,
        login text not null unique,
        password_hash text not null,
        name text not null,
        disabled boolean not null default false,
        created_at timestamptz not null default farm_now()
      );

      -- One person may act for several clients, a client has several people.
      create table client_people (
        client_id uuid not null references clients on delete cascade,
        person_id uuid not null references people on delete cascade,
        role text not null check (role in ('owner', 'accountant', 'developer', 'viewer')),
        primary key (person_id, client_id)
      );

      -- A session is known by the SHA-256 of its id; the id itself is only in the browser's cookie.
      create table web_sessions (
        id_hash bytea primary key,
        realm text not null check (realm in ('console', 'cabinet')),
        staff_id uuid references staff on delete cascade,
        person_id uuid references people on delete cascade,
        client_id uuid references clients on delete cascade,
        address text not null,
        agent text not null,
        created_at timestamptz not null default farm_now(),
        seen_at timestamptz not null default farm_now(),
        expires_at timestamptz not null,
        check (case realm when 'console' then staff_id is not null and person_id is null and client_id is null
                          else person_id is not null and client_id is not null and staff_id is null end)
      );
      create index web_sessions_staff on web_sessions (staff_id) where staff_id is not null;
      create index web_sessions_person on web_sessions (person_id) where person_id is not null;
      create index web_sessions_expiry on web_sessions (expires_at);

      create table login_journal (
        id bigint generated always as identity primary key,
        realm text not null check (realm in ('console', 'cabinet')),
        who uuid,
        outcome text not null check (outcome in ('ok', 'wrong', 'disabled', 'slowed')),
        address text not null,
        agent text not null,
        at timestamptz not null default farm_now()
      );
      create index login_journal_who on login_journal (who, at desc) where who is not null;
      create index login_journal_wrong on login_journal (at) where outcome = 'wrong';

      -- What people did. Each row carries the hash of the one before it, so that a changed, removed or inserted row shows.
      create table audit_log (
        seq bigint primary key check (seq > 0),
        at timestamptz not null,
        actor_kind text not null check (actor_kind in ('staff', 'person', 'system')),
        actor_id uuid,
        actor_name text not null,
        client_id uuid,
        action text not null,
        object_kind text not null,
        object_id text not null,
        before jsonb,
        after jsonb,
        reason text,
        request_id text,
        previous_hash bytea not null,
        hash bytea not null
      );
      create index audit_log_object on audit_log (object_kind, object_id, seq desc);
      create index audit_log_client on audit_log (client_id, seq desc) where client_id is not null;

      -- For people's questions: refusals of a day, a document by its fiscal sign, a client's registers and drives.
      create index receipts_failed on receipts (finished_at) where state = 'failed';
      create index documents_fiscal_sign on documents (fiscal_sign);
      create index registers_rack on registers ((coalesce(place->>'dc', '')), (coalesce(place->>'rack', '')));
      create index registers_client on registers (client_id) where client_id is not null;
      create index register_groups_client on register_groups (client_id);
      create index fiscal_drives_register on fiscal_drives (register_id) where register_id is not null;
      create index intents_void_receipt on intents (receipt_id) where state = 'void' and receipt_id is not null;
      create index alerts_opened on alerts (opened_at desc);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index receipts_failed, documents_fiscal_sign, registers_rack, registers_client, register_groups_client,
        fiscal_drives_register, intents_void_receipt, alerts_opened;
      drop table audit_log, login_journal, web_sessions, client_people, people, staff;
    `);
  }
}
