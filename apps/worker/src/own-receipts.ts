import { createHmac } from 'node:crypto';
import type { Clock, Log } from '@kkt/contracts';
import {
  CardPaymentStore,
  CardRefundStore,
  type Database,
  RequisitesStore,
  type UnreceiptedPayment,
} from '@kkt/storage';

export const ownServiceLogin = 'own-service';

/** Password of the farm's own login at its receipt API, known only to processes with the secret key. */
export const ownServicePassword = (secretKey: Buffer): string =>
  createHmac('sha256', secretKey).update('receipts of the own service v1').digest('base64url');

export interface OwnReceiptOptions {
  database: Database;
  clock: Clock;
  log: Log;
  secretKey: Buffer;
  /** Address of the receipt API, as shops reach it. */
  apiUrl: string;
}

interface OwnGroup {
  code: string;
  protocol: number;
  inn: string;
  paymentAddress: string;
  senderEmail: string;
}

interface AtolAnswer {
  uuid?: string;
  status?: string;
  token?: string;
  error?: { code: number; text: string } | null;
}

/** Something of ours that still needs its receipt: a payment by card, or money that went back to a card. */
interface Owed {
  operation: 'sell' | 'sell_refund';
  /** Before the id in the receipt's external id. */
  prefix: 'top-up' | 'card-refund';
  item: string;
  store: Pick<CardPaymentStore, 'unreceipted' | 'receipt'>;
}

const atOnce = 20;
const answerTimeoutMs = 10_000;
/** ATOL Online: a receipt with this external id exists already; its uuid is in the answer. */
const repeatedCode = 33;

/**
 * Receipts for what clients pay us by card, and for what goes back to their cards, made by our own farm through the
 * shops' door. Our number of the payment is the receipt's external id: whatever crashes when, there is one receipt.
 */
export class OwnReceipts {
  private token: string | undefined;

  constructor(private readonly options: OwnReceiptOptions) {}

  /** True when more are due. */
  async turn(): Promise<boolean> {
    const { database } = this.options;
    await this.make({
      operation: 'sell',
      prefix: 'top-up',
      item: 'Аванс за аренду касс',
      store: new CardPaymentStore(database),
    });
    await this.make({
      operation: 'sell_refund',
      prefix: 'card-refund',
      item: 'Возврат аванса за аренду касс',
      store: new CardRefundStore(database),
    });
    return false;
  }

  private async make(owed: Owed): Promise<void> {
    const due = await owed.store.unreceipted(atOnce);
    if (due.length === 0) return;
    const group = await this.group();
    if (!group) {
      this.options.log.warn(
        { count: due.length },
        'card payments wait for receipts: no group is set apart for them',
      );
      return;
    }
    for (const payment of due) {
      if (payment.receiptState === 'awaited') await this.send(owed, group, payment);
      else await this.follow(owed, group, payment);
    }
  }

  private async group(): Promise<OwnGroup | undefined> {
    const { database } = this.options;
    const farm = await new RequisitesStore(database).farm();
    const rows = await database.query<OwnGroup>(
      `select code, protocol, inn, payment_address as "paymentAddress", coalesce(sender_email, '') as "senderEmail"
       from register_groups where code = $1`,
      [farm?.receiptsGroup ?? null],
    );
    return rows[0];
  }

  private async send(owed: Owed, group: OwnGroup, payment: UnreceiptedPayment): Promise<void> {
    const body = receiptOf(owed, group, payment, this.options.clock.nowMs());
    const { uuid, error } = await this.call('POST', `${root(group)}/${owed.operation}`, body);
    if (uuid && (!error || error.code === repeatedCode))
      return owed.store.receipt(payment.id, 'sent', uuid, null);
    throw new Error(`a receipt of our own was not accepted: ${error?.code ?? '?'} ${error?.text ?? ''}`);
  }

  private async follow({ store }: Owed, group: OwnGroup, payment: UnreceiptedPayment): Promise<void> {
    const { status, error } = await this.call('GET', `${root(group)}/report/${payment.receiptId ?? ''}`);
    if (status === 'done') await store.receipt(payment.id, 'done', null, null);
    if (status === 'fail') {
      this.options.log.error({ payment: payment.id, error }, 'a receipt of our own was refused');
      await store.receipt(payment.id, 'failed', null, `${error?.code ?? '?'}: ${error?.text ?? ''}`);
    }
  }

  private async call(method: string, path: string, body?: object): Promise<AtolAnswer> {
    const { apiUrl, secretKey } = this.options;
    if (this.token === undefined) {
      const login = { login: ownServiceLogin, pass: ownServicePassword(secretKey) };
      this.token = (await ask('POST', `${apiUrl}/possystem/v4/getToken`, login)).token;
    }
    const answer = await ask(method, `${apiUrl}${path}`, body, this.token);
    // A token may have run out: the next turn takes a new one.
    if (answer.error && !answer.uuid) this.token = undefined;
    return answer;
  }
}

const root = ({ protocol, code }: OwnGroup): string => `/possystem/v${protocol}/${code}`;

async function ask(method: string, url: string, body?: object, token?: string): Promise<AtolAnswer> {
  const answer = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json; charset=utf-8', ...(token && { token }) },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(answerTimeoutMs),
  });
  return (await answer.json()) as AtolAnswer;
}

/** An advance: which registers it will pay for is not known yet. */
function receiptOf(
  { prefix, item }: Owed,
  group: OwnGroup,
  { id, amountKop, receiptEmail }: UnreceiptedPayment,
  nowMs: number,
): object {
  const at = new Date(nowMs + 3 * 3_600_000).toISOString();
  const total = amountKop / 100;
  return {
    timestamp: `${at.slice(8, 10)}.${at.slice(5, 7)}.${at.slice(0, 4)} ${at.slice(11, 19)}`,
    external_id: `${prefix}-${id}`,
    receipt: {
      client: { email: receiptEmail },
      company: {
        email: group.senderEmail,
        sno: 'osn',
        inn: group.inn,
        payment_address: group.paymentAddress,
      },
      items: [
        {
          name: item,
          price: total,
          quantity: 1,
          sum: total,
          payment_method: 'advance',
          payment_object: 'payment',
          vat: { type: 'vat122' },
        },
      ],
      payments: [{ type: 1, sum: total }],
      total,
    },
  };
}
