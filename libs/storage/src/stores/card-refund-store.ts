import type { Kop } from '@kkt/contracts';
import type { Sql } from '../sql';
import type { OwnReceiptState } from './card-payment-store';

/** Money on its way back to the card it was paid with. */
export interface CardRefund {
  id: string;
  clientId: string;
  paymentId: string;
  /** The acquirer's number of the payment. */
  acquirerRef: string;
  amountKop: Kop;
  state: 'pending' | 'done' | 'failed';
  /** The paper it was made for. */
  reason: string;
  note: string | null;
  createdAt: Date;
  settledAt: Date | null;
  receiptState: OwnReceiptState | null;
  receiptId: string | null;
}

/** A payment of which something can still go back. */
export interface RefundablePayment {
  id: string;
  leftKop: Kop;
}

/** A refund that needs its receipt. */
export interface UnreceiptedRefund {
  id: string;
  amountKop: Kop;
  receiptEmail: string;
  receiptState: 'awaited' | 'sent';
  receiptId: string | null;
}

const columns = `f.id, f.client_id as "clientId", f.payment_id as "paymentId", p.acquirer_ref as "acquirerRef",
  f.amount_kop::float8 as "amountKop", f.state, f.reason, f.note, f.created_at as "createdAt", f.settled_at as "settledAt",
  f.receipt_state as "receiptState", f.receipt_id as "receiptId"`;
const from = 'card_refunds f join card_payments p on p.id = f.payment_id';

/** Refunds to cards, and the receipts we owe for them. */
export class CardRefundStore {
  constructor(private readonly sql: Sql) {}

  /** The newest first; banks give back what was paid within the year. */
  async refundable(clientId: string): Promise<RefundablePayment[]> {
    return this.sql.query<RefundablePayment>(
      `select p.id, (p.amount_kop - coalesce(r.kop, 0))::float8 as "leftKop" from card_payments p
       cross join lateral (select sum(amount_kop) as kop, count(*) filter (where state = 'pending') as open
                           from card_refunds where payment_id = p.id and state <> 'failed') r
       where p.client_id = $1 and p.state = 'paid' and p.acquirer_ref is not null
         and p.settled_at > farm_now() - interval '360 days' and r.open = 0
         and p.amount_kop > coalesce(r.kop, 0)
       order by p.settled_at desc`,
      [clientId],
    );
  }

  async add(one: {
    id: string;
    clientId: string;
    paymentId: string;
    amountKop: Kop;
    reason: string;
  }): Promise<void> {
    await this.sql.query(
      'insert into card_refunds (id, client_id, payment_id, amount_kop, reason) values ($1, $2, $3, $4, $5)',
      [one.id, one.clientId, one.paymentId, one.amountKop, one.reason],
    );
  }

  async list(clientId: string, limit: number): Promise<CardRefund[]> {
    return this.sql.query<CardRefund>(
      `select ${columns} from ${from} where f.client_id = $1 order by f.created_at desc limit $2`,
      [clientId, limit],
    );
  }

  /** Refunds whose bank is to be asked now; each is put off, so that workers do not ask twice. */
  async takeToAsk(againInS: number, limit: number): Promise<CardRefund[]> {
    return this.sql.query<CardRefund>(
      `with taken as (
         update card_refunds set ask_at = farm_now() + make_interval(secs => $1)
         where id in (select id from card_refunds where state = 'pending' and ask_at <= farm_now()
                      order by ask_at limit $2 for update skip locked)
         returning id)
       select ${columns} from ${from} join taken on taken.id = f.id order by f.created_at`,
      [againInS, limit],
    );
  }

  /** What of a payment went back already. */
  async doneKop(paymentId: string): Promise<Kop> {
    const rows = await this.sql.query<{ kop: number }>(
      `select coalesce(sum(amount_kop), 0)::float8 as kop from card_refunds where payment_id = $1 and state = 'done'`,
      [paymentId],
    );
    return rows[0]?.kop ?? 0;
  }

  /** False when it was settled before. A refund that was made is owed a receipt from the same commit on. */
  async settle(id: string, state: 'done' | 'failed', note: string | null): Promise<boolean> {
    const rows = await this.sql.query(
      `update card_refunds set state = $2, note = $3, settled_at = farm_now(),
         receipt_state = case when $2 = 'done' then 'awaited' end
       where id = $1 and state = 'pending' returning id`,
      [id, state, note],
    );
    return rows.length > 0;
  }

  async note(id: string, note: string): Promise<void> {
    await this.sql.query(`update card_refunds set note = $2 where id = $1 and state = 'pending'`, [id, note]);
  }

  async unreceipted(limit: number): Promise<UnreceiptedRefund[]> {
    return this.sql.query<UnreceiptedRefund>(
      `select f.id, f.amount_kop::float8 as "amountKop", p.receipt_email as "receiptEmail",
              f.receipt_state as "receiptState", f.receipt_id as "receiptId"
       from ${from} where f.receipt_state in ('awaited', 'sent') order by f.settled_at limit $1`,
      [limit],
    );
  }

  async receipt(
    id: string,
    state: OwnReceiptState,
    receiptId: string | null,
    note: string | null,
  ): Promise<void> {
    await this.sql.query(
      `update card_refunds set receipt_state = $2, receipt_id = coalesce($3, receipt_id), receipt_note = $4
       where id = $1`,
      [id, state, receiptId, note],
    );
  }
}
