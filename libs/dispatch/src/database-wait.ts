import { sleep } from '@kkt/contracts';
import { isDatabaseAway } from '@kkt/storage';
import type { DispatchPorts } from './ports';

/**
 * Stores something that must not be lost while PostgreSQL restarts: tries again until it is back or `signal` ends the
 * wait. Only for statements that may be repeated. What was not stored is still in the FN and is found by recovery.
 */
export async function untilStored<T>(
  ports: Pick<DispatchPorts, 'clock' | 'log' | 'random'>,
  what: string,
  run: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (!isDatabaseAway(error) || signal.aborted) throw error;
      if (attempt === 1) ports.log.warn({ what, err: (error as Error).message }, 'database is away, waiting');
      const delayMs = Math.min(2_000, 50 * 2 ** Math.min(attempt, 6)) * (0.5 + ports.random.next());
      await sleep(ports.clock, delayMs, signal);
    }
  }
}
