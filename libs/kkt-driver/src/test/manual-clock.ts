import type { Clock, Timer } from '@kkt/contracts';

interface Alarm {
  atMs: number;
  order: number;
  run: () => void;
}

/** A clock that moves only when told: minutes of timeouts pass in no time, in an order that is always the same. */
export class ManualClock implements Clock {
  private now = 0;
  private made = 0;
  private alarms: Alarm[] = [];

  nowMs(): number {
    return 1_764_000_000_000 + this.now;
  }

  monotonicMs(): number {
    return this.now;
  }

  setTimer(delayMs: number, run: () => void): Timer {
    this.made += 1;
    const alarm: Alarm = { atMs: this.now + Math.max(0, delayMs), order: this.made, run };
    this.alarms.push(alarm);
    return { cancel: () => void (this.alarms = this.alarms.filter((other) => other !== alarm)) };
  }

  get pending(): number {
    return this.alarms.length;
  }

  /** Lets the time pass; promises settle between alarms. */
  async pass(ms: number): Promise<void> {
    const until = this.now + ms;
    await settleMicrotasks();
    for (;;) {
      const next = this.alarms.filter(({ atMs }) => atMs <= until).sort(earlier)[0];
      if (!next) break;
      this.alarms = this.alarms.filter((other) => other !== next);
      this.now = Math.max(this.now, next.atMs);
      next.run();
      await settleMicrotasks();
    }
    this.now = until;
  }

  /** Lets time pass until the promise settles, alarm by alarm; fails when nothing is left to wait for. */
  async until<T>(promise: Promise<T>, limitMs = 3_600_000): Promise<T> {
    let isSettled = false;
    const mark = (): void => void (isSettled = true);
    promise.then(mark, mark);
    const end = this.now + limitMs;
    await settleMicrotasks();
    while (!isSettled) {
      const next = [...this.alarms].sort(earlier)[0];
      if (!next || next.atMs > end) throw new Error(`Nothing settles the promise (now ${this.now} ms)`);
      await this.pass(Math.max(0, next.atMs - this.now));
    }
    return promise;
  }
}

const earlier = (a: Alarm, b: Alarm): number => a.atMs - b.atMs || a.order - b.order;

/** Promise chains are a few dozen hops deep at most; a macrotask lets all of them run out. */
const settleMicrotasks = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
