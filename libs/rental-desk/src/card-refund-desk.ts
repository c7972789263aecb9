import type { Acquirer } from '@kkt/acquiring';
import { reversalOf, toCard } from '@kkt/billing';
import type { Kop } from '@kkt/contracts';
import { BillingStore, type CardRefund, CardRefundStore, type RefundablePayment } from '@kkt/storage';
import { todayOf } from './billing';
import type { RentalPorts } from './ports';

const askAgainS = 30;
const askAtOnce = 20;
/** A refund that the bank neither makes nor refuses for so long is a matter for people. */
const patienceMs = 3 * 86_400_000;

/** Which payments a sum goes back to, the newest first; less than the sum when they do not cover it. */
export function allotRefunds(
  payments: readonly RefundablePayment[],
  sumKop: Kop,
): { paymentId: string; amountKop: Kop }[] {
  let leftKop = sumKop;
  const parts: { paymentId: string; amountKop: Kop }[] = [];
  for (const { id, leftKop: ofPaymentKop } of payments) {
    const amountKop = Math.min(leftKop, ofPaymentKop);
    if (amountKop > 0) parts.push({ paymentId: id, amountKop });
    leftKop -= amountKop;
  }
  return parts;
}

/**
 * Refunds to cards. The money left the balance when the refund was stored; the bank is asked until it has made or
 * refused it. What the bank has given back of a payment is its own word, so that a lost answer makes no second refund.
 */
export class CardRefundDesk {
  constructor(
    private readonly ports: RentalPorts,
    private readonly acquirer: Acquirer,
  ) {}

  /** True when more are due. */
  async sweep(): Promise<boolean> {
    const due = await new CardRefundStore(this.ports.database).takeToAsk(askAgainS, askAtOnce);
    for (const refund of due) {
      try {
        await this.move(refund);
      } catch (error) {
        this.ports.log.warn({ err: error, refund: refund.id }, 'the acquirer did not tell of a refund');
        await this.complain(refund);
      }
    }
    return due.length === askAtOnce;
  }

  private async move(refund: CardRefund): Promise<void> {
    const orderNo = refund.paymentId.replaceAll('-', '');
    const { database } = this.ports;
    const beforeKop = await new CardRefundStore(database).doneKop(refund.paymentId);
    // One refund of a payment is open at a time: more than was done before is this one.
    const wantedKop = beforeKop + refund.amountKop;
    if ((await this.acquirer.refundedKop(orderNo)) < wantedKop) {
      const answer = await this.acquirer.refund({
        reference: refund.acquirerRef,
        amountKop: refund.amountKop,
      });
      if (!answer.ok) return this.refused(refund, answer.note);
      if ((await this.acquirer.refundedKop(orderNo)) < wantedKop) return;
    }
    await new CardRefundStore(database).settle(refund.id, 'done', null);
  }

  /** It stays open: whether the bank has given the money back nobody but the bank knows. */
  private async complain({ id, createdAt }: CardRefund): Promise<void> {
    if (this.ports.clock.nowMs() - createdAt.getTime() <= patienceMs) return;
    this.ports.log.error({ refund: id }, 'a refund to a card is open for days: ask the bank');
    await new CardRefundStore(this.ports.database).note(id, 'bank_silent');
  }

  /** The bank will not: the money is the client's on his balance again. */
  private async refused(refund: CardRefund, note: string): Promise<void> {
    const { id, clientId, amountKop, createdAt } = refund;
    await this.ports.database.transaction(async (sql) => {
      if (!(await new CardRefundStore(sql).settle(id, 'failed', note))) return;
      const made = toCard(clientId, id, amountKop, createdAt.toISOString().slice(0, 10));
      await new BillingStore(sql).book(reversalOf(made, todayOf(this.ports), 'банк не вернул на карту'));
    });
  }
}
