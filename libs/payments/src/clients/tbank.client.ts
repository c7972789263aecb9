import { minorOfCount } from '../core/amounts';
import type { ConnectionFacts, PaymentFacts } from '../core/types';
import { secretOf } from '../providers/common';
import { tbankToken } from '../providers/tbank';
import { rootScalars } from '../wire/bodies';
import type { ProviderClient } from './client';
import { type AskProvider, jsonOf, jsonType } from './http';

const captured = new Set(['CONFIRMED', 'REFUNDING', 'PARTIAL_REFUNDED', 'REFUNDED']);

interface State {
  paymentId: string;
  orderNo?: string;
  status: string;
  amount: unknown;
}

/**
 * What `Amount` means after a partial refund is stated nowhere: unless the shop has seen that it is what is left, the
 * sum of the refund is left to a person.
 */
function factsOf(state: State, connection: ConnectionFacts): PaymentFacts {
  const amount = minorOfCount(state.amount ?? 0);
  const base: PaymentFacts = {
    paymentId: state.paymentId,
    orderNo: state.orderNo,
    currency: 'RUB',
    providerFiscalizes: false,
    isTest: false,
  };
  if (!captured.has(state.status)) return { ...base, paidMinor: 0 };
  if (state.status === 'REFUNDED') return { ...base, leftMinor: 0 };
  if (state.status !== 'PARTIAL_REFUNDED') return { ...base, paidMinor: amount };
  return connection.settings.amountIsWhatIsLeft
    ? { ...base, leftMinor: amount }
    : { ...base, isRefundUnclear: true };
}

/** T-Bank (T-Kassa) API v2. */
export function tbankClient(ask: AskProvider): ProviderClient {
  const call = async (method: string, fields: Record<string, string>, connection: ConnectionFacts) => {
    const signed = { TerminalKey: secretOf(connection, 'terminalKey'), ...fields };
    const Token = tbankToken(new Map(Object.entries(signed)), secretOf(connection, 'password'));
    const body = JSON.stringify({ ...signed, Token });
    const answer = await ask({
      host: 'tbank',
      path: `/v2/${method}`,
      method: 'POST',
      headers: jsonType,
      body,
    });
    return { reader: jsonOf(answer, 'tbank'), text: answer.text };
  };
  return {
    async fetchPayment(event, connection) {
      const { reader, text } = await call('GetState', { PaymentId: event.paymentId }, connection);
      if (!reader?.isTrue('Success')) return undefined;
      const state: State = {
        paymentId: rootScalars(text).get('PaymentId') ?? '',
        orderNo: reader.text('OrderId'),
        status: reader.need('Status'),
        amount: reader.raw('Amount'),
      };
      return factsOf(state, connection);
    },
    async fetchOrder(orderNo, connection) {
      const { reader } = await call('CheckOrder', { OrderId: orderNo }, connection);
      if (!reader?.isTrue('Success')) return [];
      return reader.list('Payments').map((payment) => {
        const paymentId = payment.need('PaymentId');
        const state = { paymentId, orderNo, status: payment.need('Status'), amount: payment.raw('Amount') };
        return factsOf(state, connection);
      });
    },
  };
}
