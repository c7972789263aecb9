import type { Recipient, Sql } from '@kkt/storage';
import { ruleById, type RuleChange, type Watched } from './engine';
import type { EscalationStep } from './escalation';
import { onDuty, type DutyShift } from './roster';
import type { Finding, Route, Severity } from './rule';

export interface OpenAlert {
  id: string;
  class: string;
  objectKind: string;
  objectId: string;
  severity: Severity;
  text: string;
  route: Route | null;
  title: string | null;
  object: string | null;
  cause: string | null;
  action: string | null;
  registers: number[];
  openedAt: Date;
  ageS: number;
  managed: boolean;
  silenced: boolean;
  isAcked: boolean;
  stepsTaken: number;
  clientTold: boolean;
}

export interface Silence {
  rule: string | null;
  dc: string | null;
  rack: string | null;
  assembly: number | null;
  registerId: number | null;
}

export function recipients(who: EscalationStep['who'], shifts: readonly DutyShift[]): Recipient[] {
  if (typeof who === 'object') return [{ kind: 'role', id: who.role }];
  const staff = onDuty(shifts, who, shifts.length > 0 ? (shifts[0]?.fromMs ?? 0) : 0);
  // Nobody has duty: the shared address of the desk is told, so that nothing is told to nobody.
  return staff.length > 0 ? staff.map((id) => ({ kind: 'staff', id })) : [{ kind: 'role', id: who }];
}

/** A line of an alert's journal. */
export const event = (
  sql: Sql,
  alertId: string,
  kind: string,
  who: string | null,
  note: string | null,
): Promise<unknown> =>
  sql.query('insert into alert_events (alert_id, kind, who, note) values ($1, $2, $3, $4)', [
    alertId,
    kind,
    who,
    note,
  ]);

export async function watchedOf(sql: Sql): Promise<Watched[]> {
  return sql.query<Watched>(
    `select rule, object_kind as "objectKind", object_id as "objectId", extract(epoch from since)::float8 * 1000 as "sinceMs",
            extract(epoch from clear_since)::float8 * 1000 as "clearSinceMs", is_open as "isOpen" from alert_watch`,
    [],
    'watch_read',
  );
}

export async function storeWatched(sql: Sql, watched: readonly Watched[]): Promise<void> {
  await sql.query(
    `with said as (
       select * from json_to_recordset($1::json)
         as x(rule text, "objectKind" text, "objectId" text, "sinceMs" float8, "clearSinceMs" float8, "isOpen" boolean)
     ), gone as (
       delete from alert_watch w where not exists (
         select 1 from said s where s.rule = w.rule and s."objectKind" = w.object_kind and s."objectId" = w.object_id)
     )
     insert into alert_watch as w (rule, object_kind, object_id, since, clear_since, is_open)
     select rule, "objectKind", "objectId", to_timestamp("sinceMs" / 1000), to_timestamp("clearSinceMs" / 1000), "isOpen" from said
     on conflict (rule, object_kind, object_id) do update set clear_since = excluded.clear_since, is_open = excluded.is_open
       where (w.clear_since, w.is_open) is distinct from (excluded.clear_since, excluded.is_open)`,
    [JSON.stringify(watched)],
    'watch_store',
  );
}

export async function changesOf(sql: Sql): Promise<Map<string, RuleChange>> {
  const rows = await sql.query<{
    id: string;
    enabled: boolean;
    severity: Severity | null;
    forS: number | null;
    parameters: Record<string, number>;
  }>('select id, enabled, severity, for_s as "forS", parameters from alert_rules');
  return new Map(
    rows
      .filter(({ id }) => ruleById.has(id))
      .map(({ id, enabled, severity, forS, parameters }) => [
        id,
        { isEnabled: enabled, severity: severity ?? undefined, forS: forS ?? undefined, parameters },
      ]),
  );
}

/** Registers of a finding; behind a failed switch or feed all that stand there, also those that are well. */
export async function registersOf(sql: Sql, finding: Finding): Promise<number[]> {
  if (finding.objectKind !== 'plant' || finding.facts?.places === undefined) return [...finding.registers];
  const places = String(finding.facts?.places ?? '').split(' ');
  const rows = await sql.query<{ id: number }>(
    `select id from registers where place->>'dc' = $1 and (place->>'rack') || '/' || (place->>'assembly') = any($2::text[])
       and state <> 'closed' order by id`,
    [finding.objectId.split(':', 1)[0], places],
    'alerts_behind',
  );
  return rows.map(({ id }) => id);
}

export const openAlerts = (sql: Sql): Promise<OpenAlert[]> =>
  sql.query<OpenAlert>(
    `select id::text, class, object_kind as "objectKind", object_id as "objectId", severity, text, route, title, object, cause, action,
            registers, opened_at as "openedAt", extract(epoch from farm_now() - coalesce(severity_since, opened_at))::float8 as "ageS", managed, silenced,
            acked_at is not null as "isAcked", steps_taken as "stepsTaken", client_told as "clientTold"
     from alerts where closed_at is null order by severity, id`,
    [],
    'alerts_open',
  );

export const shiftsNow = (sql: Sql): Promise<DutyShift[]> =>
  sql.query<DutyShift>(
    `select staff_id as "staffId", role, extract(epoch from farm_now())::float8 * 1000 as "fromMs",
            extract(epoch from ends_at)::float8 * 1000 as "toMs"
     from duty_shifts where starts_at <= farm_now() and ends_at > farm_now() order by starts_at desc`,
    [],
    'roster_now',
  );

export const silencesNow = (sql: Sql): Promise<Silence[]> =>
  sql.query<Silence>(
    `select rule, dc, rack, assembly, register_id as "registerId" from silences where starts_at <= farm_now() and ends_at > farm_now()`,
    [],
    'silences_now',
  );

/** A silence covers an alert when it covers all its registers, or names its rule and no place. */
export async function matches(sql: Sql, alert: OpenAlert, silences: readonly Silence[]): Promise<boolean> {
  const places =
    alert.registers.length === 0
      ? []
      : await sql.query<{ id: number; dc: string; rack: string; assembly: number }>(
          `select id, coalesce(place->>'dc', '') as dc, coalesce(place->>'rack', '') as rack, coalesce((place->>'assembly')::integer, 0) as assembly
           from registers where id = any($1::integer[])`,
          [alert.registers],
        );
  return silences.some((silence) => {
    if (silence.rule !== null && silence.rule !== alert.class) return false;
    const isPlace = silence.dc !== null || silence.registerId !== null;
    if (!isPlace) return true;
    return (
      places.length > 0 &&
      places.every(
        ({ id, dc, rack, assembly }) =>
          (silence.registerId === null || silence.registerId === id) &&
          (silence.dc === null || silence.dc === dc) &&
          (silence.rack === null || silence.rack === rack) &&
          (silence.assembly === null || silence.assembly === assembly),
      )
    );
  });
}
