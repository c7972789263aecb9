import { FarmError, type Clock } from '@kkt/contracts';
import type { CommandStats } from '../../device';

/** Exchanges of many commands that are counted as one. */
const composites = new Set(['receipt', 'document']);
const kept = 64;

const codeOf = (error: unknown): string => (error instanceof FarmError ? error.code : 'SYS-BUG');

/** Latency and errors per command, for the register's metrics. Costs two clock readings and one map look-up a command. */
export class CommandBook {
  readonly stats = new Map<string, CommandStats>();
  /** Durations of the last single commands; the oldest is overwritten. */
  readonly recentMs: number[] = [];
  private nextRecent = 0;

  constructor(private readonly clock: Clock) {}

  begin(): number {
    return this.clock.monotonicMs();
  }

  /** Counts a job of several commands as one. */
  async measure<T>(name: string, job: () => Promise<T>): Promise<T> {
    const begunMs = this.begin();
    try {
      const result = await job();
      this.end(name, begunMs);
      return result;
    } catch (error) {
      this.end(name, begunMs, codeOf(error));
      throw error;
    }
  }

  end(command: string, begunMs: number, errorCode?: string): void {
    const tookMs = this.clock.monotonicMs() - begunMs;
    if (!composites.has(command)) {
      this.recentMs[this.nextRecent] = tookMs;
      this.nextRecent = (this.nextRecent + 1) % kept;
    }
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
