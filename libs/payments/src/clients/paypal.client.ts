import type { Clock } from '@kkt/contracts';
import { currencyOf, minorOfText } from '../core/amounts';
import type { ConnectionFacts, PaymentEvent, PaymentFacts } from '../core/types';
import { secretOf } from '../providers/common';
import { paypal } from '../providers/paypal';
import type { JsonReader } from '../wire/bodies';
import { question, type ProviderClient } from './client';
import { type AskProvider, basicAuth, formType, jsonOf, type ProviderHost } from './http';

const hostOf = (connection: ConnectionFacts): ProviderHost =>
  connection.settings.mode === 'test' ? 'paypal-test' : 'paypal';

const amountOf = (object: JsonReader): { minor: number; currency: string } => {
  const amount = object.needObject('amount');
  const currency = currencyOf(amount.text('currency_code') ?? amount.need('currency'));
  return { minor: Math.abs(minorOfText(amount.text('value') ?? amount.need('total'), currency)), currency };
};

const capturedStates = new Set([
  'COMPLETED',
  'PARTIALLY_REFUNDED',
  'REFUNDED',
  'completed',
  'partially_refunded',
  'refunded',
]);
const refundedStates = new Set(['COMPLETED', 'completed']);

const parentOf = (refund: JsonReader): string | undefined =>
  refund.text('sale_id') ??
  /\/captures\/([A-Z0-9]{1,40})$/.exec(
    refund
      .list('links')
      .find((link) => link.text('rel') === 'up')
      ?.text('href') ?? '',
  )?.[1];

/** PayPal REST: captures and refunds of payments v2; sales of v1, which subscriptions still are. */
export function paypalClient(ask: AskProvider, clock: Clock): ProviderClient {
  const tokens = new Map<string, { text: string; untilMs: number }>();

  const token = async (connection: ConnectionFacts): Promise<string> => {
    const clientId = secretOf(connection, 'clientId');
    const known = tokens.get(clientId);
    if (known && known.untilMs > clock.monotonicMs()) return known.text;
    const answer = await ask({
      host: hostOf(connection),
      path: '/v1/oauth2/token',
      method: 'POST',
      headers: { ...basicAuth(clientId, secretOf(connection, 'clientSecret')), ...formType },
      body: 'grant_type=client_credentials',
    });
    const text = jsonOf(answer, hostOf(connection))?.need('access_token') ?? '';
    if (tokens.size > 1_000) tokens.clear();
    tokens.set(clientId, { text, untilMs: clock.monotonicMs() + 5 * 60_000 });
    return text;
  };

  const get = async (path: string, connection: ConnectionFacts): Promise<JsonReader | undefined> => {
    const headers = { authorization: `Bearer ${await token(connection)}` };
    return jsonOf(await ask({ host: hostOf(connection), path, headers }), hostOf(connection));
  };

  const isV1 = (event: PaymentEvent): boolean => event.kind.startsWith('PAYMENT.SALE.');

  const fetchRefund = async (event: PaymentEvent, refundId: string, connection: ConnectionFacts) => {
    const path = isV1(event) ? '/v1/payments/refund/' : '/v2/payments/refunds/';
    const refund = await get(path + encodeURIComponent(refundId), connection);
    const paymentId = refund && parentOf(refund);
    const state = refund?.text('status') ?? refund?.text('state') ?? '';
    if (!refund || paymentId === undefined || !refundedStates.has(state)) return undefined;
    const { minor, currency } = amountOf(refund);
    const refund1 = { id: refund.need('id'), amountMinor: minor };
    return { paymentId, currency, refund: refund1, providerFiscalizes: false, isTest: false };
  };

  const client: ProviderClient = {
    async fetchPayment(event, connection) {
      if (event.refundId !== undefined) return fetchRefund(event, event.refundId, connection);
      const path = isV1(event) ? '/v1/payments/sale/' : '/v2/payments/captures/';
      const capture = await get(path + encodeURIComponent(event.paymentId), connection);
      if (!capture) return undefined;
      const { minor, currency } = amountOf(capture);
      const state = capture.text('status') ?? capture.text('state') ?? '';
      return {
        paymentId: capture.need('id'),
        orderNo: capture.text('invoice_id') ?? capture.text('invoice_number') ?? capture.text('custom_id'),
        currency,
        paidMinor: capturedStates.has(state) ? minor : 0,
        providerFiscalizes: false,
        isTest: false,
      };
    },
    /** The list of events that PayPal sent or wanted to send; each is asked about like one that came. */
    async fetchSince(sinceMs, connection) {
      const query = new URLSearchParams({ start_time: new Date(sinceMs).toISOString(), page_size: '300' });
      const page = await get(`/v1/notifications/webhooks-events?${query.toString()}`, connection);
      const facts: PaymentFacts[] = [];
      for (const sent of page?.list('events') ?? []) {
        const raw = Buffer.from(
          JSON.stringify({ resource: sent.raw('resource'), event_type: sent.raw('event_type') }),
        );
        const request = { method: 'POST', raw, query: '', headers: {}, address: '' } as const;
        const event = sent.object('resource') ? paypal.parse(request, connection) : question('');
        if (event.effect === 'none' || event.paymentId === '') continue;
        const found = await client.fetchPayment(event, connection, raw);
        if (found) facts.push(found);
      }
      return facts;
    },
  };
  return client;
}

/** The old notifications: the same bytes go back, and PayPal says whether they are its own. */
export function paypalIpnClient(ask: AskProvider): ProviderClient {
  return {
    async fetchPayment(event, connection, raw): Promise<PaymentFacts | undefined> {
      if (raw.length === 0) return undefined;
      const host = connection.settings.mode === 'test' ? 'paypal-ipn-test' : 'paypal-ipn';
      const answer = await ask({
        host,
        path: '/cgi-bin/webscr',
        method: 'POST',
        headers: { ...formType, 'user-agent': 'kkt-farm-ipn' },
        body: Buffer.concat([Buffer.from('cmd=_notify-validate&'), raw]),
      });
      if (answer.status !== 200 || answer.text.trim() !== 'VERIFIED') return undefined;
      const amount = event.amountMinor ?? 0;
      return {
        paymentId: event.paymentId,
        orderNo: event.orderNo,
        currency: event.currency,
        ...(event.effect === 'income' && { paidMinor: amount, contact: event.contact }),
        ...(event.refundId !== undefined && { refund: { id: event.refundId, amountMinor: amount } }),
        providerFiscalizes: false,
        isTest: event.isTest,
      };
    },
  };
}
