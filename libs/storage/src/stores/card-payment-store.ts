import type { Sql } from '../sql';

export type CardPaymentState = 'new' | 'pending' | 'paid' | 'failed';
export type OwnReceiptState = 'awaited' | 'sent' | 'done' | 'failed';

/** A client's payment to us by card. */
export interface CardPayment {
  id: string;
  clientId: string;
  amountKop: number;
  state: CardPaymentState;
  /** The acquirer's number; null until it has answered. */
  acquirerRef: string | null;
  payUrl: string | null;
  receiptEmail: string;
  note: string | null;
  createdAt: Date;
  settledAt: Date | null;
  receiptState: OwnReceiptState | null;
  receiptId: string | null;
  receiptNote: string | null;
  /** The saved card it is taken from; null: the payer types one in. */
  cardId: string | null;
  /** The farm asked for it by itself. */
  isAuto: boolean;
  /** The words the payer agreed to when he asked to remember the card; null: he did not. */
  saveConsent: string | null;
  saveBy: string | null;
}

export interface NewCardPayment {
  id: string;
  clientId: string;
  amountKop: number;
  receiptEmail: string;
  cardId?: string;
  isAuto?: boolean;
  save?: { by: string; consent: string };
}

/** A payment that still needs its receipt. */
export interface UnreceiptedPayment {
  id: string;
  amountKop: number;
  receiptEmail: string;
  receiptState: 'awaited' | 'sent';
  receiptId: string | null;
}

const columns = `id, client_id as "clientId", amount_kop::float8 as "amountKop", state, acquirer_ref as "acquirerRef",
  pay_url as "payUrl", receipt_email as "receiptEmail", note, created_at as "createdAt", settled_at as "settledAt",
  receipt_state as "receiptState", receipt_id as "receiptId", receipt_note as "receiptNote",
  card_id as "cardId", is_auto as "isAuto", save_consent as "saveConsent", save_by as "saveBy"`;

/** Payments by card and the receipts we owe for them. */
export class CardPaymentStore {
  constructor(private readonly sql: Sql) {}

  async add(one: NewCardPayment): Promise<void> {
    await this.sql.query(
      `insert into card_payments (id, client_id, amount_kop, receipt_email, card_id, is_auto, save_consent, save_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        one.id,
        one.clientId,
        one.amountKop,
        one.receiptEmail,
        one.cardId ?? null,
        one.isAuto ?? false,
        one.save?.consent ?? null,
        one.save?.by ?? null,
      ],
    );
  }

  /** The acquirer has taken it: the client pays at this address; null when nobody has to. */
  async begun(id: string, acquirerRef: string, payUrl: string | null): Promise<void> {
    await this.sql.query(
      `update card_payments set state = 'pending', acquirer_ref = $2, pay_url = $3 where id = $1 and state = 'new'`,
      [id, acquirerRef, payUrl],
    );
  }

  /** Undefined for another client's. */
  async read(id: string, clientId?: string): Promise<CardPayment | undefined> {
    const rows = await this.sql.query<CardPayment>(
      `select ${columns} from card_payments where id = $1 and ($2::uuid is null or client_id = $2)`,
      [id, clientId ?? null],
    );
    return rows[0];
  }

  /** Locked until the end of the transaction. */
  async lock(id: string): Promise<CardPayment | undefined> {
    const rows = await this.sql.query<CardPayment>(
      `select ${columns} from card_payments where id = $1 for update`,
      [id],
    );
    return rows[0];
  }

  async list(clientId: string, limit: number): Promise<CardPayment[]> {
    return this.sql.query<CardPayment>(
      `select ${columns} from card_payments where client_id = $1 order by created_at desc limit $2`,
      [clientId, limit],
    );
  }

  /** What the farm took by itself in this month of Moscow, or is taking. */
  async autoMonthKop(clientId: string): Promise<number> {
    const rows = await this.sql.query<{ kop: number }>(
      `select coalesce(sum(amount_kop), 0)::float8 as kop from card_payments
       where client_id = $1 and is_auto and state <> 'failed'
         and created_at >= date_trunc('month', farm_now() at time zone 'Europe/Moscow') at time zone 'Europe/Moscow'`,
      [clientId],
    );
    return rows[0]?.kop ?? 0;
  }

  /** Ends a payment; a paid one is owed a receipt from the same commit on. */
  async settle(id: string, state: 'paid' | 'failed', note: string | null): Promise<void> {
    await this.sql.query(
      `update card_payments set state = $2, note = $3, settled_at = farm_now(),
         receipt_state = case when $2 = 'paid' then 'awaited' end
       where id = $1 and state in ('new', 'pending')`,
      [id, state, note],
    );
  }

  /** Payments whose acquirer is to be asked now; each is put off, so that workers do not ask twice. */
  async takeToAsk(againInS: number, limit: number): Promise<CardPayment[]> {
    return this.sql.query<CardPayment>(
      `update card_payments set ask_at = farm_now() + make_interval(secs => $1)
       where id in (select id from card_payments where state in ('new', 'pending') and ask_at <= farm_now()
                    order by ask_at limit $2 for update skip locked)
       returning ${columns}`,
      [againInS, limit],
    );
  }

  async unreceipted(limit: number): Promise<UnreceiptedPayment[]> {
    return this.sql.query<UnreceiptedPayment>(
      `select id, amount_kop::float8 as "amountKop", receipt_email as "receiptEmail", receipt_state as "receiptState",
              receipt_id as "receiptId"
       from card_payments where receipt_state in ('awaited', 'sent') order by settled_at limit $1`,
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
      `update card_payments set receipt_state = $2, receipt_id = coalesce($3, receipt_id), receipt_note = $4
       where id = $1`,
      [id, state, receiptId, note],
    );
  }
}
