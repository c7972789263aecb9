import { type LimitSettings, usualMostWaitMs } from '../access/limits';

/** What can be tuned in the own API. */
export interface OwnApiSettings extends LimitSettings {
  /** Wrong keys from one address a minute; then 429. */
  wrongKeysPerMin: number;
  /** Open event streams of one client. */
  streamsPerClient: number;
  /** Open event streams of this process. */
  streams: number;
  /** Pause between looks for news on a stream. */
  streamEveryMs: number;
}

export const defaultOwnApiSettings: OwnApiSettings = {
  requestsPerS: 100,
  burst: 300,
  clientRequestsPerS: 300,
  clientBurst: 900,
  mostWaitMs: usualMostWaitMs,
  wrongKeysPerMin: 20,
  streamsPerClient: 5,
  streams: 500,
  streamEveryMs: 1_000,
};
