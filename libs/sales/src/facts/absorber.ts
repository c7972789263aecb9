import { type Database, ReceiptFactsStore } from '@kkt/storage';
import { contactKey } from '@kkt/security';
import { factsOf, goodsOf } from './facts-of';

const batchRows = 1_000;

/** Takes facts of receipts that finished since; many may run at once, one at a time works. */
export class FactsAbsorber {
  private readonly key: Buffer;
  private running: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    secretKey: Buffer,
  ) {
    this.key = contactKey(secretKey);
  }

  /** Takes one batch; true when there may be more. */
  turn(mustWait = false): Promise<boolean> {
    return this.database.transaction(async (sql) => {
      const store = new ReceiptFactsStore(sql);
      if (!(await store.turn(mustWait))) return false;
      const fresh = await store.fresh(batchRows);
      if (fresh.length === 0) return false;
      await store.put(
        fresh.map((receipt) => factsOf(receipt, this.key)),
        fresh.flatMap((receipt) => (receipt.isDone ? goodsOf(receipt) : [])),
      );
      return fresh.length === batchRows;
    });
  }

  /**
   * Makes what finished before this call findable. Callers that come while it runs share the next run. A backlog of more
   * than `mostBatches` batches is left to the worker.
   */
  async catchUp(mostBatches = 5): Promise<void> {
    this.running ??= this.run(mostBatches).finally(() => {
      this.running = undefined;
    });
    await this.running;
  }

  private async run(mostBatches: number): Promise<void> {
    for (let batch = 0; batch < mostBatches; batch += 1) if (!(await this.turn(true))) return;
  }
}
