import type { Sql } from '../sql';

/** A shop's account at a payment provider, as we keep it. Secrets stay sealed here. */
export interface PaymentConnection {
  id: string;
  clientId: string;
  groupId: number;
  groupCode: string;
  provider: string;
  name: string;
  /** Part of the callback address. */
  callbackKey: string;
  secrets: Buffer;
  settings: object;
  state: 'active' | 'suspended' | 'disabled';
  stateReason: string | null;
  createdAt: Date;
}

const columns = `c.id, c.client_id as "clientId", c.group_id as "groupId", g.code as "groupCode", c.provider, c.name,
  c.callback_key as "callbackKey", c.secrets, c.settings, c.state, c.state_reason as "stateReason",
  c.created_at as "createdAt"`;
const tables = 'payment_connections c join register_groups g on g.id = c.group_id';

/** Shops' accounts at payment providers. */
export class PaymentConnectionStore {
  constructor(private readonly sql: Sql) {}

  async add(
    connection: Pick<
      PaymentConnection,
      'id' | 'clientId' | 'groupId' | 'provider' | 'name' | 'callbackKey' | 'secrets' | 'settings'
    >,
  ): Promise<void> {
    await this.sql.query(
      `insert into payment_connections (id, client_id, group_id, provider, name, callback_key, secrets, settings)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        connection.id,
        connection.clientId,
        connection.groupId,
        connection.provider,
        connection.name,
        connection.callbackKey,
        connection.secrets,
        JSON.stringify(connection.settings),
      ],
    );
  }

  async byKey(callbackKey: string): Promise<PaymentConnection | undefined> {
    const rows = await this.sql.query<PaymentConnection>(
      `select ${columns} from ${tables} where c.callback_key = $1`,
      [callbackKey],
      'payment_connections_by_key',
    );
    return rows[0];
  }

  async byId(id: string): Promise<PaymentConnection | undefined> {
    const rows = await this.sql.query<PaymentConnection>(`select ${columns} from ${tables} where c.id = $1`, [
      id,
    ]);
    return rows[0];
  }

  async ofClient(clientId: string): Promise<PaymentConnection[]> {
    return this.sql.query<PaymentConnection>(
      `select ${columns} from ${tables} where c.client_id = $1 order by c.created_at`,
      [clientId],
    );
  }

  /** Connections of a group that may be asked about its orders. */
  async ofGroup(groupId: number): Promise<PaymentConnection[]> {
    return this.sql.query<PaymentConnection>(
      `select ${columns} from ${tables} where c.group_id = $1 and c.state <> 'disabled' order by c.created_at`,
      [groupId],
    );
  }

  /** New secrets or settings; what is undefined stays. */
  async change(id: string, change: { name?: string; secrets?: Buffer; settings?: object }): Promise<void> {
    await this.sql.query(
      `update payment_connections set name = coalesce($2, name), secrets = coalesce($3, secrets),
              settings = coalesce($4::jsonb, settings) where id = $1`,
      [id, change.name, change.secrets, change.settings && JSON.stringify(change.settings)],
    );
  }

  async setState(id: string, state: PaymentConnection['state'], reason: string | null): Promise<void> {
    await this.sql.query('update payment_connections set state = $2, state_reason = $3 where id = $1', [
      id,
      state,
      reason,
    ]);
  }

  /** Suspends an active connection; false when it is suspended or disabled already. */
  async suspend(id: string, reason: string): Promise<boolean> {
    const rows = await this.sql.query(
      `update payment_connections set state = 'suspended', state_reason = $2
       where id = $1 and state = 'active' returning id`,
      [id, reason],
    );
    return rows.length > 0;
  }

  /** Takes a connection whose turn to be asked has come; nobody else gets it for `everyS` seconds. */
  async claimForPoll(everyS: number): Promise<PaymentConnection | undefined> {
    const rows = await this.sql.query<{ id: string }>(
      `update payment_connections set next_poll_at = farm_now() + make_interval(secs => $1), polled_at = farm_now()
       where id = (select id from payment_connections where state <> 'disabled' and next_poll_at <= farm_now()
                   order by next_poll_at limit 1 for update skip locked)
       returning id`,
      [everyS],
    );
    return rows[0] && this.byId(rows[0].id);
  }
}
