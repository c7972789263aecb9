import { FarmError, type Ids, type Kop } from '@kkt/contracts';
import { invoiceNumbersIn, parseBankStatement, paymentReference } from './bank-statement';
import type { BillingBooks, KeptRental, Paper, PaperLine, PaperSeries } from './books';
import { addDays, type Day, daysBetween } from './days';
import type { LedgerTransaction } from './ledger';
import { toCard, topUp, topUpKey } from './money-moves';
import { normalPromoCode, type PromoCode, promoDiscountBp } from './promo';
import { type OrderWish, ownVatKop, quote, type Quote } from './quote';
import { earnDay, endEarly, lastDay, payRent, renewalAdvice, type RenewalAdvice } from './rental';
import { tariffById, trialDays } from './tariffs';

export interface RentalOrder extends Omit<OrderWish, 'promo' | 'registers' | 'drives'> {
  clientId: string;
  registerIds: readonly number[];
  firstDay: Day;
  promoCode?: string;
  renewsItself: boolean;
}

export interface ImportResult {
  booked: { clientId: string; amountKop: Kop; reference: string; invoice?: string }[];
  /** Known from an earlier import. */
  repeated: number;
  parked: number;
  outgoing: number;
}

/** Rentals whose days are earned in one transaction. */
const earnBatch = 500;

/** Letters that papers are numbered with. */
const seriesLetters: Record<PaperSeries, string> = {
  invoice: 'СЧ',
  act: 'АКТ',
  reconciliation: 'СВ',
  correction: 'КОР',
};

/** What the farm does with clients' money. Each public method is one transaction or several independent ones. */
export class BillingDesk {
  constructor(
    private readonly inTransaction: <T>(run: (books: BillingBooks) => Promise<T>) => Promise<T>,
    private readonly ids: Ids,
  ) {}

  /** The price of a wish, its promotion looked up; nothing is ordered. */
  async quote(wish: Omit<OrderWish, 'promo'> & { promoCode?: string }, day: Day): Promise<Quote> {
    return this.inTransaction(async (books) =>
      quote({ ...wish, promo: await this.promo(books, wish.promoCode) }, day),
    );
  }

  /**
   * Rents registers from a day on and takes the whole price from the client's balance.
   * @throws FarmError CLIENT-BALANCE with `missingKop` when there is too little money: then nothing is rented
   */
  async order(order: RentalOrder, today: Day): Promise<KeptRental[]> {
    return this.inTransaction(async (books) => {
      const promo = await this.promo(books, order.promoCode);
      const price = quote({ ...order, registers: order.registerIds.length, promo }, today);
      const haveKop = await books.lockedBalanceKop(`client:${order.clientId}`);
      const rentKop = price.rentPerRegisterKop * order.registerIds.length;
      if (haveKop < rentKop)
        throw new FarmError('CLIENT-BALANCE', 'На балансе не хватает денег', {
          field: 'balance',
          missingKop: rentKop - haveKop,
        });
      const rentals = order.registerIds.map((registerId): KeptRental => ({
        id: this.ids.uuid(),
        clientId: order.clientId,
        registerId,
        tariffId: order.tariffId,
        firstDay: order.firstDay,
        termDays: order.termDays,
        priceKop: price.rentPerRegisterKop,
        promoBp: promo ? promoDiscountBp(promo, order.termDays, today) : 0,
        renewsItself: order.renewsItself,
        isTrial: false,
        earnedTo: null,
        endedOn: null,
      }));
      for (const rental of rentals) await this.begin(books, rental, today);
      if (promo) await books.usePromo(promo.code);
      return rentals;
    });
  }

  /** A week on trial costs nothing and does not renew itself. */
  async trial(clientId: string, registerId: number, tariffId: string, firstDay: Day): Promise<KeptRental> {
    const rental: KeptRental = {
      id: this.ids.uuid(),
      clientId,
      registerId,
      tariffId,
      firstDay,
      termDays: trialDays,
      priceKop: 0,
      promoBp: 0,
      renewsItself: false,
      isTrial: true,
      earnedTo: null,
      endedOn: null,
    };
    await this.inTransaction((books) => books.addRental(rental));
    return rental;
  }

  /** Earns every day before `today` that is not earned yet; may be called at any time, any number of times. */
  async earnDays(today: Day): Promise<{ days: number; sumKop: Kop }> {
    const total = { days: 0, sumKop: 0 };
    for (;;) {
      const done = await this.inTransaction(async (books) => {
        const rentals = await books.rentalsToEarn(today, earnBatch);
        for (const rental of rentals) await this.earnUpTo(books, rental, addDays(today, -1), total);
        return rentals.length;
      });
      if (done < earnBatch) return total;
    }
  }

  /** Ends a rental after `lastUsedDay`; what is not used goes back to the balance. */
  async end(rentalId: string, lastUsedDay: Day, today: Day): Promise<{ backKop: Kop }> {
    return this.inTransaction(async (books) => {
      const rental = await books.rental(rentalId);
      const tariff = rental && tariffById(rental.tariffId);
      if (!rental || !tariff) throw new FarmError('CLIENT-RENTAL', 'Такой аренды нет', { field: 'rentalId' });
      if (rental.endedOn) throw new FarmError('CLIENT-RENTAL', 'Аренда уже завершена', { field: 'rentalId' });
      if (lastUsedDay < addDays(rental.firstDay, -1) || lastUsedDay >= lastDay(rental))
        throw new FarmError('CLIENT-RENTAL', 'День не входит в срок аренды', { field: 'lastUsedDay' });
      await books.lockedBalanceKop(`client:${rental.clientId}`);
      const usedDays = await this.earnUpTo(books, rental, lastUsedDay);
      const ending = endEarly(rental, tariff, usedDays, today);
      if (ending) await books.book(ending);
      await books.markEnded(rental.id, lastUsedDay);
      const back = ending?.postings.find(({ account }) => account === `client:${rental.clientId}`);
      return { backKop: back?.amountKop ?? 0 };
    });
  }

  /** Rentals near their end, and what to do about each; those that renew themselves are renewed. */
  async renewals(today: Day): Promise<{ rental: KeptRental; advice: RenewalAdvice }[]> {
    const ending = await this.inTransaction((books) => books.rentalsEndingBy(addDays(today, 14)));
    const told: { rental: KeptRental; advice: RenewalAdvice }[] = [];
    for (const rental of ending) told.push({ rental, advice: await this.renew(rental, today) });
    return told.filter(({ advice }) => advice !== 'not_yet');
  }

  /** Books the incoming payments of a bank statement; one that was booked before is not booked again. */
  async importStatement(text: string): Promise<ImportResult> {
    const statement = parseBankStatement(text);
    return this.inTransaction(async (books) => {
      const result: ImportResult = { booked: [], repeated: 0, parked: 0, outgoing: statement.outgoing };
      for (const payment of statement.incoming) {
        const reference = paymentReference(payment);
        if (await books.isBooked(topUpKey('bank', reference))) {
          result.repeated++;
          continue;
        }
        const found = await this.payer(books, payment.purpose, payment.payerInn);
        if ('reason' in found) {
          await books.park({ ...payment, reference, reason: found.reason });
          result.parked++;
          continue;
        }
        const { clientId, invoice } = found;
        const isNew = await books.book(topUp(clientId, 'bank', reference, payment.amountKop, payment.day));
        if (!isNew) {
          result.repeated++;
          continue;
        }
        if (invoice) await books.addPaid(invoice, payment.amountKop);
        result.booked.push({
          clientId,
          amountKop: payment.amountKop,
          reference,
          ...(invoice && { invoice }),
        });
      }
      return result;
    });
  }

  /**
   * Gives a parked payment to a client. It is booked once, whoever settles it how often.
   * @throws FarmError CLIENT-NOT-FOUND when no such payment is parked, CLIENT-STATE when it is settled
   */
  async settleParked(reference: string, clientId: string): Promise<void> {
    await this.inTransaction(async (books) => {
      const payment = await books.parked(reference);
      if (!payment) throw new FarmError('CLIENT-NOT-FOUND', 'Такого платежа нет');
      if (payment.isSettled) throw new FarmError('CLIENT-STATE', 'Платёж уже зачислен');
      await books.book(topUp(clientId, 'bank', reference, payment.amountKop, payment.day));
      await books.settle(reference, topUpKey('bank', reference));
    });
  }

  /** An invoice for an amount the client wants to pay in. */
  async invoice(clientId: string, lines: PaperLine[], day: Day): Promise<Paper> {
    return this.paper('invoice', clientId, lines, day, day, day);
  }

  /** A correction act: what rentals that ended early give back. */
  async correction(clientId: string, lines: PaperLine[], day: Day): Promise<Paper> {
    return this.paper('correction', clientId, lines, day, day, day);
  }

  /** Takes money off the balance for a refund to a card; the refund's id makes it one. */
  async payToCard(clientId: string, refundId: string, amountKop: Kop, day: Day): Promise<void> {
    await this.inTransaction(async (books) => {
      const haveKop = await books.lockedBalanceKop(`client:${clientId}`);
      if (haveKop < amountKop)
        throw new FarmError('CLIENT-BALANCE', 'На балансе не хватает денег', {
          field: 'balance',
          missingKop: amountKop - haveKop,
        });
      await books.book(toCard(clientId, refundId, amountKop, day));
    });
  }

  /** The act of a period: what was earned from a client. A period has one act. Undefined when nothing was earned. */
  async act(clientId: string, from: Day, to: Day, day: Day): Promise<Paper | undefined> {
    const known = await this.inTransaction((books) => books.actOf(clientId, from, to));
    if (known) return known;
    const lines = await this.inTransaction((books) => books.actLines(clientId, from, to));
    return lines.length === 0 ? undefined : this.paper('act', clientId, lines, from, to, day);
  }

  /** A reconciliation act: what was paid and what was earned, line by line, in a period. */
  async reconciliation(clientId: string, from: Day, to: Day, day: Day): Promise<Paper> {
    if (from > to) throw new FarmError('CLIENT-PAPER', 'Начало периода позже конца', { field: 'from' });
    const { openingKop, moves } = await this.inTransaction((books) => books.accounts(clientId, from, to));
    const earnedKop = moves.reduce((sum, { earnedKop: kop }) => sum + kop, 0);
    const lines = moves.map((move) => ({
      text: move.text,
      count: 1,
      priceKop: move.paidKop,
      sumKop: move.paidKop - move.earnedKop,
    }));
    return this.inTransaction((books) =>
      this.number(
        books,
        { series: 'reconciliation', clientId, day, from, to, lines, totalKop: earnedKop },
        openingKop,
      ),
    );
  }

  private async paper(
    series: PaperSeries,
    clientId: string,
    lines: PaperLine[],
    from: Day,
    to: Day,
    day: Day,
  ): Promise<Paper> {
    const totalKop = lines.reduce((sum, { sumKop }) => sum + sumKop, 0);
    if (!Number.isSafeInteger(totalKop) || totalKop <= 0)
      throw new FarmError('CLIENT-PAPER', 'Сумма должна быть больше нуля', { field: 'lines' });
    return this.inTransaction((books) =>
      this.number(books, { series, clientId, day, from, to, lines, totalKop }, 0),
    );
  }

  private async number(
    books: BillingBooks,
    made: Omit<Paper, 'number' | 'vatKop' | 'openingKop'>,
    openingKop: Kop,
  ): Promise<Paper> {
    const { series, day } = made;
    const year = Number(day.slice(0, 4));
    const number = await books.nextNumber(series, year);
    const paper: Paper = {
      ...made,
      number: `${seriesLetters[series]}-${year}-${String(number).padStart(6, '0')}`,
      vatKop: ownVatKop(made.totalKop, day),
      openingKop,
    };
    await books.addPaper(paper);
    return paper;
  }

  private async promo(books: BillingBooks, typed?: string): Promise<PromoCode | undefined> {
    const code = typed ? normalPromoCode(typed) : '';
    if (!code) return undefined;
    const promo = await books.promo(code);
    if (!promo) throw new FarmError('CLIENT-PROMO', `Промокода ${code} нет`, { field: 'promo' });
    return promo;
  }

  private async begin(books: BillingBooks, rental: KeptRental, today: Day): Promise<void> {
    await books.addRental(rental);
    const payment = payRent(rental, today);
    if (payment) await books.book(payment);
  }

  /** How many days of the rental are earned afterwards. */
  private async earnUpTo(
    books: BillingBooks,
    rental: KeptRental,
    wanted: Day,
    total = { days: 0, sumKop: 0 },
  ): Promise<number> {
    const end = wanted < lastDay(rental) ? wanted : lastDay(rental);
    const due: LedgerTransaction[] = [];
    let day = rental.earnedTo ? addDays(rental.earnedTo, 1) : rental.firstDay;
    let earned = rental.earnedTo;
    for (; day <= end; day = addDays(day, 1)) {
      const transaction = earnDay(rental, day);
      if (transaction) due.push(transaction);
      earned = day;
    }
    for (const { postings } of await books.bookMany(due)) {
      total.days++;
      total.sumKop -= postings[0]?.amountKop ?? 0;
    }
    if (earned && earned !== rental.earnedTo) await books.markEarned(rental.id, earned);
    return earned ? daysBetween(rental.firstDay, earned) + 1 : 0;
  }

  private async renew(rental: KeptRental, today: Day): Promise<RenewalAdvice> {
    return this.inTransaction(async (books) => {
      const balanceKop = await books.lockedBalanceKop(`client:${rental.clientId}`);
      const tariff = tariffById(rental.tariffId);
      if (!tariff) return 'remind';
      const price = quote({ tariffId: tariff.id, registers: 1, termDays: rental.termDays }, today);
      const advice = renewalAdvice(rental, today, balanceKop, price.rentPerRegisterKop);
      if (advice !== 'renew') return advice;
      const next: KeptRental = {
        ...rental,
        id: this.ids.uuid(),
        firstDay: addDays(lastDay(rental), 1),
        priceKop: price.rentPerRegisterKop,
        promoBp: 0,
        isTrial: false,
        earnedTo: null,
      };
      await this.begin(books, next, today);
      return advice;
    });
  }

  private async payer(
    books: BillingBooks,
    purpose: string,
    inn: string,
  ): Promise<{ clientId: string; invoice?: string } | { reason: 'unknown_payer' | 'several_clients' }> {
    for (const invoice of invoiceNumbersIn(purpose)) {
      const clientId = await books.clientOfInvoice(invoice);
      if (clientId) return { clientId, invoice };
    }
    const clients = inn ? await books.clientsOfInn(inn) : [];
    if (clients.length === 1 && clients[0]) return { clientId: clients[0] };
    return { reason: clients.length === 0 ? 'unknown_payer' : 'several_clients' };
  }
}
