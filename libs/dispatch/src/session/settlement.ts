import { failPoint } from '@kkt/contracts';
import type { DispatchPorts, OpenIntent } from '../ports';
import type { Attempts } from './attempts';
import type { Duties } from './duties';
import type { Prover } from './prover';
import { afterVoid } from './refusal';
import type { RegisterView } from './view';

/** Resolves intents that an earlier session, process or lost answer left open, by the FN's own word. */
export class Settlement {
  constructor(
    private readonly ports: Pick<DispatchPorts, 'log' | 'settings' | 'store'>,
    private readonly view: RegisterView,
    private readonly prover: Pick<Prover, 'ask' | 'store' | 'stop'>,
    private readonly attempts: Pick<Attempts, 'void'>,
    private readonly duties: Pick<Duties, 'refresh'>,
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

  /** An engineer asks the FN again; what it says clearly is stored, what it does not stays with him. */
  async reconcile(intent: OpenIntent): Promise<Record<string, unknown>> {
    const { fdBefore, fnNumber, kind, receiptId } = intent;
    const asked = { intent: intent.id, kind, receiptId, fnNumber, fdBefore };
    const outcome = await this.prover.ask(intent);
    if (outcome.is === 'strange') {
      await this.ports.store.markStuck(intent.id, outcome.why);
      return { ...asked, outcome: 'strange', lastFd: outcome.lastFd, why: outcome.why };
    }
    await this.settle(intent);
    this.view.stuck = false;
    await this.duties.refresh();
    const proof = outcome.is === 'made' ? outcome.proof : undefined;
    return {
      ...asked,
      outcome: outcome.is === 'made' ? 'registered' : 'not_registered',
      lastFd: this.view.lastFd,
      ...(proof && { fdNumber: proof.fdNumber, fiscalSign: proof.fiscalSign, at: proof.at }),
    };
  }
}
