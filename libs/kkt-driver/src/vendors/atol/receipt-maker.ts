import { command, DEVICE_MODE, deviceErrorCode, PAYMENT_TYPE } from '@kkt/atol-protocol';
import { failPoint, FarmError, isDeviceRefusal, type ReceiptContent } from '@kkt/contracts';
import type { MarkingLine, ReceiptContext } from '../../device';
import type { SeriesStop } from '../../exchange/command-channel';
import { isRefusedWith } from './atol.errors';
import type { AtolProfile } from './atol.profile';
import type { AtolSession } from './atol.session';
import { MarkChecker } from './mark-checker';
import { receiptSteps, requisitesOf, type ReceiptStep } from './receipt-plan';

const RECEIPT_OPEN = deviceErrorCode('receiptOpen');
const RECEIPT_CLOSED = deviceErrorCode('receiptClosed');

/** Receipts made command by command after the line was disturbed, before series are tried again. */
const CAREFUL_RECEIPTS = 8;

/**
 * Registers receipts.
 *
 * Until the closing (4A) nothing fiscal exists, so everything before it may be thrown away and made again; the closing
 * is the commit. It is sent only when the device has proved that it executed every command of this receipt once, in
 * order and without error, and that by its own count nothing is left to pay: its total is ours.
 *
 * Two ways lead there. On a quiet line the whole receipt goes as one series (see `Batch`). At the first disturbance the
 * open receipt is cancelled and made again command by command, each result by its task number, which survives any noise
 * the line's checksum can see; the next receipts take that way too until the line has been quiet for a while.
 */
export class ReceiptMaker {
  private carefulLeft = 0;
  private readonly marks: MarkChecker;

  constructor(
    private readonly session: AtolSession,
    private readonly profile: AtolProfile,
  ) {
    this.marks = new MarkChecker(session);
  }

  /** @throws FarmError `DOUBT-*` only when the closing may have been executed; `CLIENT-*`, `DEVICE-*`, `WIRE-*` otherwise */
  async register(content: ReceiptContent, context: ReceiptContext, marking?: MarkingLine): Promise<void> {
    const requisites = requisitesOf(content, context);
    await this.session.inMode(DEVICE_MODE.registration, async () => {
      const results = await this.marks.check(requisites, content, marking);
      const steps = receiptSteps(this.session, content, requisites, this.profile, results);
      await this.fill(steps);
      await this.close();
    });
  }

  /** Cancels the receipt in the device; does nothing when none is open. */
  async cancel(): Promise<void> {
    try {
      await this.session.ask(command('cancelReceipt'));
    } catch (error) {
      if (!isRefusedWith(error, RECEIPT_CLOSED)) throw error;
    }
  }

  private async fill(steps: readonly ReceiptStep[]): Promise<void> {
    if (this.carefulLeft > 0) return this.fillCarefully(steps);
    const end = await this.session.channel.runToLast(steps.map(({ task }) => task));
    if (end.kind === 'done') return this.assertPaid(steps, end.outcomes[0]?.answer);
    await this.session.channel.abort();
    if (end.kind === 'disturbed') {
      this.carefulLeft = CAREFUL_RECEIPTS;
      this.session.log.info(
        { wire: this.session.wireName, why: end.why },
        'receipt begun again, command by command',
      );
      await this.cancel();
      return this.fillCarefully(steps);
    }
    const refusal = await this.refusalOf(end, steps);
    await this.cancel();
    // A receipt of an earlier session was still open; it has just been cancelled.
    if (isRefusedWith(refusal, RECEIPT_OPEN)) return this.fillCarefully(steps);
    throw refusal;
  }

  private async fillCarefully(steps: readonly ReceiptStep[], mayCancel = true): Promise<void> {
    const { channel } = this.session;
    const noise = channel.disturbances;
    try {
      let last: Buffer | undefined;
      for (const { task, row } of steps) {
        const outcome = await channel.run(task);
        await this.session.dataOf(row, outcome);
        last = outcome.answer;
      }
      this.carefulLeft =
        channel.disturbances === noise ? Math.max(0, this.carefulLeft - 1) : CAREFUL_RECEIPTS;
      await this.assertPaid(steps, last);
    } catch (error) {
      if (!isDeviceRefusal(error)) throw error;
      await this.cancel();
      if (mayCancel && isRefusedWith(error, RECEIPT_OPEN)) return this.fillCarefully(steps, false);
      throw error;
    }
  }

  /** The closing: from here on only the FN knows. */
  private async close(): Promise<void> {
    try {
      const request = { flags: 0, paymentType: PAYMENT_TYPE.cash, sumKop: 0 };
      const asked = this.session.ask(command('closeReceipt'), request, { fiscal: true });
      failPoint('close-sent');
      await asked;
    } catch (error) {
      if (isDeviceRefusal(error)) await this.cancel();
      throw error;
    }
  }

  /** The last payment must leave nothing due and no change: then the device's total is the receipt's. */
  private async assertPaid(steps: readonly ReceiptStep[], answer: Buffer | undefined): Promise<void> {
    const payment = command('payment');
    if (!answer || steps.at(-1)?.task.name !== payment.name) return;
    const { remainderKop, changeKop } = this.session.decode(payment, answer);
    if (remainderKop === 0 && changeKop === 0) return;
    await this.cancel();
    throw new FarmError('DEVICE-TOTAL-DIFFERS', 'The device counts another total than the receipt', {
      wire: this.session.wireName,
      remainderKop,
      changeKop,
      recovery: 'engineer',
    });
  }

  private async refusalOf(
    end: Exclude<SeriesStop, { kind: 'disturbed' }>,
    steps: readonly ReceiptStep[],
  ): Promise<FarmError> {
    const step = end.kind === 'refused' ? steps[end.index] : undefined;
    if (end.kind === 'refused' && step) return this.session.refusal(step.row, end.answer);
    // Which command was refused got lost on the way; the device remembers why.
    const { error, errorExt } = await this.session.ask(command('lastError'));
    return this.session.refusalByCode('receipt', error, errorExt);
  }
}
