import { type DutyShift, escalationOf, onDuty, type Route, type Severity } from '@kkt/alerts';
import type { Sql } from '@kkt/storage';
import type { AlertDetails, AlertNextStep } from '@kkt/web-contract';

/** What the desk knows of an alert besides the alert itself. */
export interface AlertWeight {
  id: string;
  assignedToId: string | null;
  assignedTo: string | null;
  publicRu: string | null;
  publicEn: string | null;
  publicAt: Date | null;
  route: Route | null;
  severity: Severity;
  /** Escalation counts from here. */
  countedFrom: Date;
  stepsTaken: number;
  /** Nobody is told any more: acknowledged, silenced or over. */
  isQuiet: boolean;
  clients: number;
  receipts: number;
}

/** Groups that an alert concerns: by its registers, or by its own name. */
const groupsOf = `select o.id, k.group_id, k.client_id from chosen o join registers k on k.id = any(o.registers)
  union select o.id, g.id, g.client_id from chosen o join register_groups g on g.code = o.object_id where o.object_kind = 'group'
  union select o.id, null, o.client_id from chosen o where o.client_id is not null`;

/** The weight of these alerts. */
export const weightsOf = (sql: Sql, ids: readonly string[]): Promise<AlertWeight[]> =>
  sql.query<AlertWeight>(
    `with chosen as (select * from alerts where id = any($1::bigint[])),
     hit as (${groupsOf}),
     groups as (select distinct id, group_id from hit where group_id is not null),
     waiting as (select group_id, count(*) as n from receipts where state in ('queued', 'working', 'in_doubt') group by 1),
     clients as (select id, count(distinct client_id) as n from hit where client_id is not null group by 1),
     receipts as (select groups.id, sum(waiting.n) as n from groups join waiting using (group_id) group by 1)
     select a.id::text, a.assigned_to as "assignedToId", s.name as "assignedTo", a.public_ru as "publicRu", a.public_en as "publicEn",
            a.public_at as "publicAt", a.route, a.severity, coalesce(a.severity_since, a.opened_at) as "countedFrom",
            a.steps_taken as "stepsTaken", (a.acked_at is not null or a.silenced or a.closed_at is not null) as "isQuiet",
            coalesce(clients.n, 0)::integer as clients, coalesce(receipts.n, 0)::integer as receipts
     from chosen a left join staff s on s.id = a.assigned_to left join clients on clients.id = a.id left join receipts on receipts.id = a.id`,
    [ids],
    'alerts_weight',
  );

/** Whose receipts wait behind an alert. */
export const hitBy = (sql: Sql, id: string): Promise<AlertDetails['hit']> =>
  sql.query<AlertDetails['hit'][number]>(
    `with chosen as (select * from alerts where id = $1), hit as (${groupsOf}),
     groups as (select distinct group_id from hit where group_id is not null)
     select c.name as "clientName", g.code as "groupCode", count(r.id)::integer as receipts,
            count(r.id) filter (where r.state = 'in_doubt')::integer as "inDoubt"
     from groups join register_groups g on g.id = groups.group_id join clients c on c.id = g.client_id
     left join receipts r on r.group_id = g.id and r.state in ('queued', 'working', 'in_doubt')
     group by 1, 2 order by 3 desc, 2 limit 50`,
    [id],
  );

/** Shifts of today and tomorrow: the next call is never later. */
export async function shiftsAhead(sql: Sql): Promise<{ shifts: DutyShift[]; names: Map<string, string> }> {
  const rows = await sql.query<DutyShift & { name: string }>(
    `select d.staff_id as "staffId", s.name, d.role, extract(epoch from d.starts_at)::float8 * 1000 as "fromMs",
            extract(epoch from d.ends_at)::float8 * 1000 as "toMs"
     from duty_shifts d join staff s on s.id = d.staff_id
     where d.ends_at > farm_now() - interval '1 day' and d.starts_at < farm_now() + interval '1 day'`,
    [],
    'roster_ahead',
  );
  return { shifts: rows, names: new Map(rows.map(({ staffId, name }) => [staffId, name])) };
}

/** Who is told next and when; null when nobody is. */
export function nextStepOf(
  weight: Pick<AlertWeight, 'route' | 'severity' | 'stepsTaken' | 'countedFrom' | 'isQuiet'>,
  roster: { shifts: readonly DutyShift[]; names: ReadonlyMap<string, string> },
): AlertNextStep | null {
  if (weight.isQuiet) return null;
  const step = escalationOf(weight.route ?? 'hardware', weight.severity)[weight.stepsTaken];
  if (!step) return null;
  const atMs = weight.countedFrom.getTime() + step.afterS * 1_000;
  const { who } = step;
  return {
    at: new Date(atMs).toISOString(),
    who: typeof who === 'string' ? who : who.role,
    names:
      typeof who === 'string'
        ? onDuty(roster.shifts, who, atMs).map((staffId) => roster.names.get(staffId) ?? staffId)
        : [],
    channels: [...step.channels],
  };
}
