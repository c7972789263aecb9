/**
 * How long a command may work before the device says it is done: time T5 of transport v2, and the patience of the host
 * for an asynchronous result in v3. Values: atol-protocol facts, two implementations for the main ones, one for `position`.
 */
export const TIMEOUT_MS = {
  /** T5 default. */
  usual: 10_000,
  /** 4A, A7, 8D, 8E; 62 and A6 by one source. */
  closing: 20_000,
  /** 5A. */
  shiftReport: 40_000,
  /** 91; 67 by one source. */
  register: 45_000,
  /** E6, EA, EB. */
  position: 50_000,
  /** A8..AD. */
  archive: 120_000,
} as const;

export type TimeoutClass = keyof typeof TIMEOUT_MS;
