import { addDays, daysBetween } from '../calendar/working-days';
import type { Objection } from '../ledger';

/** Days before the end at which people are told. */
export const warningThresholds = [60, 30, 14, 7, 3, 1] as const;

/**
 * The warning that is due now: of thresholds reached and not told yet, the nearest to the end. Thresholds that were
 * passed unseen (a farm that stood still, an end that jumped nearer) are told as one, not one after another.
 */
export function dueWarning(
  daysLeft: number,
  told: readonly number[],
): { threshold: number; passed: readonly number[] } | undefined {
  const reached = warningThresholds.filter((threshold) => daysLeft <= threshold && !told.includes(threshold));
  const threshold = reached.at(-1);
  if (threshold === undefined) return undefined;
  // A farther warning after a nearer one would be noise: the end moved away and came back.
  if (told.some((already) => already < threshold)) return undefined;
  return { threshold, passed: reached.filter((other) => other !== threshold) };
}

export type RenewalState = 'offer' | 'accepted' | 'declined' | 'silent' | 'closed';

export interface RenewalCase {
  state: RenewalState;
  /** `YYYY-MM-DD`. */
  endDate: string;
  nextAt: string | null;
}

/** How long an offer waits for the client before someone calls. */
const patienceDays = 10;

/** When the client is asked next, if nothing comes: sooner as the end comes nearer, never after it. */
export function nextContact(today: string, endDate: string): string {
  const left = daysBetween(today, endDate);
  const wait = Math.max(1, Math.min(patienceDays, Math.floor(left / 3)));
  return addDays(today, wait);
}

/** The state of a case whose next date has come without an answer. */
export const isSilent = (found: RenewalCase, today: string): boolean =>
  (found.state === 'offer' || found.state === 'silent') && found.nextAt !== null && found.nextAt <= today;

/** Whether the client's answer can be taken. */
export function objectionToAnswer(found: RenewalCase): Objection | undefined {
  if (found.state === 'closed')
    return { code: 'CLIENT-RENEWAL-CLOSED', text: 'Обращение о замене ФН уже закрыто' };
  if (found.state === 'accepted')
    return { code: 'CLIENT-RENEWAL-ANSWERED', text: 'Замена ФН уже согласована' };
  return undefined;
}
