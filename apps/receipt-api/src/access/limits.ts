import { type Clock, sleep } from '@kkt/contracts';
import { RateLimit } from '../v1/access/rate-limit';

export interface LimitSettings {
  /** Requests of one token or key a second, on average. */
  requestsPerS: number;
  /** Requests it may send at once after a pause. */
  burst: number;
  /** The same of all tokens and keys of one client together. */
  clientRequestsPerS: number;
  clientBurst: number;
  /** A request past the rate is put off by so much at most, in turn with the others; one past that is refused. */
  mostWaitMs: number;
}

/** Long enough for the 16 connections of a usual client at 100 requests a second, too short to look like a hang. */
export const usualMostWaitMs = 250;

const secondsOf = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

/** Who has asked too often, and when to come back. */
export interface Limited {
  by: 'token' | 'client';
  retryAfterS: number;
}

/**
 * Token buckets per token (or key) and per client, so that a flood through one of a client's programs ends at that
 * program, and a flood through all of them at that client. What is refused costs its bucket nothing.
 *
 * Past its burst a client goes on at its rate and evenly: each request waits for its moment, a few together at most.
 * Refusing them all instead would let the bucket fill while their senders wait, and what had filled would come at once,
 * again and again; everybody else's requests would wait behind it.
 */
export class Limits {
  private readonly tokens: RateLimit;
  private readonly clients: RateLimit;

  constructor(
    private readonly clock: Clock,
    private readonly settings: LimitSettings,
  ) {
    this.tokens = new RateLimit(clock, settings.requestsPerS, settings.burst);
    this.clients = new RateLimit(clock, settings.clientRequestsPerS, settings.clientBurst);
  }

  /** Takes one request and resolves when it may go on: undefined; at once when it may not. */
  async take(token: string, client: string): Promise<Limited | undefined> {
    const ofClientMs = this.clients.waitMs(client);
    if (ofClientMs > this.settings.mostWaitMs) return { by: 'client', retryAfterS: secondsOf(ofClientMs) };
    const ofTokenMs = this.tokens.waitMs(token);
    if (ofTokenMs > this.settings.mostWaitMs) return { by: 'token', retryAfterS: secondsOf(ofTokenMs) };
    this.clients.book(client);
    this.tokens.book(token);
    const waitMs = Math.max(ofClientMs, ofTokenMs);
    if (waitMs > 0) await sleep(this.clock, waitMs);
    return undefined;
  }
}
