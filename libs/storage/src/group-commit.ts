interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Writes (or reads) together what comes together, without a timer: an item that comes while nothing is being written goes at
 * once; those that come meanwhile share the next write. Results must come in the order of the items.
 */
export class GroupCommit<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private flushing: Promise<void> | undefined;

  constructor(
    private readonly write: (batch: Item[]) => Promise<readonly Result[]>,
    private readonly maxBatch = 500,
  ) {}

  /** Resolves when the batch with this item is written; rejects with the batch's error. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.flushing ??= this.flush();
    });
  }

  private async flush(): Promise<void> {
    // What the same turn of the event loop adds belongs to the same write.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.maxBatch);
      try {
        const results = await this.write(batch.map(({ item }) => item));
        batch.forEach(({ resolve }, index) => resolve(results[index] as Result));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    // In the same turn as the last look: whoever adds after it begins a new flush.
    this.flushing = undefined;
  }
}
