import { FarmError } from '@kkt/contracts';
import { currencyOf, minorOfText } from '../core/amounts';
import type { CallbackRequest, ConnectionFacts, PaymentEvent, ProviderAdapter } from '../core/types';
import { FormReader, JsonReader } from '../wire/bodies';
import { digestOfBase64, hmacSha256, isSameDigest } from '../wire/digests';
import { ack, bodyText, formText, genuine, hasSecrets, reject, secretOf } from './common';

/** Reads fields of a notification by name, whatever its format. */
type Fields = (name: string) => string | undefined;

function fieldsOf(request: CallbackRequest): Fields {
  const text = formText(request);
  if (request.method === 'POST' && /^\s*\{/.test(text)) {
    const body = JsonReader.parse(text);
    return (name) => body.text(name);
  }
  const form = FormReader.parse(text);
  return (name) => form.text(name);
}

/** The form `X-Content-HMAC` is made over: percent-decoded text. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return undefined;
  }
}

const need = (value: string | undefined, name: string): string => {
  if (value === undefined) throw new FarmError('CLIENT-CALLBACK-BODY', `The callback has no ${name}`);
  return value;
};

/**
 * What the notification is. Our address names it, but only the body is signed: a kind that the body contradicts is
 * believed by neither.
 */
function kindOf(request: CallbackRequest, fields: Fields): string {
  const isRefund = fields('PaymentTransactionId') !== undefined || fields('OperationType') === 'Refund';
  const named = request.kind?.toLowerCase();
  if (named === undefined) return isRefund ? 'refund' : 'pay';
  return (named === 'refund') === isRefund ? named : 'mismatch';
}

/** Marks of the provider's own cash register in the notification or in the shop's data inside it. */
function fiscalizes(kind: string, fields: Fields): boolean {
  return kind === 'receipt' || fields('FiscalData') !== undefined || fields('CustomerReceipt') !== undefined;
}

/**
 * CloudPayments. `Data.CloudPayments.CustomerReceipt` is written by the buyer's browser, so neither items nor a contact
 * are taken from it. Source: the provider's documentation; the HMAC's details by several code bases.
 */
export const cloudpayments: ProviderAdapter = {
  name: 'cloudpayments',
  secrets: { required: ['apiSecret'], optional: ['publicId'] },

  verify(request, connection) {
    const plain = request.headers['content-hmac'];
    const overDecoded = request.headers['x-content-hmac'];
    if (plain === undefined && overDecoded === undefined) return reject('no-signature');
    const key = secretOf(connection, 'apiSecret');
    const bytes = request.method === 'GET' ? Buffer.from(request.query) : request.raw;
    if (plain !== undefined)
      return isSameDigest(digestOfBase64(plain) ?? Buffer.alloc(0), hmacSha256(key, bytes))
        ? genuine
        : reject('bad-signature');
    const isJson = request.method === 'POST' && /^\s*\{/.test(bodyText(request));
    const text = isJson ? bodyText(request) : decoded(bytes.toString('utf8'));
    if (text === undefined) return reject('unreadable');
    return isSameDigest(digestOfBase64(overDecoded ?? '') ?? Buffer.alloc(0), hmacSha256(key, text))
      ? genuine
      : reject('bad-signature');
  },

  parse(request: CallbackRequest): PaymentEvent {
    const fields = fieldsOf(request);
    const kind = kindOf(request, fields);
    const currency = currencyOf(fields('Currency'));
    const base: PaymentEvent = {
      kind,
      effect: 'none',
      paymentId: fields('TransactionId') ?? '',
      orderNo: fields('InvoiceId'),
      isTotal: false,
      currency,
      contact: fields('Email'),
      providerFiscalizes: fiscalizes(kind, fields),
      isTest: /^(1|true)$/i.test(fields('TestMode') ?? ''),
    };
    const amount = (): number => minorOfText(need(fields('Amount'), 'Amount'), currency);
    if (kind === 'refund')
      return {
        ...base,
        effect: 'return',
        paymentId: need(fields('PaymentTransactionId'), 'PaymentTransactionId'),
        refundId: need(fields('TransactionId'), 'TransactionId'),
        amountMinor: amount(),
      };
    const isCaptured =
      kind === 'confirm' || (kind === 'pay' && fields('Status') === 'Completed') || kind === 'recurrent-pay';
    if (!isCaptured) return base;
    return {
      ...base,
      effect: 'income',
      paymentId: need(fields('TransactionId'), 'TransactionId'),
      amountMinor: amount(),
      isTotal: true,
    };
  },

  ack: () => ack('{"code":0}', 'application/json; charset=utf-8'),
  /**
   * `Check` comes before any money and is signed alike, so with the key at hand the provider is asked. A refund cannot be
   * taken for anything else.
   */
  mustReread: (event, connection) => event.effect === 'income' && hasSecrets(connection, 'publicId'),
  canReread: (connection: ConnectionFacts) => hasSecrets(connection, 'publicId'),
};
