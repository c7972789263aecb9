import type { FfdVersion } from '@kkt/contracts';
import { oneRow, type Sql } from '../sql';

/** Names one fiscal document for ever: tags 1041 and 1040. */
export interface DocumentKey {
  fnNumber: string;
  fdNumber: number;
}

/** A message of an FN that must go to its operator now. */
export interface DueMessage extends DocumentKey {
  registerId: number;
  driverId: string;
  /** FFD of the register (tag 1209 codes). */
  ffd: FfdVersion;
  /** Where its operator listens. */
  ofdHost: string;
  ofdPort: number;
  /** Opaque bytes of the FN. */
  container: Buffer;
  /** How many attempts failed so far. */
  attempts: number;
}

/** A message whose sending failed; `retryInS` is when it is due again. */
export interface FailedMessage extends DocumentKey {
  cause: string;
  /** One sentence in Russian for the engineer. */
  causeText: string;
  retryInS: number;
}

/** An operator's answer that waits to be written into its FN. */
export interface WaitingAnswer extends DocumentKey {
  registerId: number;
  answer: Buffer;
}

export interface RelayBacklog {
  /** Messages that wait for the operator. */
  ready: number;
  /** Answers that wait for the FN. */
  answered: number;
  oldestReadyS: number;
}

const columns = <Row>(rows: readonly Row[], ...names: (keyof Row)[]): unknown[][] =>
  names.map((name) => rows.map((row) => row[name]));

/**
 * Messages of FNs on their way to operators and answers on their way back. One message per FN is under way
 * (a unique index holds that), so the order of documents is the FN's own.
 */
export class RelayStore {
  constructor(private readonly sql: Sql) {}

  /**
   * Stores the FN's next message. The FN gives one only after it took the answer to all before it, so those are
   * confirmed by this very fact. The same message again renews its bytes; if it was thought confirmed, the FN
   * knows better and it goes out again.
   */
  async putMessage(message: {
    registerId: number;
    fnNumber: string;
    fdNumber: number;
    container: Buffer;
  }): Promise<void> {
    await this.sql.query(
      `with earlier as (
         update ofd_messages set state = 'confirmed', confirmed_at = farm_now(), cause = null, cause_text = null
         where fn_number = $2 and fd_number < $3 and state <> 'confirmed'
         returning fn_number, fd_number
       ), told as (
         update documents d set confirmed_at = farm_now() from earlier e
         where d.fn_number = e.fn_number and d.fd_number = e.fd_number and d.confirmed_at is null
       )
       insert into ofd_messages as m (register_id, fn_number, fd_number, container)
       -- Reads the first step's result, so that the FN's place in the unique index is free by then.
       select $1, $2, $3, $4 from (select count(*) from earlier) as done
       on conflict (fn_number, fd_number) do update set container = excluded.container,
         register_id = excluded.register_id,
         state = case m.state when 'confirmed' then 'ready' else m.state end,
         answer = case m.state when 'confirmed' then null else m.answer end,
         next_at = case m.state when 'confirmed' then farm_now() else m.next_at end,
         confirmed_at = null`,
      [message.registerId, message.fnNumber, message.fdNumber, message.container],
      'relay_put',
    );
  }

  /**
   * Takes messages that are due, oldest first, each for `leaseS` seconds: until then no other relay gets it, and
   * when this one dies it is due again. `exceptOperators` (`host:port`) are left alone, and so are those a person paused.
   */
  async dueMessages(
    limit: number,
    options: { leaseS: number; exceptOperators?: readonly string[] },
  ): Promise<DueMessage[]> {
    return this.sql.query<DueMessage>(
      `with due as (
         select m.fn_number, m.fd_number, k.driver_id, coalesce(k.ffd, g.ffd) as ffd,
                coalesce(o.host, g.ofd_host) as ofd_host, coalesce(o.port, g.ofd_port) as ofd_port
         from ofd_messages m
         join registers k on k.id = m.register_id
         join register_groups g on g.id = k.group_id
         left join operators o on o.id = k.operator_id
         where m.state = 'ready' and m.next_at <= farm_now()
           and coalesce(o.host, g.ofd_host) || ':' || coalesce(o.port, g.ofd_port) <> all($3::text[])
           and not exists (select 1 from operator_pauses p
                           where p.host = coalesce(o.host, g.ofd_host) and p.port = coalesce(o.port, g.ofd_port))
         order by m.next_at limit $1 for update of m skip locked
       )
       update ofd_messages m set next_at = farm_now() + make_interval(secs => $2)
       from due d where m.fn_number = d.fn_number and m.fd_number = d.fd_number
       returning m.fn_number as "fnNumber", m.fd_number as "fdNumber", m.register_id as "registerId",
         d.driver_id as "driverId", d.ffd, d.ofd_host as "ofdHost", d.ofd_port as "ofdPort", m.container, m.attempts`,
      [limit, options.leaseS, options.exceptOperators ?? []],
      'relay_due',
    );
  }

  /** Prolongs the lease of messages that are still being sent. */
  async extend(keys: readonly DocumentKey[], leaseS: number): Promise<void> {
    await this.sql.query(
      `update ofd_messages m set next_at = farm_now() + make_interval(secs => $3)
       from unnest($1::text[], $2::integer[]) as x(fn, fd)
       where m.fn_number = x.fn and m.fd_number = x.fd and m.state = 'ready'`,
      [...columns(keys, 'fnNumber', 'fdNumber'), leaseS],
      'relay_extend',
    );
  }

  /** Gives messages back before their lease ends, to be due at once. */
  async giveBack(keys: readonly DocumentKey[]): Promise<void> {
    await this.extend(keys, 0);
  }

  /** Stores operators' answers; a message that is no longer ready is left as it is. */
  async answered(batch: readonly (DocumentKey & { answer: Buffer })[]): Promise<void> {
    await this.sql.query(
      `update ofd_messages m set state = 'answered', answer = x.answer, answered_at = farm_now(),
              cause = null, cause_text = null
       from unnest($1::text[], $2::integer[], $3::bytea[]) as x(fn, fd, answer)
       where m.fn_number = x.fn and m.fd_number = x.fd and m.state = 'ready'`,
      columns(batch, 'fnNumber', 'fdNumber', 'answer'),
      'relay_answered',
    );
  }

  /** Notes failed attempts and when to try again. */
  async failed(batch: readonly FailedMessage[]): Promise<void> {
    await this.sql.query(
      `update ofd_messages m set attempts = m.attempts + 1, cause = x.cause, cause_text = x.cause_text,
              next_at = farm_now() + make_interval(secs => x.retry_in_s)
       from unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::float8[])
         as x(fn, fd, cause, cause_text, retry_in_s)
       where m.fn_number = x.fn and m.fd_number = x.fd and m.state = 'ready'`,
      columns(batch, 'fnNumber', 'fdNumber', 'cause', 'causeText', 'retryInS'),
      'relay_failed',
    );
  }

  /** Answers of operators that wait to be written into the FNs of these registers. */
  async answersFor(registerIds: readonly number[]): Promise<WaitingAnswer[]> {
    return this.sql.query<WaitingAnswer>(
      `select register_id as "registerId", fn_number as "fnNumber", fd_number as "fdNumber", answer
       from ofd_messages where state = 'answered' and register_id = any($1::integer[])`,
      [registerIds],
      'relay_answers_for',
    );
  }

  /** The FNs took these answers: the documents are delivered. */
  async confirmed(batch: readonly DocumentKey[]): Promise<void> {
    await this.sql.query(
      `with confirmed as (
         update ofd_messages m set state = 'confirmed', confirmed_at = farm_now()
         from unnest($1::text[], $2::integer[]) as x(fn, fd)
         where m.fn_number = x.fn and m.fd_number = x.fd and m.state <> 'confirmed'
         returning m.fn_number, m.fd_number
       )
       update documents d set confirmed_at = farm_now() from confirmed c
       where d.fn_number = c.fn_number and d.fd_number = c.fd_number and d.confirmed_at is null`,
      columns(batch, 'fnNumber', 'fdNumber'),
      'relay_confirmed',
    );
  }

  /** The FN's queue begins with this document: whatever our rows say, it took the answers to all before it. */
  async confirmedBefore(message: DocumentKey): Promise<void> {
    await this.sql.query(
      `with confirmed as (
         update ofd_messages set state = 'confirmed', confirmed_at = farm_now(), cause = null, cause_text = null
         where fn_number = $1 and fd_number < $2 and state <> 'confirmed'
         returning fn_number, fd_number
       )
       update documents d set confirmed_at = farm_now() from confirmed c
       where d.fn_number = c.fn_number and d.fd_number = c.fd_number and d.confirmed_at is null`,
      [message.fnNumber, message.fdNumber],
      'relay_confirmed_before',
    );
  }

  /** The FN did not accept the answer: the message goes to the operator again, later and later. */
  async refusedByFn(message: DocumentKey, reason: string): Promise<void> {
    await this.sql.query(
      `update ofd_messages set state = 'ready', answer = null, answered_at = null, attempts = attempts + 1,
              cause = 'refused_by_fn', cause_text = $3,
              next_at = farm_now() + make_interval(secs => least(600, 5 * 2 ^ least(attempts, 7)))
       where fn_number = $1 and fd_number = $2 and state = 'answered'`,
      [message.fnNumber, message.fdNumber, `ФН не принял ответ оператора: ${reason}`],
      'relay_refused_by_fn',
    );
  }

  /** How much waits, for metrics. */
  async backlog(): Promise<RelayBacklog> {
    const rows = await this.sql.query<{ ready: string; answered: string; oldest_s: number | null }>(
      `select count(*) filter (where state = 'ready') as ready, count(*) filter (where state = 'answered') as answered,
              extract(epoch from farm_now() - min(created_at) filter (where state = 'ready'))::float8 as oldest_s
       from ofd_messages where state <> 'confirmed'`,
      [],
      'relay_backlog',
    );
    const row = oneRow(rows, 'relay backlog');
    return { ready: Number(row.ready), answered: Number(row.answered), oldestReadyS: row.oldest_s ?? 0 };
  }
}
