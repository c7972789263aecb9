import { addDays, type Day, endingOf, type KeptRental, type PaperLine, tariffById } from '@kkt/billing';
import { FarmError, type Kop } from '@kkt/contracts';
import { BillingStore, CardRefundStore, RentalEndStore, type Sql } from '@kkt/storage';
import { billingIn, todayOf } from './billing';
import { allotRefunds } from './card-refund-desk';
import type { RentalPorts } from './ports';

/** What one rental gives back when it ends on a day. */
export interface RentalReturn {
  rentalId: string;
  firstDay: Day;
  lastDay: Day;
  paidKop: Kop;
  /** Days from its first to the last used one. */
  usedDays: number;
  unusedDays: number;
  /** What the used days cost by the tariff as a term of their own, at most what was paid. */
  usedKop: Kop;
  backKop: Kop;
}

export interface ClosingReturn {
  rentals: RentalReturn[];
  backKop: Kop;
  /** The part of it that can go back to cards the client paid with. */
  cardKop: Kop;
}

export interface ReturnWish {
  registerId: number;
  clientId: string;
  serial: string;
  /** Back to cards as far as they were paid with; the rest stays on the balance. */
  toCard: boolean;
  /** What the client was shown: another sum is refused. */
  expectedKop: Kop;
}

const date = (day: Day): string => day.split('-').reverse().join('.');
const roubles = (kop: Kop): string =>
  new Intl.NumberFormat('ru-RU', { minimumFractionDigits: 2 }).format(kop / 100);

/** Money for days of rent that are not used because the register closes before its time. */
export class RentalReturnDesk {
  constructor(private readonly ports: RentalPorts) {}

  /** What would come back if the register closed today, today being its last day. Nothing is changed. */
  async preview(sql: Sql, registerId: number, clientId: string): Promise<ClosingReturn> {
    const today = todayOf(this.ports);
    const rentals = (await new RentalEndStore(sql).unended(registerId, clientId, today)).map((rental) =>
      returnOf(rental, today),
    );
    const backKop = rentals.reduce((sum, one) => sum + one.backKop, 0);
    const cards = await new CardRefundStore(sql).refundable(clientId);
    const cardKop = allotRefunds(cards, backKop).reduce((sum, one) => sum + one.amountKop, 0);
    return { rentals, backKop, cardKop };
  }

  /**
   * Ends the rentals of a register with today, gives the money back, and makes the paper of it.
   * @returns the paper's number when money came back, and how much of it goes to cards
   * @throws FarmError CLIENT-RETURN-CHANGED when the sum is not the one that was shown
   */
  async apply(sql: Sql, wish: ReturnWish): Promise<{ backKop: Kop; cardKop: Kop; paper: string | null }> {
    const { registerId, clientId, serial, toCard, expectedKop } = wish;
    const today = todayOf(this.ports);
    // Nobody may spend or end meanwhile what is counted here.
    await new BillingStore(sql).lockedBalanceKop(`client:${clientId}`);
    const { rentals, backKop, cardKop } = await this.preview(sql, registerId, clientId);
    if (backKop !== expectedKop)
      throw new FarmError('CLIENT-RETURN-CHANGED', 'Сумма возврата изменилась: проверьте её ещё раз', {
        field: 'expectedKop',
        backKop,
      });
    const billing = billingIn(sql, this.ports);
    for (const { rentalId, firstDay, usedDays } of rentals)
      await billing.end(rentalId, addDays(firstDay, usedDays - 1), today);
    const lines = rentals.filter((one) => one.backKop > 0).map((one) => lineOf(one, serial));
    const paper = lines.length > 0 ? await billing.correction(clientId, lines, today) : null;
    const toCardsKop = toCard && paper ? cardKop : 0;
    if (toCardsKop > 0) {
      const cards = await new CardRefundStore(sql).refundable(clientId);
      for (const { paymentId, amountKop } of allotRefunds(cards, toCardsKop)) {
        const id = this.ports.ids.uuid();
        await billing.payToCard(clientId, id, amountKop, today);
        await new CardRefundStore(sql).add({
          id,
          clientId,
          paymentId,
          amountKop,
          reason: paper?.number ?? '',
        });
      }
    }
    return { backKop, cardKop: toCardsKop, paper: paper?.number ?? null };
  }
}

function returnOf(rental: KeptRental, today: Day): RentalReturn {
  const tariff = tariffById(rental.tariffId);
  if (!tariff) throw new FarmError('SYS-TARIFF', 'The tariff of a rental is not known', { id: rental.id });
  return { rentalId: rental.id, ...endingOf(rental, tariff, today) };
}

const lineOf = (one: RentalReturn, serial: string): PaperLine => ({
  text: [
    `Аренда кассы ${serial} с ${date(one.firstDay)} по ${date(one.lastDay)}`,
    one.usedDays === 0
      ? 'не начата'
      : `использовано дней: ${one.usedDays}, по тарифу ${roubles(one.usedKop)} ₽`,
  ].join('; '),
  count: one.unusedDays,
  priceKop: one.paidKop,
  sumKop: one.backKop,
});
