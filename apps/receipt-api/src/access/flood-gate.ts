import { type Clock, sleep } from '@kkt/contracts';
import { Turns } from './turns';
import { RateLimit } from '../v1/access/rate-limit';

export interface FloodSettings {
  /** Requests of one token or key that may be under way at once; those past it are turned away unread. */
  inFlight: number;
  /** Refusals of one token or key a second that are told at once; the others are told late. */
  refusalsPerS: number;
  refusalBurst: number;
  /** How late. */
  holdMs: number;
  /** Longest wait of a request for its turn; see {@link Turns}. */
  turnWaitMs: number;
}

/** Told with a 429 for too many at once; the client's connection is closed with it. */
export const fullRetryS = 1;

/**
 * Makes a flood cheap. A limit of requests alone does not: whoever repeats at every 429 without a pause makes this
 * process write thousands of refusals a second, and everybody's requests wait between them. So a refusal past a few a
 * second is told late, and only so many requests of one token are under way: then the flood is as fast as its
 * connections over the delay, whatever it sends, and what it may send besides is what its limit says.
 */
export class FloodGate {
  private readonly under = new Map<string, number>();
  private readonly prompt: RateLimit;
  /** Whose requests are worked on. */
  readonly turns: Turns;

  constructor(
    private readonly clock: Clock,
    private readonly settings: FloodSettings,
  ) {
    this.prompt = new RateLimit(clock, settings.refusalsPerS, settings.refusalBurst);
    this.turns = new Turns(clock, { waitMs: settings.turnWaitMs, narrowMs: 2 * settings.holdMs });
  }

  /** Counts a request in; false when too many of this token are under way, and then it is not counted. */
  enter(token: string): boolean {
    const count = this.under.get(token) ?? 0;
    if (count >= this.settings.inFlight) return false;
    this.under.set(token, count + 1);
    return true;
  }

  /** Counts out one that {@link enter} counted in. */
  leave(token: string): void {
    const left = (this.under.get(token) ?? 1) - 1;
    if (left > 0) this.under.set(token, left);
    else this.under.delete(token);
  }

  /**
   * Resolves when a refusal may be told: at once for who errs now and then, late for who does not listen. Meanwhile the
   * request (by its raw message) leaves its turn to the next.
   */
  async beforeRefusal(token: string, request: object): Promise<void> {
    this.turns.narrow(request);
    this.turns.end(request);
    if (this.prompt.take(token) > 0) await sleep(this.clock, this.settings.holdMs);
  }
}
