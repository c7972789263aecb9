import type { Kop } from '@kkt/contracts';
import type { Day } from './days';
import type { Account, LedgerTransaction, StatementLine } from './ledger';
import type { PromoCode } from './promo';
import type { Rental } from './rental';

/** A rental as it is kept. */
export interface KeptRental extends Rental {
  readonly isTrial: boolean;
  /** The last day that was earned; null before the first. */
  readonly earnedTo: Day | null;
  /** The last day of use when it was ended before its time. */
  readonly endedOn: Day | null;
}

/** Series of papers whose numbers have no gaps. */
export type PaperSeries = 'invoice' | 'act' | 'reconciliation' | 'correction';
/** Everything whose numbers have no gaps. */
export type NumberSeries = PaperSeries | 'contract';

/** A line of an invoice or an act. */
export interface PaperLine {
  text: string;
  /** Whole units: register-days, drives; of a correction the days that were not used. */
  count: number;
  /** Of a correction: what was paid for the term. */
  priceKop: Kop;
  /** Of a correction: what comes back. */
  sumKop: Kop;
}

/** A paper for the client's accountant. */
export interface Paper {
  series: PaperSeries;
  /** `СЧ-2026-000123`. */
  number: string;
  clientId: string;
  day: Day;
  /** The period of an act; for an invoice the day twice. */
  from: Day;
  to: Day;
  lines: PaperLine[];
  totalKop: Kop;
  vatKop: Kop;
  /** Of a reconciliation act: what we owed the client before its first day; otherwise 0. Its lines hold what was paid in `priceKop`, paid less earned in `sumKop`. */
  openingKop: Kop;
}

/** A movement as two accountants see it. */
export interface AccountMove {
  day: Day;
  text: string;
  /** Money that came from the client; negative when it went back. */
  paidKop: Kop;
  /** Services and goods the client got, VAT included. */
  earnedKop: Kop;
}

/** A payment found in a bank statement that could not be given to a client. */
export interface ParkedPayment {
  reference: string;
  day: Day;
  amountKop: Kop;
  payerInn: string;
  payerName: string;
  purpose: string;
  reason: 'unknown_payer' | 'several_clients';
}

/** What the billing desk reads and writes, within one transaction of the database. */
export interface BillingBooks {
  /** False when the key is booked already: then nothing is written. */
  book(transaction: LedgerTransaction): Promise<boolean>;
  /** Books what is not booked yet, and returns it. */
  bookMany(transactions: readonly LedgerTransaction[]): Promise<LedgerTransaction[]>;
  isBooked(key: string): Promise<boolean>;
  /** Keeps others from moving the account until the end of this transaction. */
  lockedBalanceKop(account: Account): Promise<Kop>;
  statement(clientId: string, from: Day, to: Day): Promise<{ openingKop: Kop; lines: StatementLine[] }>;
  addRental(rental: KeptRental): Promise<void>;
  rental(id: string): Promise<KeptRental | undefined>;
  /** Rentals with a day before `today` that is not earned, locked, at most so many. */
  rentalsToEarn(today: Day, limit: number): Promise<KeptRental[]>;
  markEarned(rentalId: string, day: Day): Promise<void>;
  markEnded(rentalId: string, day: Day): Promise<void>;
  /** Running rentals whose term ends by a day. */
  rentalsEndingBy(day: Day): Promise<KeptRental[]>;
  promo(code: string): Promise<PromoCode | undefined>;
  usePromo(code: string): Promise<void>;
  /** The next number of a series in a year; the row stays locked until the end of the transaction, so no gaps. */
  nextNumber(series: NumberSeries, year: number): Promise<number>;
  addPaper(paper: Paper): Promise<void>;
  /** Client of an invoice number, or of an INN when exactly one client has it. */
  clientOfInvoice(number: string): Promise<string | undefined>;
  clientsOfInn(inn: string): Promise<string[]>;
  /** A part of an invoice was paid. */
  addPaid(number: string, amountKop: Kop): Promise<void>;
  park(payment: ParkedPayment): Promise<void>;
  /** Locked until the end of the transaction. */
  parked(reference: string): Promise<(ParkedPayment & { isSettled: boolean }) | undefined>;
  settle(reference: string, key: string): Promise<void>;
  actOf(clientId: string, from: Day, to: Day): Promise<Paper | undefined>;
  /** Payments one by one, services by month; and what we owed the client before the first day. */
  accounts(clientId: string, from: Day, to: Day): Promise<{ openingKop: Kop; moves: AccountMove[] }>;
  /** Earned days and drives of a client in a period, summed up for an act. */
  actLines(clientId: string, from: Day, to: Day): Promise<PaperLine[]>;
}
