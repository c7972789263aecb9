import { Inject, Injectable } from '@nestjs/common';
import { ruleById } from '@kkt/alerts';
import { FarmError } from '@kkt/contracts';
import { correlationId } from '@kkt/observability';
import {
  type AlertRow,
  audited,
  type AuditValue,
  type Database,
  InventoryReadStore,
  NotificationStore,
  type Sql,
} from '@kkt/storage';
import type { AlertDeskRow, AlertDetails } from '@kkt/web-contract';
import { momentOrNull, notFound } from '@kkt/web-server';
import { type ConsoleParts, PARTS } from '../parts';
import type { Caller } from '../session/session.guard';
import { alertView } from '../views';
import { type AlertWeight, hitBy, nextStepOf, shiftsAhead, weightsOf } from './alert-impact';

type Roster = Awaited<ReturnType<typeof shiftsAhead>>;

/** The desk of alerts: each with its weight, whose it is and who is called next; what people add to it. */
@Injectable()
export class AlertDesk {
  private readonly database: Database;

  constructor(
    @Inject(PARTS) parts: ConsoleParts,
    @Inject(InventoryReadStore) private readonly inventory: InventoryReadStore,
  ) {
    this.database = parts.database;
  }

  /** Open ones by urgency, or closed ones, the newest first. */
  async list(isOpen: boolean): Promise<AlertDeskRow[]> {
    return this.weighed(await this.inventory.alerts({ open: isOpen, limit: 200 }));
  }

  /** One alert with its registers, whose receipts wait, its journal and who was told. */
  async read(id: string): Promise<AlertDetails> {
    const found = await this.inventory.alert(id);
    const [row] = found ? await this.weighed([found]) : [];
    if (!row) throw notFound('alert');
    const [registers, hit, events, messages] = await Promise.all([
      this.database.query<AlertDetails['registers'][number]>(
        `select k.id, k.serial, k.place->>'dc' as dc, k.place->>'rack' as rack, (k.place->>'assembly')::integer as assembly,
                (k.place->>'slot')::integer as slot, k.state, coalesce(s.online, false) as online, g.code as "groupCode", c.name as "clientName"
         from alerts a join registers k on k.id = any(a.registers) left join register_status s on s.register_id = k.id
         left join register_groups g on g.id = k.group_id left join clients c on c.id = k.client_id
         where a.id = $1 order by 3, 4, 5, 6, 1`,
        [id],
      ),
      hitBy(this.database, id),
      this.database.query<{ at: Date; kind: string; who: string | null; note: string | null }>(
        'select at, kind, who, note from alert_events where alert_id = $1 order by id',
        [id],
      ),
      new NotificationStore(this.database).list({ alertId: id, limit: 200 }),
    ]);
    return {
      ...row,
      registers,
      hit,
      events: events.map((one) => ({ ...one, at: one.at.toISOString() })),
      messages: messages.map((one) => ({
        id: one.id,
        at: one.createdAt.toISOString(),
        channel: one.channel,
        to: one.address ?? `${one.recipientKind} ${one.recipientId}`,
        state: one.state,
        subject: one.subject,
      })),
    };
  }

  /** Gives an open alert to a colleague, or takes it from everybody. */
  assign(caller: Caller, id: string, staffId: string | null): Promise<void> {
    return this.change(caller, id, 'alert.assign', { assignedTo: staffId }, async (sql) => {
      const [to] = staffId
        ? await sql.query<{ name: string }>('select name from staff where id = $1 and not disabled', [
            staffId,
          ])
        : [];
      if (staffId && !to) throw notFound('member of the staff');
      await sql.query('update alerts set assigned_to = $2 where id = $1', [id, staffId]);
      return { kind: 'assigned', note: to?.name ?? null };
    });
  }

  /** A line for whoever works on it next. */
  note(caller: Caller, id: string, note: string): Promise<void> {
    return this.change(caller, id, 'alert.note', { note }, () => Promise.resolve({ kind: 'note', note }));
  }

  /** Tells everybody on the status page, in both languages. */
  publish(caller: Caller, id: string, words: { ru: string; en: string }): Promise<void> {
    return this.change(caller, id, 'alert.publish', words, async (sql) => {
      await sql.query(
        'update alerts set public_ru = $2, public_en = $3, public_at = farm_now() where id = $1',
        [id, words.ru, words.en],
      );
      return { kind: 'published', note: words.ru };
    });
  }

  withdraw(caller: Caller, id: string): Promise<void> {
    return this.change(caller, id, 'alert.withdraw', {}, async (sql) => {
      const rows = await sql.query(
        'update alerts set public_ru = null, public_en = null, public_at = null where id = $1 and public_at is not null returning id',
        [id],
      );
      if (rows.length === 0) throw new FarmError('CLIENT-STATE', 'The status page says nothing of it');
      return { kind: 'withdrawn', note: null };
    });
  }

  private async change(
    caller: Caller,
    id: string,
    action: string,
    after: Record<string, AuditValue>,
    run: (sql: Sql) => Promise<{ kind: string; note: string | null }>,
  ): Promise<void> {
    await audited(this.database, async (sql) => {
      const [row] = await sql.query<{ closed: boolean }>(
        'select closed_at is not null as closed from alerts where id = $1 for update',
        [id],
      );
      if (!row) throw notFound('alert');
      if (row.closed && action === 'alert.assign')
        throw new FarmError('CLIENT-STATE', 'It is closed already');
      const { kind, note } = await run(sql);
      await sql.query('insert into alert_events (alert_id, kind, who, note) values ($1, $2, $3, $4)', [
        id,
        kind,
        caller.name,
        note,
      ]);
      return {
        result: undefined,
        entry: {
          actorKind: 'staff',
          actorId: caller.staffId,
          actorName: caller.name,
          clientId: null,
          action,
          objectKind: 'alert',
          objectId: id,
          after,
          requestId: correlationId(),
        },
      };
    });
  }

  private async weighed(rows: readonly AlertRow[]): Promise<AlertDeskRow[]> {
    if (rows.length === 0) return [];
    const [weights, roster] = await Promise.all([
      weightsOf(
        this.database,
        rows.map(({ id }) => id),
      ),
      shiftsAhead(this.database),
    ]);
    const byId = new Map(weights.map((weight) => [weight.id, weight]));
    return rows.map((row) => deskRow(row, byId.get(row.id), roster));
  }
}

function deskRow(row: AlertRow, weight: AlertWeight | undefined, roster: Roster): AlertDeskRow {
  const at = momentOrNull(weight?.publicAt ?? null);
  return {
    ...alertView(row),
    titleEn: ruleById.get(row.class)?.titleEn ?? null,
    actionEn: ruleById.get(row.class)?.actionEn ?? null,
    assignedToId: weight?.assignedToId ?? null,
    assignedTo: weight?.assignedTo ?? null,
    clients: weight?.clients ?? 0,
    receipts: weight?.receipts ?? 0,
    next: weight ? nextStepOf(weight, roster) : null,
    public: at ? { ru: weight?.publicRu ?? '', en: weight?.publicEn ?? '', at } : null,
  };
}
