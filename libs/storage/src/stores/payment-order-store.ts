import type { Sql } from '../sql';

/** An order that a shop registered before its payment. */
export interface PaymentOrder {
  id: string;
  clientId: string;
  groupId: number;
  orderNo: string;
  content: object;
  contentHash: string;
  totalKop: number;
  callbackUrl: string | null;
  createdAt: Date;
}

interface OrderRow extends Omit<PaymentOrder, 'totalKop'> {
  totalKop: string;
}

const columns = `id, client_id as "clientId", group_id as "groupId", order_no as "orderNo", content,
  encode(content_hash, 'hex') as "contentHash", total_kop as "totalKop", callback_url as "callbackUrl",
  created_at as "createdAt"`;

const toOrder = (row: OrderRow): PaymentOrder => ({ ...row, totalKop: Number(row.totalKop) });

/** What may become of a registration. */
export type OrderOutcome =
  { kind: 'stored'; id: string } | { kind: 'same'; id: string } | { kind: 'already-paid'; id: string };

/** Orders registered beforehand: the source of items for payments' receipts. */
export class PaymentOrderStore {
  constructor(private readonly sql: Sql) {}

  /** Registers or replaces. An order with a receipt cannot change any more; run it in a transaction. */
  async put(order: Omit<PaymentOrder, 'createdAt'>): Promise<OrderOutcome> {
    const rows = await this.sql.query<{ id: string; hash: string; paid: boolean }>(
      `select o.id, encode(o.content_hash, 'hex') as hash,
              exists (select 1 from payments p where p.order_id = o.id and p.income_kop > 0) as paid
       from payment_orders o where o.group_id = $1 and o.order_no = $2 for update of o`,
      [order.groupId, order.orderNo],
    );
    const earlier = rows[0];
    if (earlier && earlier.hash === order.contentHash) return { kind: 'same', id: earlier.id };
    if (earlier?.paid) return { kind: 'already-paid', id: earlier.id };
    const stored = await this.sql.query<{ id: string }>(
      `insert into payment_orders (id, client_id, group_id, order_no, content, content_hash, total_kop, callback_url)
       values ($1, $2, $3, $4, $5, decode($6, 'hex'), $7, $8)
       on conflict on constraint payment_orders_number do update
         set content = excluded.content, content_hash = excluded.content_hash, total_kop = excluded.total_kop,
             callback_url = excluded.callback_url, updated_at = farm_now()
         where not exists (select 1 from payments p where p.order_id = payment_orders.id and p.income_kop > 0)
       returning id`,
      [
        order.id,
        order.clientId,
        order.groupId,
        order.orderNo,
        JSON.stringify(order.content),
        order.contentHash,
        order.totalKop,
        order.callbackUrl,
      ],
    );
    return stored[0] ? { kind: 'stored', id: stored[0].id } : { kind: 'already-paid', id: order.id };
  }

  /** @param forUpdate keeps the order as it is until the transaction ends */
  async byNumber(groupId: number, orderNo: string, forUpdate = false): Promise<PaymentOrder | undefined> {
    const rows = await this.sql.query<OrderRow>(
      `select ${columns} from payment_orders where group_id = $1 and order_no = $2 ${forUpdate ? 'for update' : ''}`,
      [groupId, orderNo],
    );
    return rows[0] && toOrder(rows[0]);
  }

  /**
   * Takes orders, registered in the last three days, whose payment nobody told, for asking their providers. Each is due
   * again after a pause that doubles from five minutes to six hours.
   */
  async claimUnpaid(limit: number): Promise<PaymentOrder[]> {
    const rows = await this.sql.query<OrderRow>(
      `with due as (
         select d.id as due_id from payment_orders d
         where d.next_poll_at <= farm_now() and d.created_at > farm_now() - interval '3 days'
           and not exists (select 1 from payments p where p.order_id = d.id and p.income_kop > 0)
         order by d.next_poll_at limit $1 for update skip locked
       )
       update payment_orders set polls = polls + 1,
              next_poll_at = farm_now() + least(interval '6 hours', interval '5 minutes' * (2 ^ least(polls, 10)))
       from due where id = due.due_id
       returning ${columns}`,
      [limit],
    );
    return rows.map(toOrder);
  }
}
