import { FarmError } from '@kkt/contracts';
import type { Sql } from '../sql';

/** Groups of messages that a person chooses about. */
export const choiceEvents = ['trouble', 'fn', 'money', 'answers'] as const;
export type ChoiceEvent = (typeof choiceEvents)[number];
export const choiceChannels = ['email', 'sms', 'telegram'] as const;
export type ChoiceChannel = (typeof choiceChannels)[number];

export interface NotificationChoice {
  event: ChoiceEvent;
  channel: ChoiceChannel;
  enabled: boolean;
}

/** What a person wants to hear of, what we hold about him, and its end (152-FZ). */
export class PersonalStore {
  constructor(private readonly sql: Sql) {}

  async choices(clientId: string, personId: string): Promise<NotificationChoice[]> {
    return this.sql.query<NotificationChoice>(
      'select event, channel, enabled from notification_choices where client_id = $1 and person_id = $2',
      [clientId, personId],
    );
  }

  async choose(clientId: string, personId: string, choices: readonly NotificationChoice[]): Promise<void> {
    await this.sql.query(
      `insert into notification_choices (client_id, person_id, event, channel, enabled)
       select $1, $2, event, channel, enabled
       from json_to_recordset($3::json) as x(event text, channel text, enabled boolean)
       on conflict (client_id, person_id, event, channel) do update set enabled = excluded.enabled`,
      [clientId, personId, JSON.stringify(choices)],
    );
  }

  /**
   * Who of a client asked for messages of a kind by a channel, with his address; undefined when nobody of the client
   * has chosen anything about them: then the client's usual address is written to.
   */
  async chosen(
    clientId: string,
    event: ChoiceEvent,
    channel: ChoiceChannel,
  ): Promise<{ personId: string; address: string }[] | undefined> {
    const rows = await this.sql.query<{ personId: string; enabled: boolean; address: string | null }>(
      `select c.person_id as "personId", c.enabled,
              case c.channel when 'email' then case when p.email_confirmed_at is not null then p.email end
                             when 'sms' then case when p.phone_confirmed_at is not null then p.phone end
                             else (select address from contact_points where owner_kind = 'person'
                                   and owner_id = p.id::text and channel = 'telegram' order by id limit 1) end as address
       from notification_choices c join people p on p.id = c.person_id
       where c.client_id = $1 and c.event = $2 and c.channel = $3 and not p.disabled`,
      [clientId, event, channel],
    );
    if (rows.length === 0) return undefined;
    return rows.flatMap(({ personId, enabled, address }) =>
      enabled && address !== null ? [{ personId, address }] : [],
    );
  }

  /** Everything held about a person, section by section. */
  async everything(personId: string): Promise<Record<string, unknown[]>> {
    const sections: Readonly<Record<string, string>> = {
      account: `select login, name, email, phone, email_confirmed_at, phone_confirmed_at, company_name, language,
                  totp_sealed is not null as second_factor, created_at from people where id = $1`,
      companies: `select c.name, c.inn, l.role from client_people l join clients c on c.id = l.client_id where l.person_id = $1`,
      rights: `select n.name as node, g.role, g.granted_at from node_grants g join tree_nodes n on n.id = g.node_id where g.person_id = $1`,
      offers: 'select version, address, accepted_at from offer_acceptances where person_id = $1',
      sessions:
        'select address, agent, created_at, seen_at, expires_at from web_sessions where person_id = $1',
      logins:
        'select outcome, address, agent, at from login_journal where who = $1 order by id desc limit 1000',
      actions: `select at, action, object_kind, object_id from audit_log where actor_id = $1 order by seq desc limit 5000`,
      tickets: 'select id, subject, state, created_at from support_tickets where person_id = $1',
      messages: `select m.ticket_id, m.body, m.at from support_messages m where m.author_id = $1 order by m.id`,
      notifications: `select kind, channel, subject, body, created_at from notifications
                      where (recipient_kind = 'person' and recipient_id = $1::uuid::text)
                         or address in (select email from people where id = $1::uuid) order by id desc limit 1000`,
      choices: 'select event, channel, enabled from notification_choices where person_id = $1',
      saved_filters: 'select name, query, created_at from saved_filters where person_id = $1',
      report_schedules: 'select name, every, email from report_schedules where person_id = $1',
    };
    const found: Record<string, unknown[]> = {};
    for (const [name, text] of Object.entries(sections)) found[name] = await this.sql.query(text, [personId]);
    return found;
  }

  /**
   * Ends an account: what names the person goes, what law keeps (the journal of actions, receipts) stays without him.
   * Only inside a transaction.
   * @throws FarmError CLIENT-ERASE while a company would be left without an owner
   */
  async erase(personId: string): Promise<void> {
    const alone = await this.sql.query<{ name: string }>(
      `select c.name from client_people l join clients c on c.id = l.client_id
       where l.person_id = $1 and l.role = 'owner' and not exists (
         select 1 from client_people o join people p on p.id = o.person_id
         where o.client_id = l.client_id and o.role = 'owner' and o.person_id <> $1 and not p.disabled)`,
      [personId],
    );
    if (alone[0])
      throw new FarmError(
        'CLIENT-ERASE',
        `Вы единственный владелец компании «${alone[0].name}»: сначала назначьте другого`,
        { field: 'password' },
      );
    await this.sql.query(
      `update people set login = 'erased-' || id, name = 'Удалённый пользователь', email = null, phone = null,
              email_confirmed_at = null, phone_confirmed_at = null, company_name = null, password_hash = '', disabled = true,
              totp_sealed = null, totp_pending = null where id = $1`,
      [personId],
    );
    for (const text of [
      'delete from web_sessions where person_id = $1',
      'delete from client_people where person_id = $1',
      'delete from recovery_codes where person_id = $1',
      'delete from confirmations where person_id = $1',
      "update login_journal set address = '', agent = '' where who = $1",
      `delete from contact_points where owner_kind = 'person' and owner_id = $1::text`,
      `update notifications set address = null, body = '' where recipient_kind = 'person' and recipient_id = $1::text`,
      `update support_messages set author_name = 'Удалённый пользователь', author_id = null where author_id = $1`,
      'update support_tickets set person_id = null where person_id = $1',
    ])
      await this.sql.query(text, [personId]);
  }

  /** Forgets addresses of log-ins and texts of messages past their time; resolves with how many rows. */
  async forgetOld(days: number, limit: number): Promise<number> {
    const logins = await this.sql.query(
      `delete from login_journal where id in (
         select id from login_journal where at < farm_now() - make_interval(days => $1) order by id limit $2) returning id`,
      [days, limit],
    );
    const messages = await this.sql.query(
      `delete from notifications where id in (
         select id from notifications where state <> 'pending' and created_at < farm_now() - make_interval(days => $1)
         order by id limit $2) returning id`,
      [days, limit],
    );
    return logins.length + messages.length;
  }
}
