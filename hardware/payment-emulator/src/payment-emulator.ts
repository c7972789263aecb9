import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import {
  type EmulatedCallback,
  type EmulatedPayment,
  type EmulatedProvider,
  refundedKop,
  roubles,
} from './accounts';
import { Authority } from './authority';
import { callbacks, type Happening } from './callbacks';

interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: string;
}

type Answer = { status?: number; type?: string; body: object | string } | undefined;

/**
 * Payment providers in one process: they take payments and refunds, write and sign callbacks as the real ones do, and
 * answer questions about payments. The farm asks them at `<url>/<provider>/…`.
 */
export class PaymentEmulator {
  readonly payments = new Map<string, EmulatedPayment>();
  readonly authority = new Authority();
  /** Questions that were asked, `GET yookassa /v3/payments/x`. */
  readonly asked: string[] = [];
  /** The providers give no answer while this is set. */
  isAway = false;
  private readonly sent = new Set<string>();
  private server: Server | undefined;
  private lastNumber = 8_742_590;

  async start(port = 0): Promise<string> {
    this.server = createServer((request, response) => {
      void this.read(request).then((asked) => {
        if (this.isAway) return void response.destroy();
        this.asked.push(`${asked.method} ${asked.path}`);
        const answer: NonNullable<Answer> = this.answer(asked) ?? {
          status: 404,
          body: { error: 'not found' },
        };
        const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
        response
          .writeHead(answer.status ?? 200, { 'content-type': answer.type ?? 'application/json' })
          .end(text);
      });
    });
    await new Promise<void>((resolve) => this.server?.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server?.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  /** A buyer pays. */
  pay(
    provider: EmulatedProvider,
    orderNo: string,
    amountKop: number,
    more: Partial<EmulatedPayment> = {},
  ): EmulatedPayment {
    const payment: EmulatedPayment = {
      provider,
      id: this.newId(provider),
      orderNo,
      amountKop,
      currency: 'RUB',
      paid: true,
      refunds: [],
      fiscalizes: false,
      ...more,
    };
    this.payments.set(payment.id, payment);
    return payment;
  }

  /** The shop gives money back. */
  refund(payment: EmulatedPayment, amountKop: number): void {
    payment.refunds.push({ id: this.newId(payment.provider), amountKop });
  }

  /** The callback that the provider would send now. */
  callback(payment: EmulatedPayment, what: Happening = 'paid'): EmulatedCallback {
    const callback = callbacks[payment.provider](payment, what, this.authority);
    this.sent.add(callback.body);
    return callback;
  }

  private newId(provider: EmulatedProvider): string {
    this.lastNumber += 1;
    if (provider === 'tbank' || provider === 'robokassa' || provider === 'cloudpayments')
      return String(this.lastNumber);
    if (provider === 'stripe') return `pi_${this.lastNumber}Emu`;
    return provider.startsWith('paypal') ? `EMU${this.lastNumber}` : randomUUID();
  }

  private async read(request: IncomingMessage): Promise<Asked> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://emulator');
    const { method = 'GET', headers } = request;
    return {
      method,
      path: url.pathname,
      query: url.searchParams,
      headers,
      body: Buffer.concat(chunks).toString(),
    };
  }

  private answer({ path, query, body }: Asked): Answer {
    const [, host = '', ...rest] = path.split('/');
    const last = decodeURIComponent(rest.at(-1) ?? '');
    if (last === 'emulated-authority.pem') return { type: 'text/plain', body: this.authority.rootPem };
    if (host === 'yookassa') return this.yookassa(rest[1] ?? '', rest[2]);
    if (host === 'tbank') return this.tbank(last, JSON.parse(body) as Record<string, string>);
    if (host === 'cloudpayments') return this.cloudpayments(JSON.parse(body) as Record<string, unknown>);
    if (host.startsWith('sber')) return this.sber(new URLSearchParams(body));
    if (host === 'robokassa') return this.robokassa(query.get('InvoiceID') ?? '');
    if (host === 'stripe') return this.stripe(rest[2]);
    if (host.startsWith('paypal-ipn')) {
      const isOurs = this.sent.has(body.replace(/^cmd=_notify-validate&/, ''));
      return { type: 'text/plain', body: isOurs ? 'VERIFIED' : 'INVALID' };
    }
    return host.startsWith('paypal') ? this.paypal(rest.join('/'), last) : undefined;
  }

  private find(provider: EmulatedProvider, id: unknown): EmulatedPayment | undefined {
    const payment = this.payments.get(String(id));
    return payment?.provider === provider ? payment : undefined;
  }

  private ofOrder(provider: EmulatedProvider, orderNo: unknown): EmulatedPayment | undefined {
    return [...this.payments.values()].find(
      (payment) => payment.provider === provider && payment.orderNo === orderNo,
    );
  }

  private findRefund(provider: EmulatedProvider, id: string) {
    for (const payment of this.payments.values())
      for (const refund of payment.refunds)
        if (refund.id === id && payment.provider === provider) return { payment, refund };
    return undefined;
  }

  private yookassa(kind: string, id: string | undefined): Answer {
    const money = (payment: EmulatedPayment, kop: number) => ({
      value: roubles(kop),
      currency: payment.currency,
    });
    const view = (payment: EmulatedPayment) => ({
      id: payment.id,
      status: payment.paid ? 'succeeded' : 'pending',
      paid: payment.paid,
      amount: money(payment, payment.amountKop),
      refunded_amount: money(payment, refundedKop(payment)),
      metadata: { order_no: payment.orderNo },
      recipient: { account_id: '100500' },
      test: true,
      ...(payment.fiscalizes && { receipt_registration: 'succeeded' }),
    });
    if (id === undefined) {
      const items = [...this.payments.values()].filter(
        ({ provider, paid }) => provider === 'yookassa' && paid,
      );
      return { body: { type: 'list', items: items.map(view) } };
    }
    if (kind === 'refunds') {
      const found = this.findRefund('yookassa', id);
      if (!found) return undefined;
      const { payment, refund } = found;
      return {
        body: { id, payment_id: payment.id, status: 'succeeded', amount: money(payment, refund.amountKop) },
      };
    }
    const payment = this.find('yookassa', id);
    return payment && { body: view(payment) };
  }

  private tbank(method: string, fields: Record<string, string>): Answer {
    const payment =
      method === 'GetState' ? this.find('tbank', fields.PaymentId) : this.ofOrder('tbank', fields.OrderId);
    if (!payment) return { body: { Success: false, ErrorCode: '255' } };
    const left = payment.amountKop - refundedKop(payment);
    const Status = !payment.paid
      ? 'NEW'
      : payment.refunds.length === 0
        ? 'CONFIRMED'
        : left === 0
          ? 'REFUNDED'
          : 'PARTIAL_REFUNDED';
    const state = { PaymentId: payment.id, OrderId: payment.orderNo, Status, Amount: left, Success: true };
    return { body: method === 'GetState' ? state : { Success: true, Payments: [state] } };
  }

  private cloudpayments(fields: Record<string, unknown>): Answer {
    const payment =
      'InvoiceId' in fields
        ? this.ofOrder('cloudpayments', fields.InvoiceId)
        : this.find('cloudpayments', fields.TransactionId);
    if (!payment) return { body: { Success: false } };
    return {
      body: {
        Success: true,
        Model: {
          TransactionId: Number(payment.id),
          Amount: payment.amountKop / 100,
          Currency: payment.currency,
          InvoiceId: payment.orderNo,
          Status: payment.paid ? 'Completed' : 'Declined',
          TestMode: true,
        },
      },
    };
  }

  private sber(fields: URLSearchParams): Answer {
    const payment =
      this.find('sber', fields.get('orderId')) ?? this.ofOrder('sber', fields.get('orderNumber'));
    if (!payment) return { body: { errorCode: '6' } };
    return {
      body: {
        errorCode: '0',
        orderNumber: payment.orderNo,
        orderStatus: !payment.paid ? 0 : payment.refunds.length > 0 ? 4 : 2,
        amount: payment.amountKop,
        currency: '643',
        attributes: [{ name: 'mdOrder', value: payment.id }],
        paymentAmountInfo: {
          approvedAmount: payment.amountKop,
          depositedAmount: payment.paid ? payment.amountKop : 0,
          refundedAmount: refundedKop(payment),
        },
      },
    };
  }

  private robokassa(id: string): Answer {
    const payment = this.find('robokassa', id);
    if (!payment)
      return {
        type: 'text/xml',
        body: '<OperationStateResponse><Result><Code>3</Code></Result></OperationStateResponse>',
      };
    const isBack = refundedKop(payment) === payment.amountKop;
    const code = !payment.paid ? 5 : isBack ? 60 : 100;
    return {
      type: 'text/xml',
      body: `<?xml version="1.0" encoding="utf-8"?><OperationStateResponse xmlns="http://merchant.roboxchange.com/WebService/"><Result><Code>0</Code></Result><State><Code>${code}</Code></State><Info><OutSum>${roubles(payment.amountKop)}0000</OutSum></Info></OperationStateResponse>`,
    };
  }

  private stripe(id: string | undefined): Answer {
    const view = (payment: EmulatedPayment) => ({
      id: payment.id,
      status: payment.paid ? 'succeeded' : 'processing',
      amount_received: payment.paid ? payment.amountKop : 0,
      currency: payment.currency.toLowerCase(),
      metadata: { order_no: payment.orderNo },
      livemode: false,
      latest_charge: { amount_refunded: refundedKop(payment) },
    });
    if (id === undefined) {
      const all = [...this.payments.values()].filter(({ provider }) => provider === 'stripe');
      return { body: { data: all.map(view), has_more: false } };
    }
    const payment = this.find('stripe', id);
    return payment && { body: view(payment) };
  }

  private paypal(path: string, last: string): Answer {
    const money = (payment: EmulatedPayment, kop: number) => ({
      currency_code: payment.currency,
      value: roubles(kop),
    });
    if (path === 'v1/oauth2/token') return { body: { access_token: 'emu-token', expires_in: 32_400 } };
    if (path.startsWith('v1/notifications/certs/'))
      return { type: 'text/plain', body: this.authority.leafPem() };
    if (path === 'v1/notifications/webhooks-events') return { body: { events: [] } };
    if (path.startsWith('v2/payments/refunds/')) {
      const found = this.findRefund('paypal', last);
      if (!found) return undefined;
      const { payment, refund } = found;
      const up = { rel: 'up', href: `https://api.paypal.com/v2/payments/captures/${payment.id}` };
      return {
        body: { id: last, status: 'COMPLETED', amount: money(payment, refund.amountKop), links: [up] },
      };
    }
    const payment = this.find('paypal', last);
    return (
      payment && {
        body: {
          id: payment.id,
          status: payment.paid ? 'COMPLETED' : 'PENDING',
          amount: money(payment, payment.amountKop),
          invoice_id: payment.orderNo,
        },
      }
    );
  }
}
