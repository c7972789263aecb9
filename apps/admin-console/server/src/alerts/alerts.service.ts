import { Inject, Injectable } from '@nestjs/common';
import { type DutyShift, escalationOf, gaps, onDuty, ruleById, RULES, type Severity } from '@kkt/alerts';
import { FarmError } from '@kkt/contracts';
import { correlationId } from '@kkt/observability';
import { type AuditEntry, audited, type AuditValue, type Database, NotificationStore } from '@kkt/storage';
import type { AlertRuleView, AlertView, DutyView, SilenceView } from '@kkt/web-contract';
import { notFound } from '@kkt/web-server';
import { type ConsoleParts, PARTS } from '../parts';
import type { Caller } from '../session/session.guard';

interface SilenceRow extends Omit<SilenceView, 'startsAt' | 'endsAt'> {
  startsAt: Date;
  endsAt: Date;
}

interface ShiftRow {
  id: string;
  staffId: string;
  name: string;
  role: DutyShift['role'];
  startsAt: Date;
  endsAt: Date;
  handoverNote: string | null;
}

const dayMs = 86_400_000;
const inAudit = (value: object): AuditValue => JSON.parse(JSON.stringify(value)) as AuditValue;

/** What engineers do with alerts. Each change is in the audit log. */
@Injectable()
export class AlertsService {
  private readonly database: Database;

  constructor(@Inject(PARTS) parts: ConsoleParts) {
    this.database = parts.database;
  }

  async acknowledge(caller: Caller, id: string, note: string | undefined): Promise<void> {
    await audited(this.database, async (sql) => {
      const rows = await sql.query<Pick<AlertView, 'class' | 'objectKind' | 'objectId'>>(
        `update alerts set acked_at = farm_now(), acked_by = $2, ack_note = $3
         where id = $1 and closed_at is null and acked_at is null returning class, object_kind as "objectKind", object_id as "objectId"`,
        [id, caller.staffId, note ?? null],
      );
      const [row] = rows;
      if (!row) {
        const known = await sql.query('select 1 from alerts where id = $1', [id]);
        throw known.length === 0
          ? notFound('alert')
          : new FarmError('CLIENT-STATE', 'It is acknowledged or closed already');
      }
      await sql.query(
        `insert into alert_events (alert_id, kind, who, note) values ($1, 'acknowledged', $2, $3)`,
        [id, caller.name, note ?? null],
      );
      await new NotificationStore(sql).cancelOfAlert(id, ['sms', 'telegram', 'voice']);
      return {
        result: undefined,
        entry: this.entry(caller, 'alert.acknowledge', 'alert', id, inAudit(row), note),
      };
    });
  }

  async silences(): Promise<SilenceView[]> {
    const rows = await this.database.query<SilenceRow>(
      `select i.id::text, i.rule, i.dc, i.rack, i.assembly, i.register_id as "registerId", i.reason, s.name as "staffName",
              i.starts_at as "startsAt", i.ends_at as "endsAt"
       from silences i left join staff s on s.id = i.staff_id where i.ends_at > farm_now() order by i.ends_at`,
    );
    return rows.map((row) => ({
      ...row,
      startsAt: row.startsAt.toISOString(),
      endsAt: row.endsAt.toISOString(),
    }));
  }

  async silence(
    caller: Caller,
    body: {
      rule?: string;
      dc?: string;
      rack?: string;
      assembly?: number;
      registerId?: number;
      reason: string;
      minutes: number;
    },
  ): Promise<{ id: string }> {
    if (body.rule === undefined && body.dc === undefined && body.registerId === undefined)
      throw new FarmError('CLIENT-FIELDS', 'Name what is silenced: rule, dc or registerId');
    if (body.rule !== undefined && !ruleById.has(body.rule)) throw notFound('rule');
    return audited(this.database, async (sql) => {
      const [row] = await sql.query<{ id: string }>(
        `insert into silences (rule, dc, rack, assembly, register_id, reason, staff_id, ends_at)
         values ($1, $2, $3, $4, $5, $6, $7, farm_now() + make_interval(mins => $8)) returning id::text`,
        [
          body.rule,
          body.dc,
          body.rack,
          body.assembly,
          body.registerId,
          body.reason,
          caller.staffId,
          body.minutes,
        ],
      );
      const id = row?.id ?? '';
      return {
        result: { id },
        entry: this.entry(caller, 'silence.begin', 'silence', id, inAudit(body), body.reason),
      };
    });
  }

  async endSilence(caller: Caller, id: string): Promise<void> {
    await audited(this.database, async (sql) => {
      const rows = await sql.query(
        "update silences set ends_at = greatest(farm_now(), starts_at + interval '1 millisecond') where id = $1 and ends_at > farm_now() returning id",
        [id],
      );
      if (rows.length === 0) throw notFound('silence');
      return { result: undefined, entry: this.entry(caller, 'silence.end', 'silence', id, null) };
    });
  }

  async duty(days: number): Promise<DutyView> {
    const rows = await this.database.query<ShiftRow>(
      `select d.id::text, d.staff_id as "staffId", s.name, d.role, d.starts_at as "startsAt", d.ends_at as "endsAt", d.handover_note as "handoverNote"
       from duty_shifts d join staff s on s.id = d.staff_id
       where d.ends_at > farm_now() - interval '1 day' and d.starts_at < farm_now() + make_interval(days => $1) order by d.starts_at`,
      [days],
    );
    const [clock] = await this.database.query<{ now: Date }>('select farm_now() as now');
    const nowMs = clock?.now.getTime() ?? 0;
    const shifts = rows.map((row): DutyShift => ({
      staffId: row.staffId,
      role: row.role,
      fromMs: row.startsAt.getTime(),
      toMs: row.endsAt.getTime(),
    }));
    const nameOf = (staffId: string): string => rows.find((row) => row.staffId === staffId)?.name ?? staffId;
    return {
      shifts: rows.map((row) => ({
        ...row,
        startsAt: row.startsAt.toISOString(),
        endsAt: row.endsAt.toISOString(),
      })),
      now: (['duty', 'second', 'head'] as const).flatMap((role) =>
        onDuty(shifts, role, nowMs).map((staffId) => ({ role, staffId, name: nameOf(staffId) })),
      ),
      gaps: gaps(shifts, 'duty', { fromMs: nowMs, toMs: nowMs + days * dayMs }).map(({ fromMs, toMs }) => ({
        from: new Date(fromMs).toISOString(),
        to: new Date(toMs).toISOString(),
      })),
      staff: await this.database.query<{ id: string; name: string }>(
        'select id, name from staff where not disabled order by name',
      ),
    };
  }

  async addShift(
    caller: Caller,
    body: { staffId: string; role: DutyShift['role']; startsAt: string; endsAt: string },
  ): Promise<{ id: string }> {
    const lengthMs = Date.parse(body.endsAt) - Date.parse(body.startsAt);
    if (!(lengthMs > 0 && lengthMs <= 31 * dayMs))
      throw new FarmError('CLIENT-FIELDS', 'endsAt must be after startsAt, by 31 days at most');
    return audited(this.database, async (sql) => {
      const known = await sql.query('select 1 from staff where id = $1 and not disabled', [body.staffId]);
      if (known.length === 0) throw notFound('member of the staff');
      const [row] = await sql.query<{ id: string }>(
        'insert into duty_shifts (staff_id, role, starts_at, ends_at) values ($1, $2, $3, $4) returning id::text',
        [body.staffId, body.role, body.startsAt, body.endsAt],
      );
      const id = row?.id ?? '';
      return { result: { id }, entry: this.entry(caller, 'duty.add', 'duty_shift', id, inAudit(body)) };
    });
  }

  async handOver(caller: Caller, id: string, note: string): Promise<void> {
    await audited(this.database, async (sql) => {
      const rows = await sql.query('update duty_shifts set handover_note = $2 where id = $1 returning id', [
        id,
        note,
      ]);
      if (rows.length === 0) throw notFound('shift');
      return { result: undefined, entry: this.entry(caller, 'duty.hand-over', 'duty_shift', id, { note }) };
    });
  }

  async removeShift(caller: Caller, id: string): Promise<void> {
    await audited(this.database, async (sql) => {
      const [row] = await sql.query<object>(
        'delete from duty_shifts where id = $1 returning staff_id, role, starts_at, ends_at',
        [id],
      );
      if (!row) throw notFound('shift');
      return {
        result: undefined,
        entry: { ...this.entry(caller, 'duty.remove', 'duty_shift', id, null), before: inAudit(row) },
      };
    });
  }

  async rules(): Promise<AlertRuleView[]> {
    const changed = await this.database.query<{
      id: string;
      enabled: boolean;
      severity: Severity | null;
      forS: number | null;
      parameters: Record<string, number>;
    }>('select id, enabled, severity, for_s as "forS", parameters from alert_rules');
    return RULES.map((rule) => {
      const change = changed.find(({ id }) => id === rule.id);
      const severity = change?.severity ?? rule.severity;
      return {
        id: rule.id,
        title: rule.title,
        titleEn: rule.titleEn,
        action: rule.action,
        actionEn: rule.actionEn,
        route: rule.route,
        enabled: change?.enabled ?? true,
        severity,
        forS: change?.forS ?? rule.forS,
        clearS: rule.clearS,
        parameters: { ...rule.parameters, ...change?.parameters },
        isChanged: change !== undefined,
        escalation: escalationOf(rule.route, severity).map(({ afterS, who, channels }) => ({
          afterS,
          who: typeof who === 'string' ? who : who.role,
          channels: [...channels],
        })),
      };
    });
  }

  async changeRule(
    caller: Caller,
    id: string,
    body: { enabled: boolean; severity?: number; forS?: number; parameters?: Record<string, number> },
  ): Promise<void> {
    const rule = ruleById.get(id);
    if (!rule) throw notFound('rule');
    for (const [name, value] of Object.entries(body.parameters ?? {}))
      if (
        !Object.hasOwn(rule.parameters, name) ||
        typeof value !== 'number' ||
        !Number.isFinite(value) ||
        value < 0
      )
        throw new FarmError(
          'CLIENT-FIELDS',
          `parameters.${name}: the rule ${id} has the numbers ${Object.keys(rule.parameters).join(', ') || 'none'}`,
        );
    await audited(this.database, async (sql) => {
      const [before] = await sql.query<object>(
        'select enabled, severity, for_s, parameters from alert_rules where id = $1',
        [id],
      );
      await sql.query(
        `insert into alert_rules (id, enabled, severity, for_s, parameters) values ($1, $2, $3, $4, $5)
         on conflict (id) do update set enabled = excluded.enabled, severity = excluded.severity, for_s = excluded.for_s, parameters = excluded.parameters`,
        [id, body.enabled, body.severity ?? null, body.forS ?? null, JSON.stringify(body.parameters ?? {})],
      );
      return {
        result: undefined,
        entry: {
          ...this.entry(caller, 'alert-rule.change', 'alert_rule', id, inAudit(body)),
          before: before ? inAudit(before) : null,
        },
      };
    });
  }

  private entry(
    caller: Caller,
    action: string,
    kind: string,
    id: string,
    after: AuditValue,
    reason?: string,
  ): AuditEntry {
    return {
      actorKind: 'staff',
      actorId: caller.staffId,
      actorName: caller.name,
      clientId: null,
      action,
      objectKind: kind,
      objectId: id,
      after,
      reason,
      requestId: correlationId(),
    };
  }
}
