import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Clients' questions and their answers; what each person wants to hear of, by channel. */
export class Support1795783380000 implements MigrationInterface {
  readonly name = 'Support1795783380000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table support_tickets (
        id bigint generated always as identity (start with 1001) primary key,
        client_id uuid not null references clients on delete cascade,
        -- Null once the person's data were erased.
        person_id uuid references people on delete set null,
        subject text not null check (length(subject) between 1 and 200),
        -- What it is about, and the page it was written on.
        object_kind text check (object_kind in ('receipt', 'register')),
        object_id text,
        page text check (length(page) <= 500),
        state text not null default 'open' check (state in ('open', 'answered', 'closed')),
        answer_due_at timestamptz not null,
        created_at timestamptz not null default farm_now(),
        updated_at timestamptz not null default farm_now(),
        check ((object_kind is null) = (object_id is null))
      );
      create index support_tickets_client on support_tickets (client_id, updated_at desc);
      create index support_tickets_open on support_tickets (answer_due_at) where state = 'open';

      create table support_messages (
        id bigint generated always as identity primary key,
        ticket_id bigint not null references support_tickets on delete cascade,
        author_kind text not null check (author_kind in ('person', 'staff')),
        author_id uuid,
        author_name text not null,
        body text not null check (length(body) between 1 and 5000),
        at timestamptz not null default farm_now()
      );
      create index support_messages_ticket on support_messages (ticket_id, id);

      create table notification_choices (
        person_id uuid not null,
        client_id uuid not null,
        event text not null check (event in ('trouble', 'fn', 'money', 'answers')),
        channel text not null check (channel in ('email', 'sms', 'telegram')),
        enabled boolean not null,
        primary key (client_id, person_id, event, channel),
        foreign key (person_id, client_id) references client_people (person_id, client_id) on delete cascade
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table notification_choices, support_messages, support_tickets');
  }
}
