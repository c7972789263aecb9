import type { Clock } from '@kkt/contracts';
import { RateLimit } from '../v1/access/rate-limit';

export interface LimitSettings {
  /** Requests of one token or key a second, on average. */
  requestsPerS: number;
  /** Requests it may send at once after a pause. */
  burst: number;
  /** The same of all tokens and keys of one client together. */
  clientRequestsPerS: number;
  clientBurst: number;
}

/** Who has asked too often, and when to come back. */
export interface Limited {
  by: 'token' | 'client';
  retryAfterS: number;
}

/**
 * Token buckets per token (or key) and per client, so that a flood through one of a client's programs ends at that
 * program, and a flood through all of them at that client. What is refused costs its bucket nothing.
 */
export class Limits {
  private readonly tokens: RateLimit;
  private readonly clients: RateLimit;

  constructor(clock: Clock, settings: LimitSettings) {
    this.tokens = new RateLimit(clock, settings.requestsPerS, settings.burst);
    this.clients = new RateLimit(clock, settings.clientRequestsPerS, settings.clientBurst);
  }

  /** Takes one request; undefined when it may go on. */
  take(token: string, client: string): Limited | undefined {
    const ofClient = this.clients.waitS(client);
    if (ofClient > 0) return { by: 'client', retryAfterS: ofClient };
    const ofToken = this.tokens.take(token);
    if (ofToken > 0) return { by: 'token', retryAfterS: ofToken };
    this.clients.take(client);
    return undefined;
  }
}
