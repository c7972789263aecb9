import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Messages to people: an outbox written together with the event it tells, where people can be reached, and files that
 * go with messages.
 */
export class Notifications1795758600000 implements MigrationInterface {
  readonly name = 'Notifications1795758600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Where somebody can be reached. A role ('support', 'client-service'…) is reached by its shared address.
      create table contact_points (
        id bigint generated always as identity primary key,
        owner_kind text not null check (owner_kind in ('staff', 'person', 'client', 'role')),
        owner_id text not null,
        channel text not null check (channel in ('email', 'sms', 'telegram', 'voice')),
        address text not null,
        language text not null default 'ru' check (language in ('ru', 'en')),
        created_at timestamptz not null default farm_now(),
        constraint contact_points_once unique (owner_kind, owner_id, channel, address),
        constraint contact_points_one_line check (length(address) between 1 and 320 and address !~ '[[:cntrl:]]')
      );

      -- Files made beforehand that messages refer to.
      create table notification_files (
        id uuid primary key,
        content_type text not null,
        bytes bytea not null,
        created_at timestamptz not null default farm_now()
      );

      create table notifications (
        id bigint generated always as identity primary key,
        -- The same event is told to the same recipient by the same channel once, however often it is written.
        dedup_key text not null,
        kind text not null,
        -- 1 is the highest; null for what is no alarm.
        severity smallint check (severity between 1 and 4),
        client_id uuid references clients on delete cascade,
        alert_id bigint,
        recipient_kind text not null check (recipient_kind in ('staff', 'person', 'client', 'role', 'address')),
        recipient_id text not null,
        channel text not null check (channel in ('email', 'sms', 'telegram', 'voice', 'web')),
        -- Null until the recipient's contact is looked up at delivery.
        address text,
        language text not null check (language in ('ru', 'en')),
        subject text not null,
        body text not null,
        attachments jsonb not null default '[]',
        state text not null default 'pending' check (state in ('pending', 'sent', 'failed', 'cancelled')),
        -- Who took it: smtp, sms-http…; 'mailbox' when the channel has no gateway.
        gateway text,
        attempts integer not null default 0,
        next_at timestamptz not null default farm_now(),
        -- Later than this it is of no use to the recipient.
        expires_at timestamptz not null,
        last_error text,
        created_at timestamptz not null default farm_now(),
        finished_at timestamptz,
        read_at timestamptz,
        constraint notifications_once unique (dedup_key),
        constraint notifications_one_line check (subject !~ '[[:cntrl:]]' and (address is null or address !~ '[[:cntrl:]]')),
        constraint notifications_finished check ((state = 'pending') = (finished_at is null))
      );
      create index notifications_due on notifications (channel, next_at) where state = 'pending';
      create index notifications_recipient on notifications (recipient_kind, recipient_id, id desc);
      create index notifications_client on notifications (client_id, id desc) where client_id is not null;
      create index notifications_alert on notifications (alert_id) where alert_id is not null;
      create index notifications_sent on notifications (channel, address, finished_at) where state = 'sent';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table notifications, notification_files, contact_points');
  }
}
