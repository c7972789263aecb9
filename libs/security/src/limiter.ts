import { FarmError } from '@kkt/contracts';

/**
 * Lets at most `slots` runs go at once and at most `waiting` wait. Past that it refuses at once with
 * `SYS-BUSY`, so that expensive work asked for by strangers cannot pile up.
 */
export class Limiter {
  private running = 0;
  private readonly queue: (() => void)[] = [];

  constructor(
    private readonly slots: number,
    private readonly waiting: number,
  ) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= this.slots) {
      if (this.queue.length >= this.waiting) throw new FarmError('SYS-BUSY', 'Too much of this work at once');
      await new Promise<void>((resolve) => this.queue.push(resolve));
    } else this.running++;
    try {
      return await work();
    } finally {
      const next = this.queue.shift();
      if (next) next();
      else this.running--;
    }
  }
}
