import { oneRow, type Sql } from '../sql';

/** Which application: the engineers' console or the clients' cabinet. */
export type Realm = 'console' | 'cabinet';
export type StaffRole = 'viewer' | 'support' | 'engineer' | 'lead';
/** A role in the whole company; `member`: rights at parts of it only. */
export type PersonRole = 'owner' | 'manager' | 'accountant' | 'developer' | 'cashier' | 'viewer' | 'member';

/** Someone who may log in, as found by login. */
export interface Account {
  id: string;
  name: string;
  passwordHash: string;
  disabled: boolean;
}

/** Who is behind a live session of the console. */
export interface StaffSession {
  staffId: string;
  login: string;
  name: string;
  role: StaffRole;
  /** Of a screen on the wall: it sees the wall pages and nothing else. */
  isWall: boolean;
  expiresAt: Date;
}

/** Who is behind a live session of the cabinet, and for which client. */
export interface PersonSession {
  personId: string;
  login: string;
  name: string;
  /** Null together with the client: somebody who has no company yet. */
  role: PersonRole | null;
  clientId: string | null;
  clientName: string | null;
  clientInn: string | null;
  expiresAt: Date;
}

export interface NewSession {
  idHash: Buffer;
  address: string;
  agent: string;
  /** The longest life of a session, however busy. */
  absoluteS: number;
}

/**
 * Log-ins and sessions. A session ends after `idleS` without requests, at its absolute limit, at log-out, and when its
 * owner is disabled or loses the client: each look-up asks for all of these.
 */
export class SessionStore {
  constructor(private readonly sql: Sql) {}

  async staffByLogin(login: string): Promise<Account | undefined> {
    const rows = await this.sql.query<Account>(
      `select id, name, password_hash as "passwordHash", disabled from staff where login = $1`,
      [login],
    );
    return rows[0];
  }

  async personByLogin(login: string): Promise<Account | undefined> {
    const rows = await this.sql.query<Account>(
      `select id, name, password_hash as "passwordHash", disabled from people
       where (login = $1 or email = $1 or (phone = $1 and phone_confirmed_at is not null))
         and (email is null or email_confirmed_at is not null)
       order by login = $1 desc limit 1`,
      [login],
    );
    return rows[0];
  }

  /** Clients a person acts for, by name. */
  async clientsOf(personId: string): Promise<{ id: string; name: string; inn: string }[]> {
    return this.sql.query(
      `select c.id, c.name, c.inn from client_people p join clients c on c.id = p.client_id
       where p.person_id = $1 order by c.name, c.id`,
      [personId],
    );
  }

  async openStaffSession(session: NewSession & { staffId: string; isWall?: boolean }): Promise<void> {
    await this.sql.query(
      `insert into web_sessions (id_hash, realm, staff_id, address, agent, expires_at, is_wall)
       values ($1, 'console', $2, $3, $4, farm_now() + make_interval(secs => $5), $6)`,
      [
        session.idHash,
        session.staffId,
        session.address,
        session.agent,
        session.absoluteS,
        session.isWall ?? false,
      ],
    );
  }

  async openPersonSession(
    session: NewSession & { personId: string; clientId: string | null },
  ): Promise<void> {
    await this.sql.query(
      `insert into web_sessions (id_hash, realm, person_id, client_id, address, agent, expires_at)
       values ($1, 'cabinet', $2, $3, $4, $5, farm_now() + make_interval(secs => $6))`,
      [session.idHash, session.personId, session.clientId, session.address, session.agent, session.absoluteS],
    );
  }

  /** The live session of the console with this id, and notes that it was used. */
  async staffSession(idHash: Buffer, idleS: number): Promise<StaffSession | undefined> {
    const rows = await this.sql.query<StaffSession & { seen_s: number }>(
      `select s.staff_id as "staffId", p.login, p.name, p.role, s.is_wall as "isWall", s.expires_at as "expiresAt",
              extract(epoch from farm_now() - s.seen_at)::float8 as seen_s
       from web_sessions s join staff p on p.id = s.staff_id and not p.disabled
       where s.id_hash = $1 and s.realm = 'console' and s.expires_at > farm_now()
         -- A screen that was dark over a weekend comes back by itself.
         and (s.is_wall or s.seen_at > farm_now() - make_interval(secs => $2))`,
      [idHash, idleS],
      'sessions_staff',
    );
    return this.touched(idHash, rows[0]);
  }

  /** The live session of the cabinet with this id, and notes that it was used. */
  async personSession(idHash: Buffer, idleS: number): Promise<PersonSession | undefined> {
    const rows = await this.sql.query<PersonSession & { seen_s: number }>(
      `select s.person_id as "personId", p.login, p.name, l.role, l.client_id as "clientId", c.name as "clientName",
              c.inn as "clientInn", s.expires_at as "expiresAt", extract(epoch from farm_now() - s.seen_at)::float8 as seen_s
       from web_sessions s join people p on p.id = s.person_id and not p.disabled
       left join client_people l on l.person_id = s.person_id and l.client_id = s.client_id
       left join clients c on c.id = l.client_id
       where s.id_hash = $1 and s.realm = 'cabinet' and s.expires_at > farm_now()
         and s.seen_at > farm_now() - make_interval(secs => $2)`,
      [idHash, idleS],
      'sessions_person',
    );
    return this.touched(idHash, rows[0]);
  }

  /** Written at most once a minute: a look at a page must not cost a flush of the log. */
  private async touched<T extends { seen_s: number }>(
    idHash: Buffer,
    row: T | undefined,
  ): Promise<Omit<T, 'seen_s'> | undefined> {
    if (!row) return undefined;
    const { seen_s, ...session } = row;
    if (seen_s > 60) {
      await this.sql.query('update web_sessions set seen_at = farm_now() where id_hash = $1', [idHash]);
    }
    return session;
  }

  /** Lets a person's session act for another of his clients. False when he has no right to it. */
  async switchClient(idHash: Buffer, clientId: string): Promise<boolean> {
    const rows = await this.sql.query(
      `update web_sessions s set client_id = l.client_id from client_people l
       where s.id_hash = $1 and l.person_id = s.person_id and l.client_id = $2 returning s.realm`,
      [idHash, clientId],
    );
    return rows.length === 1;
  }

  async end(idHash: Buffer): Promise<void> {
    await this.sql.query('delete from web_sessions where id_hash = $1', [idHash]);
  }

  /** Forgets sessions whose time is over. */
  async deleteEnded(): Promise<void> {
    await this.sql.query(`delete from web_sessions where expires_at < farm_now()`);
  }

  async noteLogin(input: {
    realm: Realm;
    who: string | null;
    outcome: 'ok' | 'wrong' | 'disabled' | 'slowed';
    address: string;
    agent: string;
  }): Promise<void> {
    await this.sql.query(
      'insert into login_journal (realm, who, outcome, address, agent) values ($1, $2, $3, $4, $5)',
      [input.realm, input.who, input.outcome, input.address, input.agent],
    );
  }

  /** How many wrong log-ins of this account or from this address in the last `windowS` seconds. */
  async wrongLogins(
    realm: Realm,
    who: string | null,
    address: string,
    windowS: number,
  ): Promise<{ who: number; address: number }> {
    const rows = await this.sql.query<{ who: string; address: string }>(
      `select count(*) filter (where who = $2) as who, count(*) filter (where address = $3) as address from login_journal
       where realm = $1 and outcome = 'wrong' and at > farm_now() - make_interval(secs => $4)`,
      [realm, who, address, windowS],
    );
    const row = oneRow(rows, 'wrong log-ins');
    return { who: Number(row.who), address: Number(row.address) };
  }
}
