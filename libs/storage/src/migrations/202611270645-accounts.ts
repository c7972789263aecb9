import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People who sign up by themselves: contacts and their confirmation, second factor, offers, partners. */
export class Accounts1795761900000 implements MigrationInterface {
  readonly name = 'Accounts1795761900000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table partners (
        id uuid primary key,
        code text not null unique check (code ~ '^[A-Za-z0-9-]{3,32}$'),
        name text not null,
        person_id uuid references people on delete set null,
        bonus_bp integer not null default 1000 check (bonus_bp between 0 and 5000),
        created_at timestamptz not null default farm_now()
      );

      alter table people
        add column email text constraint people_email unique check (email = lower(email)),
        add column phone text check (phone ~ '^[+][1-9][0-9]{6,14}$'),
        add column email_confirmed_at timestamptz,
        add column phone_confirmed_at timestamptz,
        -- What the person called his company when he signed up, until the company itself is added.
        add column company_name text,
        add column partner_id uuid references partners,
        add column totp_sealed bytea,
        add column totp_pending bytea,
        add column totp_last_step bigint not null default 0,
        add column language text not null default 'ru' check (language in ('ru', 'en'));
      -- Two people may type one number; only one can confirm it.
      create unique index people_phone on people (phone) where phone_confirmed_at is not null;
      update people set email = lower(login), email_confirmed_at = farm_now() where login ~ '^[^@ ]+@[^@ ]+$';

      alter table clients add column partner_id uuid references partners;

      create table recovery_codes (
        person_id uuid not null references people on delete cascade,
        code_hash bytea not null,
        used_at timestamptz,
        primary key (person_id, code_hash)
      );
      create table factor_tries (
        person_id uuid not null references people on delete cascade,
        at timestamptz not null default farm_now()
      );
      create index factor_tries_person on factor_tries (person_id, at);

      create table confirmations (
        id uuid primary key,
        person_id uuid not null references people on delete cascade,
        kind text not null check (kind in ('email', 'phone', 'reset')),
        code_hash bytea not null,
        link_hash bytea unique,
        tries smallint not null default 0,
        created_at timestamptz not null default farm_now(),
        expires_at timestamptz not null,
        used_at timestamptz
      );
      create index confirmations_person on confirmations (person_id, kind, created_at desc);

      create table offers (
        version text primary key,
        valid_from date not null,
        title text not null,
        body text not null,
        body_sha256 bytea not null
      );
      create table offer_acceptances (
        person_id uuid not null references people on delete cascade,
        version text not null references offers,
        address text not null,
        accepted_at timestamptz not null default farm_now(),
        primary key (person_id, version)
      );

      -- Somebody who has just signed up has no company yet.
      alter table web_sessions drop constraint web_sessions_check;
      alter table web_sessions add constraint web_sessions_check
        check (case realm when 'console' then staff_id is not null and person_id is null and client_id is null
                          else person_id is not null and staff_id is null end);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      delete from web_sessions where realm = 'cabinet' and client_id is null;
      alter table web_sessions drop constraint web_sessions_check;
      alter table web_sessions add constraint web_sessions_check
        check (case realm when 'console' then staff_id is not null and person_id is null and client_id is null
                          else person_id is not null and client_id is not null and staff_id is null end);
      drop table offer_acceptances, offers, confirmations, factor_tries, recovery_codes;
      alter table clients drop column partner_id;
      drop index people_phone;
      alter table people drop column email, drop column phone, drop column email_confirmed_at,
        drop column phone_confirmed_at, drop column company_name, drop column partner_id, drop column totp_sealed,
        drop column totp_pending, drop column totp_last_step, drop column language;
      drop table partners;
    `);
  }
}
