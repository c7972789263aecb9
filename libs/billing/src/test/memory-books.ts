import type { Kop } from '@kkt/contracts';
import {
  addDays,
  balanced,
  type BillingBooks,
  type Day,
  type KeptRental,
  lastDay,
  type LedgerTransaction,
  type Paper,
  type PaperLine,
  type NumberSeries,
  type ParkedPayment,
  type PromoCode,
  runningBalance,
} from '../index';

/** Books in memory with the rules of the database: a key once, no overlapping rentals of a register. */
export class MemoryBooks implements BillingBooks {
  readonly transactions: LedgerTransaction[] = [];
  readonly rentals = new Map<string, KeptRental>();
  readonly papers: Paper[] = [];
  readonly parkedPayments = new Map<string, ParkedPayment>();
  readonly settled = new Set<string>();
  readonly paid = new Map<string, Kop>();
  readonly promos = new Map<string, PromoCode>();
  readonly inns = new Map<string, string[]>();
  private readonly numbers = new Map<string, number>();

  balanceKop(account: string): Kop {
    return this.transactions
      .flatMap(({ postings }) => postings)
      .reduce((sum, posting) => (posting.account === account ? sum + posting.amountKop : sum), 0);
  }

  book(transaction: LedgerTransaction): Promise<boolean> {
    balanced(transaction);
    if (this.transactions.some(({ key }) => key === transaction.key)) return Promise.resolve(false);
    this.transactions.push(transaction);
    return Promise.resolve(true);
  }

  async bookMany(transactions: readonly LedgerTransaction[]): Promise<LedgerTransaction[]> {
    const booked: LedgerTransaction[] = [];
    for (const one of transactions) if (await this.book(one)) booked.push(one);
    return booked;
  }

  isBooked(key: string): Promise<boolean> {
    return Promise.resolve(this.transactions.some((one) => one.key === key));
  }

  lockedBalanceKop(account: string): Promise<Kop> {
    return Promise.resolve(this.balanceKop(account));
  }

  statement(clientId: string, from: Day, to: Day): ReturnType<BillingBooks['statement']> {
    const account = `client:${clientId}`;
    const own = this.transactions.flatMap((one) =>
      one.postings
        .filter((posting) => posting.account === account)
        .map(({ amountKop }) => ({ ...one, amountKop })),
    );
    const openingKop = own.reduce((sum, one) => (one.day < from ? sum + one.amountKop : sum), 0);
    return Promise.resolve({
      openingKop,
      lines: runningBalance(
        openingKop,
        own.filter(({ day }) => day >= from && day <= to),
      ),
    });
  }

  addRental(rental: KeptRental): Promise<void> {
    for (const other of this.rentals.values()) {
      const otherEnd = other.endedOn ?? lastDay(other);
      if (
        other.registerId === rental.registerId &&
        rental.firstDay <= otherEnd &&
        other.firstDay <= lastDay(rental)
      )
        return Promise.reject(new Error(`register ${rental.registerId} is rented in these days`));
    }
    this.rentals.set(rental.id, rental);
    return Promise.resolve();
  }

  rental(id: string): Promise<KeptRental | undefined> {
    return Promise.resolve(this.rentals.get(id));
  }

  rentalsToEarn(today: Day, limit: number): Promise<KeptRental[]> {
    const due = [...this.rentals.values()].filter((rental) => {
      const end = rental.endedOn ?? lastDay(rental);
      const next = rental.earnedTo ? addDays(rental.earnedTo, 1) : rental.firstDay;
      return next <= end && next < today;
    });
    return Promise.resolve(due.slice(0, limit));
  }

  markEarned(rentalId: string, day: Day): Promise<void> {
    return this.change(rentalId, { earnedTo: day });
  }

  markEnded(rentalId: string, day: Day): Promise<void> {
    return this.change(rentalId, { endedOn: day });
  }

  rentalsEndingBy(day: Day): Promise<KeptRental[]> {
    const all = [...this.rentals.values()];
    return Promise.resolve(
      all.filter(
        (rental) =>
          !rental.endedOn &&
          lastDay(rental) <= day &&
          !all.some((other) => other.registerId === rental.registerId && other.firstDay > rental.firstDay),
      ),
    );
  }

  promo(code: string): Promise<PromoCode | undefined> {
    return Promise.resolve(this.promos.get(code));
  }

  usePromo(code: string): Promise<void> {
    const promo = this.promos.get(code);
    if (promo?.usesLeft) this.promos.set(code, { ...promo, usesLeft: promo.usesLeft - 1 });
    return Promise.resolve();
  }

  nextNumber(series: NumberSeries, year: number): Promise<number> {
    const key = `${series}/${year}`;
    const next = (this.numbers.get(key) ?? 0) + 1;
    this.numbers.set(key, next);
    return Promise.resolve(next);
  }

  addPaper(paper: Paper): Promise<void> {
    this.papers.push(paper);
    return Promise.resolve();
  }

  clientOfInvoice(number: string): Promise<string | undefined> {
    return Promise.resolve(
      this.papers.find((paper) => paper.series === 'invoice' && paper.number === number)?.clientId,
    );
  }

  clientsOfInn(inn: string): Promise<string[]> {
    return Promise.resolve(this.inns.get(inn) ?? []);
  }

  addPaid(number: string, amountKop: Kop): Promise<void> {
    this.paid.set(number, (this.paid.get(number) ?? 0) + amountKop);
    return Promise.resolve();
  }

  park(payment: ParkedPayment): Promise<void> {
    this.parkedPayments.set(payment.reference, payment);
    return Promise.resolve();
  }

  parked(reference: string): ReturnType<BillingBooks['parked']> {
    const found = this.parkedPayments.get(reference);
    return Promise.resolve(found && { ...found, isSettled: this.settled.has(reference) });
  }

  settle(reference: string): Promise<void> {
    this.settled.add(reference);
    return Promise.resolve();
  }

  actOf(clientId: string, from: Day, to: Day): Promise<Paper | undefined> {
    return Promise.resolve(
      this.papers.find(
        (one) => one.series === 'act' && one.clientId === clientId && one.from === from && one.to === to,
      ),
    );
  }

  accounts(clientId: string, from: Day, to: Day): ReturnType<BillingBooks['accounts']> {
    const own = (account: string): boolean =>
      account === `client:${clientId}` ||
      this.rentals.get(account.slice('deferred:'.length))?.clientId === clientId;
    const of = (one: LedgerTransaction, accounts: readonly string[]): Kop =>
      one.postings.reduce((sum, p) => (accounts.includes(p.account) ? sum + p.amountKop : sum), 0);
    const moves = this.transactions
      .filter(({ postings }) => postings.some(({ account }) => own(account)))
      .map((one) => ({
        day: one.day,
        text: one.text,
        paidKop: 0 - of(one, ['bank', 'card']),
        earnedKop: of(one, ['revenue', 'vat']),
      }))
      .filter(({ paidKop, earnedKop }) => paidKop !== 0 || earnedKop !== 0);
    const before = moves.filter(({ day }) => day < from);
    return Promise.resolve({
      openingKop: before.reduce((sum, { paidKop, earnedKop }) => sum + paidKop - earnedKop, 0),
      moves: moves.filter(({ day }) => day >= from && day <= to),
    });
  }

  actLines(clientId: string, from: Day, to: Day): Promise<PaperLine[]> {
    const days = this.transactions.filter(
      (one) =>
        one.kind === 'rent_day' &&
        one.day >= from &&
        one.day <= to &&
        one.postings.some(
          ({ account }) => this.rentals.get(account.slice('deferred:'.length))?.clientId === clientId,
        ),
    );
    const sumKop = days.reduce((sum, { postings }) => sum - (postings[0]?.amountKop ?? 0), 0);
    return Promise.resolve(
      days.length === 0 ? [] : [{ text: 'Аренда касс, дней', count: days.length, priceKop: 0, sumKop }],
    );
  }

  private change(rentalId: string, part: Partial<KeptRental>): Promise<void> {
    const rental = this.rentals.get(rentalId);
    if (rental) this.rentals.set(rentalId, { ...rental, ...part });
    return Promise.resolve();
  }
}
