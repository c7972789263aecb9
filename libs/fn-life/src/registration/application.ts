import { workingDeadlineMs } from '../calendar/working-days';
import type { Objection } from '../ledger';

export type ApplicationKind = 'registration' | 'reregistration' | 'deregistration';
export type ApplicationState = 'draft' | 'sent' | 'number_received' | 'report_entered' | 'card' | 'cancelled';

/**
 * Ways of an application. A re-registration keeps its number, so nothing is received between sending and the report;
 * its report exists before it is sent. A de-registration has the closing report for its report.
 */
const ways: Readonly<
  Record<ApplicationKind, Readonly<Partial<Record<ApplicationState, readonly ApplicationState[]>>>>
> = {
  registration: {
    draft: ['sent', 'cancelled'],
    sent: ['number_received', 'draft', 'cancelled'],
    number_received: ['report_entered', 'cancelled'],
    report_entered: ['card'],
  },
  reregistration: {
    draft: ['sent', 'cancelled'],
    sent: ['report_entered', 'draft'],
    report_entered: ['card'],
  },
  deregistration: {
    draft: ['sent', 'cancelled'],
    sent: ['report_entered', 'draft'],
    report_entered: ['card'],
  },
};

/** States that can come next. */
export const nextStates = (kind: ApplicationKind, state: ApplicationState): readonly ApplicationState[] =>
  ways[kind][state] ?? [];

export function objectionToState(
  kind: ApplicationKind,
  from: ApplicationState,
  to: ApplicationState,
): Objection | undefined {
  return nextStates(kind, from).includes(to)
    ? undefined
    : { code: 'CLIENT-APPLICATION-STATE', text: `Заявление нельзя перевести из «${from}» в «${to}»` };
}

/** Working days for each thing (54-FZ art. 4.2; FFD facts G.3). */
export const deadlineDays = {
  /** Application after a change, and the report after the number. */
  change: 1,
  /** Application after an FN that failed. */
  fnFailure: 5,
  /** The tax service's card. */
  card: 5,
} as const;

/** When the next thing of an application must have been done, Unix milliseconds. */
export function applicationDueMs(state: ApplicationState, sinceMs: number, isFnFailure: boolean): number {
  if (state === 'report_entered') return workingDeadlineMs(sinceMs, deadlineDays.card);
  if (state === 'draft' && isFnFailure) return workingDeadlineMs(sinceMs, deadlineDays.fnFailure);
  return workingDeadlineMs(sinceMs, deadlineDays.change);
}
