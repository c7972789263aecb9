import type { Clock, Timer } from '@kkt/contracts';

interface Entry {
  atMs: number;
  order: number;
  run: (() => void) | undefined;
}

const isBefore = (a: Entry, b: Entry): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Time of the simulation: it jumps from one timer to the next. After each timer everything that it set going runs to a
 * standstill first, and while a real query is under way (`idle` is pending) time does not move: so the order of events
 * depends on the seed alone. A heap, because a run has hundreds of thousands of timers.
 */
export class SimClock implements Clock {
  private readonly heap: Entry[] = [];
  private order = 0;
  private elapsedMs = 0;
  /** Timers run so far. */
  events = 0;

  constructor(
    private readonly startMs: number,
    /** Resolves when no real work is under way; undefined when there is none now. */
    private readonly idle: () => Promise<void> | undefined,
  ) {}

  nowMs(): number {
    return this.startMs + this.elapsedMs;
  }

  monotonicMs(): number {
    return this.elapsedMs;
  }

  setTimer(delayMs: number, run: () => void): Timer {
    const entry: Entry = { atMs: this.elapsedMs + Math.max(0, delayMs), order: (this.order += 1), run };
    this.push(entry);
    return { cancel: () => (entry.run = undefined) };
  }

  /** Moves time forward. */
  async advance(byMs: number): Promise<void> {
    const endMs = this.elapsedMs + byMs;
    await this.settle();
    for (let next = this.heap[0]; next && next.atMs <= endMs; next = this.heap[0]) {
      this.pop();
      if (!next.run) continue;
      this.elapsedMs = next.atMs;
      this.events += 1;
      next.run();
      await this.settle();
    }
    this.elapsedMs = endMs;
  }

  /** Lets everything run that is ready. */
  async settle(): Promise<void> {
    await turn();
    for (let busy = this.idle(); busy; busy = this.idle()) {
      await busy;
      await turn();
    }
  }

  private push(entry: Entry): void {
    const { heap } = this;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry, heap[parent] as Entry)) break;
      heap[at] = heap[parent] as Entry;
      at = parent;
    }
    heap[at] = entry;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Entry, heap[child] as Entry)) child += 1;
      if (!isBefore(heap[child] as Entry, last)) break;
      heap[at] = heap[child] as Entry;
      at = child;
    }
    heap[at] = last;
  }
}
