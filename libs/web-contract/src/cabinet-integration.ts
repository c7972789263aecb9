import type { Moment, ReceiptStateWord } from './common';

/** A key of the own API; its text is never shown again. */
export interface ApiKeyView {
  id: string;
  prefix: string;
  name: string;
  scopes: readonly string[];
  groupCode: string | null;
  allowedFrom: readonly string[];
  createdAt: Moment;
  expiresAt: Moment | null;
  revokedAt: Moment | null;
  lastUsedAt: Moment | null;
  lastUsedFrom: string | null;
}

/** A key just made: the only time its text is told. */
export interface MadeApiKey {
  id: string;
  key: string;
}

export interface CallbackSecretView {
  /** The one that signs first, then the one before it while it still signs. */
  secrets: string[];
  previousUntil: Moment | null;
}

/** A line of the delivery log. */
export interface CallbackLogRow {
  receiptId: string;
  externalId: string;
  groupCode: string;
  url: string;
  state: 'pending' | 'delivered' | 'gave_up';
  attempts: number;
  lastStatus: number | null;
  lastError: string | null;
  createdAt: Moment;
  nextAt: Moment | null;
  finishedAt: Moment | null;
}

export interface CallbackJournalView {
  webhookId: string;
  attempts: {
    at: Moment;
    url: string;
    outcome: 'delivered' | 'failed' | 'gave_up';
    status: number | null;
    error: string | null;
    tookMs: number | null;
  }[];
}

/** A refusal: a stored receipt, or requests of one minute that left nothing. */
export interface RequestLogRow {
  at: Moment;
  /** Null for requests that named no group of the client's. */
  groupCode: string | null;
  receiptId: string | null;
  externalId: string | null;
  code: number;
  /** The field that is wrong, where the reason names one. */
  field: string | null;
  text: string;
  times: number;
}

export interface GroupSettingsView {
  senderEmail: string | null;
  buyerLetters: boolean;
}

/** A provider and the secrets it needs, by their names in `secrets`. */
export interface ProviderView {
  name: string;
  required: string[];
  optional: string[];
}

export interface ConnectionView {
  id: string;
  provider: string;
  groupCode: string;
  name: string;
  state: 'active' | 'suspended' | 'disabled';
  stateReason: string | null;
  /** What to put into the provider's settings. */
  callbackUrl: string;
  canReconcile: boolean;
  mode: 'live' | 'test';
  partialRefund: 'split' | 'review';
  itemWithoutOrder: {
    name: string;
    vat: string;
    method: number;
    subject: number;
    contact: string | null;
  } | null;
  createdAt: Moment;
}

export interface ShopPaymentView {
  id: string;
  provider: string;
  connectionId: string;
  groupCode: string;
  providerPaymentId: string;
  orderNo: string | null;
  currency: string;
  /** Minor units of the currency. */
  paidMinor: number;
  incomeKop: number;
  returnedKop: number;
  parkReason: string | null;
  parkText: string | null;
  parkedAt: Moment | null;
  receipts: { effect: 'income' | 'return'; receiptId: string; kop: number; state: ReceiptStateWord }[];
  createdAt: Moment;
}

/** `GET /api/payments`. */
export interface PaymentsView {
  providers: ProviderView[];
  connections: ConnectionView[];
  /** Orders registered whose payment nobody told yet. */
  orders: { orderNo: string; groupCode: string; totalKop: number; createdAt: Moment; polls: number }[];
  /** Payments that wait for a person or for an order. */
  parked: ShopPaymentView[];
  latest: ShopPaymentView[];
}

/** Something that came to a callback address: `GET /api/payments/events`. */
export interface PaymentEventRow {
  id: string;
  connectionId: string;
  source: string;
  kind: string;
  verdict: string;
  state: string;
  note: string | null;
  address: string;
  times: number;
  paymentId: string | null;
  receivedAt: Moment;
  seenAt: Moment;
}

/** `POST /api/payments/connections/:id/check`. */
export type ConnectionCheckView =
  { ok: true; payments: number | null } | { ok: false; reason: 'cannot-be-asked' | 'refused' | 'no-answer' };
