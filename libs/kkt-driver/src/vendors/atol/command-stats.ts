import type { Clock } from '@kkt/contracts';
import type { CommandStats } from '../../device';

/** Latency and errors per command, for the register's metrics. Costs two clock readings and one map look-up a command. */
export class CommandBook {
  readonly stats = new Map<string, CommandStats>();

  constructor(private readonly clock: Clock) {}

  begin(): number {
    return this.clock.monotonicMs();
  }

  end(command: string, begunMs: number, errorCode?: string): void {
    const tookMs = this.clock.monotonicMs() - begunMs;
    let entry = this.stats.get(command);
    if (!entry) {
      entry = { count: 0, errors: 0, totalMs: 0, maxMs: 0 };
      this.stats.set(command, entry);
    }
    entry.count += 1;
    entry.totalMs += tookMs;
    if (tookMs > entry.maxMs) entry.maxMs = tookMs;
    if (errorCode === undefined) return;
    entry.errors += 1;
    entry.lastError = errorCode;
    entry.lastErrorAtMs = this.clock.nowMs();
  }
}
