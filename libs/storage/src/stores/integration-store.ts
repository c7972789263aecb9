import type { Sql } from '../sql';
import type { ClientSight } from './cabinet-read-store';

/** A callback of a receipt, in the delivery log. */
export interface CallbackLog {
  receiptId: string;
  externalId: string;
  groupCode: string;
  url: string;
  state: 'pending' | 'delivered' | 'gave_up';
  attempts: number;
  lastStatus: number | null;
  lastError: string | null;
  createdAt: Date;
  nextAt: Date;
  finishedAt: Date | null;
}

/** Something that was refused: a stored receipt, or requests of one minute that left nothing. */
export interface RefusalLog {
  at: Date;
  /** Null for requests that named no group of the client's. */
  groupCode: string | null;
  /** The wrong field as the answer named it; null where it is known from the text only. */
  field: string | null;
  /** Null for what was refused at the door: nothing of it is stored. */
  receiptId: string | null;
  externalId: string | null;
  code: number;
  text: string;
  times: number;
}

export interface GroupSettings {
  senderEmail: string | null;
  buyerLetters: boolean;
}

/** An order whose payment nobody told yet. */
export interface WaitingOrder {
  orderNo: string;
  groupCode: string;
  totalKop: number;
  createdAt: Date;
  polls: number;
}

const inSight = 'g.client_id = $1 and ($2::integer[] is null or g.id = any ($2))';

/** What shops' programmers look at: deliveries, refusals, settings of groups. */
export class IntegrationStore {
  constructor(private readonly sql: Sql) {}

  /** Callbacks of receipts of the last seven days, the newest receipts first. */
  async callbacks(sight: ClientSight, limit: number, state?: CallbackLog['state']): Promise<CallbackLog[]> {
    return this.sql.query<CallbackLog>(
      `select c.* from register_groups g cross join lateral (
         select r.id as "receiptId", r.external_id as "externalId", g.code as "groupCode", c.url, c.state, c.attempts,
                c.last_status as "lastStatus", c.last_error as "lastError", c.created_at as "createdAt",
                c.next_at as "nextAt", c.finished_at as "finishedAt", r.accepted_at
         from receipts r join callbacks c on c.receipt_id = r.id
         where r.group_id = g.id and r.accepted_at > farm_now() - interval '7 days' and ($4::text is null or c.state = $4)
         order by r.accepted_at desc limit $3
       ) c where ${inSight} order by c.accepted_at desc limit $3`,
      [sight.clientId, sight.groupIds, limit, state],
    );
  }

  /** Refusals of the last seven days, the newest first. */
  async refusals(sight: ClientSight, limit: number): Promise<RefusalLog[]> {
    return this.sql.query<RefusalLog>(
      `select * from (
         (select r.finished_at as at, g.code as "groupCode", r.id as "receiptId", r.external_id as "externalId",
                 r.error_code as code, coalesce(r.error_text, '') as text, 1 as times, null::text as field
          from register_groups g cross join lateral (
            select * from receipts r where r.group_id = g.id and r.state = 'failed'
              and r.accepted_at > farm_now() - interval '7 days' order by r.accepted_at desc limit $3
          ) r where ${inSight})
         union all
         (select i.minute, g.code, null, null, i.code, i.text, i.receipts, nullif(i.field, '')
          from register_groups g join intake_refusals i on i.group_id = g.id
          where ${inSight} and i.minute > farm_now() - interval '7 days' order by i.minute desc limit $3)
         union all
         (select i.minute, null, null, null, i.code, i.text, i.receipts, nullif(i.field, '')
          from intake_refusals i
          where i.client_id = $1 and $2::integer[] is null and i.minute > farm_now() - interval '7 days'
          order by i.minute desc limit $3)
       ) refused order by at desc limit $3`,
      [sight.clientId, sight.groupIds, limit],
    );
  }

  async groupSettings(sight: ClientSight, code: string): Promise<GroupSettings | undefined> {
    const rows = await this.sql.query<GroupSettings>(
      `select g.sender_email as "senderEmail", g.buyer_letters as "buyerLetters"
       from register_groups g where ${inSight} and g.code = $3`,
      [sight.clientId, sight.groupIds, code],
    );
    return rows[0];
  }

  async changeGroup(sight: ClientSight, code: string, settings: GroupSettings): Promise<void> {
    await this.sql.query(
      `update register_groups g set sender_email = $4, buyer_letters = $5 where ${inSight} and g.code = $3`,
      [sight.clientId, sight.groupIds, code, settings.senderEmail, settings.buyerLetters],
    );
  }

  /** Orders without a receipted payment, the newest first. */
  async waitingOrders(sight: ClientSight, limit: number): Promise<WaitingOrder[]> {
    const rows = await this.sql.query<Omit<WaitingOrder, 'totalKop'> & { totalKop: string }>(
      `select o.order_no as "orderNo", g.code as "groupCode", o.total_kop as "totalKop", o.created_at as "createdAt", o.polls
       from payment_orders o join register_groups g on g.id = o.group_id
       where ${inSight} and not exists (select 1 from payments p where p.order_id = o.id and p.income_kop > 0)
       order by o.created_at desc limit $3`,
      [sight.clientId, sight.groupIds, limit],
    );
    return rows.map((row) => ({ ...row, totalKop: Number(row.totalKop) }));
  }
}
