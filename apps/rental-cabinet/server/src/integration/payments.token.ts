import type { ConnectionCheck, Payments } from '@kkt/payments';
import type { PaymentConnection } from '@kkt/storage';

/** What the cabinet needs of payments. */
export interface CabinetPayments {
  sealer: Payments['sealer'];
  check(row: PaymentConnection): Promise<ConnectionCheck>;
  /** Settles a payment because a person asks. */
  settle(paymentId: string): Promise<void>;
}

/** Nest injection token of {@link CabinetPayments}. */
export const PAYMENTS = Symbol('CabinetPayments');
