import type { Clock } from '@kkt/contracts';

/** How many look-ups an address may make a minute: receipts are found by their signs, not by trying numbers. */
export class LookupLimit {
  private minute = 0;
  private counts = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly perMinute: number,
  ) {}

  /** Counts one look-up; false when the address has used up its minute. */
  allows(address: string): boolean {
    const minute = Math.floor(this.clock.monotonicMs() / 60_000);
    // A new minute begins with a new table: the addresses of the last one take no memory.
    if (minute !== this.minute) {
      this.minute = minute;
      this.counts = new Map();
    }
    const count = (this.counts.get(address) ?? 0) + 1;
    this.counts.set(address, count);
    return count <= this.perMinute;
  }
}
