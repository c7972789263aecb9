/** When each register ended its receipts: moments in ms, growing. */
export type Steps = ReadonlyMap<number, readonly number[]>;

/**
 * Receipts a second of all registers between two moments. Registers that began together end together, so counting what
 * ends in a window gives jumps of whole rounds (0.8 s of receipts of 0.35 s hold two rounds or three). Each register is
 * therefore measured over its own whole receipts: from its first end in the window to its first end after it. One
 * that did not end a receipt after the window is counted up to `nowMs`, one that ended none at all as nothing.
 */
export function ratePerS(steps: Steps, fromMs: number, untilMs: number, nowMs: number): number {
  let perS = 0;
  for (const ends of steps.values()) {
    const first = ends.findIndex((atMs) => atMs >= fromMs);
    const firstMs = ends[first];
    if (firstMs === undefined || firstMs >= untilMs) continue;
    const last = ends.findIndex((atMs) => atMs >= untilMs);
    const lastMs = ends[last];
    const made = (last < 0 ? ends.length - 1 : last) - first;
    perS += (made * 1_000) / Math.max(1, (lastMs ?? nowMs) - firstMs);
  }
  return perS;
}

/** True when every register has ended a receipt since. */
export const allEndedSince = (steps: Steps, registers: Iterable<number>, sinceMs: number): boolean =>
  [...registers].every((id) => (steps.get(id)?.at(-1) ?? -Infinity) >= sinceMs);
