import { dayOf, daysBetween } from '@kkt/fn-life';
import { notify } from '@kkt/notifications';
import { OperatorTermStore } from '@kkt/storage';
import type { DeskPorts } from './ports';

/** Days before the end of an operator's paid term at which the client is told. */
export const operatorTermDays = [30, 14, 7, 1] as const;

/** Terms that clients said their operators are paid until; each threshold is told once, whoever looks how often. */
export class OperatorTermWatch {
  constructor(private readonly ports: Pick<DeskPorts, 'database' | 'clock'>) {}

  /** Returns how many were told. */
  async look(today: string = dayOf(this.ports.clock.nowMs())): Promise<number> {
    const { database } = this.ports;
    let told = 0;
    for (const term of await new OperatorTermStore(database).ending(today, operatorTermDays[0])) {
      const { clientId, subject, name, operatorName, paidUntil } = term;
      const left = daysBetween(today, paidUntil);
      const threshold = left < 0 ? -1 : Math.min(...operatorTermDays.filter((days) => days >= left));
      const isNew = await notify(database, {
        kind: left < 0 ? 'fn.operator-unpaid' : 'fn.operator-term',
        to: { kind: 'client', id: clientId },
        channel: 'email',
        event: `operator-term:${subject}:${paidUntil}:${threshold}`,
        clientId,
        params: {
          name,
          operator: operatorName,
          end: paidUntil.split('-').reverse().join('.'),
          days: Math.max(0, left),
        },
      });
      if (isNew) told += 1;
    }
    return told;
  }
}
