import type { Clock, Timer } from '@kkt/contracts';

/** Bull finishes a job at once or, when Redis failed meanwhile, perhaps never: it then tells nobody. */
const finishWithinMs = 3_000;

/**
 * Wake-ups that were taken from Bull and are not finished there yet. Each becomes one call of `wake`: when Bull says
 * how the job ended, or after a while without a word. A wake-up too many costs one look; one lost costs a receipt
 * its time until the next sweep.
 */
export class TakenJobs {
  private readonly waiting = new Map<string, Timer>();

  constructor(
    private readonly clock: Clock,
    private readonly wake: (key: string) => void,
  ) {}

  begin(key: string): void {
    this.waiting.get(key)?.cancel();
    this.waiting.set(
      key,
      this.clock.setTimer(finishWithinMs, () => this.end(key)),
    );
  }

  end(key: string): void {
    this.waiting.get(key)?.cancel();
    this.waiting.delete(key);
    this.wake(key);
  }

  close(): void {
    for (const timer of this.waiting.values()) timer.cancel();
    this.waiting.clear();
  }
}
