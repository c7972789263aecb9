import { oneRow, type Sql } from '../sql';

/** What a company's sandbox is made of, and how far it is. */
export interface Sandbox {
  clientId: string;
  groupId: number;
  groupCode: string;
  protocol: 4 | 5;
  registerId: number;
  serial: string;
  model: string;
  rnm: string;
  fnNumber: string;
  registerState: string;
  /** API login made with it. */
  login: string | null;
  loginId: string | null;
  announcedAt: Date | null;
  /** When the first token was given to the login. */
  firstTokenAt: Date | null;
  trialTo: string | null;
  inn: string;
  userName: string;
  paymentAddress: string;
  address: string;
  firstReceipt: { id: string; at: string } | null;
}

/** A register that nobody has. */
export interface FreeRegister {
  id: number;
  serial: string;
  model: string;
  fnNumber: string;
}

/** First groups that companies make themselves. */
export class SandboxStore {
  constructor(private readonly sql: Sql) {}

  /** Begins a company's only sandbox; undefined when it has one. Use it on a transaction: a second one waits. */
  async begin(clientId: string): Promise<string | undefined> {
    const rows = await this.sql.query<{ id: string }>(
      'insert into sandboxes (client_id) values ($1) on conflict (client_id) do nothing returning id::text',
      [clientId],
    );
    return rows[0]?.id;
  }

  /**
   * Takes a register from the stock for the length of the transaction: one that answers before one that was not seen
   * yet, with a fresh FN that belongs to nobody and knows the FFD (tag 1209: 2 is 1.05, 4 is 1.2).
   */
  async lockFree(ffd: number): Promise<FreeRegister | undefined> {
    const rows = await this.sql.query<FreeRegister>(
      `select k.id, k.serial, k.model, k.fn_number as "fnNumber"
       from registers k join fiscal_drives f on f.fn_number = k.fn_number
         left join register_status s on s.register_id = k.id
       where k.state = 'stock' and k.client_id is null and k.group_id is null
         and f.client_id is null and f.state in ('stock', 'installed')
         and ($1 < 4 or f.model like 'fn-1.2-%')
         and coalesce(s.fn_phase, 1) = 1
       order by coalesce(s.online, false) desc, k.id limit 1 for update of k, f skip locked`,
      [ffd],
    );
    return rows[0];
  }

  async addGroup(group: {
    clientId: string;
    code: string;
    protocol: 4 | 5;
    ffd: number;
    taxSystems: number;
    paymentAddress: string;
    address: string;
    senderEmail: string | null;
    operatorId: number;
  }): Promise<number | undefined> {
    const rows = await this.sql.query<{ id: number }>(
      `insert into register_groups (client_id, code, protocol, ffd, inn, user_name, tax_systems, payment_address,
         address, sender_email, ofd_inn, ofd_name, ofd_host, ofd_port, ofd_receipt_url)
       select c.id, $2, $3, $4, c.inn, c.name, $5, $6, $7, $8, o.inn, o.name, o.host, o.port, o.receipt_url
       from clients c join operators o on o.id = $9 where c.id = $1 returning id`,
      [
        group.clientId,
        group.code,
        group.protocol,
        group.ffd,
        group.taxSystems,
        group.paymentAddress,
        group.address,
        group.senderEmail,
        group.operatorId,
      ],
    );
    return rows[0]?.id;
  }

  /** Gives a locked register and its FN to the client; the driver registers the FN from here on. */
  async take(
    register: FreeRegister,
    to: { clientId: string; groupId: number; rnm: string; ffd: number; operatorId: number },
  ): Promise<void> {
    await this.sql.query(
      `update registers set client_id = $2, group_id = $3, rnm = $4, ffd = $5, operator_id = $6, state = 'registering',
         state_reason = null, state_since = farm_now()
       where id = $1`,
      [register.id, to.clientId, to.groupId, to.rnm, to.ffd, to.operatorId],
    );
    await this.sql.query('update fiscal_drives set client_id = $2 where fn_number = $1', [
      register.fnNumber,
      to.clientId,
    ]);
  }

  async addLogin(login: {
    id: string;
    clientId: string;
    login: string;
    passwordHash: string;
  }): Promise<void> {
    await this.sql.query(
      'insert into api_logins (id, client_id, login, password_hash) values ($1, $2, $3, $4)',
      [login.id, login.clientId, login.login, login.passwordHash],
    );
  }

  /** A new password; tokens that were given for the old one end. */
  async setPassword(loginId: string, passwordHash: string): Promise<void> {
    await this.sql.query('update api_logins set password_hash = $2 where id = $1', [loginId, passwordHash]);
    await this.sql.query('delete from api_tokens where login_id = $1', [loginId]);
  }

  async finish(id: string, made: { groupId: number; registerId: number; loginId: string }): Promise<void> {
    await this.sql.query(
      'update sandboxes set group_id = $2, register_id = $3, login_id = $4 where id = $1',
      [id, made.groupId, made.registerId, made.loginId],
    );
  }

  async announced(clientId: string): Promise<void> {
    await this.sql.query('update sandboxes set announced_at = farm_now() where client_id = $1', [clientId]);
  }

  async ofClient(clientId: string): Promise<Sandbox | undefined> {
    const rows = await this.sql.query<Sandbox>(
      `select b.client_id as "clientId", g.id as "groupId", g.code as "groupCode", g.protocol, k.id as "registerId",
              k.serial, k.model, k.rnm, k.fn_number as "fnNumber", k.state as "registerState", l.login,
              l.id as "loginId", b.announced_at as "announcedAt",
              (select min(t.issued_at) from api_tokens t where t.login_id = l.id) as "firstTokenAt",
              (select max(r.last_day)::text from rentals r where r.register_id = k.id and r.client_id = b.client_id)
                as "trialTo",
              g.inn, g.user_name as "userName", g.payment_address as "paymentAddress", g.address,
              (select json_build_object('id', r.id, 'at', r.finished_at) from receipts r
                where r.group_id = g.id and r.state = 'done' order by r.accepted_at limit 1) as "firstReceipt"
       from sandboxes b join register_groups g on g.id = b.group_id join registers k on k.id = b.register_id
         left join api_logins l on l.id = b.login_id
       where b.client_id = $1`,
      [clientId],
      'sandbox_of_client',
    );
    return rows[0];
  }

  /** The operator whom new registers of the farm report to. */
  async operator(inn: string): Promise<{ id: number } | undefined> {
    const rows = await this.sql.query<{ id: number }>(
      'select id from operators where inn = $1 and enabled order by id limit 1',
      [inn],
    );
    return rows[0];
  }

  /** Where a register stands: the address of its data centre, its name while nobody has written one. */
  async addressOf(registerId: number): Promise<string> {
    const rows = await this.sql.query<{ address: string }>(
      `select coalesce(d.address, d.name, 'дата-центр ' || (k.place->>'dc'), 'дата-центр') as address
       from registers k left join data_centres d on d.code = k.place->>'dc' where k.id = $1`,
      [registerId],
    );
    return oneRow(rows, 'place of a register').address;
  }
}
