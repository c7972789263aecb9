import type { ReceiptContent } from '@kkt/contracts';
import type { Sql } from '../sql';

/** A finished receipt whose facts are not taken yet. */
export interface FreshReceipt {
  id: string;
  clientId: string;
  groupId: number;
  externalId: string;
  api: 'v4' | 'v5' | 'v1';
  operation: string;
  isDone: boolean;
  content: ReceiptContent;
}

/** What is looked for in a receipt, beyond what its row says. */
export interface ReceiptFactsRow {
  id: string;
  /** 1 compatible API, 2 own API, 3 payment provider, 4 a person of the cabinet. */
  channel: 1 | 2 | 3 | 4;
  /** Bits of the kinds of payment. */
  payments: number;
  /** Hex; null when the receipt names no buyer. */
  contactHash: string | null;
  /** Text of the goods to be cut into words. */
  words: string;
}

/** Goods of one finished receipt. */
export interface GoodsOfReceipt {
  id: string;
  name: string;
  subject: number;
  sumKop: number;
  quantityMicro: number;
}

/** Ends may become visible a little out of their order: this much is looked through again. */
const overlapS = 60;

/** Takes facts of finished receipts; see the migration for what they are for. */
export class ReceiptFactsStore {
  constructor(private readonly sql: Sql) {}

  /**
   * Takes the turn for this transaction; false when somebody else has it. Only inside a transaction.
   *
   * @param mustWait waits for whoever has the turn instead
   */
  async turn(mustWait: boolean): Promise<boolean> {
    if (mustWait) {
      await this.sql.query('select pg_advisory_xact_lock(540061)');
      return true;
    }
    const [row] = await this.sql.query<{ mine: boolean }>('select pg_try_advisory_xact_lock(540061) as mine');
    return row?.mine ?? false;
  }

  /** Finished receipts without facts, the earliest end first. */
  async fresh(limit: number): Promise<FreshReceipt[]> {
    return this.sql.query<FreshReceipt>(
      `select r.id, r.client_id as "clientId", r.group_id as "groupId", r.external_id as "externalId", r.api, r.operation,
              r.state = 'done' as "isDone", r.content
       from receipts r
       where r.finished_at is not null
         and r.finished_at >= (select finished_at - make_interval(secs => ${overlapS}) from receipt_facts_cursor)
         and not exists (select 1 from receipt_facts f where f.receipt_id = r.id)
       order by r.finished_at limit $1`,
      [limit],
    );
  }

  /** Writes facts and what they add to the days of goods, once for each receipt; moves the cursor. */
  async put(facts: readonly ReceiptFactsRow[], goods: readonly GoodsOfReceipt[]): Promise<void> {
    await this.sql.query(
      `with given as (
         select * from json_to_recordset($1::json)
           as x(id uuid, channel smallint, payments smallint, "contactHash" text, words text)
       ), put as (
         insert into receipt_facts (receipt_id, group_id, accepted_at, finished_at, is_done, operation, channel, payments,
                                    total_kop, register_id, fn_number, fd_number, contact_hash, goods)
         select r.id, r.group_id, r.accepted_at, r.finished_at, r.state = 'done', r.operation, x.channel, x.payments,
                r.total_kop, r.register_id, r.fn_number, r.fd_number, decode(x."contactHash", 'hex'),
                to_tsvector('russian', x.words) || array_to_tsvector(array['client:' || r.client_id])
         from given x join receipts r on r.id = x.id
         on conflict (receipt_id) do nothing
         returning receipt_id, group_id, operation, is_done, finished_at
       ), sold as (
         select p.group_id, (p.finished_at at time zone 'Europe/Moscow')::date as day, g.name, g.subject,
                p.operation in ('sell_refund', 'sell_refund_correction') as back, p.receipt_id,
                g."sumKop" as kop, g."quantityMicro" as micro
         from json_to_recordset($2::json)
           as g(id uuid, name text, subject smallint, "sumKop" bigint, "quantityMicro" bigint)
         join put p on p.receipt_id = g.id
         where p.is_done and p.operation in ('sell', 'sell_refund', 'sell_correction', 'sell_refund_correction')
       ), days as (
         insert into goods_days as d (group_id, day, name, subject, receipts, sold_kop, sold_micro, returned_kop, returned_micro)
         select group_id, day, name, subject, count(distinct receipt_id) filter (where not back),
                coalesce(sum(kop) filter (where not back), 0), coalesce(sum(micro) filter (where not back), 0),
                coalesce(sum(kop) filter (where back), 0), coalesce(sum(micro) filter (where back), 0)
         from sold group by 1, 2, 3, 4
         on conflict (group_id, day, name, subject) do update set
           receipts = d.receipts + excluded.receipts, sold_kop = d.sold_kop + excluded.sold_kop,
           sold_micro = d.sold_micro + excluded.sold_micro, returned_kop = d.returned_kop + excluded.returned_kop,
           returned_micro = d.returned_micro + excluded.returned_micro
       )
       update receipt_facts_cursor set finished_at = greatest(finished_at, (select max(finished_at) from put))`,
      [JSON.stringify(facts), JSON.stringify(goods)],
    );
  }
}
