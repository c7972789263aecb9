import type { Clock } from '@kkt/contracts';

const windowMs = 60_000;
const maxKeys = 50_000;

/**
 * Slows guessing of passwords: so many wrong ones of one login from one address in a minute, then nobody there is heard
 * until the minute is over. Counted per login and address, so that a stranger cannot lock the owner out.
 */
export class LoginGuard {
  private readonly windows = new Map<string, { wrong: number; endsAtMs: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly maxWrong: number,
  ) {}

  private key(login: string, address: string): string {
    return `${address}\n${login}`;
  }

  /** Seconds until the next try is heard; 0 when it is heard now. */
  waitS(login: string, address: string): number {
    const window = this.windows.get(this.key(login, address));
    const leftMs = window ? window.endsAtMs - this.clock.monotonicMs() : 0;
    return window && leftMs > 0 && window.wrong >= this.maxWrong ? Math.ceil(leftMs / 1000) : 0;
  }

  wrong(login: string, address: string): void {
    const key = this.key(login, address);
    const nowMs = this.clock.monotonicMs();
    const window = this.windows.get(key);
    if (window && window.endsAtMs > nowMs) {
      window.wrong++;
      return;
    }
    this.windows.delete(key);
    this.windows.set(key, { wrong: 1, endsAtMs: nowMs + windowMs });
    for (const oldest of this.windows.keys()) {
      if (this.windows.size <= maxKeys) break;
      this.windows.delete(oldest);
    }
  }

  right(login: string, address: string): void {
    this.windows.delete(this.key(login, address));
  }
}
