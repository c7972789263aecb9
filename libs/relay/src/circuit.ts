import type { Clock, Random } from '@kkt/contracts';

/** So many failures in a row, with no answer between them, and the operator is taken for down. */
const failuresToOpen = 5;
const firstPauseMs = 2_000;
const longestPauseMs = 60_000;

/**
 * Spares an operator that is down, and ourselves, the attempts of every FN: after a row of failures it pauses, then
 * lets one attempt through to see. Any answer, also a refusal, closes it.
 */
export class Circuit {
  private failures = 0;
  private pauses = 0;
  private openUntilMs: number | undefined;
  private isKnownUp = false;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    /** Also called at the first answer of all: an earlier process may have left word that the operator is down. */
    private readonly onChange: (isDown: boolean) => void = () => undefined,
  ) {}

  get isDown(): boolean {
    return this.openUntilMs !== undefined;
  }

  /** How many attempts may run now: none while paused, one to probe, any number otherwise. */
  allows(): number {
    if (this.openUntilMs === undefined) return Infinity;
    return this.clock.monotonicMs() >= this.openUntilMs ? 1 : 0;
  }

  answered(): void {
    this.failures = 0;
    this.pauses = 0;
    this.openUntilMs = undefined;
    if (this.isKnownUp) return;
    this.isKnownUp = true;
    this.onChange(false);
  }

  failed(): void {
    this.failures++;
    const wasDown = this.isDown;
    if (!wasDown && this.failures < failuresToOpen) return;
    // Attempts that were under way when it opened tell nothing new.
    if (this.openUntilMs !== undefined && this.clock.monotonicMs() < this.openUntilMs) return;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(this.pauses++, 10));
    this.openUntilMs = this.clock.monotonicMs() + pauseMs * (0.75 + 0.5 * this.random.next());
    this.isKnownUp = false;
    if (!wasDown) this.onChange(true);
  }
}
