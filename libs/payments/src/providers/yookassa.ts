import { currencyOf, minorOfText } from '../core/amounts';
import type { CallbackRequest, ConnectionFacts, PaymentEvent, ProviderAdapter } from '../core/types';
import { JsonReader } from '../wire/bodies';
import { ack, bodyText, hasSecrets, isFromProvider, readable, reject, unproven } from './common';

/** yookassa.ru/developers/using-api/webhooks. Shared by all its shops, so an address alone proves nothing. */
const networks = [
  '185.71.76.0/27',
  '185.71.77.0/27',
  '77.75.153.0/25',
  '77.75.156.11',
  '77.75.156.35',
  '77.75.154.128/25',
  '2a02:5180::/32',
];

/** YooKassa. Its notifications carry no signature: after the address, every fact is asked of the provider. */
export const yookassa: ProviderAdapter = {
  name: 'yookassa',
  secrets: { required: ['shopId', 'secretKey'] },

  verify(request, connection) {
    if (!isFromProvider(request, connection, networks)) return reject('wrong-address', request.address);
    return readable(() => {
      const body = JsonReader.parse(bodyText(request));
      return body.text('type') === 'notification' && body.object('object') ? unproven : reject('unreadable');
    });
  },

  parse(request: CallbackRequest): PaymentEvent {
    const body = JsonReader.parse(bodyText(request));
    const kind = body.need('event');
    const object = body.needObject('object');
    const base: PaymentEvent = {
      kind,
      effect: 'none',
      paymentId: '',
      isTotal: false,
      currency: 'RUB',
      providerFiscalizes: object.has('receipt_registration'),
      isTest: object.isTrue('test'),
    };
    if (kind !== 'payment.succeeded' && kind !== 'refund.succeeded') return base;
    const amount = object.needObject('amount');
    const currency = currencyOf(amount.need('currency'));
    const amountMinor = minorOfText(amount.need('value'), currency);
    if (kind === 'refund.succeeded')
      return {
        ...base,
        effect: 'return',
        paymentId: object.need('payment_id'),
        refundId: object.need('id'),
        amountMinor,
        currency,
      };
    return {
      ...base,
      effect: 'income',
      paymentId: object.need('id'),
      orderNo: object.object('metadata')?.text('order_no'),
      amountMinor,
      isTotal: true,
      currency,
    };
  },

  ack: () => ack(),
  mustReread: (event) => event.effect !== 'none',
  canReread: (connection: ConnectionFacts) => hasSecrets(connection, 'shopId', 'secretKey'),
};
