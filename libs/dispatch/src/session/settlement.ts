import { failPoint } from '@kkt/contracts';
import type { DispatchPorts, OpenIntent } from '../ports';
import type { Attempts } from './attempts';
import type { Prover } from './prover';
import { afterVoid } from './refusal';
import type { RegisterView } from './view';

/** Resolves intents that an earlier session, process or lost answer left open, by the FN's own word. */
export class Settlement {
  constructor(
    private readonly ports: Pick<DispatchPorts, 'log' | 'settings'>,
    private readonly view: RegisterView,
    private readonly prover: Pick<Prover, 'ask' | 'store' | 'stop'>,
    private readonly attempts: Pick<Attempts, 'void'>,
  ) {}

  /** Rejects when the FN's word fits neither a made nor an unmade document: the register is stopped. */
  async settle(intent: OpenIntent): Promise<void> {
    const { registerId } = this.view.register;
    const outcome = await this.prover.ask(intent);
    this.view.lastFd = outcome.lastFd;
    switch (outcome.is) {
      case 'made': {
        failPoint('recovery-found');
        await this.prover.store(intent, outcome.proof, true);
        if (intent.receiptId) this.view.receiptsDone += 1;
        const facts = { registerId, intent: intent.id, fd: outcome.proof.fdNumber };
        this.ports.log.info(facts, 'document found in the FN');
        return;
      }
      case 'absent': {
        failPoint('recovery-absent');
        const after = afterVoid(undefined, intent.attempts, this.ports.settings.maxAttempts);
        await this.attempts.void(intent.id, 'absent_in_fn', after.outcome);
        this.ports.log.info({ registerId, intent: intent.id }, 'FN has no document: attempt void');
        return;
      }
      case 'strange':
        await this.prover.stop(intent, outcome.why);
    }
  }
}
