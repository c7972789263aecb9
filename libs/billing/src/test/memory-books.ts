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
  type PaperSeries,
  type ParkedPayment,
  type PromoCode,
  runningBalance,
} from '../index';

/** Books in memory with the rules of the database: a key once, no overlapping rentals of a register. */
export class MemoryBooks implements BillingBooks {
  readonly transactions: LedgerTransaction[] = [];
  readonly rentals = new Map<string, KeptRental>();
  readonly papers: Paper[] = [];
  readonly parked = new Map<string, ParkedPayment>();
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

  nextNumber(series: PaperSeries, year: number): Promise<number> {
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

  park(payment: ParkedPayment): Promise<void> {
    this.parked.set(payment.reference, payment);
    return Promise.resolve();
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
