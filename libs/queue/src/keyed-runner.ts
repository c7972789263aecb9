import type { WakeHandler } from './wake-bus';

/**
 * Runs a handler for keys: one run at a time per key, any number of keys at once. A key triggered while it runs
 * runs exactly once more afterwards, so that what was committed before the trigger is always seen by a later look.
 */
export class KeyedRunner {
  /** Present while the key runs; true when it must run again. */
  private readonly isAgainWanted = new Map<string, boolean>();
  private readonly running = new Set<Promise<void>>();
  private isStopped = false;
  runs = 0;
  failures = 0;

  constructor(
    private readonly handler: WakeHandler,
    private readonly onFailure: (key: string, error: unknown) => void,
  ) {}

  trigger(key: string): void {
    if (this.isStopped) return;
    if (this.isAgainWanted.has(key)) {
      this.isAgainWanted.set(key, true);
      return;
    }
    const run = this.runKey(key).finally(() => this.running.delete(run));
    this.running.add(run);
  }

  /** Takes no more triggers; resolves when the handlers that run now have ended. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all(this.running);
  }

  private async runKey(key: string): Promise<void> {
    do {
      this.isAgainWanted.set(key, false);
      this.runs++;
      try {
        await this.handler(key);
      } catch (error) {
        this.failures++;
        this.onFailure(key, error);
      }
    } while (this.isAgainWanted.get(key) === true && !this.isStopped);
    this.isAgainWanted.delete(key);
  }
}
