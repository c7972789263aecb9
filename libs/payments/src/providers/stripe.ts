import { currencyOf, minorOfCount } from '../core/amounts';
import type { CallbackRequest, ConnectionFacts, PaymentEvent, ProviderAdapter } from '../core/types';
import { JsonReader } from '../wire/bodies';
import { digestOfHex, hmacSha256, isSameDigest } from '../wire/digests';
import { ack, bodyText, genuine, hasSecrets, reject, secretOf } from './common';

/** The provider's own tolerance; without it an old callback could be played again for ever. */
const toleranceS = 300;

interface SignatureHeader {
  timestamp: string;
  /** `v1`; two while a secret is being changed. `v0` is the provider's test scheme and never counts. */
  signatures: string[];
}

function readHeader(text: string): SignatureHeader | undefined {
  const parts = text.split(',').map((part) => part.trim().split('=', 2));
  const timestamp = parts.find(([name]) => name === 't')?.[1] ?? '';
  if (!/^\d{1,12}$/.test(timestamp)) return undefined;
  return { timestamp, signatures: parts.flatMap(([name, value]) => (name === 'v1' && value ? [value] : [])) };
}

const orderNoOf = (object: JsonReader): string | undefined => {
  const metadata = object.object('metadata');
  return metadata?.text('order_no') ?? metadata?.text('order_id');
};

function incomeOf(base: PaymentEvent, intent: JsonReader): PaymentEvent {
  return {
    ...base,
    effect: 'income',
    paymentId: intent.need('id'),
    orderNo: orderNoOf(intent),
    amountMinor: minorOfCount(intent.raw('amount_received')),
    isTotal: true,
    currency: currencyOf(intent.need('currency')),
    contact: intent.text('receipt_email'),
  };
}

function refundOf(base: PaymentEvent, refund: JsonReader): PaymentEvent {
  const paymentId = refund.text('payment_intent');
  if (refund.text('status') !== 'succeeded' || paymentId === undefined) return base;
  return {
    ...base,
    effect: 'return',
    paymentId,
    refundId: refund.need('id'),
    amountMinor: minorOfCount(refund.raw('amount')),
    currency: currencyOf(refund.need('currency')),
  };
}

/** `charge.refunded` tells the charge's refunds in all, not this one. */
function refundTotalOf(base: PaymentEvent, charge: JsonReader): PaymentEvent {
  const paymentId = charge.text('payment_intent');
  if (paymentId === undefined) return base;
  return {
    ...base,
    effect: 'return',
    paymentId,
    amountMinor: minorOfCount(charge.raw('amount_refunded')),
    isTotal: true,
    currency: currencyOf(charge.need('currency')),
  };
}

/**
 * Stripe. Of the events that tell one payment (`payment_intent.succeeded`, `charge.succeeded`,
 * `checkout.session.completed`) only the first makes a receipt; the others are kept and do nothing.
 * Source: stripe-node `Webhooks`, the provider's documentation.
 */
export const stripe: ProviderAdapter = {
  name: 'stripe',
  secrets: { required: ['endpointSecret'], optional: ['apiKey'] },

  verify(request, connection, { nowMs }) {
    const header = readHeader(request.headers['stripe-signature'] ?? '');
    if (!header || header.signatures.length === 0) return reject('no-signature');
    const signed = Buffer.concat([Buffer.from(`${header.timestamp}.`), request.raw]);
    const expected = hmacSha256(secretOf(connection, 'endpointSecret'), signed);
    const isRight = header.signatures.some((text) =>
      isSameDigest(digestOfHex(text) ?? Buffer.alloc(0), expected),
    );
    if (!isRight) return reject('bad-signature');
    if (Math.abs(nowMs / 1000 - Number(header.timestamp)) > toleranceS) return reject('stale');
    return genuine;
  },

  parse(request: CallbackRequest): PaymentEvent {
    const body = JsonReader.parse(bodyText(request));
    const kind = body.need('type');
    const base: PaymentEvent = {
      eventId: body.need('id'),
      kind,
      effect: 'none',
      paymentId: '',
      isTotal: false,
      currency: 'RUB',
      providerFiscalizes: false,
      isTest: body.raw('livemode') === false,
    };
    const object = body.object('data')?.object('object');
    if (!object) return base;
    if (kind === 'payment_intent.succeeded') return incomeOf(base, object);
    if (kind === 'refund.created' || kind === 'refund.updated') return refundOf(base, object);
    return kind === 'charge.refunded' ? refundTotalOf(base, object) : base;
  },

  ack: () => ack(),
  mustReread: () => false,
  canReread: (connection: ConnectionFacts) => hasSecrets(connection, 'apiKey'),
};
