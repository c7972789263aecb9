import type { ConnectionFacts, PaymentEvent, PaymentFacts } from '../core/types';

/** What a provider can be asked. Undefined and empty lists mean that it knows nothing; no answer is WIRE-PROVIDER. */
export interface ProviderClient {
  /** About the payment (or refund) of an event. `raw` is the callback it came in, empty when there was none. */
  fetchPayment(
    event: PaymentEvent,
    connection: ConnectionFacts,
    raw: Buffer,
  ): Promise<PaymentFacts | undefined>;
  /** Payments of an order, where the provider can be asked by the order's number. */
  fetchOrder?(orderNo: string, connection: ConnectionFacts): Promise<PaymentFacts[]>;
  /** Payments since a moment, where the provider lists them. */
  fetchSince?(sinceMs: number, connection: ConnectionFacts): Promise<PaymentFacts[]>;
}

/** An event that nobody sent: for asking about a payment that is known. */
export const question = (paymentId: string): PaymentEvent => ({
  kind: 'question',
  effect: 'income',
  paymentId,
  isTotal: true,
  currency: 'RUB',
  providerFiscalizes: false,
  isTest: false,
});
