import { createHash } from 'node:crypto';
import { FarmError } from '@kkt/contracts';
import { minorOfText } from '../core/amounts';
import type { ConnectionFacts, PaymentFacts } from '../core/types';
import { secretOf } from '../providers/common';
import type { ProviderClient } from './client';
import type { AskProvider } from './http';

/** Text of the first element of this name; the answer is small, flat XML without attributes of interest. */
const elementOf = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}(?:\\s[^>]*)?>([^<]*)</${name}>`).exec(xml)?.[1]?.trim();

const sectionOf = (xml: string, name: string): string =>
  new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`).exec(xml)?.[1] ?? '';

/** States of `OpStateExt`: 100 done, 60 all money given back to the buyer. */
const done = '100';
const givenBack = '60';

/** Robokassa `OpStateExt`. A refund of a part is not seen there: the shop tells it. */
export function robokassaClient(ask: AskProvider): ProviderClient {
  const state = async (invoiceId: string, connection: ConnectionFacts): Promise<PaymentFacts | undefined> => {
    if (!/^\d{1,18}$/.test(invoiceId)) return undefined;
    const login = secretOf(connection, 'merchantLogin');
    const signature = createHash(connection.settings.hash ?? 'sha256')
      .update(`${login}:${invoiceId}:${secretOf(connection, 'password2')}`)
      .digest('hex');
    const query = new URLSearchParams({ MerchantLogin: login, InvoiceID: invoiceId, Signature: signature });
    const path = `/Merchant/WebService/Service.asmx/OpStateExt?${query.toString()}`;
    const answer = await ask({ host: 'robokassa', path, headers: { accept: 'text/xml' } });
    if (answer.status !== 200)
      throw new FarmError('WIRE-PROVIDER', 'The provider answered with an error', { status: answer.status });
    if (elementOf(sectionOf(answer.text, 'Result'), 'Code') !== '0') return undefined;
    const code = elementOf(sectionOf(answer.text, 'State'), 'Code');
    const isMoved = code === done || code === givenBack;
    const paidMinor = isMoved ? minorOfText(elementOf(answer.text, 'OutSum') ?? '', 'RUB') : 0;
    return {
      paymentId: invoiceId,
      orderNo: invoiceId,
      currency: 'RUB',
      paidMinor,
      refundedMinor: code === givenBack ? paidMinor : 0,
      providerFiscalizes: false,
      isTest: false,
    };
  };
  return {
    async fetchPayment(event, connection) {
      const facts = await state(event.paymentId, connection);
      return facts && { ...facts, orderNo: event.orderNo ?? facts.orderNo };
    },
    async fetchOrder(orderNo, connection) {
      const facts = await state(orderNo, connection);
      return facts ? [facts] : [];
    },
  };
}
