import { oneRow, type Sql } from '../sql';

/** What came to a callback address, or what we found by asking. */
export interface NewPaymentEvent {
  connectionId: string;
  /** The same for every repeat. */
  transportKey: string;
  source: 'callback' | 'reconciliation' | 'shop';
  /** The provider's word for it. */
  kind: string;
  /** `signature`, `unproven`, or why it is not believed. */
  verdict: string;
  /** `new` is still to be applied. */
  state: 'new' | 'applied' | 'ignored' | 'rejected';
  note?: string;
  /** The event in words of ours; null when it is not believed. */
  normal: object | null;
  method: string;
  address: string;
  raw: Buffer;
}

/** An event whose turn has come. */
export interface DuePaymentEvent {
  id: string;
  connectionId: string;
  attempts: number;
  normal: object;
  raw: Buffer;
}

/** An event for people. */
export interface PaymentEventView {
  id: string;
  connectionId: string;
  source: string;
  kind: string;
  verdict: string;
  state: string;
  note: string | null;
  address: string;
  times: number;
  paymentId: string | null;
  receivedAt: Date;
  seenAt: Date;
}

/** Callbacks as they came, one row however often each is repeated. */
export class PaymentEventStore {
  constructor(private readonly sql: Sql) {}

  /**
   * Durable when it resolves. A repeat is only counted: `isNew` is false then.
   *
   * @param isAppliedAgain a repeat may tell something new all the same, and is applied once more
   */
  async add(event: NewPaymentEvent, isAppliedAgain = false): Promise<{ id: string; isNew: boolean }> {
    const rows = await this.sql.query<{ id: string; times: number }>(
      `insert into payment_events (connection_id, transport_key, source, kind, verdict, state, note, normal, method, address, raw)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       on conflict on constraint payment_events_transport
         do update set times = payment_events.times + 1, seen_at = farm_now(),
           state = case when $12 and excluded.state = 'new' then 'new' else payment_events.state end,
           next_at = case when $12 then farm_now() else payment_events.next_at end
       returning id, times`,
      [
        event.connectionId,
        event.transportKey,
        event.source,
        event.kind,
        event.verdict,
        event.state,
        event.note,
        event.normal && JSON.stringify(event.normal),
        event.method,
        event.address,
        event.raw,
        isAppliedAgain,
      ],
      'payment_events_add',
    );
    const row = oneRow(rows, 'payment event');
    return { id: row.id, isNew: row.times === 1 };
  }

  /**
   * Takes events that are due, or the one named, for `leaseS` seconds; when this process dies they are due again. Each
   * taking counts as an attempt.
   */
  async claim(limit: number, leaseS: number, id?: string): Promise<DuePaymentEvent[]> {
    return this.sql.query<DuePaymentEvent>(
      `with due as (
         select id as due_id from payment_events
         where state = 'new' and next_at <= farm_now() and ($3::bigint is null or id = $3)
         order by next_at limit $1 for update skip locked
       )
       update payment_events set attempts = attempts + 1, next_at = farm_now() + make_interval(secs => $2)
       from due where id = due.due_id
       returning id, connection_id as "connectionId", attempts, normal, raw`,
      [limit, leaseS, id],
      'payment_events_claim',
    );
  }

  async finish(
    id: string,
    end: { state: 'applied' | 'ignored' | 'rejected'; note?: string; paymentId?: string },
  ): Promise<void> {
    await this.sql.query(
      `update payment_events set state = $2, note = $3, payment_id = $4 where id = $1 and state = 'new'`,
      [id, end.state, end.note, end.paymentId],
    );
  }

  async putOff(id: string, inS: number, note: string): Promise<void> {
    await this.sql.query(
      `update payment_events set next_at = farm_now() + make_interval(secs => $2), note = $3
       where id = $1 and state = 'new'`,
      [id, inS, note],
    );
  }

  /** The newest events of a client, newest first. */
  async latest(options: {
    clientId: string;
    connectionId?: string;
    state?: string;
    /** Only events before this one. */
    beforeId?: string;
    limit: number;
  }): Promise<PaymentEventView[]> {
    return this.sql.query<PaymentEventView>(
      `select e.id, e.connection_id as "connectionId", e.source, e.kind, e.verdict, e.state, e.note, e.address, e.times,
              e.payment_id as "paymentId", e.received_at as "receivedAt", e.seen_at as "seenAt"
       from payment_events e join payment_connections c on c.id = e.connection_id
       where c.client_id = $1 and ($2::uuid is null or e.connection_id = $2) and ($3::text is null or e.state = $3)
         and ($5::bigint is null or e.id < $5)
       order by e.id desc limit $4`,
      [options.clientId, options.connectionId, options.state, options.limit, options.beforeId],
    );
  }

  /** Forgets refused callbacks last seen more than 30 days ago, and the bodies of others after 90 days. */
  async forgetOld(limit: number): Promise<number> {
    const rows = await this.sql.query(
      `delete from payment_events where id in (
         select id from payment_events where state = 'rejected' and seen_at < farm_now() - interval '30 days' limit $1)
       returning id`,
      [limit],
    );
    await this.sql.query(
      `update payment_events set raw = '' where id in (
         select id from payment_events
         where state in ('applied', 'ignored') and seen_at < farm_now() - interval '90 days' and raw <> '' limit $1)`,
      [limit],
    );
    return rows.length;
  }
}
