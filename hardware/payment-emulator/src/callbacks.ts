import { createHash, createHmac, randomUUID, sign } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Authority } from './authority';
import {
  accounts,
  type EmulatedCallback,
  type EmulatedPayment,
  type EmulatedProvider,
  refundedKop,
  roubles,
} from './accounts';

/** What happened: the payment, or its newest refund. */
export type Happening = 'paid' | 'refunded';

type Write = (payment: EmulatedPayment, what: Happening, authority: Authority) => EmulatedCallback;

const json = { 'content-type': 'application/json' };
const formType = { 'content-type': 'application/x-www-form-urlencoded' };
const newest = (payment: EmulatedPayment) => payment.refunds.at(-1) ?? { id: 'none', amountKop: 0 };
const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();
const post = (body: string, headers: Record<string, string>, suffix = ''): EmulatedCallback => ({
  method: 'POST',
  suffix,
  headers,
  body,
});

const paypal: Write = (payment, what, authority) => {
  const up = { rel: 'up', href: `https://api.paypal.com/v2/payments/captures/${payment.id}`, method: 'GET' };
  const refund = newest(payment);
  const amount = (kop: number) => ({ currency_code: payment.currency, value: roubles(kop) });
  const body = JSON.stringify({
    id: `WH-${randomUUID()}`,
    event_version: '1.0',
    event_type: what === 'paid' ? 'PAYMENT.CAPTURE.COMPLETED' : 'PAYMENT.CAPTURE.REFUNDED',
    resource:
      what === 'paid'
        ? {
            id: payment.id,
            status: 'COMPLETED',
            amount: amount(payment.amountKop),
            invoice_id: payment.orderNo,
          }
        : { id: refund.id, status: 'COMPLETED', amount: amount(refund.amountKop), links: [up] },
  });
  const id = randomUUID();
  const time = new Date().toISOString();
  const message = `${id}|${time}|${accounts.paypal.webhook_id}|${crc32(body)}`;
  return post(body, {
    ...json,
    'paypal-transmission-id': id,
    'paypal-transmission-time': time,
    'paypal-transmission-sig': sign('RSA-SHA256', Buffer.from(message), authority.leaf.privateKey).toString(
      'base64',
    ),
    'paypal-cert-url': 'https://api.sandbox.paypal.com/v1/notifications/certs/CERT-EMU-1',
    'paypal-auth-algo': 'SHA256withRSA',
    'paypal-auth-version': 'v2',
  });
};

const paypalIpn: Write = (payment, what) => {
  const refund = newest(payment);
  const fields: Record<string, string> =
    what === 'paid'
      ? {
          txn_id: payment.id,
          payment_status: 'Completed',
          mc_gross: roubles(payment.amountKop),
          invoice: payment.orderNo,
        }
      : {
          txn_id: refund.id,
          parent_txn_id: payment.id,
          payment_status: 'Refunded',
          mc_gross: `-${roubles(refund.amountKop)}`,
        };
  const { receiver_id } = accounts['paypal-ipn'];
  return post(
    form({ ...fields, mc_currency: payment.currency, receiver_id, test_ipn: '1', charset: 'UTF-8' }),
    formType,
  );
};

const yookassa: Write = (payment, what) => {
  const refund = newest(payment);
  const amount = (kop: number) => ({ value: roubles(kop), currency: payment.currency });
  const object =
    what === 'paid'
      ? {
          id: payment.id,
          status: 'succeeded',
          paid: true,
          amount: amount(payment.amountKop),
          metadata: { order_no: payment.orderNo },
          recipient: { account_id: accounts.yookassa.shop_id },
          test: true,
        }
      : { id: refund.id, payment_id: payment.id, status: 'succeeded', amount: amount(refund.amountKop) };
  const event = what === 'paid' ? 'payment.succeeded' : 'refund.succeeded';
  return post(JSON.stringify({ type: 'notification', event, object }), json);
};

const tbank: Write = (payment, what) => {
  const isAll = refundedKop(payment) >= payment.amountKop;
  const status = payment.fiscalizes && what === 'paid' ? 'RECEIPT' : 'CONFIRMED';
  const scalars = {
    TerminalKey: accounts.tbank.terminal_key,
    OrderId: payment.orderNo,
    Success: true,
    Status: what === 'paid' ? status : isAll ? 'REFUNDED' : 'PARTIAL_REFUNDED',
    PaymentId: Number(payment.id),
    ErrorCode: '0',
    Amount: what === 'paid' ? payment.amountKop : payment.amountKop - refundedKop(payment),
  };
  const signed = { ...scalars, Password: accounts.tbank.password } as Record<string, unknown>;
  const text = Object.keys(signed)
    .sort()
    .map((name) => String(signed[name]))
    .join('');
  const Token = createHash('sha256').update(text).digest('hex');
  return post(JSON.stringify({ ...scalars, Data: { order_number: payment.orderNo }, Token }), json);
};

const cloudpayments: Write = (payment, what) => {
  const refund = newest(payment);
  const common = {
    Currency: payment.currency,
    InvoiceId: payment.orderNo,
    DateTime: '2026-11-23 10:00:00',
    TestMode: '1',
  };
  const body =
    what === 'paid'
      ? form({
          TransactionId: payment.id,
          Amount: roubles(payment.amountKop),
          ...common,
          Status: 'Completed',
          OperationType: 'Payment',
          ...(payment.email && { Email: payment.email }),
        })
      : form({
          TransactionId: refund.id,
          PaymentTransactionId: payment.id,
          Amount: roubles(refund.amountKop),
          ...common,
          OperationType: 'Refund',
        });
  const hmac = createHmac('sha256', accounts.cloudpayments.api_secret).update(body).digest('base64');
  return post(body, { ...formType, 'content-hmac': hmac }, what === 'paid' ? '/pay' : '/refund');
};

const sber: Write = (payment, what) => {
  const fields: Record<string, string> = {
    amount: String(payment.amountKop),
    mdOrder: payment.id,
    operation: what === 'paid' ? 'deposited' : 'refunded',
    orderNumber: payment.orderNo,
    status: '1',
  };
  const message = Object.keys(fields)
    .sort()
    .map((name) => `${name};${fields[name]};`)
    .join('');
  const checksum = createHmac('sha256', accounts.sber.callback_key)
    .update(message)
    .digest('hex')
    .toUpperCase();
  return { method: 'GET', suffix: `?${form({ ...fields, checksum })}`, headers: {}, body: '' };
};

/** Robokassa does not tell refunds: the callback of the payment comes again. */
const robokassa: Write = (payment) => {
  const sum = roubles(payment.amountKop);
  const text = `${sum}:${payment.id}:${accounts.robokassa.password2}:Shp_order=${payment.orderNo}`;
  const SignatureValue = createHash('sha256').update(text).digest('hex').toUpperCase();
  return post(form({ OutSum: sum, InvId: payment.id, SignatureValue, Shp_order: payment.orderNo }), formType);
};

const stripe: Write = (payment, what) => {
  const refund = newest(payment);
  const currency = payment.currency.toLowerCase();
  const object =
    what === 'paid'
      ? {
          id: payment.id,
          object: 'payment_intent',
          amount_received: payment.amountKop,
          currency,
          status: 'succeeded',
          metadata: { order_no: payment.orderNo },
          ...(payment.email && { receipt_email: payment.email }),
        }
      : {
          id: refund.id,
          object: 'refund',
          payment_intent: payment.id,
          amount: refund.amountKop,
          currency,
          status: 'succeeded',
        };
  const body = JSON.stringify({
    id: `evt_${randomUUID()}`,
    object: 'event',
    livemode: false,
    type: what === 'paid' ? 'payment_intent.succeeded' : 'refund.created',
    data: { object },
  });
  return stripeSigned(body);
};

/** Any Stripe event, signed now. */
export function stripeSigned(body: string, atMs = Date.now()): EmulatedCallback {
  const t = Math.floor(atMs / 1000);
  const v1 = createHmac('sha256', accounts.stripe.endpoint_secret).update(`${t}.${body}`).digest('hex');
  return post(body, { ...json, 'stripe-signature': `t=${t},v1=${v1}` });
}

/** Callbacks as each provider writes and signs them; written apart from the code that checks them. */
export const callbacks: Readonly<Record<EmulatedProvider, Write>> = {
  paypal,
  'paypal-ipn': paypalIpn,
  yookassa,
  tbank,
  cloudpayments,
  sber,
  robokassa,
  stripe,
};
