import { decode, encodingExists } from 'iconv-lite';
import { currencyOf, minorOfText } from '../core/amounts';
import type { CallbackRequest, ConnectionFacts, PaymentEvent, ProviderAdapter } from '../core/types';
import { FormReader } from '../wire/bodies';
import { ack, hasSecrets, readable, reject, secretOf, unproven } from './common';

/** Bytes of an IPN escape in the charset that one of its fields names, windows-1252 by default. */
function readForm(request: CallbackRequest): FormReader {
  const text = request.raw.toString('latin1');
  const named = /(?:^|&)charset=([A-Za-z0-9_-]{1,30})(?:&|$)/.exec(text)?.[1] ?? 'windows-1252';
  const charset = encodingExists(named) ? named : 'windows-1252';
  const utf8 = text.replace(/(?:%[0-9a-fA-F]{2})+/g, (escaped) =>
    encodeURIComponent(decode(Buffer.from(escaped.replaceAll('%', ''), 'hex'), charset)),
  );
  return FormReader.parse(utf8);
}

const returns = new Set(['Refunded', 'Reversed']);

/**
 * PayPal IPN, the old notifications. Nothing in them is signed: the same bytes are sent back to PayPal, which says
 * VERIFIED. One `txn_id` comes as Pending and later as Completed, so the id alone names no event.
 */
export const paypalIpn: ProviderAdapter = {
  name: 'paypal-ipn',
  secrets: { required: ['receiverId'] },

  verify(request, connection) {
    return readable(() => {
      const form = readForm(request);
      if (form.text('txn_id') === undefined) return reject('unreadable');
      return form.text('receiver_id') === secretOf(connection, 'receiverId')
        ? unproven
        : reject('wrong-account');
    });
  },

  parse(request: CallbackRequest): PaymentEvent {
    const form = readForm(request);
    const status = form.text('payment_status') ?? '';
    const transactionId = form.need('txn_id');
    const base: PaymentEvent = {
      kind: status || (form.text('txn_type') ?? 'unknown'),
      effect: 'none',
      paymentId: transactionId,
      isTotal: false,
      currency: 'RUB',
      providerFiscalizes: false,
      isTest: form.text('test_ipn') === '1',
    };
    const parent = form.text('parent_txn_id');
    if (status !== 'Completed' && !returns.has(status)) return base;
    const currency = currencyOf(form.need('mc_currency'));
    const amountMinor = Math.abs(minorOfText(form.need('mc_gross'), currency));
    if (status === 'Completed')
      return {
        ...base,
        effect: 'income',
        orderNo: form.text('invoice') ?? form.text('custom'),
        amountMinor,
        isTotal: true,
        currency,
        contact: form.text('payer_email'),
      };
    return parent === undefined
      ? base
      : { ...base, effect: 'return', paymentId: parent, refundId: transactionId, amountMinor, currency };
  },

  ack: () => ack(),
  mustReread: (event) => event.effect !== 'none',
  canReread: (connection: ConnectionFacts) => hasSecrets(connection, 'receiverId'),
};
