import { FarmError } from '@kkt/contracts';

interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

export interface GroupCommitOptions {
  /** Items of one flush at most. */
  maxBatch: number;
  /** Items that may wait; more are refused with `SYS-BUSY`. */
  maxWaiting: number;
  /** Items of one lane that may wait; so one lane leaves room for the others. */
  maxWaitingPerLane?: number;
}

/**
 * Group commit without a timer. An item that finds nothing under way is flushed at the end of the current turn of the
 * event loop, together with the others of that turn; items that arrive while a flush is under way share the next one.
 * So an idle service answers at once, and a busy one pays one commit for many. No item is answered before its flush.
 *
 * Items wait in lanes, one per client: a flush takes from the lanes in turn, so that behind a flood of one client the
 * receipt of another goes with the very next flush. Within a lane the order stays.
 */
export class GroupCommit<Item, Result> {
  private readonly lanes = new Map<string, Waiting<Item, Result>[]>();
  private count = 0;
  private isFlushing = false;
  private idle: (() => void)[] = [];

  constructor(
    /** Makes the batch durable; results in the order of the items, an Error for one that could not be taken. */
    private readonly flush: (batch: Item[]) => Promise<(Result | Error)[]>,
    private readonly options: GroupCommitOptions,
  ) {}

  /** Items that are not yet answered and not yet being flushed. */
  get depth(): number {
    return this.count;
  }

  add(item: Item, laneName = ''): Promise<Result> {
    const { maxWaiting, maxWaitingPerLane = maxWaiting } = this.options;
    const lane = this.lanes.get(laneName) ?? [];
    if (this.count >= maxWaiting || lane.length >= maxWaitingPerLane)
      return Promise.reject(new FarmError('SYS-BUSY', 'Too many receipts wait for their commit'));
    return new Promise((resolve, reject) => {
      lane.push({ item, resolve, reject });
      this.lanes.set(laneName, lane);
      this.count += 1;
      if (this.isFlushing) return;
      this.isFlushing = true;
      setImmediate(() => void this.run());
    });
  }

  /** Resolves when everything added so far is answered. */
  drained(): Promise<void> {
    if (!this.isFlushing) return Promise.resolve();
    return new Promise((resolve) => this.idle.push(resolve));
  }

  /** Up to `maxBatch` items, an equal part of every lane first. */
  private nextBatch(): Waiting<Item, Result>[] {
    const batch: Waiting<Item, Result>[] = [];
    while (batch.length < this.options.maxBatch && this.lanes.size > 0) {
      const part = Math.max(1, Math.floor((this.options.maxBatch - batch.length) / this.lanes.size));
      for (const [name, lane] of [...this.lanes]) {
        const room = this.options.maxBatch - batch.length;
        if (room === 0) break;
        batch.push(...lane.splice(0, Math.min(part, room)));
        // What was served goes to the end of the turn.
        this.lanes.delete(name);
        if (lane.length > 0) this.lanes.set(name, lane);
      }
    }
    this.count -= batch.length;
    return batch;
  }

  private async run(): Promise<void> {
    while (this.count > 0) {
      const batch = this.nextBatch();
      try {
        const results = await this.flush(batch.map((entry) => entry.item));
        batch.forEach((entry, index) => {
          const result = results[index];
          if (result === undefined || result instanceof Error) entry.reject(result);
          else entry.resolve(result);
        });
      } catch (error) {
        for (const entry of batch) entry.reject(error);
      }
    }
    this.isFlushing = false;
    for (const resolve of this.idle.splice(0)) resolve();
  }
}
