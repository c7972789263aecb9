const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Moscow has had UTC+3 all the year round since 2014. */
const zoneMs = 3 * hourMs;

/** When people of support are at work: Monday to Friday, from nine to nine in Moscow. */
export const workingHours = { fromHour: 9, toHour: 21, weekdays: [1, 2, 3, 4, 5] } as const;

/** How long an answer may take, hours of work. */
export const answerWithinH = 4;

const isWorkday = (localMs: number): boolean =>
  (workingHours.weekdays as readonly number[]).includes(new Date(localMs).getUTCDay());

/** Whether support is at work at a moment. */
export function isOpen(atMs: number): boolean {
  const local = atMs + zoneMs;
  const hour = (local % dayMs) / hourMs;
  return isWorkday(local) && hour >= workingHours.fromHour && hour < workingHours.toHour;
}

/** The moment so many working hours after another one. */
export function afterWorkingHours(atMs: number, hours: number): number {
  let local = atMs + zoneMs;
  let leftMs = hours * hourMs;
  for (;;) {
    const midnight = local - (local % dayMs);
    const start = Math.max(local, midnight + workingHours.fromHour * hourMs);
    const end = midnight + workingHours.toHour * hourMs;
    if (isWorkday(midnight) && start < end) {
      if (leftMs <= end - start) return start + leftMs - zoneMs;
      leftMs -= end - start;
    }
    local = midnight + dayMs;
  }
}
