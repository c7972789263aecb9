import { type Clock, type Log, systemClock } from '@kkt/contracts';
import type { HealthChecks } from './health';
import { flushLog } from './log';

export interface ShutdownStep {
  name: string;
  run: () => void | Promise<void>;
}

export interface ShutdownOptions {
  log: Log;
  /** Done one after another: first stop taking work, then finish it, then close what it used. */
  steps: readonly ShutdownStep[];
  /** Time for all steps together; after it the process ends with code 1. */
  timeoutMs: number;
  health?: HealthChecks;
  clock?: Clock;
  /** Replaced in tests. */
  exit?: (code: number) => void;
}

/**
 * Ends the process in order on SIGTERM or SIGINT; a second signal ends it at once. A step that fails is logged and
 * the next is done. Returns the function that starts the same by hand.
 */
export function shutdownOnSignals(options: ShutdownOptions): (reason: string) => Promise<void> {
  const { log, health, clock = systemClock } = options;
  const exit =
    options.exit ??
    ((code: number) => {
      flushLog();
      process.exit(code);
    });
  let isStopping = false;
  const stop = async (reason: string): Promise<void> => {
    if (isStopping) return exit(1);
    isStopping = true;
    log.info({ reason }, 'stopping');
    health?.stopping();
    let isLate = false;
    const timer = clock.setTimer(options.timeoutMs, () => {
      isLate = true;
      log.error({ timeoutMs: options.timeoutMs }, 'did not stop in time');
      exit(1);
    });
    let hasFailed = false;
    for (const step of options.steps) {
      try {
        await step.run();
      } catch (error) {
        hasFailed = true;
        log.error({ step: step.name, err: error }, 'a step of stopping failed');
      }
      if (isLate) return;
    }
    timer.cancel();
    log.info({}, 'stopped');
    exit(hasFailed ? 1 : 0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
  return stop;
}

/** A fault that nobody caught leaves unknown state: say so and end, the supervisor starts anew. */
export function exitOnUncaught(log: Log): void {
  const end = (what: string) => (error: unknown) => {
    log.error({ err: error }, what);
    flushLog();
    process.exit(1);
  };
  process.on('uncaughtException', end('uncaught exception'));
  process.on('unhandledRejection', end('unhandled rejection'));
}
