import { verify as verifySignature } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { FarmError } from '@kkt/contracts';
import { currencyOf, minorOfText } from '../core/amounts';
import type { CallbackRequest, ConnectionFacts, PaymentEvent, ProviderAdapter } from '../core/types';
import { JsonReader } from '../wire/bodies';
import { digestOfBase64 } from '../wire/digests';
import { ack, bodyText, genuine, hasSecrets, reject, secretOf } from './common';

/** Repeats go on for days; past that nothing genuine comes any more. */
const oldestMs = 4 * 24 * 3600 * 1000;
const newestMs = 5 * 60 * 1000;

/** `id|time|webhook id|CRC-32 of the body as unsigned decimal`. The webhook's id is the shop's, never the request's. */
export const paypalMessage = (id: string, time: string, webhookId: string, raw: Buffer): string =>
  `${id}|${time}|${webhookId}|${crc32(raw)}`;

/** Payments v2 write `{value, currency_code}`, v1 `{total, currency}`. */
function amountOf(resource: JsonReader): { amountMinor: number; currency: string } {
  const amount = resource.needObject('amount');
  const currency = currencyOf(amount.text('currency_code') ?? amount.need('currency'));
  return {
    amountMinor: Math.abs(minorOfText(amount.text('value') ?? amount.need('total'), currency)),
    currency,
  };
}

/** The capture that a refund belongs to: the last part of its `up` link. */
function parentOf(resource: JsonReader): string {
  const sale = resource.text('sale_id');
  if (sale !== undefined) return sale;
  const up = resource.list('links').find((link) => link.text('rel') === 'up');
  const id = /\/v2\/payments\/captures\/([A-Z0-9]{1,40})$/.exec(up?.text('href') ?? '')?.[1];
  if (id === undefined) throw new FarmError('CLIENT-CALLBACK-BODY', 'The refund does not name its capture');
  return id;
}

const incomes = new Set(['PAYMENT.CAPTURE.COMPLETED', 'PAYMENT.SALE.COMPLETED']);
const returns = new Set([
  'PAYMENT.CAPTURE.REFUNDED',
  'PAYMENT.CAPTURE.REVERSED',
  'PAYMENT.SALE.REFUNDED',
  'PAYMENT.SALE.REVERSED',
]);

/**
 * PayPal webhooks. The signature binds only a CRC-32 of the body, and CRC-32 can be steered: so the money is always asked
 * of the provider. `CHECKOUT.ORDER.COMPLETED` tells the same money as the capture and makes no receipt.
 * Source: PayPal's webhook documentation, several independent validators.
 */
export const paypal: ProviderAdapter = {
  name: 'paypal',
  secrets: { required: ['clientId', 'clientSecret', 'webhookId'] },

  async verify(request, connection, { nowMs, certificate }) {
    const { headers } = request;
    const id = headers['paypal-transmission-id'];
    const time = headers['paypal-transmission-time'];
    const signature = digestOfBase64(headers['paypal-transmission-sig'] ?? '');
    const url = headers['paypal-cert-url'];
    if (!id || !time || !signature || !url) return reject('no-signature');
    if (headers['paypal-auth-algo'] !== 'SHA256withRSA') return reject('bad-signature', 'algorithm');
    const atMs = Date.parse(time);
    if (Number.isNaN(atMs) || nowMs - atMs > oldestMs || atMs - nowMs > newestMs) return reject('stale');
    if (!certificate) throw new FarmError('SYS-PAYMENT-CERTIFICATE', 'Nothing fetches certificates here');
    let publicKey;
    try {
      ({ publicKey } = await certificate(url, connection));
    } catch (error) {
      if (error instanceof FarmError && error.code === 'CLIENT-CERTIFICATE')
        return reject('bad-certificate', error.message);
      throw error;
    }
    const message = paypalMessage(id, time, secretOf(connection, 'webhookId'), request.raw);
    return verifySignature('RSA-SHA256', Buffer.from(message), publicKey, signature)
      ? genuine
      : reject('bad-signature');
  },

  parse(request: CallbackRequest): PaymentEvent {
    const body = JsonReader.parse(bodyText(request));
    const kind = body.need('event_type');
    const resource = body.needObject('resource');
    const base: PaymentEvent = {
      kind,
      effect: 'none',
      paymentId: resource.text('id') ?? '',
      isTotal: false,
      currency: 'RUB',
      providerFiscalizes: false,
      isTest: false,
    };
    if (incomes.has(kind))
      return {
        ...base,
        ...amountOf(resource),
        effect: 'income',
        paymentId: resource.need('id'),
        orderNo: resource.text('invoice_id') ?? resource.text('invoice_number') ?? resource.text('custom_id'),
        isTotal: true,
      };
    if (returns.has(kind))
      return {
        ...base,
        ...amountOf(resource),
        effect: 'return',
        paymentId: parentOf(resource),
        refundId: resource.need('id'),
      };
    return base;
  },

  ack: () => ack(),
  mustReread: (event) => event.effect !== 'none',
  canReread: (connection: ConnectionFacts) => hasSecrets(connection, 'clientId', 'clientSecret'),
};
