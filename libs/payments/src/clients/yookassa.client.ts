import { currencyOf, minorOfText } from '../core/amounts';
import type { ConnectionFacts, PaymentFacts } from '../core/types';
import { secretOf } from '../providers/common';
import type { JsonReader } from '../wire/bodies';
import type { ProviderClient } from './client';
import { type AskProvider, basicAuth, jsonOf } from './http';

const moneyOf = (object: JsonReader, name: string): { minor: number; currency: string } | undefined => {
  const amount = object.object(name);
  if (!amount) return undefined;
  const currency = currencyOf(amount.need('currency'));
  return { minor: minorOfText(amount.need('value'), currency), currency };
};

/** A payment of another shop is none of ours. */
function factsOf(payment: JsonReader, connection: ConnectionFacts): PaymentFacts | undefined {
  const account = payment.object('recipient')?.text('account_id');
  if (account !== secretOf(connection, 'shopId')) return undefined;
  const amount = moneyOf(payment, 'amount');
  const isPaid = payment.text('status') === 'succeeded' && payment.isTrue('paid');
  return {
    paymentId: payment.need('id'),
    orderNo: payment.object('metadata')?.text('order_no'),
    currency: amount?.currency ?? 'RUB',
    paidMinor: isPaid ? (amount?.minor ?? 0) : 0,
    refundedMinor: moneyOf(payment, 'refunded_amount')?.minor ?? 0,
    providerFiscalizes: payment.has('receipt_registration'),
    isTest: payment.isTrue('test'),
  };
}

/** YooKassa API v3. */
export function yookassaClient(ask: AskProvider): ProviderClient {
  const get = async (path: string, connection: ConnectionFacts): Promise<JsonReader | undefined> => {
    const headers = basicAuth(secretOf(connection, 'shopId'), secretOf(connection, 'secretKey'));
    return jsonOf(await ask({ host: 'yookassa', path: `/v3${path}`, headers }), 'yookassa');
  };
  return {
    async fetchPayment(event, connection) {
      let refund: PaymentFacts['refund'];
      if (event.refundId !== undefined) {
        const found = await get(`/refunds/${encodeURIComponent(event.refundId)}`, connection);
        if (found?.text('status') !== 'succeeded' || found.text('payment_id') !== event.paymentId)
          return undefined;
        refund = { id: found.need('id'), amountMinor: moneyOf(found, 'amount')?.minor ?? 0 };
      }
      const payment = await get(`/payments/${encodeURIComponent(event.paymentId)}`, connection);
      const facts = payment && factsOf(payment, connection);
      return facts && { ...facts, ...(refund && { refund }) };
    },
    async fetchSince(sinceMs, connection) {
      const facts: PaymentFacts[] = [];
      let cursor: string | undefined;
      do {
        const query = new URLSearchParams({
          limit: '100',
          status: 'succeeded',
          'created_at.gte': new Date(sinceMs).toISOString(),
          ...(cursor !== undefined && { cursor }),
        });
        const page = await get(`/payments?${query.toString()}`, connection);
        facts.push(...(page?.list('items') ?? []).flatMap((payment) => factsOf(payment, connection) ?? []));
        cursor = page?.text('next_cursor');
      } while (cursor !== undefined && facts.length < 5_000);
      return facts;
    },
  };
}
