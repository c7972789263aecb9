import type { Random } from '@kkt/contracts';

/** Chance with a seed (mulberry32), and the ways in which a simulation draws from it. */
export class Dice implements Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    const { state } = this;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A generator of its own, so that one part's draws do not move another's. */
  fork(): Dice {
    return new Dice(Math.floor(this.next() * 4_294_967_296));
  }

  /** Whole number from `from` to `to`, both included. */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(rate: number): boolean {
    return this.next() < rate;
  }

  pick<T>(from: readonly T[]): T {
    if (from.length === 0) throw new RangeError('nothing to pick from');
    return from[Math.floor(this.next() * from.length)] as T;
  }

  /** Between two durations, small ones more often: most troubles are short. */
  spanMs(fromMs: number, toMs: number): number {
    return Math.round(fromMs * (toMs / fromMs) ** this.next());
  }

  uuid(): string {
    const hex = (digits: number): string =>
      Math.floor(this.next() * 16 ** digits)
        .toString(16)
        .padStart(digits, '0');
    return `${hex(8)}-${hex(4)}-7${hex(3)}-8${hex(3)}-${hex(8)}${hex(4)}`;
  }
}
