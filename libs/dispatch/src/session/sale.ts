import { failPoint, FarmError, isDeviceRefusal } from '@kkt/contracts';
import { disturbances, type FiscalDevice, type MarkingLine } from '@kkt/kkt-driver';
import type { Assignment, DispatchPorts } from '../ports';
import type { Attempts } from './attempts';
import type { NoticePump } from './notice-pump';
import type { OfdPump } from './ofd-pump';
import type { Prover } from './prover';
import type { TextDuty } from './text-duty';
import type { RegisterView } from './view';

/** Who is told of a document that was made. */
interface Followers {
  pump: OfdPump;
  notices: NoticePump;
  texts: TextDuty;
}

/** One receipt on one register: the attempt, the FN's word on it, and what is written of the outcome. */
export class Sale {
  constructor(
    private readonly ports: DispatchPorts,
    private readonly view: RegisterView,
    private readonly device: FiscalDevice,
    private readonly prover: Prover,
    private readonly attempts: Attempts,
    private readonly followers: Followers,
    /** Throws when the register is no longer ours. */
    private readonly assertLease: () => void,
  ) {}

  /** @throws what the device failed with, unless it was a plain refusal: then the session goes on */
  async make(job: Assignment): Promise<void> {
    const { pump, notices, texts } = this.followers;
    const intent = {
      id: job.intentId,
      kind: 'receipt' as const,
      fnNumber: this.view.fnNumber,
      fdBefore: job.fdBefore,
      receiptId: job.receiptId,
      content: job.content,
    };
    this.view.busyWith = job.receiptId;
    let failure: unknown;
    const quietAt = disturbances(this.device.counters);
    const textMayWait = texts.mayWait(job.content, this.view.underLoad(this.ports.clock));
    try {
      failPoint('receipt-begins');
      this.assertLease();
      await this.device.receipt(job.content, this.view.receiptContext(), this.markingLine);
    } catch (error) {
      failure = error;
    }
    failPoint('device-answered');
    const isPlain = textMayWait && failure === undefined && disturbances(this.device.counters) === quietAt;
    const outcome = await this.prover.afterSale(intent, isPlain, failure);
    this.view.lastFd = outcome.lastFd;
    if (outcome.is === 'strange') return this.prover.stop(intent, outcome.why);
    if (outcome.is === 'made') {
      failPoint('proof-read');
      await this.prover.store(intent, outcome.proof, failure !== undefined);
      failPoint('proof-stored');
      if (outcome.proof.tlvHex === '') texts.owe(outcome.proof.fdNumber);
      this.view.receiptMade(this.ports.clock);
      pump.documentMade();
      if (job.content.items.some(({ mark }) => mark)) notices.goodsSold();
    } else {
      failure ??= new FarmError('DOUBT-NOT-RECORDED', 'The device reported success, its FN has no document');
      await this.attempts.refused(job, failure);
    }
    this.view.busyWith = undefined;
    if (failure && !isDeviceRefusal(failure)) throw failure;
  }

  /** Carries the FN's questions about marking codes. */
  private get markingLine(): MarkingLine | undefined {
    const { marking } = this.ports;
    return marking && ((request) => marking.ask(this.view.register, request));
  }
}
