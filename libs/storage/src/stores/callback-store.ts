import { oneRow, type Sql } from '../sql';

/** A callback that must be tried now. */
export interface DueCallback {
  receiptId: string;
  clientId: string;
  url: string;
  /** How many attempts failed so far. */
  attempts: number;
  /** Since the result is known. */
  ageS: number;
}

/** What became of an attempt. */
export type CallbackOutcome = (
  | { receiptId: string; state: 'delivered'; status: number }
  | { receiptId: string; state: 'pending'; status?: number; error: string; retryInS: number }
  | { receiptId: string; state: 'gave_up'; status?: number; error: string }
) & { tookMs?: number };

/** A callback of a receipt, as its shop sees it. */
export interface CallbackState {
  receiptId: string;
  url: string;
  state: 'pending' | 'delivered' | 'gave_up';
  attempts: number;
  nextAt: Date;
  createdAt: Date;
  finishedAt: Date | null;
}

/** One attempt of a callback. */
export interface CallbackAttempt {
  at: Date;
  url: string;
  outcome: 'delivered' | 'failed' | 'gave_up';
  status: number | null;
  error: string | null;
  tookMs: number | null;
}

/** Part of a URL between `//` and the next `/`, lower case: callbacks to one authority share its limits. */
export const callbackAuthority = (url: string): string => (url.split('/')[2] ?? '').toLowerCase();

/** A callback that did not get through, for people. */
export interface UndeliveredCallback {
  receiptId: string;
  url: string;
  attempts: number;
  lastStatus: number | null;
  lastError: string | null;
  createdAt: Date;
  finishedAt: Date | null;
}

/** What shops must be told. Rows are written together with the result they tell, so none is forgotten. */
export class CallbackStore {
  constructor(private readonly sql: Sql) {}

  /**
   * Takes callbacks that are due, each for `leaseS` seconds: until then nobody else gets it, and when this process
   * dies it is due again. A receipt accepted less than `quietMs` ago waits: its shop may not have read the answer
   * that names it. Authorities and clients in the options are left alone.
   */
  async claimDue(
    limit: number,
    options: {
      leaseS: number;
      quietMs: number;
      exceptAuthorities?: readonly string[];
      exceptClients?: readonly string[];
    },
  ): Promise<DueCallback[]> {
    return this.sql.query<DueCallback>(
      `with due as (
         select c.receipt_id, r.client_id
         from callbacks c join receipts r on r.id = c.receipt_id
         where c.state = 'pending' and c.next_at <= farm_now()
           and r.accepted_at <= farm_now() - make_interval(secs => $3 / 1000.0)
           and lower(split_part(c.url, '/', 3)) <> all($4::text[]) and r.client_id <> all($5::uuid[])
         order by c.next_at limit $1 for update of c skip locked
       )
       update callbacks c set next_at = farm_now() + make_interval(secs => $2)
       from due where c.receipt_id = due.receipt_id
       returning c.receipt_id as "receiptId", due.client_id as "clientId", c.url, c.attempts,
         extract(epoch from farm_now() - c.created_at)::float8 as "ageS"`,
      [limit, options.leaseS, options.quietMs, options.exceptAuthorities ?? [], options.exceptClients ?? []],
      'callbacks_claim',
    );
  }

  /** Gives claimed callbacks back, to be due at once. */
  async giveBack(receiptIds: readonly string[]): Promise<void> {
    await this.sql.query(
      `update callbacks set next_at = farm_now() where receipt_id = any($1::uuid[]) and state = 'pending'`,
      [receiptIds],
      'callbacks_give_back',
    );
  }

  /** Milliseconds until the next callback is due (negative: since when), undefined when none waits. */
  async nextDueInMs(quietMs: number): Promise<number | undefined> {
    const rows = await this.sql.query<{ in_ms: number | null }>(
      `select extract(epoch from min(greatest(c.next_at, r.accepted_at + make_interval(secs => $1 / 1000.0)))
                - farm_now())::float8 * 1000 as in_ms
       from (select receipt_id, next_at from callbacks where state = 'pending' order by next_at limit 20) c
       join receipts r on r.id = c.receipt_id`,
      [quietMs],
      'callbacks_next_due',
    );
    return oneRow(rows, 'next callback').in_ms ?? undefined;
  }

  /** Notes the outcomes of attempts, and the attempts themselves in the journal. */
  async record(batch: readonly CallbackOutcome[]): Promise<void> {
    await this.sql.query(
      `with told as (
       update callbacks c set state = x.state, attempts = c.attempts + 1, last_status = x.status, last_error = x.error,
              next_at = case x.state when 'pending' then farm_now() + make_interval(secs => x."retryInS") else c.next_at end,
              finished_at = case x.state when 'pending' then null else farm_now() end
       from json_to_recordset($1::json)
         as x("receiptId" uuid, state text, status integer, error text, "retryInS" float8, "tookMs" integer)
       where c.receipt_id = x."receiptId" and c.state = 'pending'
       returning c.receipt_id, c.url, x.state, x.status, x.error, x."tookMs")
       insert into callback_attempts (receipt_id, url, outcome, status, error, took_ms)
       select receipt_id, url, case state when 'pending' then 'failed' else state end, status, error, "tookMs" from told`,
      [JSON.stringify(batch)],
      'callbacks_record',
    );
  }

  /**
   * Starts anew with a callback that was given up or delivered, sends one that waits for its next attempt at once: for a
   * person who asks. False when the receipt has none.
   */
  async resend(receiptId: string): Promise<boolean> {
    const rows = await this.sql.query(
      `update callbacks set state = 'pending', next_at = farm_now(), finished_at = null,
         attempts = case state when 'pending' then attempts else 0 end,
         created_at = case state when 'pending' then created_at else farm_now() end
       where receipt_id = $1 returning receipt_id`,
      [receiptId],
    );
    return rows.length > 0;
  }

  /** A receipt's callback and its attempts, the newest first, at most so many. */
  async journal(
    receiptId: string,
    limit: number,
  ): Promise<{ callback: CallbackState; attempts: CallbackAttempt[] } | undefined> {
    const [callback] = await this.sql.query<CallbackState>(
      `select receipt_id as "receiptId", url, state, attempts, next_at as "nextAt", created_at as "createdAt",
              finished_at as "finishedAt"
       from callbacks where receipt_id = $1`,
      [receiptId],
    );
    if (!callback) return undefined;
    const attempts = await this.sql.query<CallbackAttempt>(
      `select at, url, outcome, status, error, took_ms as "tookMs" from callback_attempts
       where receipt_id = $1 order by id desc limit $2`,
      [receiptId, limit],
    );
    return { callback, attempts };
  }

  /** Forgets attempts older than so many days; resolves with how many. */
  async forgetAttempts(days: number, limit: number): Promise<number> {
    const rows = await this.sql.query(
      `delete from callback_attempts where id in (
         select id from callback_attempts where at < farm_now() - make_interval(days => $1) order by at limit $2)
       returning id`,
      [days, limit],
    );
    return rows.length;
  }

  /** Callbacks given up, newest first. */
  async undelivered(options: {
    clientId?: string;
    /** Only of receipts of this group. */
    groupCode?: string;
    limit: number;
  }): Promise<UndeliveredCallback[]> {
    return this.sql.query<UndeliveredCallback>(
      `select c.receipt_id as "receiptId", c.url, c.attempts, c.last_status as "lastStatus", c.last_error as "lastError",
              c.created_at as "createdAt", c.finished_at as "finishedAt"
       from callbacks c join receipts r on r.id = c.receipt_id
       where c.state = 'gave_up' and ($1::uuid is null or r.client_id = $1)
         and ($3::text is null or r.group_id = (select id from register_groups where code = $3))
       order by c.finished_at desc limit $2`,
      [options.clientId, options.limit, options.groupCode],
    );
  }

  /** How many wait and how long the oldest does, for metrics. */
  async backlog(): Promise<{ pending: number; oldestS: number }> {
    const rows = await this.sql.query<{ pending: string; oldest_s: number | null }>(
      `select count(*) as pending, extract(epoch from farm_now() - min(created_at))::float8 as oldest_s
       from callbacks where state = 'pending'`,
      [],
      'callbacks_backlog',
    );
    const row = oneRow(rows, 'callback backlog');
    return { pending: Number(row.pending), oldestS: row.oldest_s ?? 0 };
  }
}
