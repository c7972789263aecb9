import { FarmError, type Kop } from '@kkt/contracts';

/**
 * Where money stands. Credit is positive: what we owe a client or have earned is above zero, what is in the bank is
 * below, and all accounts together are always zero.
 * - `client:<id>`    money of the client at us: the balance he sees
 * - `deferred:<id>`  rent paid ahead for a rental, not yet used up
 * - `bank`, `card`   money that came by bank transfer, by card
 * - `revenue`, `vat` what was earned, and the tax inside it
 * - `partner:<id>`, `partner-cost` bonuses owed to a partner, and their cost
 */
export type Account =
  | 'bank'
  | 'card'
  | 'revenue'
  | 'vat'
  | 'partner-cost'
  | `client:${string}`
  | `deferred:${string}`
  | `partner:${string}`;

export interface Posting {
  readonly account: Account;
  /** Kopecks; credit is positive. */
  readonly amountKop: Kop;
}

export const transactionKinds = [
  'top_up',
  'rent_paid',
  'rent_day',
  'rent_returned',
  'drive_sold',
  'paid_out',
  'partner_bonus',
  'reversal',
] as const;
export type TransactionKind = (typeof transactionKinds)[number];

/** One indivisible movement of money. */
export interface LedgerTransaction {
  /** What it was made for; the same key is never booked twice. */
  readonly key: string;
  readonly kind: TransactionKind;
  /** Day of the business fact by Moscow time, `YYYY-MM-DD`. */
  readonly day: string;
  /** Shown to the client in his statement. */
  readonly text: string;
  readonly postings: readonly Posting[];
}

/** Whole kopecks that a double holds exactly, with room to add many of them. */
const largestKop = 1_000_000_000_000;

/**
 * Checks a transaction: at least two postings, whole kopecks, none zero, an account once, the sum zero.
 * @throws FarmError SYS-LEDGER when it is not balanced: a fault of ours, never of the client
 */
export function balanced(transaction: LedgerTransaction): LedgerTransaction {
  const { postings, key } = transaction;
  const refuse = (why: string): never => {
    throw new FarmError('SYS-LEDGER', `The transaction ${key} is refused: ${why}`, { key });
  };
  if (postings.length < 2) refuse('fewer than two postings');
  if (new Set(postings.map(({ account }) => account)).size < postings.length) refuse('an account twice');
  let sumKop = 0;
  for (const { account, amountKop } of postings) {
    if (!Number.isSafeInteger(amountKop) || amountKop === 0 || Math.abs(amountKop) > largestKop)
      refuse(`${amountKop} kopecks on ${account}`);
    sumKop += amountKop;
  }
  if (sumKop !== 0) refuse(`the postings add up to ${sumKop} kopecks`);
  return transaction;
}

/** Takes a transaction back: the same accounts, the other way round. Books are never edited. */
export function reversalOf(transaction: LedgerTransaction, day: string, reason: string): LedgerTransaction {
  return balanced({
    key: `reversal:${transaction.key}`,
    kind: 'reversal',
    day,
    text: `Отмена: ${transaction.text} (${reason})`,
    postings: transaction.postings.map(({ account, amountKop }) => ({ account, amountKop: -amountKop })),
  });
}

/** A line of a client's statement. */
export interface StatementLine {
  day: string;
  text: string;
  kind: TransactionKind;
  amountKop: Kop;
  /** The balance after it. */
  balanceKop: Kop;
}

/** Adds the running balance to movements that are in order of booking. */
export function runningBalance(
  openingKop: Kop,
  movements: readonly Omit<StatementLine, 'balanceKop'>[],
): StatementLine[] {
  let balanceKop = openingKop;
  return movements.map((movement) => ({ ...movement, balanceKop: (balanceKop += movement.amountKop) }));
}
