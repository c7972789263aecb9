import { untilStored } from '../database-wait';
import type { Assignment, DispatchPorts } from '../ports';
import { afterVoid } from './refusal';
import type { RegisterView } from './view';

/** Attempts that made no document: what becomes of the receipt and of the register. */
export class Attempts {
  constructor(
    private readonly ports: DispatchPorts,
    private readonly view: RegisterView,
    private readonly signal: AbortSignal,
  ) {}

  /** The attempt is proven void: the receipt goes on or fails, the register rests if the trouble is its own. */
  async refused(job: Assignment, failure: unknown): Promise<void> {
    const { log, settings, wake } = this.ports;
    const after = afterVoid(failure, job.attempts, settings.maxAttempts);
    const facts = {
      registerId: this.view.register.registerId,
      receiptId: job.receiptId,
      reason: after.reason,
      then: after.outcome.then,
    };
    log.warn(facts, 'receipt was not registered');
    await this.void(job.intentId, after.reason, after.outcome);
    if (after.outcome.then === 'fail') void wake.wake('callbacks', 'due');
    if (after.register !== 'go-on') this.view.rest(this.ports, after.reason, after.register);
    this.view.stale = true;
  }

  /** A receipt that was assigned but never begun goes back at once: this process knows that nothing was sent. */
  async giveBackUntouched(job: Assignment): Promise<void> {
    await this.void(job.intentId, 'not_begun', { then: 'requeue', reason: 'register_lost' }).catch(
      (error: Error) =>
        this.ports.log.warn(
          { intent: job.intentId, err: error.message },
          'receipt could not be given back now; recovery will',
        ),
    );
  }

  async void(
    intentId: string,
    note: string,
    outcome: Parameters<DispatchPorts['store']['voidIntent']>[2],
  ): Promise<void> {
    await untilStored(
      this.ports,
      'void intent',
      () => this.ports.store.voidIntent(intentId, note, outcome),
      this.signal,
    );
  }
}
