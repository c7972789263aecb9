import { currencyOf, minorOfText } from '../core/amounts';
import type { ConnectionFacts, PaymentFacts } from '../core/types';
import { secretOf } from '../providers/common';
import type { JsonReader } from '../wire/bodies';
import type { ProviderClient } from './client';
import { type AskProvider, basicAuth, jsonOf, jsonType } from './http';

function factsOf(model: JsonReader): PaymentFacts {
  const currency = currencyOf(model.text('Currency'));
  const isPaid = model.text('Status') === 'Completed';
  const amount = minorOfText(model.need('Amount'), currency);
  return {
    paymentId: model.need('TransactionId'),
    orderNo: model.text('InvoiceId'),
    currency,
    paidMinor: isPaid ? amount : 0,
    contact: model.text('Email'),
    providerFiscalizes: false,
    isTest: model.isTrue('TestMode'),
  };
}

/** CloudPayments API: the payment by its transaction or by the shop's invoice. Refunds are told by their callbacks. */
export function cloudpaymentsClient(ask: AskProvider): ProviderClient {
  const post = async (path: string, body: object, connection: ConnectionFacts) => {
    const headers = {
      ...basicAuth(secretOf(connection, 'publicId'), secretOf(connection, 'apiSecret')),
      ...jsonType,
    };
    const answer = await ask({
      host: 'cloudpayments',
      path,
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    const model = jsonOf(answer, 'cloudpayments')?.object('Model');
    return model && factsOf(model);
  };
  return {
    fetchPayment: (event, connection) =>
      post('/payments/get', { TransactionId: Number(event.paymentId) }, connection),
    async fetchOrder(orderNo, connection) {
      const facts = await post('/v2/payments/find', { InvoiceId: orderNo }, connection);
      return facts ? [facts] : [];
    },
  };
}
