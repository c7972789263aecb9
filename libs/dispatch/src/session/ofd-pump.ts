import { failPoint, isDeviceRefusal } from '@kkt/contracts';
import type { FiscalDevice, OfdQueueState } from '@kkt/kkt-driver';
import { untilStored } from '../database-wait';
import type { DispatchPorts, LeasedRegister, OfdAnswer } from '../ports';

/**
 * Moves one FN's messages: out of the FN into the relay's row, the operator's answer into the FN. One message is under
 * way at a time, in FD order, as the FN demands. Each step is short, so that it fits between two receipts.
 */
export class OfdPump {
  private fdUnderWay: number | undefined;
  private answer: OfdAnswer | undefined;
  /** An answer is being written into the FN: the row still says so until it is stored. */
  private confirming = false;
  private lastStepAtMs = -Infinity;
  /** Documents in the FN that the operator has not confirmed, by the FN's last word. */
  unsent = 0;

  constructor(
    private readonly ports: DispatchPorts,
    private readonly register: LeasedRegister,
    private readonly device: FiscalDevice,
    private readonly signal: AbortSignal,
  ) {}

  /** A document was made: there is one more to send. */
  documentMade(): void {
    this.unsent += 1;
  }

  /**
   * A session begins: an earlier one may have given an answer to the FN and died before it could note that. When it was
   * the answer to the last document, nothing else would ever tell.
   */
  async catchUp(fnNumber: string, queue: OfdQueueState, lastFd: number): Promise<void> {
    // What was under way when the link broke is under way no more: the FN gives its next message again.
    this.fdUnderWay = undefined;
    this.answer = undefined;
    const fdNumber = queue.unsent > 0 ? queue.firstFdNumber : lastFd + 1;
    await untilStored(
      this.ports,
      'confirmations of an earlier session',
      () => this.ports.messages.confirmedBefore({ fnNumber, fdNumber }),
      this.signal,
    );
  }

  /** Another FN is in the slot, or none: nothing is under way. */
  reset(): void {
    this.fdUnderWay = undefined;
    this.answer = undefined;
    this.unsent = 0;
  }

  /** True when an answer of the operator is looked for. */
  get awaitsAnswer(): boolean {
    return this.fdUnderWay !== undefined && !this.answer && !this.confirming;
  }

  giveAnswer(answer: OfdAnswer): void {
    if (this.awaitsAnswer && answer.fdNumber === this.fdUnderWay) this.answer = answer;
  }

  /** Is there a step to make now? While a queue of receipts is served steps are spaced: sales do not wait for the operator. */
  due(isBusy: boolean): boolean {
    if (!this.device.carriesOfdMessages) return false;
    if (!this.answer && (this.fdUnderWay !== undefined || this.unsent === 0)) return false;
    const sinceMs = this.ports.clock.monotonicMs() - this.lastStepAtMs;
    return !isBusy || sinceMs >= this.ports.settings.pumpUnderLoadEveryMs;
  }

  async step(): Promise<void> {
    this.lastStepAtMs = this.ports.clock.monotonicMs();
    if (this.answer) await this.confirm(this.answer);
    else await this.fetch();
  }

  private async fetch(): Promise<void> {
    const message = await this.device.readOfdMessage();
    if (!message) {
      this.unsent = 0;
      return;
    }
    failPoint('message-read');
    await untilStored(
      this.ports,
      'message for the operator',
      () => this.ports.messages.putMessage({ registerId: this.register.registerId, ...message }),
      this.signal,
    );
    this.fdUnderWay = message.fdNumber;
    await this.ports.wake.wake('relay', message.fnNumber);
  }

  private async confirm(answer: OfdAnswer): Promise<void> {
    this.answer = undefined;
    this.confirming = true;
    try {
      await this.hand(answer);
    } finally {
      this.confirming = false;
    }
  }

  private async hand(answer: OfdAnswer): Promise<void> {
    try {
      failPoint('answer-before-fn');
      await this.device.confirmOfdMessage(answer.answer);
    } catch (error) {
      if (!isDeviceRefusal(error)) throw error;
      this.ports.log.warn(
        { registerId: this.register.registerId, fd: answer.fdNumber, err: error.code },
        'FN refused the operator’s answer',
      );
      await this.ports.messages.refusedByFn(answer, error.code);
      // An FN that lost its power waits for no answer: the message must be read from it again, or none ever fits.
      this.fdUnderWay = undefined;
      return;
    }
    failPoint('confirmed-in-fn');
    await untilStored(
      this.ports,
      'confirmation of the operator',
      () => this.ports.messages.confirmed([answer]),
      this.signal,
    );
    this.fdUnderWay = undefined;
    this.unsent = Math.max(0, this.unsent - 1);
  }
}
