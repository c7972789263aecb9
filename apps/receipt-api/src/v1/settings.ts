/** What can be tuned in the own API. */
export interface OwnApiSettings {
  /** Requests of one key a second, on average. */
  requestsPerS: number;
  /** Requests a key may send at once after a pause. */
  burst: number;
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
  wrongKeysPerMin: 20,
  streamsPerClient: 5,
  streams: 500,
  streamEveryMs: 1_000,
};
