import { dayOf } from '@kkt/fn-life';
import { notify } from '@kkt/notifications';
import { AlertStore, FnLedgerStore, FnWorkflowStore, RegistrationStore } from '@kkt/storage';
import { driveEnds } from './drive-ends';
import { ExternalWatch } from './external-watch';
import type { DeskPorts } from './ports';
import { OperatorTermWatch } from './operator-term-watch';
import { RenewalDesk } from './renewal-desk';

/** What is looked at by the clock: ends of FNs, terms of workflows, applications and cells. */
export class FnWatch {
  private lookedOn = '';

  constructor(private readonly ports: DeskPorts) {}

  /** Once a day: forecasts, warnings, stock. False when this day was looked at already by this process. */
  async daily(): Promise<boolean> {
    const today = dayOf(this.ports.clock.nowMs());
    if (this.lookedOn === today) return false;
    const ends = await driveEnds(this.ports.database, today);
    const renewals = new RenewalDesk(this.ports);
    await renewals.look(ends);
    await renewals.watchStock(ends);
    await this.cells(today);
    await new ExternalWatch(this.ports).look(today);
    await new OperatorTermWatch(this.ports).look(today);
    this.lookedOn = today;
    return true;
  }

  /** Workflows and applications past their term: told once, and shown until they end. */
  async overdue(): Promise<number> {
    const { database } = this.ports;
    let count = 0;
    for (const row of await new FnWorkflowStore(database).newlyOverdue()) {
      await database.transaction(async (sql) => {
        await new FnWorkflowStore(sql).patch(row.id, { overdueTold: true });
        await new AlertStore(sql).raise({
          class: 'fn_workflow_overdue',
          objectKind: 'register',
          objectId: row.registerId,
          severity: 2,
          text: `Просрочена работа с ФН кассы ${row.serial}: шаг «${row.step}», ведёт ${row.assigneeName}`,
          facts: { workflow: row.id, step: row.step, due: row.dueAt.toISOString() },
        });
        await notify(sql, {
          kind: 'fn.workflow-overdue',
          to: { kind: 'role', id: 'engineers' },
          channel: 'email',
          event: `fn-workflow-overdue:${row.id}`,
          params: {
            kind: row.kind,
            serial: row.serial,
            due: dayOf(row.dueAt.getTime()),
            step: row.step,
            assignee: row.assigneeName,
            note: row.note ?? '—',
          },
        });
      });
      count += 1;
    }
    for (const row of await new RegistrationStore(database).newlyOverdue()) {
      await database.transaction(async (sql) => {
        await new RegistrationStore(sql).overdueTold(row.id);
        const params = { serial: row.serial, state: row.state, due: dayOf(row.dueAt.getTime()) };
        const event = `fn-application-overdue:${row.id}:${row.state}`;
        await notify(sql, {
          kind: 'fn.application-overdue',
          to: { kind: 'client', id: row.clientId },
          channel: 'email',
          event,
          clientId: row.clientId,
          params,
        });
        await notify(sql, {
          kind: 'fn.application-overdue',
          to: { kind: 'role', id: 'client-service' },
          channel: 'email',
          event,
          params,
        });
      });
      count += 1;
    }
    return count;
  }

  private async cells(today: string): Promise<void> {
    const { database } = this.ports;
    const late = await new FnLedgerStore(database).overdueInCells(today);
    const alerts = new AlertStore(database);
    if (late.length === 0) return alerts.close('fn_cell_overdue', 'farm', 'cells');
    await alerts.raise({
      class: 'fn_cell_overdue',
      objectKind: 'farm',
      objectId: 'cells',
      severity: 4,
      text: `Срок хранения ФН в сейфе прошёл: ${late.map(({ cell }) => cell).join(', ')}`,
      facts: { drives: late.length },
    });
  }
}
