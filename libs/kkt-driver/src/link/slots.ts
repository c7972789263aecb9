import { LAST_PACKET_ID } from '@kkt/atol-protocol';

/**
 * Things by packet or task id, 00..DF. A plain array on purpose: a Map into which ids come and go for ever is rebuilt again
 * and again, and every old table keeps the next one and what was in it alive until a full collection (measured: half of
 * the driver's garbage collection).
 */
export class Slots<T> {
  private readonly items: (T | undefined)[] = new Array<T | undefined>(LAST_PACKET_ID + 1).fill(undefined);
  private count = 0;

  get size(): number {
    return this.count;
  }

  get(id: number): T | undefined {
    return this.items[id];
  }

  set(id: number, item: T): void {
    if (this.items[id] === undefined) this.count += 1;
    this.items[id] = item;
  }

  delete(id: number): void {
    if (this.items[id] === undefined) return;
    this.items[id] = undefined;
    this.count -= 1;
  }

  clear(): void {
    if (this.count > 0) this.items.fill(undefined);
    this.count = 0;
  }

  /** What is there now, as a list of its own: the slots may change while it is walked. */
  all(): T[] {
    return this.count === 0 ? [] : this.items.filter((item) => item !== undefined);
  }
}
