import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Slots as rows of their own with reservations, visits to the hall, and the second factor of the staff. What cannot be
 * (a slot that is not there, one kept for another client) is refused by constraints with names that say so.
 */
export class ConsoleDesk1795778400000 implements MigrationInterface {
  readonly name = 'ConsoleDesk1795778400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table slots (
        dc text not null,
        rack text not null,
        assembly smallint not null,
        number smallint not null constraint slots_number_in_assembly check (number between 1 and 48),
        reserved_for uuid references clients on delete set null,
        reserved_until timestamptz,
        reserved_by uuid references staff on delete set null,
        reason text,
        primary key (dc, rack, assembly, number),
        constraint slots_assembly foreign key (dc, rack, assembly) references assemblies (dc, rack, number) on delete cascade,
        constraint slots_reservation_whole check (reserved_until is null = (reason is null)),
        constraint slots_reservation_reason check (reason is null or length(reason) between 3 and 500)
      );
      create index slots_reserved on slots (dc, rack) where reserved_until is not null;
      insert into slots (dc, rack, assembly, number)
        select dc, rack, number, n from assemblies, generate_series(1, 48) as n;

      create function add_slots() returns trigger language plpgsql as
        $$ begin
          insert into slots (dc, rack, assembly, number) select new.dc, new.rack, new.number, n from generate_series(1, 48) as n
            on conflict do nothing;
          return null;
        end $$;
      create trigger assemblies_have_slots after insert on assemblies for each row execute function add_slots();

      -- Where the inventory knows the rack, a register stands in one of its slots, and not in one kept for somebody else.
      create function check_slot() returns trigger language plpgsql as
        $$ declare slot slots%rowtype;
        begin
          if new.state = 'closed' or not (new.place ? 'slot') or not exists (
              select 1 from racks r where r.dc = new.place->>'dc' and r.code = new.place->>'rack') then
            return null;
          end if;
          select * into slot from slots s where s.dc = new.place->>'dc' and s.rack = new.place->>'rack'
            and s.assembly = (new.place->>'assembly')::integer and s.number = (new.place->>'slot')::integer;
          if not found then
            raise exception 'the inventory has no slot %', new.place
              using errcode = 'integrity_constraint_violation', constraint = 'registers_slot_exists';
          end if;
          if slot.reserved_until > farm_now() and slot.reserved_for is not null and new.client_id is not null
              and slot.reserved_for <> new.client_id then
            raise exception 'the slot % is kept for another client', new.place
              using errcode = 'integrity_constraint_violation', constraint = 'registers_slot_reserved';
          end if;
          return null;
        end $$;
      create trigger registers_slot after insert or update of place, client_id on registers for each row execute function check_slot();

      create table visits (
        id bigint generated always as identity primary key,
        staff_id uuid not null references staff on delete cascade,
        dc text not null,
        rack text,
        purpose text not null constraint visits_purpose check (length(purpose) between 3 and 500),
        -- Who went along: the hall's rules ask for two at some works.
        companion text,
        opened_at timestamptz not null default farm_now(),
        closed_at timestamptz,
        result text,
        constraint visits_result check (closed_at is null or length(result) between 3 and 2000),
        constraint visits_have_an_end check (closed_at >= opened_at)
      );
      create unique index visits_one_open on visits (staff_id) where closed_at is null;
      create index visits_opened on visits (opened_at desc);
      create index audit_log_actor on audit_log (actor_id, at);

      alter table staff
        add column totp_sealed bytea,
        add column totp_pending bytea,
        add column totp_last_step bigint not null default 0;
      create table staff_recovery_codes (
        staff_id uuid not null references staff on delete cascade,
        code_hash bytea not null,
        used_at timestamptz,
        primary key (staff_id, code_hash)
      );
      create table staff_factor_tries (
        staff_id uuid not null references staff on delete cascade,
        at timestamptz not null default farm_now()
      );
      create index staff_factor_tries_of on staff_factor_tries (staff_id, at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table staff_factor_tries, staff_recovery_codes;
      alter table staff drop column totp_sealed, drop column totp_pending, drop column totp_last_step;
      drop index audit_log_actor;
      drop table visits;
      drop trigger registers_slot on registers;
      drop function check_slot();
      drop trigger assemblies_have_slots on assemblies;
      drop function add_slots();
      drop table slots;
    `);
  }
}
