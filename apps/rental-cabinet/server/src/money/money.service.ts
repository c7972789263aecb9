import { Inject, Injectable } from '@nestjs/common';
import {
  addDays,
  type BillingDesk,
  daysBetween,
  longestTermDays,
  quote,
  type RunningRental,
  stopForecast,
  tariffById,
} from '@kkt/billing';
import { receiptLink } from '@kkt/security';
import { billingOf, todayOf } from '@kkt/rental-desk';
import {
  BillingStore,
  type CardPayment,
  type CardRefund,
  MoneyReadStore,
  type RentalRow,
  RequisitesStore,
} from '@kkt/storage';
import type { CardPaymentView, CardRefundView, MoneyView, RentalView } from '@kkt/web-contract';
import { moment, momentOrNull } from '@kkt/web-server';
import { type CabinetParts, PARTS } from '../parts';
import type { Caller } from '../session/session.guard';

/** A rental that ended is shown for so long. */
const shownAfterEndDays = 14;

/** What the next term of a rental costs today; 0 when its tariff is no longer offered. */
function nextPriceKop({ tariffId, termDays }: RentalRow, today: string): number {
  try {
    return quote({ tariffId, termDays, registers: 1 }, today).rentPerRegisterKop;
  } catch {
    return 0;
  }
}

const rentalView = (row: RentalRow, today: string): RentalView => ({
  id: row.id,
  registerId: row.registerId,
  serial: row.serial,
  groupCode: row.groupCode,
  tariffId: row.tariffId,
  firstDay: row.firstDay,
  lastDay: row.lastDay,
  termDays: row.termDays,
  daysLeft: daysBetween(today, row.lastDay),
  priceKop: row.priceKop,
  isTrial: row.isTrial,
  renewsItself: row.renewsItself,
  hasNext: row.hasNext,
  nextPriceKop: nextPriceKop(row, today),
});

/** A client's money as its pages show it. */
@Injectable()
export class MoneyService {
  readonly billing: BillingDesk;

  constructor(@Inject(PARTS) private readonly parts: CabinetParts) {
    this.billing = billingOf(parts);
  }

  get today(): string {
    return todayOf(this.parts);
  }

  async read({ clientId, access }: Caller): Promise<MoneyView> {
    const { database, acquirer } = this.parts;
    const { today } = this;
    const store = new MoneyReadStore(database);
    const [balanceKop, deferredKop, rows, settings] = await Promise.all([
      new BillingStore(database).balanceKop(`client:${clientId}`),
      store.deferredKop(clientId),
      store.rentals(clientId, today, shownAfterEndDays),
      new RequisitesStore(database).settings(clientId),
    ]);
    const rentals = rows.map((row) => rentalView(row, today));
    return {
      balanceKop,
      deferredKop,
      stop: this.stop(rows, balanceKop),
      rentals,
      ...settings,
      takesCards: acquirer !== undefined,
      mayPay: access.can('money:write', access.rootId),
    };
  }

  private stop(rows: readonly RentalRow[], balanceKop: number): MoneyView['stop'] {
    const { today } = this;
    const running = rows
      .filter(({ lastDay, hasNext }) => lastDay >= today && !hasNext)
      .map((row): RunningRental => ({
        registerId: row.registerId,
        lastDay: row.lastDay,
        termDays: row.termDays,
        renewsItself: row.renewsItself && tariffById(row.tariffId) !== undefined,
        nextPriceKop: nextPriceKop(row, today),
      }));
    const found = stopForecast(running, balanceKop, addDays(today, longestTermDays));
    return found
      ? {
          day: found.day,
          daysLeft: daysBetween(today, found.day),
          registers: found.registerIds.length,
          because: found.because,
          missingKop: found.missingKop,
        }
      : null;
  }

  /** A card payment with the link to our receipt for it, once that is registered. */
  async cardView(payment: CardPayment): Promise<CardPaymentView> {
    return {
      id: payment.id,
      amountKop: payment.amountKop,
      state: payment.state,
      payUrl: payment.state === 'pending' ? payment.payUrl : null,
      note: payment.note,
      createdAt: moment(payment.createdAt),
      settledAt: momentOrNull(payment.settledAt),
      isAuto: payment.isAuto,
      receipt: payment.receiptState,
      receiptUrl: await this.receiptUrl(payment),
    };
  }

  async refundView(refund: CardRefund): Promise<CardRefundView> {
    return {
      id: refund.id,
      amountKop: refund.amountKop,
      state: refund.state,
      reason: refund.reason,
      note: refund.note,
      createdAt: moment(refund.createdAt),
      receipt: refund.receiptState,
      receiptUrl: await this.receiptUrl(refund),
    };
  }

  /** The buyer's page of our own receipt, once it is registered. */
  private async receiptUrl({
    receiptState,
    receiptId,
  }: Pick<CardPayment, 'receiptState' | 'receiptId'>): Promise<string | null> {
    const { database, secretKey, apiUrl } = this.parts;
    if (receiptState !== 'done' || !receiptId) return null;
    const [document] = await database.query<{ fnNumber: string; fdNumber: number }>(
      `select fn_number as "fnNumber", fd_number as "fdNumber" from receipts where id = $1 and state = 'done'`,
      [receiptId],
    );
    return document ? receiptLink(apiUrl, secretKey, document) : null;
  }
}
