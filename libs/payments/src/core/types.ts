import type { TaxSystem } from '@kkt/contracts';

/** Providers whose callbacks we take, by their part of the callback address. */
export const providerNames = [
  'paypal',
  'paypal-ipn',
  'yookassa',
  'tbank',
  'cloudpayments',
  'sber',
  'robokassa',
  'stripe',
] as const;

export type ProviderName = (typeof providerNames)[number];

/** A callback exactly as it came. */
export interface CallbackRequest {
  method: 'GET' | 'POST';
  /** Body bytes; empty for GET. Never parsed and written out again before the check. */
  raw: Buffer;
  /** What stood after `?`, undecoded. */
  query: string;
  /** By lower-case name. */
  headers: Readonly<Record<string, string | undefined>>;
  /** The peer, as our own proxy names it. */
  address: string;
  /** Part of our address after the connection's key: the kind of notification, where bodies do not tell it. */
  kind?: string;
}

/** What a connection knows: the secrets the shop gave us, already unsealed, and its settings. */
export interface ConnectionFacts {
  provider: ProviderName;
  secrets: Readonly<Record<string, string>>;
  settings: ConnectionSettings;
}

/** What payments without a registered order are for. */
export interface ItemWithoutOrder {
  /** Tag 1030. */
  name: string;
  /** Name of the rate: `vat22`, `none`… */
  vat: string;
  /** Tag 1214. */
  method: number;
  /** Tag 1212. */
  subject: number;
  /** Bit of tag 1055; the group's default when absent. */
  taxSystem?: TaxSystem;
  /** Buyer's contact when the provider tells none. */
  contact?: string;
}

export interface ConnectionSettings {
  /** Test connections take test payments; live ones ignore them. */
  mode: 'live' | 'test';
  /** Networks (CIDR) instead of the provider's published ones. */
  addresses?: readonly string[];
  /** A refund of a part: spread it over the items, or leave it to a person. */
  partialRefund: 'split' | 'review';
  /** A payment whose order nobody registered: one line of this item for all that was paid. Absent: it waits. */
  itemWithoutOrder?: ItemWithoutOrder;
  /** Robokassa: hash chosen in its cabinet. */
  hash?: 'md5' | 'ripemd160' | 'sha1' | 'sha256' | 'sha384' | 'sha512';
  /** Sber: how the checksum is made. */
  checksum?: 'hmac' | 'rsa';
  /** T-Bank: the shop has seen that GetState tells what is left of a payment after a partial refund. */
  amountIsWhatIsLeft?: boolean;
}

/** Why a callback is not believed. The word is kept with the event; the sender is told nothing. */
export type RejectReason =
  | 'no-signature'
  | 'bad-signature'
  | 'stale'
  | 'wrong-address'
  | 'wrong-account'
  | 'bad-certificate'
  | 'unreadable';

/**
 * Whether a callback is the provider's. `unproven` means that nothing in the callback itself can prove it: the facts
 * must be asked of the provider before they are used.
 */
export type Verdict =
  { genuine: true; by: 'signature' | 'unproven' } | { genuine: false; reason: RejectReason; detail?: string };

/** Money that moved, in words of ours. */
export interface PaymentEvent {
  /**
   * The provider's id of the event, only where a signature covers it: an id that a stranger can write would let him
   * occupy the place of the genuine event. Otherwise the body's hash tells repeats.
   */
  eventId?: string;
  /** The provider's word: `payment.succeeded`, `CONFIRMED`, `deposited`… */
  kind: string;
  effect: 'income' | 'return' | 'none';
  /** The provider's id of the payment; of a refund, the payment that is refunded. Empty only when the effect is none. */
  paymentId: string;
  refundId?: string;
  orderNo?: string;
  /** Minor units of the currency; absent where the callback does not tell it reliably. */
  amountMinor?: number;
  /** The amount is the payment's running total of this effect, not what this event adds. */
  isTotal: boolean;
  /** ISO 4217, upper case. */
  currency: string;
  /** Buyer's contact (tag 1008) when it is authenticated. */
  contact?: string;
  /** The callback proves that the provider issues fiscal receipts itself. */
  providerFiscalizes: boolean;
  isTest: boolean;
}

/** What the provider itself answers about a payment. Amounts are minor units of the currency. */
export interface PaymentFacts {
  paymentId: string;
  orderNo?: string;
  currency: string;
  /** Captured in all, before refunds; 0 while no money moved. Absent when this answer does not tell. */
  paidMinor?: number;
  /** Refunded in all. Absent when this answer does not tell. */
  refundedMinor?: number;
  /** One refund, when the question was about it. */
  refund?: { id: string; amountMinor: number };
  /** What refunds have left of the payment, where only that is told. */
  leftMinor?: number;
  /** Something was refunded, but the answer does not tell how much. */
  isRefundUnclear?: boolean;
  contact?: string;
  providerFiscalizes: boolean;
  isTest: boolean;
}

/** The answer to a callback. */
export interface Ack {
  status: number;
  contentType: string;
  body: string;
}

/** A provider, as far as its callbacks go. Pure, except that PayPal's certificate is fetched through `tools`. */
export interface ProviderAdapter {
  readonly name: ProviderName;
  /** Secrets the shop must give, and those it may. */
  readonly secrets: { readonly required: readonly string[]; readonly optional?: readonly string[] };
  verify(
    request: CallbackRequest,
    connection: ConnectionFacts,
    tools: VerifyTools,
  ): Verdict | Promise<Verdict>;
  /** @throws FarmError CLIENT-CALLBACK-BODY when a genuine callback cannot be understood */
  parse(request: CallbackRequest, connection: ConnectionFacts): PaymentEvent;
  /** What stops the provider's repeats. */
  ack(event: PaymentEvent): Ack;
  /** Whether the facts must be asked of the provider before a receipt is made. */
  mustReread(event: PaymentEvent, connection: ConnectionFacts): boolean;
  /**
   * Refunds are known only as a running total, so one that the shop tells itself cannot be counted twice: the larger of
   * the two tellings counts.
   */
  readonly tellsRefundsInAll?: true;
  /** Whether the provider can be asked at all with what the shop gave us. */
  canReread(connection: ConnectionFacts): boolean;
}

export interface VerifyTools {
  nowMs: number;
  /** Trusted certificates of a PayPal signature: leaf first. Rejects with FarmError. */
  certificate?: (url: string, connection: ConnectionFacts) => Promise<import('node:crypto').X509Certificate>;
}
