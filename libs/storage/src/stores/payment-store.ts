import type { ReceiptState } from '@kkt/contracts';
import { oneRow, type Sql } from '../sql';

/** A payment as its provider tells it, and what of it became receipts. */
export interface PaymentRow {
  id: string;
  connectionId: string;
  providerPaymentId: string;
  orderNo: string | null;
  orderId: string | null;
  currency: string;
  contact: string | null;
  paidMinor: number;
  refundedMinor: number;
  refunds: Record<string, number>;
  incomeKop: number;
  returnedKop: number;
  returnedByLine: number[];
  waitsForPayment: boolean;
  parkReason: string | null;
  parkText: string | null;
  approved: boolean;
  /** The item it was receipted with for want of an order. */
  mappedItem: object | null;
}

/** A payment for people. */
export interface PaymentView extends PaymentRow {
  provider: string;
  connectionName: string;
  groupCode: string;
  parkedAt: Date | null;
  createdAt: Date;
  /** The same with all its digits, for the next page. */
  createdAtText: string;
  receipts: { effect: 'income' | 'return'; receiptId: string; kop: number; state: ReceiptState }[];
}

const counts = ['paidMinor', 'refundedMinor', 'incomeKop', 'returnedKop'] as const;
type Raw<T extends PaymentRow> = Omit<T, (typeof counts)[number]> & Record<(typeof counts)[number], string>;

const toPayment = <T extends PaymentRow>(row: Raw<T>): T =>
  ({ ...row, ...Object.fromEntries(counts.map((name) => [name, Number(row[name])])) }) as unknown as T;

const columns = `p.id, p.connection_id as "connectionId", p.provider_payment_id as "providerPaymentId",
  p.order_no as "orderNo", p.order_id as "orderId", p.currency, p.contact, p.paid_minor as "paidMinor",
  p.refunded_minor as "refundedMinor", p.refunds, p.income_kop as "incomeKop", p.returned_kop as "returnedKop",
  p.returned_by_line as "returnedByLine", p.waits_for_payment as "waitsForPayment", p.park_reason as "parkReason",
  p.park_text as "parkText", p.approved, p.mapped_item as "mappedItem"`;

/** Payments of shops. Decisions on one are made under its row's lock. */
export class PaymentStore {
  constructor(private readonly sql: Sql) {}

  /** The payment, made when it is new, locked until the transaction ends. */
  async lock(payment: {
    id: string;
    connectionId: string;
    providerPaymentId: string;
    currency: string;
  }): Promise<PaymentRow> {
    await this.sql.query(
      `insert into payments (id, connection_id, provider_payment_id, currency) values ($1, $2, $3, $4)
       on conflict on constraint payments_provider_id do nothing`,
      [payment.id, payment.connectionId, payment.providerPaymentId, payment.currency],
      'payments_add',
    );
    const rows = await this.sql.query<Raw<PaymentRow>>(
      `select ${columns} from payments p where p.connection_id = $1 and p.provider_payment_id = $2 for update`,
      [payment.connectionId, payment.providerPaymentId],
      'payments_lock',
    );
    return toPayment(oneRow(rows, 'payment'));
  }

  async lockById(id: string): Promise<PaymentRow | undefined> {
    const rows = await this.sql.query<Raw<PaymentRow>>(
      `select ${columns} from payments p where p.id = $1 for update`,
      [id],
    );
    return rows[0] && toPayment(rows[0]);
  }

  async byId(id: string): Promise<PaymentRow | undefined> {
    const rows = await this.sql.query<Raw<PaymentRow>>(`select ${columns} from payments p where p.id = $1`, [
      id,
    ]);
    return rows[0] && toPayment(rows[0]);
  }

  /** Writes everything that a decision may have changed. */
  async save(payment: PaymentRow, nextPollInS: number | null): Promise<void> {
    await this.sql.query(
      `update payments set order_no = $2, order_id = $3, currency = $4, contact = $5, paid_minor = $6,
              refunded_minor = $7, refunds = $8, income_kop = $9, returned_kop = $10, returned_by_line = $11,
              waits_for_payment = $12, park_reason = $13, park_text = $14, approved = $15,
              parked_at = case when $13::text is null then null else coalesce(parked_at, farm_now()) end,
              next_poll_at = farm_now() + make_interval(secs => $16), mapped_item = $17, updated_at = farm_now()
       where id = $1`,
      [
        payment.id,
        payment.orderNo,
        payment.orderId,
        payment.currency,
        payment.contact,
        payment.paidMinor,
        payment.refundedMinor,
        JSON.stringify(payment.refunds),
        payment.incomeKop,
        payment.returnedKop,
        JSON.stringify(payment.returnedByLine),
        payment.waitsForPayment,
        payment.parkReason,
        payment.parkText,
        payment.approved,
        nextPollInS,
        payment.mappedItem && JSON.stringify(payment.mappedItem),
      ],
      'payments_save',
    );
  }

  /** Whether another payment of the order already has its receipt. */
  async isOrderTaken(orderId: string, exceptPaymentId: string): Promise<boolean> {
    const rows = await this.sql.query(
      'select 1 from payments where order_id = $1 and id <> $2 and income_kop > 0 limit 1',
      [orderId, exceptPaymentId],
    );
    return rows.length > 0;
  }

  async addReceipt(receipt: {
    paymentId: string;
    effect: 'income' | 'return';
    fromKop: number;
    toKop: number;
    attempt: number;
    receiptId: string;
  }): Promise<void> {
    await this.sql.query(
      `insert into payment_receipts (payment_id, effect, from_kop, to_kop, attempt, receipt_id)
       values ($1, $2, $3, $4, $5, $6)`,
      [receipt.paymentId, receipt.effect, receipt.fromKop, receipt.toKop, receipt.attempt, receipt.receiptId],
    );
  }

  /** The receipts of a payment that were not followed by another attempt and failed in the end. */
  async failedReceipts(
    paymentId: string,
  ): Promise<
    { effect: 'income' | 'return'; fromKop: number; attempt: number; receiptId: string; text: string }[]
  > {
    const rows = await this.sql.query<{
      effect: 'income' | 'return';
      fromKop: string;
      attempt: number;
      receiptId: string;
      text: string | null;
    }>(
      `select b.effect, b.from_kop as "fromKop", b.attempt, b.receipt_id as "receiptId", r.error_text as text
       from payment_receipts b join receipts r on r.id = b.receipt_id
       where b.payment_id = $1 and r.state = 'failed'
         and not exists (select 1 from payment_receipts n where n.payment_id = b.payment_id and n.effect = b.effect
                           and n.from_kop = b.from_kop and n.attempt > b.attempt)`,
      [paymentId],
    );
    return rows.map((row) => ({ ...row, fromKop: Number(row.fromKop), text: row.text ?? '' }));
  }

  /** Moves a receipt's part to a new receipt: the earlier one has failed and made no document. */
  async followReceipt(receiptId: string, next: { receiptId: string; attempt: number }): Promise<void> {
    await this.sql.query(
      `insert into payment_receipts (payment_id, effect, from_kop, to_kop, attempt, receipt_id)
       select payment_id, effect, from_kop, to_kop, $3, $2 from payment_receipts where receipt_id = $1`,
      [receiptId, next.receiptId, next.attempt],
    );
  }

  /** Payments that wait for an order by this number. */
  async waitingForOrder(groupId: number, orderNo: string): Promise<string[]> {
    const rows = await this.sql.query<{ id: string }>(
      `select p.id from payments p join payment_connections c on c.id = p.connection_id
       where p.park_reason in ('unknown-order', 'amount-mismatch') and p.order_no = $2 and c.group_id = $1
         and p.dismissed_at is null`,
      [groupId, orderNo],
    );
    return rows.map(({ id }) => id);
  }

  /** Parked payments whose order has been registered since: a notice of it may have been lost. */
  async unparkable(limit: number): Promise<string[]> {
    const rows = await this.sql.query<{ id: string }>(
      `select p.id from payments p join payment_connections c on c.id = p.connection_id
         join payment_orders o on o.group_id = c.group_id and o.order_no = p.order_no
       where p.park_reason = 'unknown-order' and p.dismissed_at is null limit $1`,
      [limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Payments with a receipt that failed and that nobody has been told of. */
  async withFailedReceipts(limit: number): Promise<string[]> {
    const rows = await this.sql.query<{ id: string }>(
      `select distinct p.id from payments p join payment_receipts b on b.payment_id = p.id
         join receipts r on r.id = b.receipt_id
       where r.state = 'failed' and r.finished_at > farm_now() - interval '30 days'
         and p.park_reason is distinct from 'receipt-failed' and p.dismissed_at is null
         and not exists (select 1 from payment_receipts n where n.payment_id = b.payment_id and n.effect = b.effect
                           and n.from_kop = b.from_kop and n.attempt > b.attempt)
       limit $1`,
      [limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Takes payments whose turn to be asked of their provider has come. */
  async claimForPoll(limit: number, againInS: number): Promise<PaymentRow[]> {
    const rows = await this.sql.query<Raw<PaymentRow>>(
      `with due as (
         select id as due_id from payments where next_poll_at <= farm_now()
         order by next_poll_at limit $1 for update skip locked
       )
       update payments p set
         next_poll_at = case when p.created_at > farm_now() - interval '30 days'
                             then farm_now() + make_interval(secs => $2) end
       from due where p.id = due.due_id returning ${columns}`,
      [limit, againInS],
    );
    return rows.map((row) => toPayment<PaymentRow>(row));
  }

  /** A client's payments, newest first; `parked` for those only that wait for a person. */
  async list(options: {
    clientId: string;
    /** Only payments of this group. */
    groupCode?: string;
    parked?: boolean;
    id?: string;
    orderNo?: string;
    provider?: string;
    /** The last row of the page before: its moment with all digits, and its id. */
    before?: { at: string; id: string };
    limit: number;
  }): Promise<PaymentView[]> {
    const rows = await this.sql.query<Raw<PaymentView>>(
      `select ${columns}, c.provider, c.name as "connectionName", g.code as "groupCode", p.parked_at as "parkedAt",
              p.created_at as "createdAt", p.created_at::text as "createdAtText",
              coalesce((select json_agg(json_build_object('effect', b.effect, 'receiptId', b.receipt_id,
                          'kop', b.to_kop - b.from_kop, 'state', r.state) order by b.created_at)
                        from payment_receipts b join receipts r on r.id = b.receipt_id
                        where b.payment_id = p.id), '[]') as receipts
       from payments p join payment_connections c on c.id = p.connection_id join register_groups g on g.id = c.group_id
       where c.client_id = $1 and (not $2 or (p.park_reason is not null and p.dismissed_at is null))
         and ($3::uuid is null or p.id = $3)
         and ($5::text is null or g.code = $5) and ($6::text is null or p.order_no = $6)
         and ($7::text is null or c.provider = $7)
         and ($8::timestamptz is null or (p.created_at, p.id) < ($8::timestamptz, $9::uuid))
       order by p.created_at desc, p.id desc limit $4`,
      [
        options.clientId,
        options.parked ?? false,
        options.id,
        options.limit,
        options.groupCode,
        options.orderNo,
        options.provider,
        options.before?.at,
        options.before?.id,
      ],
    );
    return rows.map((row) => toPayment<PaymentView>(row));
  }

  /** A person has dealt with it otherwise: it is no longer shown as parked. */
  async dismiss(id: string, reason: string): Promise<void> {
    await this.sql.query(
      `update payments set dismissed_at = farm_now(), dismiss_reason = $2, updated_at = farm_now()
       where id = $1 and park_reason is not null`,
      [id, reason],
    );
  }
}
