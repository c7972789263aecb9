import { currencyOf, minorOfCount } from '../core/amounts';
import type { ConnectionFacts, PaymentFacts } from '../core/types';
import { secretOf } from '../providers/common';
import { JsonReader } from '../wire/bodies';
import type { ProviderClient } from './client';
import { type AskProvider, formType, jsonOf } from './http';

/** `getOrderStatusExtended.do`: 2 deposited, 4 refunded, also when only a part was; 3 reversed, a hold given back. */
const captured = new Set(['2', '4']);

const paymentIdOf = (order: JsonReader): string | undefined =>
  order
    .list('attributes')
    .find((attribute) => attribute.text('name') === 'mdOrder')
    ?.text('value');

function factsOf(order: JsonReader, paymentId: string): PaymentFacts {
  const amounts = order.object('paymentAmountInfo');
  const status = order.text('orderStatus') ?? '';
  const deposited = minorOfCount(amounts?.raw('depositedAmount') ?? 0);
  const refunded = minorOfCount(amounts?.raw('refundedAmount') ?? 0);
  // Of a whole refund some banks' gateways leave nothing in depositedAmount: then what came back is what was paid.
  return {
    paymentId,
    orderNo: order.text('orderNumber'),
    currency: currencyOf(order.text('currency')),
    paidMinor: captured.has(status) ? Math.max(deposited, refunded) : 0,
    refundedMinor: captured.has(status) ? refunded : 0,
    providerFiscalizes: order.object('orderBundle')?.has('ofdReceipts') ?? false,
    isTest: false,
  };
}

/** The RBS gateway of Sber and other banks. */
export function sberClient(ask: AskProvider): ProviderClient {
  const status = async (by: Record<string, string>, connection: ConnectionFacts) => {
    const host = connection.settings.mode === 'test' ? 'sber-test' : 'sber';
    const body = new URLSearchParams({
      userName: secretOf(connection, 'userName'),
      password: secretOf(connection, 'password'),
      ...by,
    }).toString();
    const answer = await ask({
      host,
      path: '/payment/rest/getOrderStatusExtended.do',
      method: 'POST',
      headers: formType,
      body,
    });
    const order = jsonOf(answer, host);
    return order?.text('errorCode') === '0' ? order : undefined;
  };
  return {
    async fetchPayment(event, connection) {
      const order = await status({ orderId: event.paymentId }, connection);
      return order && factsOf(order, event.paymentId);
    },
    async fetchOrder(orderNo, connection) {
      const order = await status({ orderNumber: orderNo }, connection);
      const paymentId = order && paymentIdOf(order);
      return order && paymentId !== undefined ? [factsOf(order, paymentId)] : [];
    },
  };
}
