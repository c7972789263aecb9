import { onlineNow, PlantStore, type Sql } from '@kkt/storage';
import type { Facts, GroupFact, PlaceCount, RefusalFact, RegisterFact } from './facts';
import { gaps } from './roster';

/** What costs more to ask and changes slowly is asked again only after so long. */
const slowEveryMs = 5_000;
const dayS = 86_400;

type Slow = Pick<
  Facts,
  'refusals' | 'ledgerFindings' | 'spares' | 'rosterGapInS' | 'callbackHosts' | 'plants' | 'synthetic'
>;

/** Reads the facts the rules lean on. Registers that are well are only counted. */
export class FactsReader {
  private slow: { atMs: number; facts: Slow } | undefined;

  async read(sql: Sql): Promise<Facts> {
    const [clock] = await sql.query<{ ms: number }>(
      'select extract(epoch from farm_now())::float8 * 1000 as ms',
    );
    const nowMs = clock?.ms ?? 0;
    if (!this.slow || nowMs - this.slow.atMs >= slowEveryMs || nowMs < this.slow.atMs)
      this.slow = { atMs: nowMs, facts: await this.readSlow(sql, nowMs) };
    const down = await new PlantStore(sql).down();
    const groups = await this.groups(sql);
    return {
      nowMs,
      ...this.slow.facts,
      registers: await this.registers(sql),
      places: await this.places(sql),
      groups,
      recovering: await this.recovering(sql),
      down: down.map(({ dc, kind, code, since }) => ({ dc, kind, code, sinceMs: since.getTime() })),
      drivers: await sql.query<Facts['drivers'][number]>(
        `select k.driver_id as "driverId", count(*)::integer as registers,
                count(*) filter (where l.expires_at > farm_now())::integer as leases
         from registers k left join leases l on l.register_id = k.id
         where k.state in ('registering', 'ready', 'paused') group by 1`,
        [],
        'watch_drivers',
      ),
      // Only whether there are any is asked: counting a busy minute would cost.
      finished2m: await this.one<Facts['finished2m']>(
        sql,
        `select (select count(*)::integer from (select 1 from receipts where finished_at > farm_now() - interval '2 minutes' and state = 'done' limit 1) d) as done,
                (select count(*)::integer from (select 1 from receipts where finished_at > farm_now() - interval '2 minutes' and state = 'failed' limit 1) f) as failed`,
      ),
      inDoubt: await this.one<Facts['inDoubt']>(
        sql,
        `select count(*)::integer as receipts,
                coalesce(extract(epoch from farm_now() - min(started_at)), 0)::float8 as "oldestS"
         from receipts where state = 'in_doubt' and register_id is not null`,
      ),
    };
  }

  private async one<Row extends object>(sql: Sql, text: string): Promise<Row> {
    const [row] = await sql.query<Row>(text);
    return row as Row;
  }

  private async recovering(sql: Sql): Promise<Facts['recovering']> {
    const rows = await sql.query<{ id: number; isOver: boolean }>(
      `select unnest(registers) as id, closed_at is not null or object_kind = 'plant' as "isOver" from alerts
       where class in ('plant_element_down', 'register_silent') and object_kind in ('plant', 'place', 'driver')
         and (object_kind <> 'plant' or coalesce((facts->>'silent')::integer, 0) > 0)
         and (closed_at is null or closed_at > farm_now() - interval '1 minute')`,
      [],
      'watch_recovering',
    );
    return {
      registers: new Set(rows.map(({ id }) => id)),
      places: new Set(rows.filter(({ isOver }) => isOver).map(({ id }) => id)),
    };
  }

  private places(sql: Sql): Promise<PlaceCount[]> {
    return sql.query<PlaceCount>(
      `select coalesce(place->>'dc', '') as dc, coalesce(place->>'rack', '') as rack, coalesce((place->>'assembly')::integer, 0) as assembly,
              count(*) filter (where state in ('registering', 'ready', 'paused', 'stopped'))::integer as registers, count(*)::integer as modules
       from registers where state <> 'closed' group by 1, 2, 3`,
      [],
      'watch_places',
    );
  }

  private registers(sql: Sql): Promise<RegisterFact[]> {
    return sql.query<RegisterFact>(
      `select k.id, k.serial, coalesce(k.place->>'dc', '') as dc, coalesce(k.place->>'rack', '') as rack,
              coalesce((k.place->>'assembly')::integer, 0) as assembly, coalesce((k.place->>'slot')::integer, 0) as slot,
              k.state, k.state_reason as "stateReason", ${onlineNow} as online,
              coalesce(l.expires_at > farm_now(), false) as "isLeased", s.problem, k.driver_id as "driverId",
              k.client_id as "clientId", c.name as "clientName", g.code as "groupCode", k.fn_number as "fnNumber",
              s.documents_left as "documentsLeft", f.capacity_documents as "capacityDocuments",
              (coalesce(s.valid_until, f.valid_until) - farm_now()::date)::integer as "fnDaysLeft", coalesce(s.unsent, 0) as unsent,
              coalesce(extract(epoch from farm_now() - s.first_unsent_at), 0)::float8 as "unsentAgeS",
              case when s.shift_open then extract(epoch from s.shift_expires_at - farm_now())::float8 end as "shiftLeftS",
              (s.clock_offset_ms / 1000.0)::float8 as "clockOffsetS",
              case when r.read_at > farm_now() - interval '5 minutes' then (r.readings->>'command_p95')::float8 end as "commandP95S",
              exists (select 1 from receipts q where q.register_id = k.id and q.state in ('working', 'in_doubt')) as "hasReceipt",
              g.ofd_inn as "ofdInn", g.ofd_name as "ofdName",
              (select m.cause from ofd_messages m where m.fn_number = k.fn_number and m.state <> 'confirmed' limit 1) as "ofdCause"
       from registers k left join register_status s on s.register_id = k.id left join leases l on l.register_id = k.id
       left join clients c on c.id = k.client_id left join register_groups g on g.id = k.group_id
       left join fiscal_drives f on f.fn_number = k.fn_number left join register_readings r on r.register_id = k.id
       where k.state in ('registering', 'ready', 'paused', 'stopped')
         and (k.state = 'stopped' or not ${onlineNow} or s.problem is not null
           or (s.unsent > 0 and s.first_unsent_at < farm_now() - interval '1 minute')
           or abs(s.clock_offset_ms) > 10000 or s.shift_expires_at < farm_now() + interval '3 hours'
           or s.documents_left < f.capacity_documents * 0.2
           or coalesce(s.valid_until, f.valid_until) < (farm_now() + interval '70 days')::date
           or (r.readings->>'command_p95')::float8 > 0.1)
       order by k.id`,
      [],
      'watch_registers',
    );
  }

  /** Groups with receipts that wait. The pace is counted only for those that wait long. */
  private groups(sql: Sql): Promise<GroupFact[]> {
    return sql.query<GroupFact>(
      `with waiting as (
         select group_id, count(*)::integer as n, extract(epoch from farm_now() - min(accepted_at))::float8 as oldest
         from receipts where state = 'queued' group by 1
       ), park as (
         select k.group_id, count(*)::integer as total,
                count(*) filter (where k.state = 'ready' and s.problem is null and ${onlineNow})::integer as ready
         from registers k left join register_status s on s.register_id = k.id left join leases l on l.register_id = k.id
         where k.group_id in (select group_id from waiting) and k.state <> 'closed' group by 1
       )
       select g.code, g.client_id as "clientId", c.name as "clientName", g.paused, w.n as waiting, greatest(0, w.oldest) as "oldestS",
              coalesce(p.ready, 0) as "registersReady", coalesce(p.total, 0) as "registersTotal",
              case when w.oldest < 30 then 0 else (select count(*)::float8 / 5 from receipts r where r.group_id = g.id
                and r.accepted_at > farm_now() - interval '5 minutes') end as "acceptedPerMinute",
              case when w.oldest < 30 then 0 else (select count(*)::float8 / 5 from receipts r where r.group_id = g.id
                and r.accepted_at > farm_now() - interval '1 day' and r.finished_at > farm_now() - interval '5 minutes') end as "finishedPerMinute"
       from waiting w join register_groups g on g.id = w.group_id join clients c on c.id = g.client_id
       left join park p on p.group_id = g.id order by g.code`,
      [],
      'watch_groups',
    );
  }

  private async readSlow(sql: Sql, nowMs: number): Promise<Slow> {
    const shifts = await sql.query<{ staffId: string; fromMs: number; toMs: number }>(
      `select staff_id as "staffId", extract(epoch from starts_at)::float8 * 1000 as "fromMs", extract(epoch from ends_at)::float8 * 1000 as "toMs"
       from duty_shifts where role = 'duty' and ends_at > farm_now() and starts_at < farm_now() + interval '1 day'`,
    );
    const [gap] = gaps(
      shifts.map((shift) => ({ ...shift, role: 'duty' as const })),
      'duty',
      { fromMs: nowMs, toMs: nowMs + dayS * 1_000 },
    );
    const findings = await this.one<{ n: number }>(
      sql,
      `select count(*)::integer as n from findings where state = 'open'`,
    );
    return {
      plants: await new PlantStore(sql).plants(),
      rosterGapInS: gap ? Math.round((gap.fromMs - nowMs) / 1_000) : null,
      ledgerFindings: findings.n,
      spares: await sql.query<Facts['spares'][number]>(
        `select kind, code, name, spares, spares_minimum as minimum from hardware_types where spares < spares_minimum`,
      ),
      refusals: await this.refusals(sql),
      synthetic: await this.synthetic(sql),
      callbackHosts: await sql.query<Facts['callbackHosts'][number]>(
        `select r.client_id as "clientId", c.name as "clientName", lower(split_part(b.url, '/', 3)) as host, count(*)::integer as pending,
                extract(epoch from farm_now() - min(b.created_at))::float8 as "oldestS"
         from callbacks b join receipts r on r.id = b.receipt_id join clients c on c.id = r.client_id
         where b.state = 'pending' and b.created_at < farm_now() - interval '30 minutes' group by 1, 2, 3`,
      ),
    };
  }

  /** Refused at the door, and refused by the device or the FFD as the client's own fault. */
  private refusals(sql: Sql): Promise<RefusalFact[]> {
    return sql.query<RefusalFact>(
      `with all_refusals as (
         select group_id, code, sum(receipts)::integer as n, (array_agg(text order by minute desc))[1] as text
         from intake_refusals where minute > farm_now() - interval '10 minutes' group by 1, 2
         union all
         select group_id, error_code, count(*)::integer, (array_agg(error_text order by finished_at desc))[1]
         from receipts where state = 'failed' and finished_at > farm_now() - interval '10 minutes' and error_type in ('agent', 'driver', 'system')
         group by 1, 2
       )
       select g.code as "groupCode", g.client_id as "clientId", c.name as "clientName", a.code, sum(a.n)::integer as receipts,
              coalesce(max(a.text), '') as text
       from all_refusals a join register_groups g on g.id = a.group_id join clients c on c.id = g.client_id
       group by 1, 2, 3, 4 order by 1, 4`,
    );
  }

  private async synthetic(sql: Sql): Promise<Facts['synthetic']> {
    const rows = await sql.query<{ outcome: string; error: string | null; ageS: number }>(
      `select outcome, error, extract(epoch from farm_now() - started_at)::float8 as "ageS"
       from synthetic_receipts where started_at > farm_now() - interval '1 day' order by started_at desc limit 20`,
    );
    if (rows.length === 0) return undefined;
    const firstOk = rows.findIndex(({ outcome }) => outcome === 'ok');
    return {
      failedInRow: firstOk === -1 ? rows.length : firstOk,
      lastOkAgeS: firstOk === -1 ? null : Math.round(rows[firstOk]?.ageS ?? 0),
      error: rows[0]?.error ?? null,
    };
  }
}
