import { currencyOf, minorOfCount } from '../core/amounts';
import type { ConnectionFacts, PaymentFacts } from '../core/types';
import { secretOf } from '../providers/common';
import type { JsonReader } from '../wire/bodies';
import type { ProviderClient } from './client';
import { type AskProvider, jsonOf } from './http';

function factsOf(intent: JsonReader): PaymentFacts {
  const metadata = intent.object('metadata');
  return {
    paymentId: intent.need('id'),
    orderNo: metadata?.text('order_no') ?? metadata?.text('order_id'),
    currency: currencyOf(intent.need('currency')),
    paidMinor: intent.text('status') === 'succeeded' ? minorOfCount(intent.raw('amount_received')) : 0,
    refundedMinor: minorOfCount(intent.object('latest_charge')?.raw('amount_refunded') ?? 0),
    contact: intent.text('receipt_email'),
    providerFiscalizes: false,
    isTest: intent.raw('livemode') === false,
  };
}

/** Stripe API: payment intents with their charge. */
export function stripeClient(ask: AskProvider): ProviderClient {
  const get = async (path: string, connection: ConnectionFacts) => {
    const headers = { authorization: `Bearer ${secretOf(connection, 'apiKey')}` };
    return jsonOf(await ask({ host: 'stripe', path: `/v1/payment_intents${path}`, headers }), 'stripe');
  };
  return {
    async fetchPayment(event, connection) {
      const path = `/${encodeURIComponent(event.paymentId)}?expand[]=latest_charge`;
      const intent = await get(path, connection);
      return intent && factsOf(intent);
    },
    async fetchSince(sinceMs, connection) {
      const facts: PaymentFacts[] = [];
      let after = '';
      for (;;) {
        const since = Math.floor(sinceMs / 1000);
        const query = `?limit=100&created[gte]=${since}&expand[]=data.latest_charge${after}`;
        const page = await get(query, connection);
        const intents = page?.list('data') ?? [];
        facts.push(...intents.map(factsOf));
        const last = intents.at(-1)?.text('id');
        if (!page?.isTrue('has_more') || last === undefined || facts.length >= 5_000) return facts;
        after = `&starting_after=${encodeURIComponent(last)}`;
      }
    },
  };
}
