import type { Log } from '@kkt/contracts';
import { notify } from '@kkt/notifications';
import {
  type Database,
  type NotificationChannel,
  NotificationStore,
  type Recipient,
  type Sql,
  tellChange,
} from '@kkt/storage';
import { nextDueInMs, type Seen, step, type Watched, watchKey } from './engine';
import { dueSteps, escalationOf, type EscalationStep } from './escalation';
import { FactsReader } from './facts-reader';
import type { DutyShift } from './roster';
import type { Finding, Severity } from './rule';
import {
  changesOf,
  event,
  matches,
  openAlerts,
  type OpenAlert,
  recipients,
  registersOf,
  shiftsNow,
  type Silence,
  silencesNow,
  storeWatched,
  watchedOf,
} from './watch-rows';
import { durationText } from './words';

export interface AlertWatchOptions {
  database: Database;
  log: Log;
  /** Address of the console, for links in messages. */
  consoleUrl: string;
  /** Address of the cabinet, for links to clients. */
  cabinetUrl: string;
}

/** One worker of several acts in a turn: this is the lock they try. */
const watchLock = 540_077;

const moscow = new Intl.DateTimeFormat('ru-RU', {
  dateStyle: 'short',
  timeStyle: 'short',
  timeZone: 'Europe/Moscow',
});
const when = (at: Date): string => `${moscow.format(at)} МСК`;

/**
 * The watch over the farm. A turn reads the facts, opens, changes and closes alerts by the rules, and tells whoever must
 * act: all in one transaction, so that an alert and its messages are both there or neither.
 */
export class AlertWatch {
  private readonly reader = new FactsReader();
  /** Alerts known to be as stored: an unchanged one costs no write. */
  private readonly written = new Map<string, string>();
  private due: number | undefined;

  constructor(private readonly options: AlertWatchOptions) {}

  /** When the next alert opens or closes by its time alone, milliseconds from the last turn; undefined: none is to. */
  get dueInMs(): number | undefined {
    return this.due;
  }

  /** False when another worker has the turn. */
  async turn(): Promise<boolean> {
    this.due = undefined;
    return this.options.database.transaction(async (sql) => {
      const [lock] = await sql.query<{ got: boolean }>('select pg_try_advisory_xact_lock($1) as got', [
        watchLock,
      ]);
      if (!lock?.got) return false;
      const facts = await this.reader.read(sql);
      const changes = await changesOf(sql);
      const result = step(await watchedOf(sql), facts, changes);
      this.due = nextDueInMs(result.watched, facts.nowMs, changes);
      await storeWatched(sql, result.watched);
      let isNews = result.closed.length > 0;
      for (const seen of [...result.opened, ...result.kept]) isNews = (await this.write(sql, seen)) || isNews;
      for (const over of result.closed) await this.close(sql, over);
      if (isNews) await tellChange(sql, 'alerts');
      await this.tell(sql, new Map(result.watched.map((one) => [watchKey(one), one])), [
        ...result.opened,
        ...result.kept,
      ]);
      return true;
    });
  }

  /** False when the alert is stored as it is already. */
  private async write(sql: Sql, { rule, finding, severity, watched }: Seen): Promise<boolean> {
    const registers = await registersOf(sql, finding);
    const content = JSON.stringify([severity, finding.text, finding.facts, finding.cause, registers.length]);
    const key = watchKey(watched);
    if (this.written.get(key) === content) return false;
    const [row] = await sql.query<{ id: string; isNew: boolean }>(
      `insert into alerts (class, object_kind, object_id, severity, text, facts, route, title, object, cause, action, client_id, registers, managed, opened_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, true, farm_now())
       on conflict (class, object_kind, object_id) where closed_at is null do update set severity = excluded.severity, text = excluded.text,
         facts = excluded.facts, cause = coalesce(excluded.cause, alerts.cause), registers = excluded.registers, seen_at = farm_now(),
         steps_taken = case when excluded.severity < alerts.severity then 0 else alerts.steps_taken end,
         severity_since = case when excluded.severity < alerts.severity then farm_now() else alerts.severity_since end,
         acked_at = case when excluded.severity < alerts.severity then null else alerts.acked_at end
       returning id::text, (xmax = 0) as "isNew"`,
      [
        rule.id,
        finding.objectKind,
        finding.objectId,
        severity,
        finding.text,
        JSON.stringify(finding.facts ?? {}),
        rule.route,
        rule.title,
        finding.object,
        finding.cause ?? null,
        rule.action,
        finding.clientId ?? null,
        registers,
      ],
      'alerts_write',
    );
    this.written.set(key, content);
    if (row?.isNew) {
      await event(sql, row.id, 'opened', null, finding.text);
      this.options.log.warn({ alert: rule.id, object: finding.objectId, severity }, 'alert opened');
    }
    return true;
  }

  private async close(sql: Sql, over: Watched): Promise<void> {
    this.written.delete(watchKey(over));
    const [row] = await sql.query<{
      id: string;
      title: string | null;
      object: string | null;
      lastedS: number;
    }>(
      `update alerts set closed_at = farm_now() where class = $1 and object_kind = $2 and object_id = $3 and closed_at is null
       returning id::text, title, object, extract(epoch from farm_now() - opened_at)::float8 as "lastedS"`,
      [over.rule, over.objectKind, over.objectId],
    );
    if (!row) return;
    await event(sql, row.id, 'closed', null, null);
    this.options.log.info({ alert: over.rule, object: over.objectId }, 'alert closed');
  }

  /** Messages about open alerts that are due, and about closed ones to whoever was told of them. */
  private async tell(sql: Sql, watched: ReadonlyMap<string, Watched>, seen: readonly Seen[]): Promise<void> {
    const open = await openAlerts(sql);
    const shifts = open.length > 0 ? await shiftsNow(sql) : [];
    const silences = open.length > 0 ? await silencesNow(sql) : [];
    const findings = new Map(seen.map((one) => [watchKey(one.watched), one.finding]));
    for (const alert of open) {
      const key = `${alert.class}|${alert.objectKind}|${alert.objectId}`;
      // Known to the watch but not told of yet, or already over for a while: nothing new to say.
      if (alert.managed && !watched.get(key)?.isOpen) continue;
      if (await this.silence(sql, alert, silences)) continue;
      const finding = findings.get(key);
      if (!alert.clientTold && finding?.client) await this.tellClient(sql, alert, finding);
      if (!alert.isAcked) await this.escalate(sql, alert, shifts);
    }
    await this.tellRecovered(sql);
  }

  private async silence(sql: Sql, alert: OpenAlert, silences: readonly Silence[]): Promise<boolean> {
    const isSilent = silences.length > 0 && (await matches(sql, alert, silences));
    if (isSilent !== alert.silenced) {
      await sql.query('update alerts set silenced = $2 where id = $1', [alert.id, isSilent]);
      if (isSilent) await event(sql, alert.id, 'silenced', null, null);
    }
    return isSilent;
  }

  private async escalate(sql: Sql, alert: OpenAlert, shifts: readonly DutyShift[]): Promise<void> {
    const steps = escalationOf(alert.route ?? 'hardware', alert.severity);
    const due = dueSteps(steps, alert.stepsTaken, alert.ageS);
    if (due.length === 0) return;
    for (const one of due) await this.take(sql, alert, one, steps.indexOf(one), shifts);
    if (alert.class === 'ofd_not_receiving' && alert.stepsTaken === 0) await this.tellOperator(sql, alert);
    await sql.query('update alerts set steps_taken = $2 where id = $1', [
      alert.id,
      alert.stepsTaken + due.length,
    ]);
  }

  private async take(
    sql: Sql,
    alert: OpenAlert,
    one: EscalationStep,
    index: number,
    shifts: readonly DutyShift[],
  ): Promise<void> {
    for (const to of recipients(one.who, shifts)) {
      for (const channel of one.channels) {
        const common = {
          to,
          channel,
          event: `alert:${alert.id}:${alert.severity}:${index}`,
          severity: alert.severity,
          alertId: alert.id,
        };
        const title = alert.title ?? alert.text;
        const object = alert.object ?? `${alert.objectKind} ${alert.objectId}`;
        const url = `${this.options.consoleUrl}/alerts?id=${alert.id}`;
        if (channel === 'voice')
          await notify(sql, {
            ...common,
            kind: 'alert.call',
            params: { severity: alert.severity, title, object },
          });
        else if (alert.class === 'fn_filling') await this.tellFn(sql, alert, { ...common, channel });
        else
          await notify(sql, {
            ...common,
            kind: 'alert.opened',
            params: {
              severity: alert.severity,
              title,
              text: alert.text,
              object,
              since: when(alert.openedAt),
              affected: alert.registers.length,
              cause: alert.cause ?? 'не определена',
              action: alert.action ?? 'откройте карточку',
              url,
            },
          });
      }
      await event(sql, alert.id, 'told', `${to.kind} ${to.id}`, one.channels.join(', '));
    }
  }

  /** The operator's own desk is told as well, once per incident. */
  private async tellOperator(sql: Sql, alert: OpenAlert): Promise<void> {
    const inn = alert.objectId.split('|', 1)[0] ?? '';
    const [row] = await sql.query<{ unsent: number }>(
      'select coalesce(sum(unsent), 0)::integer as unsent from register_status where register_id = any($1::integer[])',
      [alert.registers],
    );
    await notify(sql, {
      kind: 'operator.trouble',
      params: {
        registers: alert.registers.length,
        since: when(alert.openedAt),
        cause: alert.cause ?? 'причина не определена',
        unsent: row?.unsent ?? 0,
      },
      to: { kind: 'role', id: `operator:${inn}` },
      channel: 'email',
      event: `alert:${alert.id}:operator`,
      alertId: alert.id,
    });
    await event(sql, alert.id, 'told', `operator ${inn}`, 'email');
  }

  /** The letter to client service: client, register, FN, when it ends. */
  private async tellFn(
    sql: Sql,
    alert: OpenAlert,
    common: {
      to: Recipient;
      channel: NotificationChannel;
      event: string;
      severity: Severity;
      alertId: string;
    },
  ): Promise<void> {
    const [row] = await sql.query<{ client: string | null; fnNumber: string | null; endsOn: string | null }>(
      `select c.name as client, k.fn_number as "fnNumber", to_char(coalesce(s.valid_until, f.valid_until), 'DD.MM.YYYY') as "endsOn"
       from registers k left join clients c on c.id = k.client_id left join register_status s on s.register_id = k.id
       left join fiscal_drives f on f.fn_number = k.fn_number where k.id = $1`,
      [Number(alert.objectId)],
    );
    await notify(sql, {
      ...common,
      kind: 'fn.filling',
      params: {
        client: row?.client ?? '—',
        register: alert.object ?? alert.objectId,
        fnNumber: row?.fnNumber ?? '—',
        reason: alert.cause ?? alert.text,
        endsOn: row?.endsOn ?? '—',
      },
    });
  }

  private async tellClient(sql: Sql, alert: OpenAlert, { client }: Finding): Promise<void> {
    if (!client) return;
    const since = when(alert.openedAt);
    const text = (name: string): string => String(client.params[name] ?? '');
    const number = (name: string): number => Number(client.params[name] ?? 0);
    for (const channel of ['email', 'web'] as const) {
      const common = {
        to: { kind: 'client', id: client.clientId } as const,
        channel,
        event: `alert:${alert.id}:client`,
        clientId: client.clientId,
        alertId: alert.id,
      };
      switch (client.kind) {
        case 'delayed':
          await notify(sql, {
            ...common,
            kind: 'client.receipts-delayed',
            params: { group: text('group'), cause: text('cause'), waiting: number('waiting'), since },
          });
          break;
        case 'overloaded':
          await notify(sql, {
            ...common,
            kind: 'client.group-overloaded',
            params: {
              group: text('group'),
              needed: number('needed'),
              have: number('have'),
              perMinute: number('perMinute'),
              oldest: text('oldest'),
              minutes: Math.max(1, Math.round(alert.ageS / 60) + 15),
              url: `${this.options.cabinetUrl}/registers`,
            },
          });
          break;
        case 'refused':
          await notify(sql, {
            ...common,
            kind: 'client.integration-errors',
            params: {
              group: text('group'),
              title: text('title'),
              count: number('count'),
              minutes: number('minutes'),
              example: text('example'),
            },
          });
          break;
        case 'ofd':
          await notify(sql, {
            ...common,
            kind: 'client.ofd-trouble',
            params: {
              group: text('group'),
              operator: text('operator'),
              cause: text('cause'),
              unsent: number('unsent'),
              action: text('action'),
              since,
            },
          });
          break;
      }
    }
    await sql.query('update alerts set client_told = true where id = $1', [alert.id]);
    await event(sql, alert.id, 'told', `client ${client.clientId}`, 'email, web');
  }

  /** Whoever was told that it is broken is told once that it works again, by the quiet channels. */
  private async tellRecovered(sql: Sql): Promise<void> {
    const closed = await sql.query<{
      id: string;
      title: string | null;
      text: string;
      object: string | null;
      lastedS: number;
    }>(
      `select id::text, title, text, object, extract(epoch from closed_at - opened_at)::float8 as "lastedS"
       from alerts a where closed_at > farm_now() - interval '1 minute' and steps_taken > 0`,
    );
    for (const alert of closed) {
      await new NotificationStore(sql).cancelOfAlert(alert.id, ['voice', 'sms', 'telegram']);
      const told = await sql.query<{
        kind: Recipient['kind'];
        id: string;
        channel: 'web' | 'telegram' | 'email';
      }>(
        `select distinct recipient_kind as kind, recipient_id as id, channel from notifications
         where alert_id = $1 and kind in ('alert.opened', 'fn.filling') and channel in ('web', 'telegram', 'email') and recipient_kind <> 'client'`,
        [alert.id],
      );
      for (const { kind, id, channel } of told)
        await notify(sql, {
          kind: 'alert.closed',
          params: {
            title: alert.title ?? alert.text,
            object: alert.object ?? '',
            lasted: durationText(alert.lastedS),
            url: `${this.options.consoleUrl}/alerts?id=${alert.id}`,
          },
          to: { kind, id },
          channel,
          event: `alert:${alert.id}:closed`,
          alertId: alert.id,
        });
      const [delayed] = await sql.query<{ clientId: string; body: string }>(
        `select client_id as "clientId", body from notifications where alert_id = $1 and kind = 'client.receipts-delayed' limit 1`,
        [alert.id],
      );
      const group = /групп[аы] касс (\S+)/.exec(delayed?.body ?? '')?.[1];
      if (delayed && group)
        await notify(sql, {
          kind: 'client.receipts-recovered',
          params: { group, lasted: durationText(alert.lastedS) },
          to: { kind: 'client', id: delayed.clientId },
          channel: 'email',
          event: `alert:${alert.id}:recovered`,
          clientId: delayed.clientId,
          alertId: alert.id,
        });
    }
  }
}
