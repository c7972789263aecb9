/** The shop's account at every emulated provider: what the farm is given as secrets, in the API's words. */
export const accounts = {
  paypal: { client_id: 'emu-client', client_secret: 'emu-secret', webhook_id: '1JE4291016473214C' },
  'paypal-ipn': { receiver_id: 'S8XGHLYDW9T3S' },
  yookassa: { shop_id: '100500', secret_key: 'test_emu' },
  tbank: { terminal_key: 'DEMO1', password: 'tb_password' },
  cloudpayments: { public_id: 'pk_emu', api_secret: 'cp_api_secret' },
  sber: { user_name: 'emu-api', password: 'emu', callback_key: 'sber_callback_key' },
  robokassa: { merchant_login: 'emu', password2: 'pass2' },
  stripe: { endpoint_secret: 'whsec_test_secret', api_key: 'sk_test_emu' },
} as const;

export type EmulatedProvider = keyof typeof accounts;
export const emulatedProviders = Object.keys(accounts) as EmulatedProvider[];

/** A payment at an emulated provider. */
export interface EmulatedPayment {
  provider: EmulatedProvider;
  id: string;
  orderNo: string;
  amountKop: number;
  currency: string;
  paid: boolean;
  refunds: { id: string; amountKop: number }[];
  /** The provider was told to issue the receipt itself. */
  fiscalizes: boolean;
  email?: string;
}

/** A callback ready to be sent: what stands after the connection's address, headers and body. */
export interface EmulatedCallback {
  method: 'GET' | 'POST';
  /** Begins with `/` or `?`, or is empty. */
  suffix: string;
  headers: Record<string, string>;
  body: string;
}

export const refundedKop = (payment: EmulatedPayment): number =>
  payment.refunds.reduce((sum, refund) => sum + refund.amountKop, 0);

export const roubles = (kop: number): string =>
  `${Math.floor(kop / 100)}.${String(kop % 100).padStart(2, '0')}`;
