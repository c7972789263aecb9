/**
 * Group commit without a timer: items that arrive while a flush is under way share the next one.
 * An item's promise settles with its own flush, never before it.
 */
export class BatchWriter<Item, Result> {
  private waiting: { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }[] = [];
  private flushing = false;

  /** `flush` must return one result per item, in order. */
  constructor(
    private readonly flush: (items: Item[]) => Promise<Result[]>,
    private readonly maxItems = 256,
  ) {}

  write(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.flushing) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.flushing = true;
    // Let everything that is ready in this turn of the event loop join the first flush.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.maxItems);
      try {
        const results = await this.flush(batch.map((entry) => entry.item));
        batch.forEach((entry, index) => entry.resolve(results[index] as Result));
      } catch (error) {
        for (const entry of batch) entry.reject(error);
      }
    }
    this.flushing = false;
  }
}
