import type { Clock, Ids, Log, Random, Timer } from '@kkt/contracts';
import type { TaxService } from './tax-service';
import type { TaxStore } from './tax-store';

export interface TaxSenderOptions {
  store: TaxStore;
  service: TaxService;
  clock: Clock;
  ids: Ids;
  random: Random;
  log: Log;
  onBatch: (outcome: 'accepted' | 'failed', documents: number) => void;
  maxDocuments?: number;
  /** How often to look when nothing calls. */
  pollMs?: number;
  firstRetryMs?: number;
  maxRetryMs?: number;
}

/** Passes stored documents on in batches; a batch that failed is sent again, the same documents under the same id. */
export class TaxSender {
  private timer: Timer | undefined;
  private running: Promise<void> | undefined;
  private stopped = true;
  private woken = false;

  constructor(private readonly options: TaxSenderOptions) {}

  start(): void {
    this.stopped = false;
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.timer?.cancel();
    await this.running;
  }

  /** Something may be waiting: look now, or right after the present round. */
  wake(): void {
    if (this.stopped) return;
    this.woken = true;
    this.timer?.cancel();
    this.running ??= this.run().finally(() => {
      this.running = undefined;
      if (this.stopped) return;
      if (this.woken) this.wake();
      else this.timer = this.options.clock.setTimer(this.options.pollMs ?? 1000, () => this.wake());
    });
  }

  private async run(): Promise<void> {
    this.woken = false;
    try {
      while (!this.stopped && (await this.step())) continue;
    } catch (error) {
      this.options.log.warn({ err: (error as Error).message }, 'passing documents on was interrupted');
    }
  }

  /** One batch formed or sent; false when nothing is due. */
  async step(): Promise<boolean> {
    const { store, service, clock, ids, log, maxDocuments = 100 } = this.options;
    const nowMs = clock.nowMs();
    const lease = new Date(nowMs + this.retryDelayMs(1) + LEASE_MS);
    const due = await store.takeDue(new Date(nowMs), lease);
    if (!due) return (await store.formBatch(ids.uuid(), maxDocuments, new Date(nowMs))) > 0;
    try {
      await service.deliver(due);
    } catch (error) {
      const reason = (error as Error).message;
      const delayMs = this.retryDelayMs(due.attempt);
      await store.failed(due.id, new Date(clock.nowMs() + delayMs), reason);
      log.warn(
        { batchId: due.id, attempt: due.attempt, delayMs, err: reason },
        'the tax service did not take a batch',
      );
      this.options.onBatch('failed', due.documents.length);
      return true;
    }
    await store.accepted(due.id, new Date(clock.nowMs()));
    this.options.onBatch('accepted', due.documents.length);
    return true;
  }

  /** Doubles from attempt to attempt, with a fifth of chance so that batches do not knock together. */
  private retryDelayMs(attempt: number): number {
    const { firstRetryMs = 1000, maxRetryMs = 300_000, random } = this.options;
    const full = Math.min(maxRetryMs, firstRetryMs * 2 ** (attempt - 1));
    return Math.round(full * (0.9 + 0.2 * random.next()));
  }
}

/** Longer than any delivery takes: only after this may another process send the batch too. */
const LEASE_MS = 60_000;
