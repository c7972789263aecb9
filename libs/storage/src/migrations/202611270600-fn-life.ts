import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The life of a fiscal drive: its ledger, the workflows that change or register it, what is asked of the device for
 * them, registrations with the tax service, and renewal. Journals, reports and the owner of an FN can only be added to:
 * triggers hold that, whatever the code does.
 */
export class FnLife1795759200000 implements MigrationInterface {
  readonly name = 'FnLife1795759200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function refuse_change() returns trigger language plpgsql as
        $$ begin raise exception '% rows are only added to', tg_table_name using errcode = 'integrity_constraint_violation'; end $$;

      alter table fiscal_drives drop constraint fiscal_drives_state_check;
      alter table fiscal_drives
        -- stock: received, not tested yet; closed: retired, out of the register or about to be.
        add constraint fiscal_drives_state_check check
          (state in ('stock', 'tested', 'reserved', 'installed', 'closed', 'in_cell', 'returned', 'faulty')),
        add column cell text,
        add column responsible text,
        add column keep_until date,
        add column return_act text,
        add constraint fiscal_drives_reserved check (state <> 'reserved' or client_id is not null),
        add constraint fiscal_drives_cell check
          (state <> 'in_cell' or (cell is not null and responsible is not null and keep_until is not null));
      create unique index fiscal_drives_one_in_cell on fiscal_drives (cell) where state = 'in_cell';

      -- 54-FZ: an FN is written to one taxpayer for ever.
      create function keep_fn_owner() returns trigger language plpgsql as
        $$ begin
          if old.client_id is not null and new.client_id is distinct from old.client_id then
            raise exception 'the FN % belongs to another client', old.fn_number
              using errcode = 'integrity_constraint_violation', constraint = 'fiscal_drives_owner';
          end if;
          return new;
        end $$;
      create trigger fiscal_drives_owner before update on fiscal_drives for each row execute function keep_fn_owner();

      create table fn_moves (
        id bigint generated always as identity primary key,
        fn_number text not null references fiscal_drives,
        from_state text,
        to_state text not null,
        client_id uuid references clients,
        register_id integer references registers,
        workflow_id uuid,
        cell text,
        responsible text,
        keep_until date,
        act text,
        actor_id uuid,
        actor_name text not null,
        reason text,
        at timestamptz not null default farm_now()
      );
      create index fn_moves_fn on fn_moves (fn_number, id);
      create trigger fn_moves_kept before update or delete on fn_moves for each row execute function refuse_change();

      create table fn_workflows (
        id uuid primary key,
        kind text not null check (kind in ('swap', 'install', 'reregister', 'close')),
        register_id integer not null references registers,
        client_id uuid not null references clients,
        group_id integer not null references register_groups,
        old_fn text references fiscal_drives,
        new_fn text references fiscal_drives,
        old_fn_broken boolean not null default false,
        -- Bits of tag 1205 of the report that is to be made.
        reasons integer not null default 0,
        why text not null,
        -- The additional register that must work before this one leaves.
        joins uuid references fn_workflows,
        step text not null,
        status text not null default 'running' check (status in ('running', 'waiting', 'failed', 'cancelled', 'done')),
        -- Whose turn it is.
        turn text not null default 'system' check (turn in ('system', 'device', 'engineer', 'approver', 'client')),
        note text,
        -- Attempt of the present step: a task of an earlier attempt says nothing of this one.
        attempt integer not null default 1,
        -- What engineers said of steps, and what the device proved: by step.
        said jsonb not null default '{}',
        proofs jsonb not null default '{}',
        approved_by uuid,
        approved_name text,
        assignee_id uuid,
        assignee_name text not null,
        due_at timestamptz not null,
        overdue_told boolean not null default false,
        left_dispatch_at timestamptz,
        back_in_dispatch_at timestamptz,
        created_at timestamptz not null default farm_now(),
        step_since timestamptz not null default farm_now(),
        finished_at timestamptz,
        check ((status in ('cancelled', 'done')) = (finished_at is not null))
      );
      create unique index fn_workflows_one_per_register on fn_workflows (register_id) where finished_at is null;
      create unique index fn_workflows_one_per_fn on fn_workflows (new_fn) where finished_at is null and new_fn is not null;
      create index fn_workflows_live on fn_workflows (due_at) where finished_at is null;

      create table fn_workflow_events (
        id bigint generated always as identity primary key,
        workflow_id uuid not null references fn_workflows,
        step text not null,
        event text not null,
        actor_id uuid,
        actor_name text not null,
        proof jsonb,
        note text,
        at timestamptz not null default farm_now()
      );
      create index fn_workflow_events_of on fn_workflow_events (workflow_id, id);
      create trigger fn_workflow_events_kept before update or delete on fn_workflow_events
        for each row execute function refuse_change();

      -- What the device must do for a workflow: the session that holds the register's lease does it between sales.
      create table register_tasks (
        id bigint generated always as identity primary key,
        register_id integer not null references registers,
        workflow_id uuid references fn_workflows,
        step text not null,
        attempt integer not null default 1,
        kind text not null check (kind in ('drain', 'close_shift', 'deliver', 'close_fn', 'identify', 'register',
          'test_receipt', 'return', 'read_report')),
        -- The FN that is meant; the task touches no other.
        fn_number text,
        request jsonb not null default '{}',
        state text not null default 'waiting' check (state in ('waiting', 'done', 'failed', 'withdrawn')),
        -- While waiting: what is seen so far. When done: the proof.
        result jsonb,
        reason text,
        created_at timestamptz not null default farm_now(),
        finished_at timestamptz,
        unique (workflow_id, step, attempt)
      );
      create unique index register_tasks_one_waiting on register_tasks (register_id) where state = 'waiting';

      create table registration_applications (
        id uuid primary key,
        kind text not null check (kind in ('registration', 'reregistration', 'deregistration')),
        register_id integer not null references registers,
        client_id uuid not null references clients,
        workflow_id uuid references fn_workflows,
        reasons integer not null default 0,
        state text not null default 'draft'
          check (state in ('draft', 'sent', 'number_received', 'report_entered', 'card', 'cancelled')),
        rnm text,
        -- Everything the form needs: see RegistrationFacts of the library fn-life.
        data jsonb not null,
        card jsonb,
        due_at timestamptz not null,
        overdue_told boolean not null default false,
        created_at timestamptz not null default farm_now(),
        state_since timestamptz not null default farm_now()
      );
      create index registration_applications_client on registration_applications (client_id, created_at desc);
      create index registration_applications_register on registration_applications (register_id, created_at desc);
      create unique index registration_applications_workflow on registration_applications (workflow_id)
        where workflow_id is not null;

      -- Reports of registration, re-registration and closing: kept for ever.
      create table registration_reports (
        fn_number text not null,
        fd_number integer not null,
        form smallint not null check (form in (1, 11, 6)),
        register_id integer not null references registers,
        rnm text,
        fiscal_sign bigint not null,
        document_at timestamp not null,
        tlv bytea not null,
        recorded_at timestamptz not null default farm_now(),
        primary key (fn_number, fd_number)
      );
      create trigger registration_reports_kept before update or delete on registration_reports
        for each row execute function refuse_change();
      insert into registration_reports (fn_number, fd_number, form, register_id, rnm, fiscal_sign, document_at, tlv)
        select fn_number, fd_number, form, register_id, rnm, fiscal_sign, document_at, tlv from documents where form in (1, 11, 6);
      create function keep_registration_report() returns trigger language plpgsql as
        $$ begin
          insert into registration_reports (fn_number, fd_number, form, register_id, rnm, fiscal_sign, document_at, tlv)
          values (new.fn_number, new.fd_number, new.form, new.register_id, new.rnm, new.fiscal_sign, new.document_at, new.tlv)
          on conflict do nothing;
          return null;
        end $$;
      create trigger documents_registration_report after insert on documents for each row when (new.form in (1, 11, 6))
        execute function keep_registration_report();

      create table renewal_cases (
        id uuid primary key,
        fn_number text not null references fiscal_drives,
        register_id integer not null references registers,
        client_id uuid not null references clients,
        state text not null default 'offer' check (state in ('offer', 'accepted', 'declined', 'silent', 'closed')),
        -- Last day of the FN as it was when the case was opened, and which limit ends it.
        end_date date not null,
        end_cause text not null,
        next_at date,
        next_person text,
        answered_by text,
        answered_at timestamptz,
        note text,
        workflow_id uuid references fn_workflows,
        opened_at timestamptz not null default farm_now(),
        closed_at timestamptz,
        check ((state = 'closed') = (closed_at is not null))
      );
      create unique index renewal_cases_one_open on renewal_cases (fn_number) where closed_at is null;
      create index renewal_cases_client on renewal_cases (client_id, opened_at desc);

      -- Each warning once: a threshold of an FN can be written down only once.
      create table renewal_warnings (
        fn_number text not null references fiscal_drives,
        threshold_days smallint not null,
        end_date date not null,
        days_left integer not null,
        at timestamptz not null default farm_now(),
        primary key (fn_number, threshold_days)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table renewal_warnings, renewal_cases;
      drop trigger documents_registration_report on documents;
      drop function keep_registration_report();
      drop table registration_reports, registration_applications, register_tasks, fn_workflow_events, fn_workflows, fn_moves;
      drop trigger fiscal_drives_owner on fiscal_drives;
      drop function keep_fn_owner();
      drop index fiscal_drives_one_in_cell;
      update fiscal_drives set state = 'stock' where state in ('tested', 'reserved');
      alter table fiscal_drives drop constraint fiscal_drives_cell, drop constraint fiscal_drives_reserved,
        drop constraint fiscal_drives_state_check;
      alter table fiscal_drives drop column cell, drop column responsible, drop column keep_until, drop column return_act,
        add constraint fiscal_drives_state_check check
          (state in ('stock', 'installed', 'closed', 'in_cell', 'returned', 'faulty'));
      drop function refuse_change();
    `);
  }
}
