/** Called for a key that has something to look at. It looks in PostgreSQL: a wake-up itself says and permits nothing. */
export type WakeHandler = (key: string) => void | Promise<void>;

/**
 * Tells another process that PostgreSQL holds something new for it.
 *
 * What is promised: a wake-up sent after a commit makes the handler run at least once after that commit, as long
 * as Redis lives. What is not: any delivery when Redis is away, flushed or restarted. So whoever listens also
 * sweeps PostgreSQL by a timer, and a lost wake-up costs time and nothing else.
 *
 * Wake-ups of one key are merged: a hundred of them before the handler starts are one run; those that come
 * while it runs are one more run afterwards. One key never runs twice at a time inside one process.
 * A wake-up may be told twice. When several processes listen to one channel it reaches one of them or all: what they do
 * must be safe to be done by both.
 */
export interface WakeBus {
  /** Never rejects and never waits long; callers on a hot path need not await it. */
  wake(channel: string, key: string): Promise<void>;
  /** Starts listening, also when Redis is away for now. The returned function stops it and waits for running handlers. */
  onWake(channel: string, handler: WakeHandler): Promise<() => Promise<void>>;
  /** Stops listening and sending; waits for running handlers. */
  close(): Promise<void>;
}

/**
 * Delayed wake-ups, merged by key: the earliest time wins. The handler is the one given to {@link WakeBus.onWake};
 * it reads from PostgreSQL what is due and sets the next timer itself.
 */
export interface TimerBus {
  /** `atMs` is wall time (Unix epoch). A time in the past wakes at once. Never rejects. */
  wakeAt(channel: string, key: string, atMs: number): Promise<void>;
}

/** Counts since the start, for metrics. */
export interface WakeStats {
  /** True while Redis answers. */
  isConnected: boolean;
  /** Wake-ups handed to Redis. */
  sent: number;
  /** Wake-ups that waited in this process because Redis was away. */
  parked: number;
  /** Wake-ups given up because too many waited; their work is found by the sweep. */
  dropped: number;
  /** Runs of handlers. */
  runs: number;
  /** Handlers that threw. */
  failures: number;
}

/** Nest injection tokens. */
export const WAKE_BUS = Symbol('WakeBus');
export const TIMER_BUS = Symbol('TimerBus');
