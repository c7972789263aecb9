import type { Day } from '@kkt/billing';
import { farmActor, loadFnModels, WorkflowDesk } from '@kkt/fn-desk';
import { notify } from '@kkt/notifications';
import { AuditStore, RegisterStore, RentalEndStore, type Sql } from '@kkt/storage';
import type { RentalPorts } from './ports';

/** Days between the stop of a register and the start of its de-registration. */
export const graceDays = { trial: 3, paid: 14 } as const;
/** Why a register is paused: nobody pays for it. */
export const rentEnded = 'rent_ended';

/** Serial numbers for a letter: a few of them, and how many more. */
export async function serialsOf(sql: Sql, registerIds: readonly number[]): Promise<string> {
  const serials = await new RentalEndStore(sql).serials(registerIds.slice(0, 5));
  const more = registerIds.length - serials.length;
  return more > 0 ? `${serials.join(', ')} +${more}` : serials.join(', ');
}

/**
 * What becomes of registers that nobody pays for: first they take no receipts, after days of grace they are
 * de-registered and go back to the stock. A payment in between starts them again.
 */
export class RentalEnds {
  private readonly workflows: WorkflowDesk;

  constructor(
    private readonly ports: RentalPorts,
    private readonly cabinetUrl: string,
  ) {
    this.workflows = new WorkflowDesk({ ...ports, models: loadFnModels() });
  }

  async turn(today: Day): Promise<void> {
    await this.resumePaid(today);
    await this.stopUnpaid(today);
    await this.takeBack(today);
  }

  private async resumePaid(today: Day): Promise<void> {
    const { database } = this.ports;
    for (const one of await new RentalEndStore(database).paidAgain(today, rentEnded))
      await database.transaction(async (sql) => {
        if (!(await new RegisterStore(sql).move(one.registerId, ['paused'], 'ready', null))) return;
        await this.note(sql, one, 'register.rent-resumed', 'ready');
      });
  }

  private async stopUnpaid(today: Day): Promise<void> {
    const { database, log } = this.ports;
    const due = await new RentalEndStore(database).unpaid(today);
    const heaps = new Map<string, typeof due>();
    for (const one of due) {
      const key = [one.clientId, one.lastDay, one.isTrial].join('/');
      heaps.set(key, [...(heaps.get(key) ?? []), one]);
    }
    for (const heap of heaps.values())
      await database.transaction(async (sql) => {
        const stopped = [];
        for (const one of heap) {
          const hasMoved = await new RegisterStore(sql).move(one.registerId, ['ready'], 'paused', rentEnded);
          if (!hasMoved) continue;
          await this.note(sql, one, 'register.rent-ended', 'paused');
          stopped.push(one);
        }
        const [first] = stopped;
        if (!first) return;
        log.info(
          { clientId: first.clientId, count: stopped.length },
          'registers stopped: nobody pays for them',
        );
        await notify(sql, {
          kind: 'money.rental-ended',
          to: { kind: 'client', id: first.clientId },
          channel: 'email',
          clientId: first.clientId,
          event: `rental-ended:${first.clientId}:${first.lastDay}`,
          params: {
            registers: stopped.length,
            serials: await serialsOf(
              sql,
              stopped.map(({ registerId }) => registerId),
            ),
            end: first.lastDay.split('-').reverse().join('.'),
            grace: first.isTrial ? graceDays.trial : graceDays.paid,
            url: `${this.cabinetUrl}/money`,
          },
        });
      });
  }

  /** The FN is closed first, by people and the tax service's rules; the workflow's last steps free the module. */
  private async takeBack(today: Day): Promise<void> {
    const { database, log } = this.ports;
    const store = new RentalEndStore(database);
    for (const one of await store.overdue(today, rentEnded, graceDays.trial, graceDays.paid)) {
      try {
        await this.workflows.start(
          {
            kind: 'close',
            registerId: one.registerId,
            serial: one.serial,
            why: `Аренда не оплачена с ${one.lastDay.split('-').reverse().join('.')}`,
          },
          farmActor,
        );
      } catch (error) {
        log.warn({ err: error, registerId: one.registerId }, 'an unpaid register could not be taken back');
      }
    }
  }

  private async note(
    sql: Sql,
    { registerId, clientId, lastDay }: { registerId: number; clientId: string; lastDay: Day },
    action: string,
    state: string,
  ): Promise<void> {
    await AuditStore.write(sql, {
      actorKind: 'system',
      actorId: null,
      actorName: farmActor.name,
      clientId,
      action,
      objectKind: 'register',
      objectId: String(registerId),
      after: { state, lastDay },
    });
  }
}
