import type { Kop, ReceiptContent, SettlementSign, TaxSystem } from '@kkt/contracts';
import {
  acceptReceipt,
  type AcceptDecision,
  type DraftItem,
  type GroupFacts,
  itemCostKop,
  type ReceiptDraft,
  vatRateByName,
} from '@kkt/domain';
import { pricedParts, shareOut } from './split';

/** One line of an order as the shop registered it; the rate by its name, so that it can be stored. */
export interface OrderItem extends Omit<DraftItem, 'vatRate' | 'vatSumKop' | 'sumKop'> {
  /** `vat22`, `none`… */
  vat?: string;
}

/** What the shop says will be paid for, before the payment. */
export interface OrderContent {
  items: OrderItem[];
  /** A discount on the whole order, shared out over the items. */
  discountKop?: Kop;
  client?: ReceiptContent['client'];
  taxSystem?: TaxSystem;
  /** Where the settlement takes place (tag 1187); the group's when absent. */
  place?: string;
  senderEmail?: string;
  cashier?: ReceiptContent['cashier'];
}

/** A line of an order after the discount, as the income receipt carries it and returns refer to it. */
export interface Line extends OrderItem {
  sumKop: Kop;
}

/** What was returned of each line so far, in kopecks, by the line's index. */
export type Returned = readonly Kop[];

/** The order's lines with the discount shared out. Their sum is the items' sum less the discount, to the kopeck. */
export function linesOf(order: OrderContent): Line[] {
  const sums = order.items.map((item) => itemCostKop(item.priceKop, item.quantityMicro));
  const total = sums.reduce((sum, part) => sum + part, 0);
  const discount = Math.min(order.discountKop ?? 0, total);
  if (discount === 0) return order.items.map((item, index) => ({ ...item, sumKop: sums[index] ?? 0 }));
  const discounts = shareOut(discount, sums);
  return order.items.flatMap((item, index) =>
    pricedParts((sums[index] ?? 0) - (discounts[index] ?? 0), item.quantityMicro).map((part) => ({
      ...item,
      ...part,
    })),
  );
}

export const totalOf = (lines: readonly { sumKop: Kop }[]): Kop =>
  lines.reduce((sum, { sumKop }) => sum + sumKop, 0);

/**
 * Which part of a refund each line bears.
 * - `whole`: everything that is left;
 * - `line`: exactly one line has this much left, or one line has a whole number of pieces for it;
 * - `spread`: in proportion to what is left of each line.
 */
export interface RefundSplit {
  how: 'whole' | 'line' | 'spread';
  shares: Kop[];
}

/** Pieces of the line that cost exactly the amount, when none of it was returned yet. */
function piecesFor(line: Line, leftKop: Kop, amountKop: Kop): number | undefined {
  const isCountable = line.quantityMicro % 1_000_000 === 0 && line.priceKop > 0;
  if (!isCountable || amountKop > leftKop || amountKop % line.priceKop !== 0) return undefined;
  return amountKop / line.priceKop;
}

/** Shares a refund out over what is left of the lines. The amount must not be above what is left. */
export function splitRefund(amountKop: Kop, lines: readonly Line[], returned: Returned): RefundSplit {
  const left = lines.map((line, index) => line.sumKop - (returned[index] ?? 0));
  const leftInAll = left.reduce((sum, part) => sum + part, 0);
  if (amountKop === leftInAll) return { how: 'whole', shares: left };
  const only = (index: number): RefundSplit => ({
    how: 'line',
    shares: lines.map((_, at) => (at === index ? amountKop : 0)),
  });
  const exact = left.flatMap((part, index) => (part === amountKop ? [index] : []));
  if (exact[0] !== undefined && exact.length === 1) return only(exact[0]);
  const countable = lines.flatMap((line, index) =>
    piecesFor(line, left[index] ?? 0, amountKop) === undefined ? [] : [index],
  );
  if (exact.length === 0 && countable[0] !== undefined && countable.length === 1) return only(countable[0]);
  return { how: 'spread', shares: shareOut(amountKop, left) };
}

/**
 * The lines of a return. A line that goes back whole is as it was sold; whole pieces at their price are those pieces; any
 * other part keeps the line's quantity at a lower price, because money went back, not goods. (The last is ours: no
 * source says how a part of a price is returned.)
 */
export function returnLines(lines: readonly Line[], shares: readonly Kop[]): Line[] {
  return lines.flatMap((line, index) => {
    const share = shares[index] ?? 0;
    if (share === 0) return [];
    if (share === line.sumKop) return [line];
    const pieces = piecesFor(line, line.sumKop, share);
    if (pieces !== undefined) return [{ ...line, quantityMicro: pieces * 1_000_000, sumKop: share }];
    return pricedParts(share, line.quantityMicro)
      .filter(({ sumKop }) => sumKop > 0)
      .map((part) => ({ ...line, ...part }));
  });
}

const draftItem = ({ vat, ...line }: Line): DraftItem => ({
  ...line,
  vatRate: vat === undefined ? undefined : vatRateByName(vat),
});

/** Everything a receipt needs besides its lines. */
export interface Occasion {
  sign: Extract<SettlementSign, 1 | 2>;
  facts: GroupFacts;
  /** Local date, `YYYY-MM-DD`. */
  today: string;
  /** Contact that the provider knows, when the shop gave none (tag 1008). */
  contact?: string;
}

/** A contact as the receipt's client: an address of mail or a telephone. */
export function clientOfContact(contact: string | undefined): ReceiptContent['client'] {
  if (contact === undefined) return undefined;
  if (contact.includes('@')) return { email: contact };
  return /^\+?\d{5,18}$/.test(contact) ? { phone: contact } : undefined;
}

/** Decides the receipt of these lines by the rules every door shares. Paid without cash, to the kopeck. */
export function decideReceipt(
  order: OrderContent,
  lines: readonly Line[],
  occasion: Occasion,
): AcceptDecision {
  const { sign, facts, today, contact } = occasion;
  const hasContact = Boolean(order.client?.email ?? order.client?.phone);
  const draft: ReceiptDraft = {
    form: 'receipt',
    sign,
    company: {
      inn: facts.inn,
      taxSystem: order.taxSystem,
      email: order.senderEmail,
      place: order.place ?? facts.place,
    },
    client: hasContact ? order.client : { ...order.client, ...clientOfContact(contact) },
    items: lines.map(draftItem),
    payments: [{ kind: 'ecashKop', sumKop: totalOf(lines) }],
    vatTotals: [],
    statedTotalKop: totalOf(lines),
    cashier: order.cashier,
  };
  return acceptReceipt(draft, facts, today);
}
