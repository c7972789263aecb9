import type { ReceiptContent, ReceiptState } from '@kkt/contracts';
import { oneRow, type Sql } from '../sql';

/** Where a waiting receipt stands in the queue of its group. */
export interface QueuePlace {
  /** 1 is next. Counted up to `countedUpTo`; past it the place is that number. */
  place: number;
  deadlineAt: Date;
}

/** How a group of registers gets on, as far as waiting depends on it. */
export interface GroupPace {
  paused: boolean;
  /** Why nobody takes what waits, by the driver: obstacles of its registers, joined by commas. */
  waitReason: string | null;
  /** Registers that may take receipts now. */
  workable: number;
  /** Those of them whose shift is not open: the first receipt opens it. */
  shiftClosed: number;
  /** Registers of the group in all. */
  registers: number;
  /** How long one receipt took lately, seconds; null when none was made lately. */
  receiptS: number | null;
}

/** The end of a receipt, as a program that was away reads it later. */
export interface ReceiptEnd {
  receiptId: string;
  at: Date;
  /** The moment with all its digits, for the next page. */
  atText: string;
  state: 'done' | 'failed';
}

/** Position in the list of ends. */
export interface EndsCursor {
  at: string;
  id: string;
}

/** What has been taken back of a receipt already. */
export interface TakenBack {
  takenKop: number[];
  takenMicro: number[];
}

/** A refund or correction about to be accepted. */
export interface NewOrigin {
  receiptId: string;
  originalId: string;
  externalId: string;
  kind: 'refund' | 'undo' | 'redo';
  takenKop: readonly number[];
  takenMicro: readonly number[];
}

/** An accepted receipt as a repeat of its request needs it. */
export interface EarlierReceipt {
  id: string;
  state: ReceiptState;
  /** SHA-256 of the request, hex. */
  bodyHash: string;
  content: ReceiptContent;
}

const countedUpTo = 10_000;
/** Finished receipts of the whole farm that are looked through for a group's pace. */
const lookedThrough = 5_000;
/** A claim of a refund counts for so long before its receipt must exist. */
const originGraceS = 60;

/** What the own API asks about receipts beyond their reports. */
export class ApiReceiptStore {
  constructor(private readonly sql: Sql) {}

  async earlier(groupId: number, externalId: string): Promise<EarlierReceipt | undefined> {
    const rows = await this.sql.query<EarlierReceipt>(
      `select id, state, encode(body_hash, 'hex') as "bodyHash", content from receipts
       where group_id = $1 and external_id = $2`,
      [groupId, externalId],
      'api_receipt_earlier',
    );
    return rows[0];
  }

  /** Undefined when the receipt does not wait in the queue. */
  async queuePlace(receiptId: string): Promise<QueuePlace | undefined> {
    const rows = await this.sql.query<QueuePlace>(
      `select r.deadline_at as "deadlineAt",
         1 + (select count(*) from (
           select 1 from receipts o
           where o.group_id = r.group_id and o.state = 'queued' and (o.priority, o.queue_no) < (r.priority, r.queue_no)
           limit ${countedUpTo}) before)::int as place
       from receipts r where r.id = $1 and r.state = 'queued'`,
      [receiptId],
      'api_receipt_place',
    );
    return rows[0];
  }

  /** Rather dear: remember the answer for some seconds. */
  async groupPace(groupId: number): Promise<GroupPace | undefined> {
    const rows = await this.sql.query<GroupPace>(
      `select g.paused, g.wait_reason as "waitReason",
         (select count(*)::int from registers k join register_status s on s.register_id = k.id
          where k.group_id = g.id and k.state = 'ready' and s.online and s.problem is null) as workable,
         (select count(*)::int from registers k join register_status s on s.register_id = k.id
          where k.group_id = g.id and k.state = 'ready' and s.online and s.problem is null
            and not coalesce(s.shift_open, true)) as "shiftClosed",
         (select count(*)::int from registers k where k.group_id = g.id and k.state <> 'closed') as registers,
         (select avg(extract(epoch from done.finished_at - done.started_at))::float8
          from (select group_id, started_at, finished_at from receipts
                where finished_at > farm_now() - interval '10 minutes'
                order by finished_at desc limit ${lookedThrough}) done
          where done.group_id = g.id and done.started_at is not null) as "receiptS"
       from register_groups g where g.id = $1`,
      [groupId],
      'api_group_pace',
    );
    return rows[0];
  }

  /**
   * Ends of a client's receipts after the cursor, the earliest first, and whether more are there. An end is told only
   * when nothing that ended before it can still appear: its moment is taken inside a transaction, so everything older
   * than the oldest transaction now open is committed and seen. A transaction open for over a minute is not one of
   * ours. (Needs to see other roles' transactions: `pg_read_all_stats` where the processes have roles of their own.)
   */
  async endsAfter(
    clientId: string,
    groupCode: string | null,
    cursor: EndsCursor | undefined,
    limit: number,
  ): Promise<{ ends: ReceiptEnd[]; more: boolean }> {
    const horizon = await this.sql.query<{ at: string }>(
      `select (farm_now() - (clock_timestamp() - coalesce(min(xact_start), clock_timestamp())))::text as at
       from pg_stat_activity
       where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
         and xact_start > clock_timestamp() - interval '60 seconds'`,
    );
    const rows = await this.sql.query<ReceiptEnd>(
      `select r.id as "receiptId", r.finished_at as at, r.finished_at::text as "atText", r.state
       from receipts r
       where r.client_id = $1 and r.finished_at is not null and r.finished_at < $2::timestamptz
         and ($3::text is null or r.group_id = (select id from register_groups where code = $3))
         and ($4::timestamptz is null or (r.finished_at, r.id) > ($4::timestamptz, $5::uuid))
       order by r.finished_at, r.id limit $6`,
      [clientId, horizon[0]?.at, groupCode, cursor?.at ?? null, cursor?.id ?? null, limit + 1],
      'api_receipt_ends',
    );
    return { ends: rows.slice(0, limit), more: rows.length > limit };
  }

  /** What refunds have taken of a receipt, but for the one with this external id. */
  async takenOf(originalId: string, exceptExternalId?: string): Promise<TakenBack> {
    const rows = await this.sql.query<{ takenKop: string[]; takenMicro: string[] }>(
      `select o.taken_kop::text[] as "takenKop", o.taken_micro::text[] as "takenMicro"
       from receipt_origins o left join receipts r on r.id = o.receipt_id
       where o.original_id = $1 and o.external_id is distinct from $2 and o.kind in ('refund', 'undo')
         and case when r.id is null then o.created_at > farm_now() - make_interval(secs => ${originGraceS})
                  else r.state <> 'failed' end`,
      [originalId, exceptExternalId],
    );
    const sum = (lists: string[][]): number[] =>
      lists.reduce<number[]>(
        (total, list) => list.map((value, index) => Number(value) + (total[index] ?? 0)),
        [],
      );
    return {
      takenKop: sum(rows.map((row) => row.takenKop)),
      takenMicro: sum(rows.map((row) => row.takenMicro)),
    };
  }

  /**
   * Claims a part of a receipt for a refund, under a lock of the receipt, so that two refunds at once never take the
   * same thing back twice. `decide` sees what is taken and says what it takes, or throws. A repeat with the same
   * external id renews its own claim and keeps its receipt's id, which is returned. Only inside a transaction.
   */
  async claimPart(
    originalId: string,
    externalId: string,
    decide: (taken: TakenBack) => NewOrigin,
  ): Promise<string> {
    const { sql } = this;
    await sql.query('select 1 from receipts where id = $1 for update', [originalId]);
    const origin = decide(await this.takenOf(originalId, externalId));
    const claimed = await sql.query<{ id: string }>(
      `insert into receipt_origins (receipt_id, original_id, external_id, kind, taken_kop, taken_micro)
       values ($1, $2, $3, $4, $5::bigint[], $6::bigint[])
       on conflict (original_id, external_id) do update
       set kind = excluded.kind, taken_kop = excluded.taken_kop, taken_micro = excluded.taken_micro,
           created_at = excluded.created_at
       returning receipt_id as id`,
      [
        origin.receiptId,
        origin.originalId,
        origin.externalId,
        origin.kind,
        [...origin.takenKop],
        [...origin.takenMicro],
      ],
    );
    return oneRow(claimed, 'claim of a refund').id;
  }

  /** Which receipt this one was built from, and what was built from it. */
  async family(
    receiptId: string,
  ): Promise<{ receiptId: string; originalId: string; kind: NewOrigin['kind'] }[]> {
    return this.sql.query(
      `select o.receipt_id as "receiptId", o.original_id as "originalId", o.kind
       from receipt_origins o join receipts r on r.id = o.receipt_id
       where o.receipt_id = $1
       union all
       select o.receipt_id, o.original_id, o.kind from receipt_origins o join receipts r on r.id = o.receipt_id
       where o.original_id = $1`,
      [receiptId],
    );
  }
}
