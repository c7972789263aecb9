/** A pending timer; `cancel` is safe to call at any time. */
export interface Timer {
  cancel(): void;
}

/**
 * Time as the farm sees it. Injected everywhere, so that a simulation can run days in seconds.
 * `nowMs` is wall time (Unix epoch); `monotonicMs` never goes back and is the one for leases and timeouts.
 */
export interface Clock {
  nowMs(): number;
  monotonicMs(): number;
  setTimer(delayMs: number, run: () => void): Timer;
}

/** Makes identifiers: UUID version 7, so that keys grow with time. */
export interface Ids {
  uuid(): string;
}

/** Uniform random numbers in [0, 1), for jitter and for seeds. */
export interface Random {
  next(): number;
}

/** Structured log; one line per state change. Fields must not hold secrets or buyers' contacts. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Log;
}

/** Waits on the injected clock. Rejects with the signal's reason when aborted. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const timer = clock.setTimer(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    const onAbort = () => {
      timer.cancel();
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** A log that says nothing: for pure tests and tools with their own output. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};
