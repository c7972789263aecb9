import type { Clock } from '@kkt/contracts';

/** Lets one loop sleep until something happens or a time comes. A poke that comes while awake is not lost. */
export class Mailbox {
  private poked = false;
  private wakeUp: (() => void) | undefined;

  constructor(private readonly clock: Clock) {}

  poke(): void {
    this.poked = true;
    this.wakeUp?.();
  }

  /** Resolves at the next poke (at once if one is waiting) or after `timeoutMs`. */
  async wait(timeoutMs: number): Promise<void> {
    if (!this.poked) {
      await new Promise<void>((resolve) => {
        const timer = this.clock.setTimer(timeoutMs, resolve);
        this.wakeUp = () => {
          timer.cancel();
          resolve();
        };
      });
      this.wakeUp = undefined;
    }
    this.poked = false;
  }
}
