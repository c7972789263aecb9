import type { Sql } from '@kkt/storage';
import { ruleById } from './engine';

export type ComponentState = 'operational' | 'degraded' | 'outage' | 'unknown';

/** What everybody may know about the service. Nothing of clients, places or devices is in it. */
export interface ServiceStatus {
  at: string;
  state: ComponentState;
  components: { code: 'accept' | 'register' | 'callback' | 'operators'; state: ComponentState }[];
  /** Measured over the last fifteen minutes; null: nothing to measure. Milliseconds. */
  measured: {
    acceptMs: number | null;
    registerP50Ms: number | null;
    registerP95Ms: number | null;
    callbackP95Ms: number | null;
    receiptsDone: number;
    receiptsFailed: number;
    lastTestReceiptAt: string | null;
  };
  incidents: {
    title: { ru: string; en: string };
    severity: number;
    since: string;
    until: string | null;
    /** What an engineer told everybody. */
    note: { ru: string; en: string; at: string } | null;
  }[];
  /** Ninety days: share of minutes in which no grave incident was open; null before the first measure. */
  days: { day: string; available: number | null }[];
}

/** Alerts that shops feel; others are the house's own business. */
const publicRules = [
  'receipts_stand',
  'synthetic_failing',
  'ledger_mismatch',
  'plant_element_down',
  'register_silent',
];
const silentAfterS = 600;
const slowRegisterMs = 10_000;
const slowCallbackMs = 30_000;

export async function readServiceStatus(sql: Sql): Promise<ServiceStatus> {
  const [now] = await sql.query<{
    at: Date;
    done: number;
    failed: number;
    p50: number | null;
    p95: number | null;
    callback: number | null;
    accept: number | null;
    testAt: Date | null;
    testAgeS: number | null;
    waitingS: number | null;
    unsentS: number | null;
  }>(
    `select farm_now() as at, coalesce(sum(done), 0)::integer as done, coalesce(sum(failed), 0)::integer as failed,
            avg(register_p50_ms)::integer as p50, max(register_p95_ms) as p95, max(callback_p95_ms) as callback,
            coalesce(avg(accept_ms)::integer, (select accept_ms from synthetic_receipts where outcome = 'ok' order by started_at desc limit 1)) as accept,
            (select max(started_at) from synthetic_receipts where outcome = 'ok') as "testAt",
            (select extract(epoch from farm_now() - max(started_at))::float8 from synthetic_receipts where outcome = 'ok') as "testAgeS",
            (select extract(epoch from farm_now() - min(accepted_at))::float8 from receipts where state = 'queued') as "waitingS",
            (select extract(epoch from farm_now() - min(created_at))::float8 from ofd_messages where state = 'ready') as "unsentS"
     from service_minutes where minute > farm_now() - interval '15 minutes'`,
  );
  const incidents = await sql.query<{
    rule: string;
    severity: number;
    since: Date;
    until: Date | null;
    ru: string | null;
    en: string | null;
    toldAt: Date | null;
  }>(
    `select class as rule, severity, opened_at as since, closed_at as until, public_ru as ru, public_en as en, public_at as "toldAt" from alerts
     where (public_at is not null or class = any($1::text[]) and severity <= case class when 'plant_element_down' then 1 when 'register_silent' then 1 else 2 end)
       and (closed_at is null or closed_at > farm_now() - interval '14 days') order by opened_at desc limit 50`,
    [publicRules],
  );
  const days = await sql.query<{ day: string; available: number | null }>(
    `with measured as (select min(minute) as first from service_minutes),
     bad as (
       select greatest(a.opened_at, d.day) as since, least(coalesce(a.closed_at, farm_now()), d.day + interval '1 day') as until, d.day
       from generate_series(date_trunc('day', farm_now()) - interval '89 days', date_trunc('day', farm_now()), interval '1 day') as d(day)
       join alerts a on a.severity = 1 and a.class = any($1::text[]) and a.opened_at < d.day + interval '1 day' and coalesce(a.closed_at, farm_now()) > d.day
     )
     select to_char(d.day, 'YYYY-MM-DD') as day,
            case when measured.first is null or d.day < date_trunc('day', measured.first) then null
              else greatest(0, 1 - coalesce((select sum(extract(epoch from until - since)) from bad where bad.day = d.day), 0) / 86400)::float8 end as available
     from generate_series(date_trunc('day', farm_now()) - interval '89 days', date_trunc('day', farm_now()), interval '1 day') as d(day), measured
     order by d.day`,
    [publicRules],
  );
  const isOpen = (rule: string): boolean => incidents.some((one) => one.rule === rule && one.until === null);
  const isGrave = incidents.some(
    ({ rule, severity, until }) => publicRules.includes(rule) && severity === 1 && until === null,
  );
  const of = (bad: boolean, poor: boolean, known: boolean): ComponentState =>
    bad ? 'outage' : poor ? 'degraded' : known ? 'operational' : 'unknown';
  const tested = now?.testAgeS !== null && now?.testAgeS !== undefined;
  const components: ServiceStatus['components'] = [
    {
      code: 'accept',
      state: of(
        false,
        isOpen('synthetic_failing'),
        (tested && (now?.testAgeS ?? 0) < silentAfterS) || (now?.done ?? 0) > 0,
      ),
    },
    {
      code: 'register',
      state: of(
        isOpen('receipts_stand'),
        isGrave || (now?.p95 ?? 0) > slowRegisterMs || (now?.waitingS ?? 0) > 60,
        (now?.done ?? 0) > 0 || tested,
      ),
    },
    { code: 'callback', state: of(false, (now?.callback ?? 0) > slowCallbackMs, true) },
    { code: 'operators', state: of(false, (now?.unsentS ?? 0) > silentAfterS, true) },
  ];
  const states = components.map(({ state }) => state);
  return {
    at: (now?.at ?? new Date(0)).toISOString(),
    state: states.includes('outage') ? 'outage' : states.includes('degraded') ? 'degraded' : 'operational',
    components,
    measured: {
      acceptMs: now?.accept ?? null,
      registerP50Ms: now?.p50 ?? null,
      registerP95Ms: now?.p95 ?? null,
      callbackP95Ms: now?.callback ?? null,
      receiptsDone: now?.done ?? 0,
      receiptsFailed: now?.failed ?? 0,
      lastTestReceiptAt: now?.testAt?.toISOString() ?? null,
    },
    incidents: incidents.map(({ rule, severity, since, until, ru, en, toldAt }) => ({
      title: { ru: ruleById.get(rule)?.title ?? rule, en: ruleById.get(rule)?.titleEn ?? rule },
      severity,
      since: since.toISOString(),
      until: until?.toISOString() ?? null,
      note: ru !== null && en !== null && toldAt ? { ru, en, at: toldAt.toISOString() } : null,
    })),
    days,
  };
}
