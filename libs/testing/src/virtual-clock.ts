import type { Clock, Timer } from '@kkt/contracts';

interface Pending {
  atMs: number;
  order: number;
  run: () => void;
}

/**
 * A clock that moves only when told. Before each step it lets everything settle that is ready to run, so a test or a
 * simulation is independent of the machine's speed. `busy` reports real work under way (a query, say): time stands
 * still until it is done.
 */
export class VirtualClock implements Clock {
  private pending: Pending[] = [];
  private order = 0;
  private elapsedMs = 0;

  constructor(
    private readonly startMs: number = Date.UTC(2026, 10, 23, 9, 0, 0),
    private readonly busy: () => boolean = () => false,
  ) {}

  nowMs(): number {
    return this.startMs + this.elapsedMs;
  }

  monotonicMs(): number {
    return this.elapsedMs;
  }

  setTimer(delayMs: number, run: () => void): Timer {
    const entry: Pending = { atMs: this.elapsedMs + Math.max(0, delayMs), order: (this.order += 1), run };
    // Kept sorted: timers are mostly added near the end.
    let index = this.pending.length;
    while (index > 0 && (this.pending[index - 1] as Pending).atMs > entry.atMs) index -= 1;
    this.pending.splice(index, 0, entry);
    return {
      cancel: () => {
        const at = this.pending.indexOf(entry);
        if (at >= 0) this.pending.splice(at, 1);
      },
    };
  }

  /** Moves time forward, running every timer that comes due in order. */
  async advance(byMs: number): Promise<void> {
    const endMs = this.elapsedMs + byMs;
    for (;;) {
      await this.settle();
      const next = this.pending[0];
      if (!next || next.atMs > endMs) break;
      this.pending.shift();
      this.elapsedMs = Math.max(this.elapsedMs, next.atMs);
      next.run();
    }
    this.elapsedMs = endMs;
    await this.settle();
  }

  /** Advances until `done` holds; throws after `limitMs` of virtual time. */
  async until(done: () => boolean | Promise<boolean>, limitMs: number, stepMs = 50): Promise<void> {
    const endMs = this.elapsedMs + limitMs;
    for (;;) {
      await this.settle();
      if (await done()) return;
      if (this.elapsedMs >= endMs) throw new Error(`Not reached within ${limitMs} ms of virtual time`);
      await this.advance(stepMs);
    }
  }

  /** Lets promises and I/O that are ready run to a standstill. */
  private async settle(): Promise<void> {
    do {
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    } while (this.busy());
  }
}

/** A small, fast, seeded generator (mulberry32): the same seed gives the same run. */
export function seededRandom(seed: number): { next(): number } {
  let state = seed >>> 0;
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    },
  };
}
