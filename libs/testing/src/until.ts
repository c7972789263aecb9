/**
 * Waits until a condition holds, looking every few milliseconds; throws with `what` when it does not. The limit is a
 * guard against waiting for ever, no measure of speed: a test must not fail because the machine is busy.
 */
export async function until(
  isTrue: () => boolean | Promise<boolean>,
  what: string,
  limitMs = 60_000,
): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!(await isTrue())) {
    if (performance.now() > endMs) throw new Error(`not within ${limitMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
