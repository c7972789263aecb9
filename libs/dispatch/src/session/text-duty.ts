import { FarmError, type ReceiptContent } from '@kkt/contracts';
import type { FiscalDevice } from '@kkt/kkt-driver';
import type { DispatchPorts } from '../ports';
import type { Prover } from './prover';

/** How many are taken from the database at once. */
const owedAtOnce = 1_000;
const restAfterFailureMs = 2_000;

/**
 * Reads the texts of documents that were proven by their short record, one at a time and the oldest first, and compares
 * each with its receipt. A difference is no doubt about the number of documents, but the buyer has a wrong one: the
 * register is stopped and a person called.
 */
export class TextDuty {
  private owed: number[] = [];
  private fnNumber = '';
  private restUntilMs = -Infinity;

  constructor(
    private readonly ports: Pick<DispatchPorts, 'texts' | 'settings' | 'compare' | 'log' | 'clock'>,
    private readonly device: Pick<FiscalDevice, 'document' | 'fnState' | 'textIsCostly'>,
    private readonly prover: Pick<Prover, 'freeze'>,
  ) {}

  /** What an earlier session left. */
  async begin(fnNumber: string): Promise<void> {
    this.fnNumber = fnNumber;
    this.owed = (await this.ports.texts?.owed(fnNumber, owedAtOnce)) ?? [];
  }

  /** Another FN is in the slot: this one's texts are asked for when it is back. */
  reset(): void {
    this.owed = [];
  }

  /**
   * Under load the text of a receipt is read later; number, form, sign and total prove it now. Results of marking stand in
   * the text and are reported to the shop, so that one is read at once.
   */
  mayWait({ items }: ReceiptContent, underLoad: boolean): boolean {
    return (
      underLoad && this.device.textIsCostly && this.hasRoom && items.every(({ mark }) => mark === undefined)
    );
  }

  owe(fdNumber: number): void {
    this.owed.push(fdNumber);
  }

  due(underLoad: boolean): boolean {
    const isWanted = this.owed.length > 0 && (!underLoad || !this.hasRoom);
    return isWanted && this.ports.clock.monotonicMs() >= this.restUntilMs;
  }

  /** Rejects only when the device does not answer as it should. */
  async step(): Promise<void> {
    const [fdNumber] = this.owed;
    if (fdNumber === undefined) return;
    const proof = await this.device.document(fdNumber);
    const fnNumber = proof?.tlvHex ? proof.fnNumber : (await this.device.fnState()).fnNumber;
    if (fnNumber !== this.fnNumber) {
      throw new FarmError('SYS-WRONG-DEVICE', 'Another FN is in the slot', {
        fnNumber,
        expected: this.fnNumber,
      });
    }
    try {
      await this.keep(fdNumber, proof);
      this.owed.shift();
    } catch (error) {
      this.restUntilMs = this.ports.clock.monotonicMs() + restAfterFailureMs;
      this.ports.log.warn({ fdNumber, err: (error as Error).message }, 'text of a document was not stored');
    }
  }

  private get hasRoom(): boolean {
    return this.ports.texts !== undefined && this.owed.length < this.ports.settings.textsOwedAtMost;
  }

  private async keep(fdNumber: number, proof: Awaited<ReturnType<FiscalDevice['document']>>): Promise<void> {
    const { texts, compare, log } = this.ports;
    const { fnNumber } = this;
    if (!proof?.tlvHex) {
      log.warn({ fnNumber, fdNumber }, 'the FN has no text of this document any more');
      return;
    }
    const content = await texts?.receiptOf(fnNumber, fdNumber);
    if (content && !compare.same(content, proof)) {
      const parts = compare.difference(content, proof).slice(0, 5).join('; ');
      const why = `документ ${fdNumber} отличается от чека: ${parts}`;
      await this.prover.freeze('document_differs', why, { fnNumber, fdNumber });
    }
    await texts?.put(fnNumber, fdNumber, proof.tlvHex);
  }
}
