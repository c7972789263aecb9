import { FarmError } from '@kkt/contracts';
import {
  addDays,
  dayOf,
  daysBetween,
  dueWarning,
  isSilent,
  nextContact,
  objectionToAnswer,
  stockOutlook,
  warningThresholds,
} from '@kkt/fn-life';
import { notify } from '@kkt/notifications';
import { AlertStore, AuditStore, FnLedgerStore, type RenewalRow, RenewalStore, type Sql } from '@kkt/storage';
import type { Actor, DeskPorts } from './ports';
import { refuse, refuseIf } from './refuse';

/** When an FN ends and why, by the forecast. */
export interface DriveEnd {
  fnNumber: string;
  registerId: number;
  clientId: string;
  /** `YYYY-MM-DD`. */
  endDate: string;
  /** Day of the first warning by the forecast, `YYYY-MM-DD`; reckoned anew every night until it has come. */
  warnOn: string;
  cause: 'capacity' | 'validity';
  /** In words, for the client. */
  reason: string;
  reasonEn: string;
}

export type StockOutlook = ReturnType<typeof stockOutlook> & { usable: number };

export interface RenewalAnswer {
  state: 'accepted' | 'declined';
  note?: string;
}

/** How far ahead new FNs must be in stock, and how many for failures. */
const horizonDays = 90;
const reserveDrives = 2;
const clientDesk = 'client-service';

/** Warnings before the end of FNs, and the cases they open. */
export class RenewalDesk {
  constructor(private readonly ports: DeskPorts) {}

  private get today(): string {
    return dayOf(this.ports.clock.nowMs());
  }

  /** Looks at every FN once: warns, opens cases, asks again where nobody answered. Returns how many warnings were given. */
  async look(ends: readonly DriveEnd[]): Promise<number> {
    const told = await new RenewalStore(this.ports.database).allTold();
    let given = 0;
    for (const end of ends) {
      const left = daysBetween(this.today, end.endDate);
      if (end.warnOn > this.today) continue;
      // The forecast's day alone says when the first warning goes out; the nearer ones count from the end.
      const due = dueWarning(Math.min(left, warningThresholds[0]), told.get(end.fnNumber) ?? []);
      if (due && (await this.warn(end, left, due))) given += 1;
    }
    await this.askAgain();
    return given;
  }

  /** The warning, its message and its case in one commit. */
  private warn(
    end: DriveEnd,
    left: number,
    due: { threshold: number; passed: readonly number[] },
  ): Promise<boolean> {
    return this.ports.database.transaction(async (sql) => {
      const store = new RenewalStore(sql);
      const { fnNumber, registerId, clientId, endDate } = end;
      const isNew = await store.warn({ fnNumber, endDate, threshold: due.threshold, daysLeft: left });
      if (!isNew) return false;
      for (const threshold of due.passed) await store.warn({ fnNumber, endDate, threshold, daysLeft: left });
      await store.open({
        id: this.ports.ids.uuid(),
        fnNumber,
        registerId,
        clientId,
        endDate,
        endCause: end.cause,
        nextAt: nextContact(this.today, endDate),
        nextPerson: clientDesk,
      });
      const rows = await sql.query<{ serial: string; code: string | null }>(
        `select k.serial, g.code from registers k left join register_groups g on g.id = k.group_id where k.id = $1`,
        [registerId],
      );
      const params = {
        serial: rows[0]?.serial ?? '',
        group: rows[0]?.code ?? '—',
        days: Math.max(0, left),
        fn: fnNumber,
        end: endDate,
        reason: end.reason,
      };
      const event = `fn-warning:${fnNumber}:${due.threshold}`;
      const to = { kind: 'client' as const, id: clientId };
      await notify(sql, { kind: 'fn.warning', to, channel: 'email', event, clientId, params });
      await notify(sql, { kind: 'fn.warning', to, channel: 'web', event, clientId, params });
      return true;
    });
  }

  /** Cases whose next date has come: someone calls the client. */
  private async askAgain(): Promise<void> {
    const { database } = this.ports;
    for (const found of await new RenewalStore(database).list({ open: true, limit: 1_000 })) {
      if (!isSilent(found, this.today)) continue;
      const nextAt = nextContact(this.today, found.endDate);
      await database.transaction(async (sql) => {
        await new RenewalStore(sql).answer(found.id, {
          state: 'silent',
          by: null,
          note: null,
          nextAt,
          nextPerson: found.nextPerson ?? clientDesk,
        });
        await notify(sql, {
          kind: 'fn.renewal-silent',
          to: { kind: 'role', id: clientDesk },
          channel: 'email',
          event: `fn-silent:${found.id}:${this.today}`,
          params: {
            client: found.clientName,
            serial: found.serial,
            fn: found.fnNumber,
            end: found.endDate,
            next: nextAt,
          },
        });
      });
    }
  }

  /** The client's answer, given by himself or taken by the staff. */
  async answer(id: string, answer: RenewalAnswer, actor: Actor, clientId?: string): Promise<RenewalRow> {
    return this.ports.database.transaction(async (sql) => {
      const store = new RenewalStore(sql);
      const found = await store.lock(id);
      if (!found || (clientId !== undefined && found.clientId !== clientId))
        throw new FarmError('CLIENT-NOT-FOUND', 'No such case');
      refuseIf(objectionToAnswer(found));
      await store.answer(id, {
        state: answer.state,
        by: actor.name,
        note: answer.note ?? null,
        // Accepted: an engineer plans the swap next. Declined: the desk asks once more before the end.
        nextAt: answer.state === 'accepted' ? addDays(this.today, 1) : nextContact(this.today, found.endDate),
        nextPerson: answer.state === 'accepted' ? 'engineers' : clientDesk,
      });
      await this.audit(sql, found, `renewal.${answer.state}`, actor, answer.note);
      return (await store.lock(id)) ?? found;
    });
  }

  /** Who asks next and when. */
  async plan(
    id: string,
    nextAt: string,
    nextPerson: string,
    note: string | undefined,
    actor: Actor,
  ): Promise<RenewalRow> {
    if (daysBetween(this.today, nextAt) < 0)
      refuse({ code: 'CLIENT-DATE', text: 'Дата следующего шага уже прошла' });
    return this.ports.database.transaction(async (sql) => {
      const store = new RenewalStore(sql);
      const found = await store.lock(id);
      if (!found) throw new FarmError('CLIENT-NOT-FOUND', 'No such case');
      if (found.state === 'closed') refuse({ code: 'CLIENT-RENEWAL-CLOSED', text: 'Обращение уже закрыто' });
      await store.answer(id, { state: found.state, by: null, note: note ?? null, nextAt, nextPerson });
      await this.audit(sql, found, 'renewal.plan', actor, note);
      return (await store.lock(id)) ?? found;
    });
  }

  /** FNs that end soon against FNs in stock. */
  async outlook(ends: readonly DriveEnd[]): Promise<StockOutlook> {
    const counts = await new FnLedgerStore(this.ports.database).counts();
    const usable = counts
      .filter(({ state }) => state === 'tested' || state === 'reserved')
      .reduce((sum, { drives }) => sum + drives, 0);
    const found = stockOutlook({
      usable,
      ends: ends.map(({ endDate }) => endDate),
      today: this.today,
      horizonDays,
      reserve: ends.length > 0 ? reserveDrives : 0,
    });
    return { ...found, usable };
  }

  /** Raises or closes the alert of the stock, and tells the engineers once a month and shortage. */
  async watchStock(ends: readonly DriveEnd[]): Promise<void> {
    const { database } = this.ports;
    const { missing, needed, usable, until } = await this.outlook(ends);
    const alerts = new AlertStore(database);
    if (missing === 0) return alerts.close('fn_stock_low', 'farm', 'stock');
    await alerts.raise({
      class: 'fn_stock_low',
      objectKind: 'farm',
      objectId: 'stock',
      severity: 3,
      text: `Мало ФН на складе: до ${until} нужно ${needed}, есть ${usable}`,
      facts: { missing, needed, usable, until },
    });
    await notify(database, {
      kind: 'fn.stock-low',
      to: { kind: 'role', id: 'engineers' },
      channel: 'email',
      event: `fn-stock:${until.slice(0, 7)}:${missing}`,
      params: { missing, needed, usable, until },
    });
  }

  private audit(
    sql: Sql,
    found: RenewalRow,
    action: string,
    actor: Actor,
    reason: string | undefined,
  ): Promise<number> {
    return AuditStore.write(sql, {
      actorKind: actor.kind,
      actorId: actor.id,
      actorName: actor.name,
      clientId: found.clientId,
      action,
      objectKind: 'fn',
      objectId: found.fnNumber,
      before: { state: found.state },
      reason,
      requestId: actor.requestId,
    });
  }
}
