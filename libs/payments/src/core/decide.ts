import type { Kop, ReceiptContent } from '@kkt/contracts';
import type { GroupFacts } from '@kkt/domain';
import {
  decideReceipt,
  type Line,
  linesOf,
  type OrderContent,
  returnLines,
  splitRefund,
  totalOf,
} from './basket';
import type { PaymentEvent, PaymentFacts } from './types';

/** What is known of a payment: what the provider says moved, and what became receipts. */
export interface Ledger {
  currency: string;
  /** Captured in all by the provider's word; minor units. */
  paidMinor: number;
  /** Largest running total of refunds the provider told. */
  refundedMinor: number;
  /** Refunds known one by one, by the provider's id. */
  refunds: Readonly<Record<string, number>>;
  /** Covered by the income receipt. */
  incomeKop: Kop;
  /** Covered by return receipts, in all and by line. */
  returnedKop: Kop;
  returnedByLine: readonly Kop[];
}

export const emptyLedger = (currency: string): Ledger => ({
  currency,
  paidMinor: 0,
  refundedMinor: 0,
  refunds: {},
  incomeKop: 0,
  returnedKop: 0,
  returnedByLine: [],
});

/** Adds an event. Adding the same one again, or an older one, changes nothing. */
export function addEvent(ledger: Ledger, event: PaymentEvent): Ledger {
  const amount = event.amountMinor ?? 0;
  if (event.effect === 'income') return { ...ledger, paidMinor: Math.max(ledger.paidMinor, amount) };
  if (event.effect === 'none') return ledger;
  if (event.isTotal || event.refundId === undefined)
    return { ...ledger, refundedMinor: Math.max(ledger.refundedMinor, amount) };
  return { ...ledger, refunds: { ...ledger.refunds, [event.refundId]: amount } };
}

/** Adds what the provider answered. */
export function addFacts(ledger: Ledger, facts: PaymentFacts): Ledger {
  const paidMinor = Math.max(ledger.paidMinor, facts.paidMinor ?? 0);
  const gone =
    facts.leftMinor === undefined || paidMinor === 0 ? 0 : Math.max(0, paidMinor - facts.leftMinor);
  return {
    ...ledger,
    paidMinor,
    refundedMinor: Math.max(ledger.refundedMinor, facts.refundedMinor ?? 0, gone),
    refunds: facts.refund
      ? { ...ledger.refunds, [facts.refund.id]: facts.refund.amountMinor }
      : ledger.refunds,
  };
}

/**
 * Refunded in all. Single refunds and a running total tell the same money in two ways, so the larger counts: each refund
 * is returned once, whichever of its two tellings comes first.
 */
export const refundedOf = (ledger: Ledger): number =>
  Math.max(
    ledger.refundedMinor,
    Object.values(ledger.refunds).reduce((sum, amount) => sum + amount, 0),
  );

/** Why a payment waits for a person (or, for the first, for the shop's order). */
export type ParkReason =
  | 'unknown-order'
  | 'no-order-number'
  | 'order-paid-twice'
  | 'currency'
  | 'amount-mismatch'
  | 'refund-above-payment'
  | 'refund-unclear'
  | 'partial-refund'
  | 'receipt-refused'
  | 'receipt-failed'
  | 'provider-fiscalizes';

/** A receipt that is owed. `fromKop` and `toKop` say which part of the payment's effect it covers: its business key. */
export interface OwedReceipt {
  effect: 'income' | 'return';
  fromKop: Kop;
  toKop: Kop;
  content: ReceiptContent;
  /** Kopecks of each line of the order. */
  byLine: Kop[];
}

export interface Settlement {
  receipts: OwedReceipt[];
  /** Nothing more is done until a person acts, or what is missing comes. */
  parked?: { reason: ParkReason; text: string };
  /** A refund came before its payment. */
  waitsForPayment: boolean;
}

/** What a payment is settled against. */
export interface SettlementTerms {
  /** Undefined when the shop did not register it (yet). */
  order?: OrderContent;
  orderNo?: string;
  /** Another payment of the same order already has its receipt. */
  isOrderTaken: boolean;
  partialRefund: 'split' | 'review';
  /** A person has looked at a partial refund and lets it be spread. */
  isApproved: boolean;
  /** The provider issues receipts itself. */
  providerFiscalizes: boolean;
  /** The provider has refunded something and does not tell how much. */
  isRefundUnclear: boolean;
  facts: GroupFacts;
  today: string;
  contact?: string;
}

const roubles = (kop: number): string => (kop / 100).toFixed(2);

function incomeObstacle(ledger: Ledger, lines: readonly Line[] | undefined, terms: SettlementTerms) {
  const park = (reason: ParkReason, text: string) => ({ reason, text });
  if (terms.orderNo === undefined)
    return park('no-order-number', 'провайдер не назвал номер заказа, чек составить не из чего');
  if (lines === undefined)
    return park('unknown-order', `заказ ${terms.orderNo} не зарегистрирован: нет позиций для чека`);
  if (terms.isOrderTaken)
    return park('order-paid-twice', `по заказу ${terms.orderNo} уже есть чек другого платежа`);
  const total = totalOf(lines);
  if (total !== ledger.paidMinor)
    return park('amount-mismatch', `оплачено ${roubles(ledger.paidMinor)}, заказ на ${roubles(total)}`);
  return undefined;
}

/**
 * Which receipts a payment owes now. Depends only on what is known, not on the order in which it came: a refund that
 * came first is returned as soon as its payment is there.
 */
export function settle(ledger: Ledger, terms: SettlementTerms): Settlement {
  const nothing: Settlement = { receipts: [], waitsForPayment: false };
  const refunded = refundedOf(ledger);
  if (ledger.paidMinor === 0) return { ...nothing, waitsForPayment: refunded > 0 };
  const park = (reason: ParkReason, text: string, receipts: OwedReceipt[] = []): Settlement => ({
    receipts,
    parked: { reason, text },
    waitsForPayment: false,
  });
  const owesIncome = ledger.paidMinor > ledger.incomeKop;
  const unclear = {
    reason: 'refund-unclear',
    text: 'провайдер не сообщает сумму частичного возврата',
  } as const;
  const owesReturn = refunded > ledger.returnedKop;
  if (!owesIncome && !owesReturn) return terms.isRefundUnclear ? { ...nothing, parked: unclear } : nothing;
  if (ledger.currency !== 'RUB')
    return park('currency', `платёж в ${ledger.currency}: чек составляется только в рублях`);
  if (terms.providerFiscalizes)
    return park('provider-fiscalizes', 'провайдер сам выдаёт чеки: второй чек на те же деньги не делается');
  const lines = terms.order && linesOf(terms.order);
  const receipts: OwedReceipt[] = [];
  if (owesIncome) {
    if (ledger.incomeKop > 0)
      return park(
        'amount-mismatch',
        `чек на ${roubles(ledger.incomeKop)}, а оплачено ${roubles(ledger.paidMinor)}`,
      );
    const obstacle = incomeObstacle(ledger, lines, terms);
    if (obstacle || !terms.order || !lines)
      return { ...nothing, parked: obstacle ?? { reason: 'unknown-order', text: 'нет заказа' } };
    const decision = decideReceipt(terms.order, lines, { ...terms, sign: 1 });
    if (!decision.ok) return park('receipt-refused', refusalText(decision.refused));
    receipts.push({
      effect: 'income',
      fromKop: 0,
      toKop: ledger.paidMinor,
      content: decision.content,
      byLine: lines.map(({ sumKop }) => sumKop),
    });
  }
  if (!owesReturn)
    return { receipts, waitsForPayment: false, ...(terms.isRefundUnclear && { parked: unclear }) };
  return settleReturn(ledger, terms, lines, receipts, park);
}

function settleReturn(
  ledger: Ledger,
  terms: SettlementTerms,
  lines: readonly Line[] | undefined,
  receipts: OwedReceipt[],
  park: (reason: ParkReason, text: string, receipts: OwedReceipt[]) => Settlement,
): Settlement {
  const refunded = refundedOf(ledger);
  if (!terms.order || !lines) return park('unknown-order', 'нет позиций для чека возврата', receipts);
  if (refunded > ledger.paidMinor)
    return park(
      'refund-above-payment',
      `возвращено ${roubles(refunded)}, оплачено ${roubles(ledger.paidMinor)}`,
      receipts,
    );
  const amountKop = refunded - ledger.returnedKop;
  const split = splitRefund(amountKop, lines, ledger.returnedByLine);
  if (split.how === 'spread' && terms.partialRefund === 'review' && !terms.isApproved)
    return park(
      'partial-refund',
      `возврат ${roubles(amountKop)} не совпадает ни с одной позицией заказа`,
      receipts,
    );
  // Its code in a return says that the goods came back, which a part of the price does not.
  if (lines.some((line, index) => line.mark && split.shares[index] && split.shares[index] !== line.sumKop))
    return park(
      'partial-refund',
      `возврат ${roubles(amountKop)} задевает часть цены маркированного товара`,
      receipts,
    );
  const decision = decideReceipt(terms.order, returnLines(lines, split.shares), { ...terms, sign: 2 });
  if (!decision.ok) return park('receipt-refused', refusalText(decision.refused), receipts);
  receipts.push({
    effect: 'return',
    fromKop: ledger.returnedKop,
    toKop: refunded,
    content: decision.content,
    byLine: split.shares,
  });
  return { receipts, waitsForPayment: false };
}

export const refusalText = (refused: readonly { path: string; text: string }[]): string =>
  refused
    .slice(0, 5)
    .map(({ path, text }) => `${path}: ${text}`)
    .join('; ');

const tellsRefund = (facts: PaymentFacts): boolean =>
  Boolean(facts.refund ?? facts.refundedMinor ?? facts.isRefundUnclear) || facts.leftMinor !== undefined;

/** Why the provider's answer contradicts a callback; undefined when it bears it out. */
export function contradiction(event: PaymentEvent, facts: PaymentFacts): string | undefined {
  if (facts.paymentId !== event.paymentId) return 'another payment';
  if (facts.currency !== event.currency && event.amountMinor !== undefined) return 'another currency';
  if (event.effect === 'income') {
    // An answer after a refund may tell only that: money was paid all the same.
    if (facts.paidMinor === undefined && tellsRefund(facts)) return undefined;
    if (!facts.paidMinor) return 'the provider knows of no money paid';
    if (event.amountMinor !== undefined && event.amountMinor !== facts.paidMinor) return 'another amount';
  }
  if (event.effect === 'return') {
    if (!tellsRefund(facts)) return 'the provider knows of no refund';
    const isSameRefund = !facts.refund || !event.refundId || facts.refund.id === event.refundId;
    if (!isSameRefund) return 'another refund';
    const told = event.isTotal ? undefined : event.amountMinor;
    if (facts.refund && told !== undefined && facts.refund.amountMinor !== told) return 'another amount';
  }
  return undefined;
}
