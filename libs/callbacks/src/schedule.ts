import type { Random } from '@kkt/contracts';

/** Waits before the 2nd, 3rd… attempt, seconds; the last one repeats. */
const delaysS = [1, 5, 30, 120, 600, 1_800, 3_600, 3 * 3_600, 6 * 3_600, 12 * 3_600] as const;

/** How long a callback is tried: what payment services do too, long enough for a weekend of a small shop. */
export const tryForS = 3 * 24 * 3_600;

/**
 * When to try again after a failed attempt: seconds from now, or undefined to give up. `attempts` counts those that
 * failed before this one, `ageS` is the time since the result is known. A tenth is left to chance, so that
 * shops that failed together do not come back together.
 */
export function nextAttemptInS(attempts: number, ageS: number, random: Random): number | undefined {
  if (ageS >= tryForS) return undefined;
  const delayS = delaysS[Math.min(attempts, delaysS.length - 1)] ?? tryForS;
  return Math.min(delayS * (0.9 + 0.2 * random.next()), Math.max(1, tryForS - ageS));
}
