import type { Sql } from '../sql';

export type NotificationChannel = 'email' | 'sms' | 'telegram' | 'voice' | 'web';
export type NotificationLanguage = 'ru' | 'en';

/** Whom a message is for. `role` is a desk with a shared address: `support`, `client-service`. */
export type Recipient =
  | { kind: 'staff' | 'person' | 'client'; id: string }
  | { kind: 'role'; id: string }
  /** A bare address of somebody we know nothing else about: a buyer, say. */
  | { kind: 'address'; id: string };

/** A file of a message: stored beforehand, or made by a named generator of the worker when it is sent. */
export type AttachmentRef =
  | { name: string; contentType: string; fileId: string }
  | { name: string; contentType: string; generator: string; args: Record<string, string | number> };

export interface NewNotification {
  dedupKey: string;
  kind: string;
  severity: 1 | 2 | 3 | 4 | null;
  clientId: string | null;
  alertId: string | null;
  recipient: Recipient;
  channel: NotificationChannel;
  address: string | null;
  language: NotificationLanguage;
  subject: string;
  body: string;
  attachments: readonly AttachmentRef[];
  /** Not before so many seconds from now. */
  delayS: number;
  expiresInS: number;
}

export interface DueNotification {
  id: string;
  kind: string;
  channel: NotificationChannel;
  recipientKind: Recipient['kind'];
  recipientId: string;
  address: string | null;
  subject: string;
  body: string;
  attachments: AttachmentRef[];
  attempts: number;
  /** Until it is of no use. */
  leftS: number;
  /** Messages that this address took by this channel within the last hour. */
  sentLastHour: number;
}

export type NotificationOutcome =
  | { id: string; state: 'sent'; gateway: string; address: string | null }
  /** `isAttempt` false: it was only put off. */
  | { id: string; state: 'pending'; error: string; retryInS: number; isAttempt: boolean }
  | { id: string; state: 'failed'; error: string };

export interface NotificationRow {
  id: string;
  kind: string;
  severity: number | null;
  clientId: string | null;
  alertId: string | null;
  recipientKind: Recipient['kind'];
  recipientId: string;
  channel: NotificationChannel;
  address: string | null;
  language: NotificationLanguage;
  subject: string;
  body: string;
  attachments: AttachmentRef[];
  state: 'pending' | 'sent' | 'failed' | 'cancelled';
  gateway: string | null;
  attempts: number;
  lastError: string | null;
  createdAt: Date;
  finishedAt: Date | null;
  readAt: Date | null;
}

export interface NotificationFilter {
  channel?: NotificationChannel;
  gateway?: string;
  recipient?: Recipient;
  clientId?: string;
  alertId?: string;
  /** Part of an address or of the text. */
  search?: string;
  beforeId?: number;
  limit: number;
}

const columns = `id, kind, severity, client_id as "clientId", alert_id as "alertId", recipient_kind as "recipientKind",
  recipient_id as "recipientId", channel, address, language, subject, body, attachments, state, gateway, attempts,
  last_error as "lastError", created_at as "createdAt", finished_at as "finishedAt", read_at as "readAt"`;

/** Messages to people: written with the event they tell, sent by the worker. */
export class NotificationStore {
  constructor(private readonly sql: Sql) {}

  /** True when it is new; a message with this key written before stays as it is. */
  async add(one: NewNotification): Promise<boolean> {
    const rows = await this.sql.query(
      `insert into notifications (dedup_key, kind, severity, client_id, alert_id, recipient_kind, recipient_id, channel, address,
         language, subject, body, attachments, next_at, expires_at, state, gateway, finished_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, farm_now() + make_interval(secs => $14),
         farm_now() + make_interval(secs => $14 + $15), case $8 when 'web' then 'sent' else 'pending' end,
         case $8 when 'web' then 'web' end, case $8 when 'web' then farm_now() end)
       on conflict on constraint notifications_once do nothing returning id`,
      [
        one.dedupKey,
        one.kind,
        one.severity,
        one.clientId,
        one.alertId,
        one.recipient.kind,
        one.recipient.id,
        one.channel,
        one.address,
        one.language,
        one.subject,
        one.body,
        JSON.stringify(one.attachments),
        one.delayS,
        one.expiresInS,
      ],
      'notifications_add',
    );
    return rows.length > 0;
  }

  /** Takes messages of a channel that are due, each for `leaseS` seconds; a sender that dies leaves them due again. */
  async claimDue(channel: NotificationChannel, limit: number, leaseS: number): Promise<DueNotification[]> {
    return this.sql.query<DueNotification>(
      `with due as (
         select id from notifications where state = 'pending' and channel = $1 and next_at <= farm_now()
         order by severity nulls last, next_at limit $2 for update skip locked
       )
       update notifications n set next_at = farm_now() + make_interval(secs => $3)
       from due where n.id = due.id
       returning n.id, n.kind, n.channel, n.recipient_kind as "recipientKind", n.recipient_id as "recipientId", n.address,
         n.subject, n.body, n.attachments, n.attempts,
         extract(epoch from n.expires_at - farm_now())::float8 as "leftS",
         (select count(*)::integer from notifications o where o.state = 'sent' and o.channel = n.channel
            and o.address = n.address and o.finished_at > farm_now() - interval '1 hour') as "sentLastHour"`,
      [channel, limit, leaseS],
      'notifications_claim',
    );
  }

  async record(outcome: NotificationOutcome): Promise<void> {
    const isAttempt = outcome.state !== 'pending' || outcome.isAttempt;
    await this.sql.query(
      `update notifications set state = $2::text, attempts = attempts + $3, last_error = $4, gateway = coalesce($5, gateway),
              address = coalesce(address, $6), next_at = case $2 when 'pending' then farm_now() + make_interval(secs => $7) else next_at end,
              finished_at = case $2 when 'pending' then null else farm_now() end
       where id = $1 and state = 'pending'`,
      [
        outcome.id,
        outcome.state,
        isAttempt ? 1 : 0,
        outcome.state === 'sent' ? null : outcome.error,
        outcome.state === 'sent' ? outcome.gateway : null,
        outcome.state === 'sent' ? outcome.address : null,
        outcome.state === 'pending' ? outcome.retryInS : 0,
      ],
      'notifications_record',
    );
  }

  /** Drops what was not yet sent about an alert: it was taken or is over. */
  async cancelOfAlert(alertId: string, channels: readonly NotificationChannel[]): Promise<number> {
    const rows = await this.sql.query(
      `update notifications set state = 'cancelled', finished_at = farm_now()
       where alert_id = $1 and state = 'pending' and channel = any($2::text[]) returning id`,
      [alertId, channels],
    );
    return rows.length;
  }

  /** Tries again what was given up: for a person who asks. */
  async resend(id: string, expiresInS: number): Promise<boolean> {
    const rows = await this.sql.query(
      `update notifications set state = 'pending', attempts = 0, next_at = farm_now(), finished_at = null,
              expires_at = farm_now() + make_interval(secs => $2)
       where id = $1 and state in ('failed', 'cancelled') returning id`,
      [id, expiresInS],
    );
    return rows.length > 0;
  }

  async list(filter: NotificationFilter): Promise<NotificationRow[]> {
    return this.sql.query<NotificationRow>(
      `select ${columns} from notifications
       where ($1::text is null or channel = $1) and ($2::text is null or gateway = $2)
         and ($3::text is null or (recipient_kind = $3 and recipient_id = $4))
         and ($5::uuid is null or client_id = $5) and ($6::bigint is null or alert_id = $6)
         and ($7::text is null or position(lower($7) in lower(coalesce(address, '') || ' ' || subject || ' ' || body)) > 0)
         and ($8::bigint is null or id < $8)
       order by id desc limit $9`,
      [
        filter.channel ?? null,
        filter.gateway ?? null,
        filter.recipient?.kind ?? null,
        filter.recipient?.id ?? null,
        filter.clientId ?? null,
        filter.alertId ?? null,
        filter.search ?? null,
        filter.beforeId ?? null,
        filter.limit,
      ],
    );
  }

  async find(id: string): Promise<NotificationRow | undefined> {
    const rows = await this.sql.query<NotificationRow>(`select ${columns} from notifications where id = $1`, [
      id,
    ]);
    return rows[0];
  }

  /** Marks messages on the recipient's own pages as read. */
  async markRead(recipient: Recipient, ids: readonly string[]): Promise<void> {
    await this.sql.query(
      `update notifications set read_at = farm_now()
       where id = any($3::bigint[]) and recipient_kind = $1 and recipient_id = $2 and read_at is null`,
      [recipient.kind, recipient.id, ids],
    );
  }

  /** For metrics: how many wait by channel and how long the oldest does. */
  async backlog(): Promise<{ channel: NotificationChannel; pending: number; oldestS: number }[]> {
    return this.sql.query(
      `select channel, count(*)::integer as pending,
              extract(epoch from greatest(farm_now() - min(created_at), interval '0'))::float8 as "oldestS"
       from notifications where state = 'pending' group by channel`,
      [],
      'notifications_backlog',
    );
  }

  async addFile(id: string, contentType: string, bytes: Uint8Array): Promise<void> {
    await this.sql.query('insert into notification_files (id, content_type, bytes) values ($1, $2, $3)', [
      id,
      contentType,
      Buffer.from(bytes),
    ]);
  }

  async file(id: string): Promise<{ contentType: string; bytes: Buffer } | undefined> {
    const rows = await this.sql.query<{ contentType: string; bytes: Buffer }>(
      'select content_type as "contentType", bytes from notification_files where id = $1',
      [id],
    );
    return rows[0];
  }

  /** Where somebody is reached by this channel, the first entered first. A person without an entry may log in by e-mail. */
  async addressOf(
    recipient: Pick<Recipient, 'kind' | 'id'>,
    channel: NotificationChannel,
  ): Promise<string | undefined> {
    if (recipient.kind === 'address') return recipient.id;
    const rows = await this.sql.query<{ address: string }>(
      `select address from (
         select 1 as rank, id, address from contact_points where owner_kind = $1 and owner_id = $2 and channel = $3
         union all
         select 2, 0, case $3 when 'email' then coalesce(case when email_confirmed_at is not null then email end,
                                                       case when login like '%_@_%' then login end)
                              when 'sms' then case when phone_confirmed_at is not null then phone end end
         from people where $1 = 'person' and id::text = $2
         union all
         select 3, 0, p.login from people p join client_people c on c.person_id = p.id
         where $1 = 'client' and $3 = 'email' and c.client_id::text = $2 and c.role = 'owner' and p.login like '%_@_%'
       ) found where address is not null order by rank, id limit 1`,
      [recipient.kind, recipient.id, channel],
    );
    return rows[0]?.address;
  }

  async setContact(
    owner: { kind: 'staff' | 'person' | 'client' | 'role'; id: string },
    channel: NotificationChannel,
    address: string,
  ): Promise<void> {
    await this.sql.query(
      `insert into contact_points (owner_kind, owner_id, channel, address) values ($1, $2, $3, $4)
       on conflict on constraint contact_points_once do nothing`,
      [owner.kind, owner.id, channel, address],
    );
  }
}
