import { type CallbackPolicy, publicCallbackPolicy } from '@kkt/security';
import type { FloodSettings } from './access/flood-gate';
import { type LimitSettings, usualMostWaitMs } from './access/limits';
import type { PollSettings } from './access/polls';
import { defaultOwnApiSettings, type OwnApiSettings } from './v1/settings';

/** What can be tuned in the receipt API; defaults are for production. */
export interface ReceiptApiSettings {
  /** Larger bodies are refused with 413. A receipt of 100 items with every requisite is about 200 KB. */
  maxBodyBytes: number;
  /** Time for a request to arrive whole. */
  requestTimeoutMs: number;
  /** Receipts in one commit at most. */
  maxBatch: number;
  /** Receipts that may wait for a commit; past that the answer is 503. */
  maxWaiting: number;
  /** Life of a token. */
  tokenLifetimeS: number;
  /** A login that asks again this soon gets the same token. */
  tokenReuseMs: number;
  /** How long a token, a group or a login is believed without asking the database. */
  cacheTtlMs: number;
  /** Wrong passwords of one login from one address in a minute; then 429. */
  maxWrongPasswords: number;
  /** Reports are given for receipts of so many days; older ones are asked for at the service desk. */
  reportDays: number;
  callbacks: CallbackPolicy;
  /** Addresses of our own proxies, whose X-Forwarded-For is believed. */
  trustedProxies: readonly string[];
  /** Requests to the compatible doors. */
  limits: LimitSettings;
  /** Requests for reports to the compatible doors. */
  polls: PollSettings;
  ownApi: OwnApiSettings;
  /** What is done with who goes on beyond the limits. */
  flood: FloodSettings;
}

export const defaultSettings: ReceiptApiSettings = {
  maxBodyBytes: 1024 * 1024,
  requestTimeoutMs: 15_000,
  maxBatch: 256,
  maxWaiting: 10_000,
  tokenLifetimeS: 24 * 3600,
  tokenReuseMs: 60_000,
  cacheTtlMs: 5_000,
  maxWrongPasswords: 10,
  reportDays: 32,
  callbacks: publicCallbackPolicy,
  trustedProxies: [],
  limits: {
    requestsPerS: 1_000,
    burst: 3_000,
    clientRequestsPerS: 2_000,
    clientBurst: 6_000,
    mostWaitMs: usualMostWaitMs,
  },
  polls: { perRegisterPerS: 1, burstS: 300 },
  ownApi: defaultOwnApiSettings,
  flood: { inFlight: 256, refusalsPerS: 10, refusalBurst: 20, holdMs: 1_000, turnWaitMs: 2_000 },
};

/** An average rate with three seconds of it at once, for a token (or key) and for its whole client. */
export const limitsOf = (requestsPerS: number, clientRequestsPerS: number): LimitSettings => ({
  requestsPerS,
  burst: 3 * requestsPerS,
  clientRequestsPerS,
  clientBurst: 3 * clientRequestsPerS,
  mostWaitMs: usualMostWaitMs,
});
