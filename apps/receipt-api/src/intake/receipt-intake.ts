import { type Clock, failPoint, FarmError, type Log, sleep } from '@kkt/contracts';
import type { WakeBus } from '@kkt/queue';
import { type AcceptOutcome, isDatabaseAway, type NewReceipt, type ReceiptStore } from '@kkt/storage';
import type { Directory } from '../access/directory';
import type { ReceiptApiMetrics } from '../metrics';
import { GroupCommit } from './group-commit';

/** Pauses before a flush is tried again while the database is away; together they stay under clients' five seconds. */
const retryPausesMs = [50, 200, 600, 1200];

/** Where the worker listens that delivers results to shops. */
const callbacksChannel = 'callbacks';

export interface ReceiptIntakeParts {
  store: Pick<ReceiptStore, 'accept'>;
  directory: Pick<Directory, 'driversOf'>;
  wakeBus: Pick<WakeBus, 'wake'>;
  clock: Clock;
  log: Log;
  metrics: ReceiptApiMetrics;
  maxBatch: number;
  maxWaiting: number;
}

/** Takes checked receipts: durable first, then acknowledged, then the drivers are woken. */
export class ReceiptIntake {
  private readonly commit: GroupCommit<NewReceipt, AcceptOutcome>;

  constructor(private readonly parts: ReceiptIntakeParts) {
    this.commit = new GroupCommit((batch) => this.flush(batch), {
      ...parts,
      maxWaitingPerLane: Math.ceil(parts.maxWaiting / 2),
    });
  }

  /**
   * Resolves after the receipt's commit. Rejects with `SYS-BUSY` when too many wait and with `SYS-DATABASE-AWAY` when
   * the database stayed away: then the shop repeats with the same external id, and the key decides.
   */
  accept(receipt: NewReceipt): Promise<AcceptOutcome> {
    return this.commit.add(receipt, receipt.clientId);
  }

  /** Receipts that wait for a commit. */
  get depth(): number {
    return this.commit.depth;
  }

  drained(): Promise<void> {
    return this.commit.drained();
  }

  /** Tells the drivers of a group that receipts wait; for receipts stored beside this intake. */
  wakeGroup(groupId: number): void {
    void this.wake(groupId);
  }

  private async flush(batch: NewReceipt[]): Promise<(AcceptOutcome | Error)[]> {
    const { clock, metrics } = this.parts;
    const startedMs = clock.monotonicMs();
    const outcomes = await this.store(batch);
    metrics.flushed(batch.length, clock.monotonicMs() - startedMs);
    this.wakeOthers(batch, outcomes);
    return outcomes;
  }

  /**
   * A repeat after a broken connection is safe: the ids are the same, so receipts that were committed without an
   * answer are found to be our own.
   */
  private async store(batch: NewReceipt[]): Promise<(AcceptOutcome | Error)[]> {
    const { store, clock, log } = this.parts;
    for (const pauseMs of [...retryPausesMs, undefined]) {
      try {
        failPoint('accept-before-commit');
        const outcomes = await store.accept(batch);
        failPoint('accept-committed');
        return outcomes;
      } catch (error) {
        if (!isDatabaseAway(error)) return this.storeApart(batch, error);
        if (pauseMs === undefined)
          throw new FarmError('SYS-DATABASE-AWAY', 'The database is away', {}, { cause: error });
        log.warn({ err: error, receipts: batch.length }, 'commit failed, trying again');
        await sleep(clock, pauseMs);
      }
    }
    throw new FarmError('SYS-DATABASE-AWAY', 'The database is away');
  }

  /** One receipt that PostgreSQL does not take must not fail its neighbours: halve until it stands alone. */
  private async storeApart(batch: NewReceipt[], error: unknown): Promise<(AcceptOutcome | Error)[]> {
    const [first] = batch;
    if (batch.length === 1 && first) {
      this.parts.log.error(
        { err: error, groupId: first.groupId, receiptId: first.id },
        'receipt could not be stored',
      );
      return [
        new FarmError(
          'SYS-NOT-STORED',
          'The receipt could not be stored',
          { receiptId: first.id },
          { cause: error },
        ),
      ];
    }
    const half = Math.ceil(batch.length / 2);
    return [...(await this.store(batch.slice(0, half))), ...(await this.store(batch.slice(half)))];
  }

  /** Not awaited by anybody: a lost wake-up costs the time until the next sweep of whom it was meant for. */
  private wakeOthers(batch: NewReceipt[], outcomes: (AcceptOutcome | Error)[]): void {
    const groupIds = new Set<number>();
    let hasCallback = false;
    batch.forEach((receipt, index) => {
      const outcome = outcomes[index];
      if (!outcome || outcome instanceof Error || !outcome.accepted) return;
      if (!receipt.refusal) groupIds.add(receipt.groupId);
      else hasCallback ||= receipt.callbackUrl !== undefined;
    });
    for (const groupId of groupIds) void this.wake(groupId);
    if (hasCallback) void this.parts.wakeBus.wake(callbacksChannel, 'due');
  }

  private async wake(groupId: number): Promise<void> {
    const { directory, wakeBus, log } = this.parts;
    try {
      const drivers = await directory.driversOf(groupId);
      await Promise.all(drivers.map((driver) => wakeBus.wake(`driver:${driver}`, String(groupId))));
    } catch (error) {
      log.warn({ err: error, groupId }, 'drivers were not woken');
    }
  }
}
