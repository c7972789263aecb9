import type { NotificationChannel } from '@kkt/storage';
import type { Route, Severity } from './rule';

/** Who has duty: the engineer, his second, the head. */
export type DutyRole = 'duty' | 'second' | 'head';

export interface EscalationStep {
  afterS: number;
  who: DutyRole | { role: string };
  channels: readonly NotificationChannel[];
}

/** To the duty engineers, by severity: the next step is taken only while nobody has acknowledged. */
const duty: Readonly<Record<Severity, readonly EscalationStep[]>> = {
  1: [
    { afterS: 0, who: 'duty', channels: ['web', 'telegram', 'sms', 'email'] },
    { afterS: 120, who: 'duty', channels: ['voice'] },
    { afterS: 300, who: 'second', channels: ['web', 'sms', 'voice'] },
    { afterS: 900, who: 'head', channels: ['web', 'sms', 'voice'] },
  ],
  2: [
    { afterS: 0, who: 'duty', channels: ['web', 'telegram', 'sms'] },
    { afterS: 900, who: 'duty', channels: ['voice'] },
  ],
  3: [{ afterS: 0, who: 'duty', channels: ['web', 'email'] }],
  4: [{ afterS: 0, who: 'duty', channels: ['web'] }],
};

const desk = (role: string): readonly EscalationStep[] => [
  { afterS: 0, who: { role }, channels: ['web', 'email'] },
];

/** Who is told of an alert, when. Client-side troubles go to support, not to the engineer who could do nothing. */
export function escalationOf(route: Route, severity: Severity): readonly EscalationStep[] {
  switch (route) {
    case 'integration':
      return desk('support');
    case 'fn':
      return desk('client-service');
    case 'capacity':
      return desk('client-service');
    case 'operator':
      return [...desk('support'), ...duty[severity]];
    case 'hardware':
    case 'platform':
      return duty[severity];
  }
}

/** Steps that are due and were not taken yet. */
export const dueSteps = (
  steps: readonly EscalationStep[],
  taken: number,
  ageS: number,
): readonly EscalationStep[] => steps.slice(taken).filter(({ afterS }) => afterS <= ageS);
