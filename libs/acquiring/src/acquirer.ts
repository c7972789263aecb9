import type { Kop } from '@kkt/contracts';

/** A payment the acquirer is asked to take. */
export interface CardOrder {
  /** Our own number, never used twice: at most 32 characters. */
  orderNo: string;
  amountKop: Kop;
  /** Shown to the payer. */
  description: string;
  /** Where the payer's browser goes afterwards. */
  returnUrl: string;
  /** Our name of the payer: the acquirer may remember his card for later payments. */
  saveFor?: string;
}

/** A card that the acquirer remembers: what may be known of it here. */
export interface CardOnFile {
  /** The acquirer's name of it. */
  binding: string;
  /** `220000**1234`. */
  mask: string;
  system: string;
  /** The last day it is valid, `YYYY-MM-DD`. */
  expiresOn: string | null;
}

export interface CardSession {
  /** The acquirer's number of the payment. */
  reference: string;
  /** The acquirer's own page, where the card is typed in; no card number ever comes to us. */
  payUrl: string;
}

/** What the acquirer says of a payment. `unknown`: it has never heard of it. */
export type CardVerdict =
  | { state: 'unknown' }
  | { state: 'pending' }
  | { state: 'paid'; reference: string; amountKop: Kop; card?: CardOnFile }
  | { state: 'failed'; note: string };

/** Money that goes back to the card of a payment. */
export interface CardReturn {
  /** The acquirer's number of the payment. */
  reference: string;
  amountKop: Kop;
}

/** A bank that takes cards for us. Every method rejects with FarmError WIRE-ACQUIRER when no answer came. */
export interface Acquirer {
  begin(order: CardOrder): Promise<CardSession>;
  /** Asks by our own number: also after an answer that was lost. */
  ask(orderNo: string): Promise<CardVerdict>;
  /**
   * Takes money from a remembered card without the payer; `refusal` when the acquirer said no. What became of it is
   * asked for by our number all the same.
   */
  charge(
    order: CardOrder,
    card: { customer: string; binding: string },
  ): Promise<{ reference: string; refusal: string | null }>;
  /** Makes the acquirer forget a card; safe to repeat. */
  forget(binding: string): Promise<void>;
  /** Not safe to repeat: ask {@link refundedKop} first. `ok: false` when the bank refuses for good. */
  refund(wish: CardReturn): Promise<{ ok: true } | { ok: false; note: string }>;
  /** All that went back of a payment, by our own number of it. */
  refundedKop(orderNo: string): Promise<Kop>;
}
