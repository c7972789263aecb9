import type { Clock } from '@kkt/contracts';

const maxKeys = 50_000;
/** Parts of a token do not add up to whole ones exactly. */
const epsilon = 1e-9;

/** Token buckets: so many at once, then so many a second. The keys used longest ago are forgotten first. */
export class RateLimit {
  private readonly buckets = new Map<string, { tokens: number; atMs: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly perS: number,
    private readonly burst: number,
  ) {}

  /** Takes `cost` (one or less). 0 when it may go on, otherwise the seconds until it may (whole, at least one). */
  take(key: string, cost = 1): number {
    const bucket = this.filled(key);
    if (bucket.tokens < cost - epsilon) return Math.max(1, Math.ceil((cost - bucket.tokens) / this.perS));
    bucket.tokens -= cost;
    return 0;
  }

  /** Milliseconds until one more may go on behind those that wait already, without taking it. */
  waitMs(key: string): number {
    const { tokens } = this.filled(key);
    return tokens >= 1 - epsilon ? 0 : ((1 - tokens) / this.perS) * 1000;
  }

  /** Takes one now that goes on after {@link waitMs}: those that come later wait longer. */
  book(key: string): void {
    this.filled(key).tokens -= 1;
  }

  private filled(key: string): { tokens: number; atMs: number } {
    const nowMs = this.clock.monotonicMs();
    const known = this.buckets.get(key);
    const bucket = known ?? { tokens: this.burst, atMs: nowMs };
    bucket.tokens = Math.min(this.burst, bucket.tokens + ((nowMs - bucket.atMs) / 1000) * this.perS);
    bucket.atMs = nowMs;
    this.buckets.delete(key);
    this.buckets.set(key, bucket);
    for (const oldest of this.buckets.keys()) {
      if (this.buckets.size <= maxKeys) break;
      this.buckets.delete(oldest);
    }
    return bucket;
  }
}
