import type { Acquirer } from '@kkt/acquiring';
import type { Kop } from '@kkt/contracts';
import { notify } from '@kkt/notifications';
import { CardPaymentStore, type DueTopUp, SavedCardStore, type Sql } from '@kkt/storage';
import { CardDesk, orderNoOf } from './card-desk';
import type { RentalPorts } from './ports';

const dayS = 86_400;
const atOnce = 20;

const roubles = new Intl.NumberFormat('ru-RU', { style: 'currency', currency: 'RUB' });
const money = (kop: Kop): string => roubles.format(kop / 100);

interface Begun extends DueTopUp {
  paymentId: string;
}

/**
 * Top-ups that the farm asks for by itself: when a balance falls below the client's threshold, from the card he chose,
 * within his limit of the month, never two at once. The payment is stored before the bank is asked, as every other.
 */
export class AutoTopUpDesk {
  private readonly cards: CardDesk;

  constructor(
    private readonly ports: RentalPorts,
    private readonly acquirer: Acquirer,
    private readonly cabinetUrl: string,
  ) {
    this.cards = new CardDesk(ports, acquirer, cabinetUrl);
  }

  /** True when more are due. */
  async sweep(): Promise<boolean> {
    for (let n = 0; n < atOnce; n += 1) {
      const next = await this.ports.database.transaction((sql) => this.begin(sql));
      if (next === 'nobody') return false;
      if (next !== 'limit') await this.charge(next);
    }
    return true;
  }

  /** Tells the bank to forget cards that clients took off. */
  async forget(): Promise<void> {
    const store = new SavedCardStore(this.ports.database);
    for (const { id, binding } of await store.toForget(atOnce)) {
      try {
        await this.acquirer.forget(binding);
        await store.forgotten(id);
      } catch (error) {
        this.ports.log.warn({ err: error, card: id }, 'the acquirer was not told to forget a card');
      }
    }
  }

  private async begin(sql: Sql): Promise<Begun | 'limit' | 'nobody'> {
    const store = new SavedCardStore(sql);
    const due = await store.nextDue();
    if (!due) return 'nobody';
    const { clientId, cardId, amountKop, monthKop, monthLimitKop, receiptEmail } = due;
    if (monthKop + amountKop > monthLimitKop) {
      await store.putOff(clientId, dayS);
      await this.tellLimit(sql, due);
      return 'limit';
    }
    const paymentId = this.ports.ids.uuid();
    await new CardPaymentStore(sql).add({
      id: paymentId,
      clientId,
      amountKop,
      receiptEmail,
      cardId,
      isAuto: true,
    });
    return { ...due, paymentId };
  }

  private async charge({ paymentId, clientId, binding, amountKop }: Begun): Promise<void> {
    const order = {
      orderNo: orderNoOf(paymentId),
      amountKop,
      description: 'Аренда касс: автоматическое пополнение баланса',
      returnUrl: `${this.cabinetUrl}/money`,
    };
    try {
      const answer = await this.acquirer.charge(order, { customer: clientId, binding });
      await new CardPaymentStore(this.ports.database).begun(paymentId, answer.reference, null);
      if (answer.refusal !== null) return await this.cards.refused(paymentId, answer.refusal);
    } catch (error) {
      // What became of it is asked for by our number.
      this.ports.log.warn(
        { err: error, payment: paymentId },
        'the acquirer did not tell of an automatic top-up',
      );
    }
    await this.cards.look(paymentId, clientId);
  }

  /** Once a month. */
  private async tellLimit(
    sql: Sql,
    { clientId, mask, amountKop, monthLimitKop, month }: DueTopUp,
  ): Promise<void> {
    await notify(sql, {
      kind: 'money.auto-limit',
      to: { kind: 'client', id: clientId },
      channel: 'email',
      clientId,
      event: `auto-limit:${clientId}:${month}`,
      params: {
        amount: money(amountKop),
        limit: money(monthLimitKop),
        card: mask,
        url: `${this.cabinetUrl}/money`,
      },
    });
  }
}
