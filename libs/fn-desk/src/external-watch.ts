import { dayOf, daysBetween } from '@kkt/fn-life';
import { notify } from '@kkt/notifications';
import { ExternalRegisterStore } from '@kkt/storage';
import type { DeskPorts } from './ports';

/** Days before the end of an FN at which the owner of a register of his own is told. */
export const externalFnDays = [60, 30, 14, 7, 1] as const;

/**
 * Ends of FNs of registers that clients run themselves, by the date they typed in. Each threshold of an FN is told once,
 * whoever looks how often.
 */
export class ExternalWatch {
  constructor(private readonly ports: DeskPorts) {}

  /** Returns how many owners were told. */
  async look(today: string = dayOf(this.ports.clock.nowMs())): Promise<number> {
    const { database } = this.ports;
    let told = 0;
    for (const row of await new ExternalRegisterStore(database).ending(today, externalFnDays[0])) {
      const { id, clientId, name, serial, fnNumber, fnValidUntil } = row;
      if (!fnValidUntil) continue;
      const left = daysBetween(today, fnValidUntil);
      const threshold = left < 0 ? -1 : Math.min(...externalFnDays.filter((days) => days >= left));
      const isNew = await notify(database, {
        kind: left < 0 ? 'fn.external-ended' : 'fn.external-ends',
        to: { kind: 'client', id: clientId },
        channel: 'email',
        event: `external-fn:${id}:${fnNumber ?? '-'}:${fnValidUntil}:${threshold}`,
        clientId,
        params: {
          name,
          serial,
          fn: fnNumber ?? '—',
          end: fnValidUntil.split('-').reverse().join('.'),
          days: Math.max(0, left),
        },
      });
      if (isNew) told += 1;
    }
    return told;
  }
}
