import type { Clock } from '@kkt/contracts';
import type { ProviderName } from '../core/types';
import type { ProviderClient } from './client';
import { cloudpaymentsClient } from './cloudpayments.client';
import type { AskProvider } from './http';
import { paypalClient, paypalIpnClient } from './paypal.client';
import { robokassaClient } from './robokassa.client';
import { sberClient } from './sber.client';
import { stripeClient } from './stripe.client';
import { tbankClient } from './tbank.client';
import { yookassaClient } from './yookassa.client';

export type ProviderClients = Readonly<Record<ProviderName, ProviderClient>>;

/** One client per provider over the same way of asking. */
export const createClients = (ask: AskProvider, clock: Clock): ProviderClients => ({
  paypal: paypalClient(ask, clock),
  'paypal-ipn': paypalIpnClient(ask),
  yookassa: yookassaClient(ask),
  tbank: tbankClient(ask),
  cloudpayments: cloudpaymentsClient(ask),
  sber: sberClient(ask),
  robokassa: robokassaClient(ask),
  stripe: stripeClient(ask),
});
