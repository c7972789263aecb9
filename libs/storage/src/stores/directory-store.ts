import { oneRow, type Sql } from '../sql';

/** A group of registers of one client, as the doors need it. */
export interface RegisterGroup {
  id: number;
  clientId: string;
  code: string;
  protocol: 4 | 5;
  ffd: 2 | 3 | 4;
  inn: string;
  userName: string;
  taxSystems: number;
  defaultTaxSystem: number | null;
  paymentAddress: string;
  address: string;
  senderEmail: string | null;
  fnsSite: string;
  ofdInn: string;
  ofdName: string;
  ofdHost: string;
  ofdPort: number;
  queueLimitS: number;
  paused: boolean;
}

export interface ApiLogin {
  id: string;
  clientId: string;
  login: string;
  passwordHash: string;
  blocked: boolean;
}

export interface ApiToken {
  loginId: string;
  clientId: string;
  expiresAt: Date;
  blocked: boolean;
}

const groupColumns = `id, client_id as "clientId", code, protocol, ffd, inn, user_name as "userName",
  tax_systems as "taxSystems", default_tax_system as "defaultTaxSystem", payment_address as "paymentAddress", address,
  sender_email as "senderEmail", fns_site as "fnsSite", ofd_inn as "ofdInn", ofd_name as "ofdName", ofd_host as "ofdHost",
  ofd_port as "ofdPort", queue_limit_s as "queueLimitS", paused`;

/** Who may ask for what: clients' logins, tokens and groups of registers. */
export class DirectoryStore {
  constructor(private readonly sql: Sql) {}

  async groupByCode(code: string): Promise<RegisterGroup | undefined> {
    const rows = await this.sql.query<RegisterGroup>(
      `select ${groupColumns} from register_groups where code = $1`,
      [code],
      'groups_by_code',
    );
    return rows[0];
  }

  async groups(clientId?: string): Promise<RegisterGroup[]> {
    return this.sql.query<RegisterGroup>(
      `select ${groupColumns} from register_groups where $1::uuid is null or client_id = $1 order by code`,
      [clientId],
    );
  }

  /** Ids of the drivers that hold registers of the group: whom to wake. */
  async driversOfGroup(groupId: number): Promise<string[]> {
    const rows = await this.sql.query<{ driver_id: string }>(
      `select distinct driver_id from registers where group_id = $1 and state not in ('stock', 'closed')`,
      [groupId],
      'drivers_of_group',
    );
    return rows.map((row) => row.driver_id);
  }

  /** How many registers serve the group. */
  async registersOfGroup(groupId: number): Promise<number> {
    const rows = await this.sql.query<{ count: number }>(
      `select count(*)::int as count from registers where group_id = $1 and state not in ('stock', 'closed')`,
      [groupId],
      'registers_of_group',
    );
    return rows[0]?.count ?? 0;
  }

  async loginByName(login: string): Promise<ApiLogin | undefined> {
    const rows = await this.sql.query<ApiLogin>(
      `select id, client_id as "clientId", login, password_hash as "passwordHash", blocked from api_logins where login = $1`,
      [login],
    );
    return rows[0];
  }

  /** Stores a token by its SHA-256; the token itself is never stored. Returns its end. */
  async saveToken(input: {
    tokenHash: Buffer;
    loginId: string;
    source?: string;
    lifetimeS: number;
  }): Promise<Date> {
    const rows = await this.sql.query<{ expires_at: Date }>(
      `insert into api_tokens (token_hash, login_id, source, issued_at, expires_at)
       values ($1, $2, $3, farm_now(), farm_now() + make_interval(secs => $4)) returning expires_at`,
      [input.tokenHash, input.loginId, input.source, input.lifetimeS],
      'tokens_save',
    );
    return oneRow(rows, 'saved token').expires_at;
  }

  async tokenByHash(tokenHash: Buffer): Promise<ApiToken | undefined> {
    const rows = await this.sql.query<ApiToken>(
      `select t.login_id as "loginId", l.client_id as "clientId", t.expires_at as "expiresAt", l.blocked
       from api_tokens t join api_logins l on l.id = t.login_id where t.token_hash = $1`,
      [tokenHash],
      'tokens_by_hash',
    );
    return rows[0];
  }

  /** Forgets tokens that ended more than a day ago (until then they are answered as expired, not as unknown). */
  async deleteOldTokens(): Promise<void> {
    await this.sql.query(`delete from api_tokens where expires_at < farm_now() - interval '1 day'`);
  }
}
