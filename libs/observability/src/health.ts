import { type Clock, systemClock } from '@kkt/contracts';

/** Resolves when the thing checked can be worked with; rejects with the reason. */
export type HealthCheck = () => void | Promise<void>;

export interface CheckResult {
  ok: boolean;
  tookMs: number;
  error?: string;
}

export interface Readiness {
  ok: boolean;
  status: 'ready' | 'not_ready' | 'stopping';
  checks: Record<string, CheckResult>;
}

export interface HealthOptions {
  clock?: Clock;
  /** A check that takes longer has failed. */
  checkTimeoutMs?: number;
}

/**
 * What a process says about itself. Live: its event loop turns, restart it otherwise. Ready: it can serve now;
 * what it can do without for a while (Redis, say) must not be a check.
 */
export class HealthChecks {
  private readonly checks = new Map<string, HealthCheck>();
  private readonly clock: Clock;
  private readonly startedMs: number;
  private isStopping = false;

  constructor(private readonly options: HealthOptions = {}) {
    this.clock = options.clock ?? systemClock;
    this.startedMs = this.clock.monotonicMs();
  }

  /** Names appear in the answer; a name given again replaces the earlier check. */
  add(name: string, check: HealthCheck): this {
    this.checks.set(name, check);
    return this;
  }

  /** From now on not ready: balancers stop sending, while what runs is finished. */
  stopping(): void {
    this.isStopping = true;
  }

  live(): { status: 'ok'; uptimeS: number } {
    return { status: 'ok', uptimeS: Math.floor((this.clock.monotonicMs() - this.startedMs) / 1000) };
  }

  async ready(): Promise<Readiness> {
    const results = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await this.run(check)] as const),
    );
    const ok = !this.isStopping && results.every(([, result]) => result.ok);
    return {
      ok,
      status: this.isStopping ? 'stopping' : ok ? 'ready' : 'not_ready',
      checks: Object.fromEntries(results),
    };
  }

  private async run(check: HealthCheck): Promise<CheckResult> {
    const since = this.clock.monotonicMs();
    const timeoutMs = this.options.checkTimeoutMs ?? 2_000;
    let fail: (error: Error) => void = () => undefined;
    const timeout = new Promise<never>((_, reject) => (fail = reject));
    const timer = this.clock.setTimer(timeoutMs, () => fail(new Error(`no answer in ${timeoutMs} ms`)));
    try {
      await Promise.race([Promise.resolve().then(check), timeout]);
      return { ok: true, tookMs: Math.round(this.clock.monotonicMs() - since) };
    } catch (error) {
      return {
        ok: false,
        tookMs: Math.round(this.clock.monotonicMs() - since),
        error: error instanceof Error ? error.message : String(error),
      };
    } finally {
      timer.cancel();
    }
  }
}
