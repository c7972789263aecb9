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
}

/**
 * Group commit without a timer. An item that finds nothing under way is flushed at the end of the current turn of the
 * event loop, together with the others of that turn; items that arrive while a flush is under way share the next one.
 * So an idle service answers at once, and a busy one pays one commit for many. No item is answered before its flush.
 */
export class GroupCommit<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private isFlushing = false;
  private idle: (() => void)[] = [];

  constructor(
    /** Makes the batch durable; results in the order of the items, an Error for one that could not be taken. */
    private readonly flush: (batch: Item[]) => Promise<(Result | Error)[]>,
    private readonly options: GroupCommitOptions,
  ) {}

  /** Items that are not yet answered and not yet being flushed. */
  get depth(): number {
    return this.waiting.length;
  }

  add(item: Item): Promise<Result> {
    if (this.waiting.length >= this.options.maxWaiting)
      return Promise.reject(new FarmError('SYS-BUSY', 'Too many receipts wait for their commit'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
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

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch =
        this.waiting.length <= this.options.maxBatch
          ? this.waiting
          : this.waiting.slice(0, this.options.maxBatch);
      this.waiting = batch === this.waiting ? [] : this.waiting.slice(batch.length);
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
