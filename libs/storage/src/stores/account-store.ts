import { oneRow, type Sql } from '../sql';

/** A person with what the account pages need. */
export interface PersonAccount {
  id: string;
  login: string;
  name: string;
  passwordHash: string;
  disabled: boolean;
  email: string | null;
  phone: string | null;
  emailConfirmedAt: Date | null;
  phoneConfirmedAt: Date | null;
  companyName: string | null;
  hasTotp: boolean;
  language: 'ru' | 'en';
}

export interface OpenConfirmation {
  id: string;
  codeHash: Buffer;
}

/** A log-in of a person, for his own journal. */
export interface LoginRecord {
  at: Date;
  outcome: string;
  address: string;
  agent: string;
}

/** A live session of a person. */
export interface SessionRecord {
  /** The first bytes of the id's hash: names the session without opening it. */
  name: string;
  address: string;
  agent: string;
  createdAt: Date;
  seenAt: Date;
  expiresAt: Date;
  isOwn: boolean;
}

const columns = `id, login, name, password_hash as "passwordHash", disabled, email, phone,
  email_confirmed_at as "emailConfirmedAt", phone_confirmed_at as "phoneConfirmedAt", company_name as "companyName",
  totp_sealed is not null as "hasTotp", language`;

/** Accounts of people: contacts, confirmations, second factor, offers. */
export class AccountStore {
  constructor(private readonly sql: Sql) {}

  async byId(id: string): Promise<PersonAccount | undefined> {
    return this.one('id = $1', id);
  }

  async byEmail(email: string): Promise<PersonAccount | undefined> {
    return this.one('email = $1', email);
  }

  async byPhone(phone: string): Promise<PersonAccount | undefined> {
    return this.one('phone = $1 and phone_confirmed_at is not null', phone);
  }

  /** A person who signs up; one who did before and never confirmed begins anew. */
  async begin(person: {
    id: string;
    email: string;
    phone: string;
    name: string;
    passwordHash: string;
    companyName: string;
    partnerId: string | null;
  }): Promise<void> {
    await this.sql.query(
      `insert into people (id, login, email, phone, name, password_hash, company_name, partner_id)
       values ($1, $2, $2, $3, $4, $5, $6, $7)
       on conflict (id) do update set phone = excluded.phone, name = excluded.name,
         password_hash = excluded.password_hash, company_name = excluded.company_name, partner_id = excluded.partner_id
       where people.email_confirmed_at is null`,
      [
        person.id,
        person.email,
        person.phone,
        person.name,
        person.passwordHash,
        person.companyName,
        person.partnerId,
      ],
    );
  }

  async partnerByCode(code: string): Promise<string | undefined> {
    const rows = await this.sql.query<{ id: string }>(
      'select id from partners where lower(code) = lower($1)',
      [code],
    );
    return rows[0]?.id;
  }

  /** The offer that is to be accepted now. */
  async currentOffer(): Promise<{ version: string; title: string; body: string } | undefined> {
    const rows = await this.sql.query<{ version: string; title: string; body: string }>(
      `select version, title, body from offers where valid_from <= farm_now()::date order by valid_from desc, version desc
       limit 1`,
    );
    return rows[0];
  }

  async isCurrentOffer(version: string): Promise<boolean> {
    return (await this.currentOffer())?.version === version;
  }

  async acceptOffer(personId: string, version: string, address: string): Promise<void> {
    await this.sql.query(
      'insert into offer_acceptances (person_id, version, address) values ($1, $2, $3) on conflict do nothing',
      [personId, version, address],
    );
  }

  async addConfirmation(confirmation: {
    id: string;
    personId: string;
    kind: string;
    codeHash: Buffer;
    linkHash: Buffer | null;
    validS: number;
  }): Promise<void> {
    // A new code ends the ones before it.
    await this.sql.query(
      'update confirmations set used_at = farm_now() where person_id = $1 and kind = $2 and used_at is null',
      [confirmation.personId, confirmation.kind],
    );
    await this.sql.query(
      `insert into confirmations (id, person_id, kind, code_hash, link_hash, expires_at)
       values ($1, $2, $3, $4, $5, farm_now() + make_interval(secs => $6))`,
      [
        confirmation.id,
        confirmation.personId,
        confirmation.kind,
        confirmation.codeHash,
        confirmation.linkHash,
        confirmation.validS,
      ],
    );
  }

  async confirmationsOfHour(personId: string, kind: string): Promise<number> {
    const rows = await this.sql.query<{ count: number }>(
      `select count(*)::integer as count from confirmations
       where person_id = $1 and kind = $2 and created_at > farm_now() - interval '1 hour'`,
      [personId, kind],
    );
    return oneRow(rows, 'a count').count;
  }

  async openConfirmation(
    personId: string,
    kind: string,
    maxTries: number,
  ): Promise<OpenConfirmation | undefined> {
    const rows = await this.sql.query<OpenConfirmation>(
      `select id, code_hash as "codeHash" from confirmations
       where person_id = $1 and kind = $2 and used_at is null and expires_at > farm_now() and tries < $3
       order by created_at desc limit 1 for update`,
      [personId, kind, maxTries],
    );
    return rows[0];
  }

  async tried(id: string, isRight: boolean): Promise<void> {
    await this.sql.query(
      `update confirmations set tries = tries + 1, used_at = case when $2 then farm_now() end where id = $1`,
      [id, isRight],
    );
  }

  /** Uses up the confirmation behind a link; the person it belongs to. */
  async useLink(linkHash: Buffer, kind: string): Promise<string | undefined> {
    const rows = await this.sql.query<{ id: string }>(
      `update confirmations set used_at = farm_now()
       where link_hash = $1 and kind = $2 and used_at is null and expires_at > farm_now() returning person_id as id`,
      [linkHash, kind],
    );
    return rows[0]?.id;
  }

  async emailConfirmed(personId: string): Promise<void> {
    await this.sql.query(
      'update people set email_confirmed_at = coalesce(email_confirmed_at, farm_now()) where id = $1',
      [personId],
    );
  }

  async phoneConfirmed(personId: string): Promise<void> {
    await this.sql.query('update people set phone_confirmed_at = farm_now() where id = $1', [personId]);
  }

  async setPassword(personId: string, passwordHash: string): Promise<void> {
    await this.sql.query('update people set password_hash = $2 where id = $1', [personId, passwordHash]);
  }

  /** Ends a person's sessions, all or all but one. */
  async endSessions(personId: string, keep?: Buffer): Promise<void> {
    await this.sql.query('delete from web_sessions where person_id = $1 and id_hash is distinct from $2', [
      personId,
      keep ?? null,
    ]);
  }

  async endSession(personId: string, name: string): Promise<boolean> {
    const rows = await this.sql.query(
      `delete from web_sessions where person_id = $1 and encode(substring(id_hash from 1 for 6), 'hex') = $2
       returning realm`,
      [personId, name],
    );
    return rows.length > 0;
  }

  async sessions(personId: string, own: Buffer): Promise<SessionRecord[]> {
    return this.sql.query<SessionRecord>(
      `select encode(substring(id_hash from 1 for 6), 'hex') as name, address, agent, created_at as "createdAt",
              seen_at as "seenAt", expires_at as "expiresAt", id_hash = $2 as "isOwn"
       from web_sessions where person_id = $1 and expires_at > farm_now() order by seen_at desc`,
      [personId, own],
    );
  }

  async logins(personId: string): Promise<LoginRecord[]> {
    return this.sql.query<LoginRecord>(
      'select at, outcome, address, agent from login_journal where who = $1 order by at desc limit 100',
      [personId],
    );
  }

  async lockedTotp(
    personId: string,
  ): Promise<{ sealed: Buffer | null; pending: Buffer | null; lastStep: number } | undefined> {
    const rows = await this.sql.query<{ sealed: Buffer | null; pending: Buffer | null; lastStep: number }>(
      `select totp_sealed as sealed, totp_pending as pending, totp_last_step::float8 as "lastStep"
       from people where id = $1 for update`,
      [personId],
    );
    return rows[0];
  }

  async setPendingTotp(personId: string, sealed: Buffer): Promise<void> {
    await this.sql.query('update people set totp_pending = $2 where id = $1', [personId, sealed]);
  }

  async enableTotp(
    personId: string,
    sealed: Buffer,
    step: number,
    recovery: readonly Buffer[],
  ): Promise<void> {
    await this.sql.query(
      'update people set totp_sealed = $2, totp_pending = null, totp_last_step = $3 where id = $1',
      [personId, sealed, step],
    );
    await this.sql.query('delete from recovery_codes where person_id = $1', [personId]);
    for (const hash of recovery)
      await this.sql.query('insert into recovery_codes (person_id, code_hash) values ($1, $2)', [
        personId,
        hash,
      ]);
  }

  async disableTotp(personId: string): Promise<void> {
    await this.sql.query(
      'update people set totp_sealed = null, totp_pending = null, totp_last_step = 0 where id = $1',
      [personId],
    );
    await this.sql.query('delete from recovery_codes where person_id = $1', [personId]);
  }

  async usedStep(personId: string, step: number): Promise<void> {
    await this.sql.query('update people set totp_last_step = $2 where id = $1', [personId, step]);
  }

  async useRecoveryCode(personId: string, hash: Buffer): Promise<boolean> {
    const rows = await this.sql.query(
      `update recovery_codes set used_at = farm_now() where person_id = $1 and code_hash = $2 and used_at is null
       returning person_id`,
      [personId, hash],
    );
    return rows.length === 1;
  }

  /** Five wrong codes in a quarter of an hour are enough. */
  async tooManyFactorTries(personId: string): Promise<boolean> {
    const rows = await this.sql.query<{ count: number }>(
      `select count(*)::integer as count from factor_tries
       where person_id = $1 and at > farm_now() - interval '15 minutes'`,
      [personId],
    );
    return oneRow(rows, 'a count').count >= 5;
  }

  async wrongFactor(personId: string): Promise<void> {
    await this.sql.query('insert into factor_tries (person_id) values ($1)', [personId]);
  }

  async addCompany(company: { id: string; name: string; inn: string; ownerId: string }): Promise<void> {
    await this.sql.query(
      `insert into clients (id, name, inn, partner_id)
       select $1, $2, $3, partner_id from people where id = $4`,
      [company.id, company.name, company.inn, company.ownerId],
    );
    await this.sql.query(`insert into client_people (client_id, person_id, role) values ($1, $2, 'owner')`, [
      company.id,
      company.ownerId,
    ]);
    await this.sql.query('update people set company_name = null where id = $1', [company.ownerId]);
  }

  private async one(where: string, value: string): Promise<PersonAccount | undefined> {
    const rows = await this.sql.query<PersonAccount>(`select ${columns} from people where ${where}`, [value]);
    return rows[0];
  }
}
