import type { Clock } from '@kkt/contracts';
import { RateLimit } from '../v1/access/rate-limit';

export interface PollSettings {
  /** Requests for reports a second for each register of the group, on average; 0: no limit. */
  perRegisterPerS: number;
  /** Seconds of them that may come at once after a pause. */
  burstS: number;
}

/**
 * How often a group's reports may be asked for. The compatible protocol's document states one request a second for each
 * register of the group; it names no answer to more than that, so a shop is told by 429 in the common shape.
 */
export class Polls {
  private readonly perGroup: RateLimit | undefined;

  constructor(clock: Clock, { perRegisterPerS, burstS }: PollSettings) {
    if (perRegisterPerS > 0) this.perGroup = new RateLimit(clock, perRegisterPerS, perRegisterPerS * burstS);
  }

  /** Takes one request of a group with so many registers. 0 when it may go on, otherwise whole seconds until it may. */
  take(groupId: number, registers: number): number {
    return this.perGroup?.take(String(groupId), 1 / Math.max(1, registers)) ?? 0;
  }
}
