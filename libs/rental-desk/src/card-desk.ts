import type { Acquirer, CardOnFile, CardVerdict } from '@kkt/acquiring';
import { topUp } from '@kkt/billing';
import { FarmError, type Kop } from '@kkt/contracts';
import { BillingStore, type CardPayment, CardPaymentStore, SavedCardStore, type Sql } from '@kkt/storage';
import { autoTopUpSettled } from './auto-top-up-news';
import { todayOf } from './billing';
import type { RentalPorts } from './ports';

const leastKop = 10_000;
const mostKop = 60_000_000;
/** The acquirer's page lives 20 minutes; after this long nobody can pay there any more. */
const patienceMs = 2 * 3_600_000;
const askAgainS = 15;
const askAtOnce = 20;

/** The acquirer's number for our payment: at most 32 characters. */
export const orderNoOf = (id: string): string => id.replaceAll('-', '');

export interface TopUpWish {
  clientId: string;
  amountKop: Kop;
  receiptEmail: string;
  /** Page of the cabinet to come back to; the payment's id is put behind it. */
  returnUrl: string;
  /** Who asked to remember the card, and the words he agreed to. */
  save?: { by: string; consent: string };
}

/**
 * Top-ups by card. The intention is stored before the acquirer is asked; what became of it is the acquirer's own word,
 * asked for by our number, so that no lost answer loses money and none is booked twice.
 */
export class CardDesk {
  constructor(
    private readonly ports: RentalPorts,
    private readonly acquirer: Acquirer,
    private readonly cabinetUrl: string,
  ) {}

  /**
   * @param noted writes down who began it, in the transaction that stores the intention
   * @throws FarmError CLIENT-AMOUNT, WIRE-ACQUIRER when the bank is away: then nothing is paid
   */
  async begin(
    { clientId, amountKop, receiptEmail, returnUrl, save }: TopUpWish,
    noted: (sql: Sql, id: string) => Promise<void>,
  ): Promise<CardPayment> {
    if (!Number.isSafeInteger(amountKop) || amountKop < leastKop || amountKop > mostKop)
      throw new FarmError('CLIENT-AMOUNT', 'Картой можно внести от 100 до 600 000 ₽', { field: 'amountKop' });
    const store = new CardPaymentStore(this.ports.database);
    const id = this.ports.ids.uuid();
    await this.ports.database.transaction(async (sql) => {
      await new CardPaymentStore(sql).add({ id, clientId, amountKop, receiptEmail, ...(save && { save }) });
      await noted(sql, id);
    });
    const { reference, payUrl } = await this.acquirer.begin({
      orderNo: orderNoOf(id),
      amountKop,
      description: 'Аренда касс: пополнение баланса',
      returnUrl: `${returnUrl}${id}`,
      ...(save && { saveFor: clientId }),
    });
    await store.begun(id, reference, payUrl);
    return this.read(id, clientId);
  }

  /** The payment as the acquirer sees it now. Its silence leaves it as it was. */
  async look(id: string, clientId: string): Promise<CardPayment> {
    const payment = await this.read(id, clientId);
    if (payment.state === 'new' || payment.state === 'pending') await this.ask(payment);
    return this.read(id, clientId);
  }

  /** The bank said no to a charge; what it says of the payment itself still comes first. */
  async refused(id: string, note: string): Promise<void> {
    const payment = await new CardPaymentStore(this.ports.database).read(id);
    if (!payment) return;
    const verdict = await this.acquirer.ask(orderNoOf(id));
    await this.settle(id, verdict.state === 'paid' ? verdict : { state: 'failed', note });
  }

  /** Asks about payments whose payer did not come back. True when more are due. */
  async sweep(): Promise<boolean> {
    const due = await new CardPaymentStore(this.ports.database).takeToAsk(askAgainS, askAtOnce);
    for (const payment of due) await this.ask(payment);
    return due.length === askAtOnce;
  }

  private async read(id: string, clientId: string): Promise<CardPayment> {
    const payment = await new CardPaymentStore(this.ports.database).read(id, clientId);
    if (!payment) throw new FarmError('CLIENT-NOT-FOUND', 'No such payment');
    return payment;
  }

  private async ask(payment: CardPayment): Promise<void> {
    let verdict: CardVerdict;
    try {
      verdict = await this.acquirer.ask(orderNoOf(payment.id));
    } catch (error) {
      this.ports.log.warn({ err: error, payment: payment.id }, 'the acquirer did not tell of a payment');
      return;
    }
    await this.settle(payment.id, verdict);
  }

  private async settle(id: string, verdict: CardVerdict): Promise<void> {
    await this.ports.database.transaction(async (sql) => {
      const store = new CardPaymentStore(sql);
      const payment = await store.lock(id);
      if (!payment || payment.settledAt) return;
      const isLate = this.ports.clock.nowMs() - payment.createdAt.getTime() > patienceMs;
      switch (verdict.state) {
        case 'paid': {
          const { reference, amountKop } = verdict;
          if (amountKop !== payment.amountKop)
            this.ports.log.error({ id, amountKop, asked: payment.amountKop }, 'another sum was paid by card');
          await new BillingStore(sql).book(
            topUp(payment.clientId, 'card', reference, amountKop, todayOf(this.ports)),
          );
          await store.settle(id, 'paid', null);
          if (verdict.card) await this.remember(sql, payment, verdict.card);
          return this.tell(sql, payment, true, '');
        }
        case 'failed':
          await store.settle(id, 'failed', verdict.note);
          return this.tell(sql, payment, false, verdict.note);
        case 'unknown':
        case 'pending':
          if (!isLate) return undefined;
          await store.settle(id, 'failed', 'expired');
          return this.tell(sql, payment, false, 'expired');
      }
    });
  }

  /** The payer asked for it on our page and the bank remembers the card. */
  private async remember(sql: Sql, payment: CardPayment, card: CardOnFile): Promise<void> {
    if (payment.saveConsent === null) return;
    await new SavedCardStore(sql).remember({
      ...card,
      id: this.ports.ids.uuid(),
      clientId: payment.clientId,
      consent: payment.saveConsent,
      consentBy: payment.saveBy ?? '',
    });
  }

  private async tell(sql: Sql, payment: CardPayment, isPaid: boolean, note: string): Promise<void> {
    if (payment.isAuto) await autoTopUpSettled(sql, payment, { isPaid, note }, `${this.cabinetUrl}/money`);
  }
}
