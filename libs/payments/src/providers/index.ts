import type { ProviderAdapter, ProviderName } from '../core/types';
import { cloudpayments } from './cloudpayments';
import { paypal } from './paypal';
import { paypalIpn } from './paypal-ipn';
import { robokassa } from './robokassa';
import { sber } from './sber';
import { stripe } from './stripe';
import { tbank } from './tbank';
import { yookassa } from './yookassa';

/** Every provider we take callbacks of. */
export const providers: Readonly<Record<ProviderName, ProviderAdapter>> = {
  paypal,
  'paypal-ipn': paypalIpn,
  yookassa,
  tbank,
  cloudpayments,
  sber,
  robokassa,
  stripe,
};
