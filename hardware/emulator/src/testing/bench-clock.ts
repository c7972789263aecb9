import type { Clock, Random, Timer } from '@kkt/contracts';

interface Waiting {
  atMs: number;
  order: number;
  run: () => void;
}

/** Time of a bench: it moves when told. */
export class BenchClock implements Clock {
  private elapsedMs = 0;
  private order = 0;
  private waiting: Waiting[] = [];

  constructor(private readonly startMs: number) {}

  nowMs(): number {
    return this.startMs + this.elapsedMs;
  }

  monotonicMs(): number {
    return this.elapsedMs;
  }

  setTimer(delayMs: number, run: () => void): Timer {
    const timer = { atMs: this.elapsedMs + Math.max(0, delayMs), order: (this.order += 1), run };
    this.waiting.push(timer);
    return { cancel: () => void (this.waiting = this.waiting.filter((other) => other !== timer)) };
  }

  /** Moves time; nothing may be waiting for it. */
  advance(byMs: number): void {
    if (this.waiting.length > 0) throw new Error('timers wait: use run');
    this.elapsedMs += byMs;
  }

  /** Moves time, running what comes due in order and letting promises settle in between. */
  async run(byMs: number): Promise<void> {
    const until = this.elapsedMs + byMs;
    for (;;) {
      await settled();
      const due = this.waiting.filter((timer) => timer.atMs <= until);
      const next = due.sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
      if (!next) break;
      this.waiting = this.waiting.filter((timer) => timer !== next);
      this.elapsedMs = Math.max(this.elapsedMs, next.atMs);
      next.run();
    }
    this.elapsedMs = until;
  }

  /** Runs time until the promise is settled; gives up after `limitMs` of bench time. */
  async finish<T>(promise: Promise<T>, limitMs = 120_000): Promise<T> {
    let done = false;
    const end = (): void => void (done = true);
    promise.then(end, end);
    for (let spentMs = 0; spentMs < limitMs; spentMs += STEP_MS) {
      await settled();
      if (done) return promise;
      await this.run(STEP_MS);
    }
    throw new Error(`not finished in ${limitMs} ms of bench time`);
  }
}

const STEP_MS = 10;

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Numbers that repeat from run to run (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    },
  };
}
