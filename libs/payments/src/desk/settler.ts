import { hash } from 'node:crypto';
import type { Clock, Ids, ReceiptContent } from '@kkt/contracts';
import { type GroupFacts, moscowDate } from '@kkt/domain';
import {
  DirectoryStore,
  type NewReceipt,
  type PaymentConnection,
  type PaymentOrder,
  PaymentOrderStore,
  type PaymentRow,
  PaymentStore,
  ReceiptStore,
  type RegisterGroup,
  type Sql,
} from '@kkt/storage';
import type { OrderContent } from '../core/basket';
import { type Ledger, type OwedReceipt, settle } from '../core/decide';
import { mappedOrder } from '../core/mapped-order';
import type { ConnectionSettings, ItemWithoutOrder } from '../core/types';

/** Nobody stands at a till waiting: the receipt may wait for a register for a day. */
const queueLimitS = 24 * 3600;
const priority = 50;
/** While money came back before it came in, its payment is asked about this often; later, for refunds nobody told. */
const waitingPollS = 120;
const quietPollS = 6 * 3600;

const factsOf = (group: RegisterGroup): GroupFacts => ({
  inn: group.inn,
  ffd: group.ffd,
  taxSystems: group.taxSystems,
  defaultTaxSystem: group.defaultTaxSystem,
  place: group.paymentAddress,
  address: group.address,
  senderEmail: group.senderEmail,
});

export const ledgerOf = (payment: PaymentRow): Ledger => ({
  currency: payment.currency,
  paidMinor: payment.paidMinor,
  refundedMinor: payment.refundedMinor,
  refunds: payment.refunds,
  incomeKop: payment.incomeKop,
  returnedKop: payment.returnedKop,
  returnedByLine: payment.returnedByLine,
});

export interface SettleOptions {
  /** A person asks: a partial refund may be spread, and a receipt that failed is made again. */
  isAsked?: boolean;
  isRefundUnclear?: boolean;
}

/**
 * Names the part of a payment that a receipt covers. Made from the payment's state alone, so whatever tells of the money,
 * in whatever order and however often, arrives at the same name; receipts are unique by it.
 */
export function externalIdOf(
  payment: Pick<PaymentRow, 'connectionId' | 'providerPaymentId'>,
  part: Pick<OwedReceipt, 'effect' | 'fromKop' | 'toKop'>,
  attempt = 1,
): string {
  const { connectionId, providerPaymentId } = payment;
  const name =
    providerPaymentId.length <= 40
      ? providerPaymentId
      : hash('sha256', providerPaymentId, 'hex').slice(0, 40);
  const again = attempt > 1 ? `:${attempt}` : '';
  return `pay:${connectionId}:${name}:${part.effect}:${part.fromKop}-${part.toKop}${again}`;
}

/** Turns what is known of a payment into receipts, inside one transaction and under the payment's lock. */
export class Settler {
  constructor(
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Settles the locked payment and writes it. Returns the group to wake, when a receipt was born. */
  async settle(
    sql: Sql,
    payment: PaymentRow,
    connection: PaymentConnection,
    options: SettleOptions = {},
  ): Promise<number | undefined> {
    const payments = new PaymentStore(sql);
    const group = await new DirectoryStore(sql).groupByCode(connection.groupCode);
    if (!group) return undefined;
    const order =
      payment.orderNo === null
        ? undefined
        : await new PaymentOrderStore(sql).byNumber(connection.groupId, payment.orderNo, true);
    payment.orderId = order?.id ?? null;
    if (options.isAsked) payment.approved = true;
    const redone = await this.redoFailed(sql, payment, connection, order, options);
    if (redone === 'parked') {
      await payments.save(payment, null);
      return undefined;
    }
    const { itemWithoutOrder } = connection.settings as ConnectionSettings;
    // Once receipted without an order, it stays so: an order that comes later does not change what was sold.
    const item =
      payment.incomeKop > 0
        ? (payment.mappedItem as ItemWithoutOrder | null)
        : order
          ? null
          : itemWithoutOrder;
    payment.mappedItem = item ?? null;
    const mapped =
      item && payment.paidMinor > 0 ? mappedOrder(item, payment.paidMinor, group.ffd) : undefined;
    const settlement = settle(ledgerOf(payment), {
      order: mapped ?? (order?.content as OrderContent | undefined),
      orderNo: payment.orderNo ?? (mapped ? payment.providerPaymentId : undefined),
      isOrderTaken: order && !mapped ? await payments.isOrderTaken(order.id, payment.id) : false,
      partialRefund: (connection.settings as ConnectionSettings).partialRefund,
      isApproved: payment.approved,
      providerFiscalizes: connection.state === 'suspended',
      isRefundUnclear: options.isRefundUnclear ?? payment.parkReason === 'refund-unclear',
      facts: factsOf(group),
      today: moscowDate(this.clock.nowMs()),
      contact: payment.contact ?? item?.contact,
    });
    payment.waitsForPayment = settlement.waitsForPayment;
    payment.parkReason = settlement.parked?.reason ?? null;
    payment.parkText = settlement.parked?.text ?? null;
    for (const owed of settlement.receipts) {
      const receiptId = await this.accept(sql, payment, connection, owed, order);
      await this.bear(payments, payment, owed, receiptId);
    }
    await payments.save(payment, payment.waitsForPayment ? waitingPollS : quietPollS);
    return settlement.receipts.length > 0 || redone === 'made' ? connection.groupId : undefined;
  }

  private async bear(
    payments: PaymentStore,
    payment: PaymentRow,
    owed: OwedReceipt,
    receiptId: string,
  ): Promise<void> {
    if (owed.effect === 'income') payment.incomeKop = owed.toKop;
    else {
      payment.returnedKop = owed.toKop;
      payment.returnedByLine = owed.byLine.map((kop, index) => kop + (payment.returnedByLine[index] ?? 0));
    }
    const { effect, fromKop, toKop } = owed;
    await payments.addReceipt({ paymentId: payment.id, effect, fromKop, toKop, attempt: 1, receiptId });
  }

  /** A receipt that failed made no document: a person is told, and when he asks, the same is accepted anew. */
  private async redoFailed(
    sql: Sql,
    payment: PaymentRow,
    connection: PaymentConnection,
    order: PaymentOrder | undefined,
    { isAsked }: SettleOptions,
  ): Promise<'none' | 'made' | 'parked'> {
    const payments = new PaymentStore(sql);
    const failed = await payments.failedReceipts(payment.id);
    const first = failed[0];
    if (!first) return 'none';
    if (!isAsked) {
      payment.parkReason = 'receipt-failed';
      payment.parkText = `чек не пробит: ${first.text}`;
      return 'parked';
    }
    for (const receipt of failed) {
      const earlier = await new ReceiptStore(sql).report(receipt.receiptId);
      if (!earlier) continue;
      const attempt = receipt.attempt + 1;
      const part = { ...receipt, toKop: receipt.fromKop + earlier.totalKop, content: earlier.content };
      const receiptId = await this.accept(sql, payment, connection, part, order, attempt);
      await payments.followReceipt(receipt.receiptId, { receiptId, attempt });
    }
    return 'made';
  }

  private async accept(
    sql: Sql,
    payment: PaymentRow,
    connection: PaymentConnection,
    owed: Pick<OwedReceipt, 'effect' | 'fromKop' | 'toKop'> & { content: ReceiptContent },
    order: PaymentOrder | undefined,
    attempt = 1,
  ): Promise<string> {
    const receipt: NewReceipt = {
      id: this.ids.uuid(),
      groupId: connection.groupId,
      clientId: connection.clientId,
      externalId: externalIdOf(payment, owed, attempt),
      api: 'v1',
      operation: owed.effect === 'income' ? 'sell' : 'sell_refund',
      content: owed.content,
      bodyHash: hash('sha256', JSON.stringify(owed.content), 'hex'),
      totalKop: owed.content.totalKop,
      callbackUrl: order?.callbackUrl ?? undefined,
      priority,
      queueLimitS,
    };
    const [outcome] = await new ReceiptStore(sql).accept([receipt]);
    return outcome?.id ?? receipt.id;
  }
}
