import { type FiscalProof, FarmError } from '@kkt/contracts';
import type { FiscalDevice } from '@kkt/kkt-driver';
import type { GroupCommit } from '@kkt/storage';
import { untilStored } from '../database-wait';
import type { Completion, DispatchPorts, LeasedRegister, OpenIntent } from '../ports';
import { decideOutcome, recordFits, type Outcome } from './outcome';

/** A noisy line is asked so often before the session is begun anew. */
const MAX_ASKED = 6;

/** Something that a person must decide; the register is stopped until then. */
export class StrangeDocument extends FarmError {
  constructor(why: string, context: Record<string, string | number>) {
    super('DOUBT-STRANGE', why, context);
  }
}

/** Stored completions go through one writer of the whole driver, so that many registers share a flush. */
export type CompletionWriter = GroupCommit<Completion, boolean>;

/** Settles intents by the FN's own word. */
export class Prover {
  constructor(
    private readonly ports: DispatchPorts,
    private readonly register: LeasedRegister,
    private readonly device: FiscalDevice,
    private readonly writer: CompletionWriter,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * Asks the FN what became of an intent. A document proves itself by its content; that there is none, or another one,
   * is only numbers on a line with a one-byte checksum: so anything but a proof must be said twice in a row.
   */
  async ask(
    intent: Pick<OpenIntent, 'kind' | 'fnNumber' | 'fdBefore' | 'content'>,
  ): Promise<Outcome & { lastFd: number }> {
    let before: string | undefined;
    for (let asked = 1; asked <= MAX_ASKED; asked += 1) {
      const outcome = await this.askOnce(intent);
      if (outcome.is === 'made') return outcome;
      const said = JSON.stringify(outcome);
      if (said === before) return outcome;
      before = said;
    }
    const { serial } = this.register;
    throw new FarmError('DOUBT-UNSTEADY', 'The FN’s answers do not repeat: the line is bad', { serial });
  }

  /**
   * What the FN says of a sale. `isPlain`: it was answered well over a quiet line and its text may be read later. When the
   * FN cannot be asked, the receipt is marked as in doubt and the failure of the sale, or this one, is thrown.
   */
  async afterSale(
    intent: Pick<OpenIntent, 'id' | 'kind' | 'fnNumber' | 'fdBefore' | 'content'>,
    isPlain: boolean,
    failure: unknown,
  ): Promise<Outcome & { lastFd: number }> {
    try {
      return (isPlain ? await this.confirm(intent) : undefined) ?? (await this.ask(intent));
    } catch (silence) {
      await this.ports.store
        .markInDoubt(intent.id, 'device_silent')
        .catch((error: Error) => this.ports.log.warn({ err: error.message }, 'doubt could not be stored'));
      throw failure ?? silence;
    }
  }

  /**
   * The ordinary case in few commands: the FN's number grew by one and its short record is that of the receipt. The text
   * is left for later. Undefined: not so plain, `ask`.
   */
  private async confirm(
    intent: Pick<OpenIntent, 'fnNumber' | 'fdBefore' | 'content'>,
  ): Promise<{ is: 'made'; proof: FiscalProof; lastFd: number } | undefined> {
    const lastFd = intent.fdBefore + 1;
    const { state, record, shift } = await this.device.saleWord(lastFd);
    const { fnNumber, lastFdNumber, openDocument } = state;
    if (openDocument !== 0 || fnNumber !== intent.fnNumber || lastFdNumber !== lastFd) return undefined;
    if (!record || !recordFits(intent, record) || !shift.open) return undefined;
    const { fiscalSign, form, at, totalKop } = record;
    const numbers = { shiftNumber: shift.number, receiptNumber: shift.receipts };
    return {
      is: 'made',
      proof: { fnNumber, fdNumber: lastFd, fiscalSign, form, at, totalKop, ...numbers, tlvHex: '' },
      lastFd,
    };
  }

  /** An open, unfinished document is cancelled first: it has no number yet and would otherwise block the next one. */
  private async askOnce(
    intent: Pick<OpenIntent, 'kind' | 'fnNumber' | 'fdBefore' | 'content'>,
  ): Promise<Outcome & { lastFd: number }> {
    let state = await this.device.fnState();
    if (state.openDocument !== 0) {
      await this.device.cancelDocument();
      state = await this.device.fnState();
    }
    // A factory-fresh FN in the slot has made nothing; the intent's own FN is elsewhere and must be asked when it is back.
    if (state.fnNumber !== intent.fnNumber && state.lastFdNumber === 0) {
      const context = { fnNumber: state.fnNumber, intended: intent.fnNumber };
      throw new FarmError('DOUBT-FN-AWAY', 'The FN of the intent is not in the slot', context);
    }
    const next =
      state.lastFdNumber === intent.fdBefore + 1 ? await this.device.document(state.lastFdNumber) : undefined;
    const outcome = decideOutcome(
      intent,
      { fnNumber: state.fnNumber, lastFdNumber: state.lastFdNumber, next },
      this.ports.compare,
    );
    return { ...outcome, lastFd: state.lastFdNumber };
  }

  /** Stores the proof of an intent; waits for the database as long as the lease lasts. */
  async store(
    intent: Pick<OpenIntent, 'id' | 'receiptId'>,
    proof: FiscalProof,
    adopted: boolean,
  ): Promise<void> {
    await untilStored(
      this.ports,
      'proof of a document',
      () =>
        this.writer.add({
          intentId: intent.id,
          registerId: this.register.registerId,
          receiptId: intent.receiptId,
          rnm: this.register.rnm ?? '',
          proof,
          adopted,
        }),
      this.signal,
    );
  }

  /** The archive does not fit the intent: keep everything as it is, stop the register, call an engineer. */
  async stop(intent: Pick<OpenIntent, 'id' | 'receiptId' | 'kind'>, why: string): Promise<never> {
    const { registerId, serial } = this.register;
    await untilStored(
      this.ports,
      'stuck intent',
      () => this.ports.store.markStuck(intent.id, why),
      this.signal,
    );
    await this.freeze('strange_document', why, {
      intent: intent.id,
      receipt: intent.receiptId,
      kind: intent.kind,
    });
    throw new StrangeDocument(why, { registerId, serial });
  }

  /** Takes the register out of work until a person looks, and says so. */
  async freeze(
    alertClass: string,
    why: string,
    facts: Record<string, string | number | boolean | null>,
  ): Promise<void> {
    const { registerId, serial } = this.register;
    this.ports.log.error({ registerId, serial, why, ...facts }, 'register stopped: a person must decide');
    await untilStored(
      this.ports,
      'stop of a register',
      async () => {
        await this.ports.registers.move(
          registerId,
          ['ready', 'registering', 'paused', 'swap'],
          'stopped',
          why,
        );
        await this.ports.alerts.raise({
          class: alertClass,
          objectKind: 'register',
          objectId: registerId,
          severity: 1,
          text: `Касса ${serial} остановлена: ${why}`,
          facts,
        });
      },
      this.signal,
    );
  }
}
