import { HISTORY, type MetricValues, numberOf } from '@kkt/readings';
import type { Database, Sql } from '../sql';

export interface RegisterReadings {
  registerId: number;
  values: MetricValues;
}

/** The last readings of a register with its place, for lists and scrapes. */
export interface LastReadings {
  registerId: number;
  serial: string;
  dc: string;
  rack: string;
  assembly: string;
  slot: string;
  group: string | null;
  rnm: string | null;
  readings: MetricValues;
  readAt: Date;
}

export interface HistoryPoint {
  /** Unix seconds. */
  at: number;
  value: number | null;
  /** The greatest of the hour; absent in the history of minutes. */
  max?: number | null;
}

const minutesKeptH = 24;
const hoursKeptMonths = 13;

const hourName = (at: Date): string => at.toISOString().slice(0, 13).replace(/[-T]/g, '');
const monthName = (at: Date): string => at.toISOString().slice(0, 7).replace('-', '');

/** Readings of registers. Nothing here decides about receipts; all of it may be lost without harm. */
export class ReadingStore {
  /** Partitions this process has seen made. */
  private readonly ready = new Set<string>();

  constructor(private readonly sql: Database) {}

  /** Stores what is known now: the last values, and a row of minute history. */
  async save(batch: readonly RegisterReadings[]): Promise<void> {
    if (batch.length === 0) return;
    const [row] = await this.sql.query<{ now: Date }>('select farm_now() as now');
    const now = row?.now ?? new Date(0);
    await this.ensureHour(now);
    await this.sql.query(
      `insert into register_readings (register_id, readings, read_at)
       select x."registerId", x.values, farm_now() from json_to_recordset($1::json) as x("registerId" integer, values jsonb)
       where exists (select 1 from registers r where r.id = x."registerId")
       on conflict (register_id) do update set readings = excluded.readings, read_at = excluded.read_at`,
      [JSON.stringify(batch)],
      'readings_save',
    );
    const numbers = batch.map(({ values }) => HISTORY.map((key) => numberOf(values[key]) ?? null));
    await this.sql.query(
      `insert into register_minutes (register_id, at, readings)
       select x.id, date_trunc('minute', $1::timestamptz), array(select json_array_elements_text(x.readings)::float8)
       from json_to_recordset($2::json) as x(id integer, readings json)`,
      [
        now,
        JSON.stringify(batch.map(({ registerId }, index) => ({ id: registerId, readings: numbers[index] }))),
      ],
      'readings_minutes',
    );
  }

  /** The last readings of all registers, or of one rack. */
  async last(where: { dc?: string; rack?: string; registerId?: number } = {}): Promise<LastReadings[]> {
    return this.sql.query<LastReadings>(
      `select k.id as "registerId", k.serial, coalesce(k.place->>'dc', '') as dc, coalesce(k.place->>'rack', '') as rack,
              coalesce(k.place->>'assembly', '') as assembly, coalesce(k.place->>'slot', '') as slot, g.code as group, k.rnm,
              r.readings, r.read_at as "readAt"
       from register_readings r join registers k on k.id = r.register_id left join register_groups g on g.id = k.group_id
       where ($1::text is null or coalesce(k.place->>'dc', '') = $1) and ($2::text is null or coalesce(k.place->>'rack', '') = $2)
         and ($3::integer is null or k.id = $3)
       order by k.id`,
      [where.dc ?? null, where.rack ?? null, where.registerId ?? null],
    );
  }

  /** One reading over time: minutes of the last day, or hours of up to thirteen months. */
  async history(
    registerId: number,
    key: string,
    resolution: 'minute' | 'hour',
    sinceS: number,
  ): Promise<HistoryPoint[]> {
    const column = HISTORY.indexOf(key) + 1;
    if (column === 0) return [];
    return resolution === 'minute'
      ? this.sql.query<HistoryPoint>(
          `select extract(epoch from at)::float8 as at, readings[$3] as value from register_minutes
           where register_id = $1 and at >= to_timestamp($2) order by at`,
          [registerId, sinceS, column],
        )
      : this.sql.query<HistoryPoint>(
          `select extract(epoch from at)::float8 as at, last_readings[$3] as value, max_readings[$3] as max
           from register_hours where register_id = $1 and at >= to_timestamp($2) order by at`,
          [registerId, sinceS, column],
        );
  }

  /**
   * Folds whole hours of minutes into hours, makes the next partitions, drops those past their time. Safe to repeat and
   * to run from several processes.
   */
  async keep(): Promise<{ hours: number; dropped: number }> {
    const [row] = await this.sql.query<{ now: Date }>('select farm_now() as now');
    const now = row?.now ?? new Date(0);
    await this.ensureHour(now);
    await this.ensureHour(new Date(now.getTime() + 3_600_000));
    const folded = await this.sql.query(
      `insert into register_hours (register_id, at, last_readings, max_readings)
       select register_id, hour, array_agg(last order by n), array_agg(greatest order by n)
       from (
         select m.register_id, date_trunc('hour', m.at) as hour, e.n,
                (array_agg(e.value order by m.at desc) filter (where e.value is not null))[1] as last, max(e.value) as greatest
         from register_minutes m, unnest(m.readings) with ordinality as e(value, n)
         where m.at < date_trunc('hour', $1::timestamptz) and m.at >= date_trunc('hour', $1::timestamptz) - interval '3 hours'
           and not exists (select 1 from register_hours h where h.register_id = m.register_id and h.at = date_trunc('hour', m.at))
         group by m.register_id, date_trunc('hour', m.at), e.n
       ) folded group by register_id, hour
       on conflict do nothing returning 1`,
      [now],
    );
    const oldest = {
      register_minutes: hourName(new Date(now.getTime() - (minutesKeptH + 1) * 3_600_000)),
      register_hours: monthName(
        new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - hoursKeptMonths - 1, 1)),
      ),
    };
    let dropped = 0;
    for (const [table, last] of Object.entries(oldest)) dropped += await this.drop(table, last);
    return { hours: folded.length, dropped };
  }

  private async drop(table: string, last: string): Promise<number> {
    const parts = await this.sql.query<{ name: string }>(
      `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where i.inhparent = $1::regclass and c.relname <= $2 order by 1`,
      [table, `${table}_${last}`],
    );
    for (const { name } of parts)
      if (/^[a-z_0-9]+$/.test(name)) await this.sql.query(`drop table if exists ${name}`);
    return parts.length;
  }

  private async ensureHour(at: Date): Promise<void> {
    const hour = new Date(Math.floor(at.getTime() / 3_600_000) * 3_600_000);
    await this.ensure('register_minutes', hourName(hour), hour, new Date(hour.getTime() + 3_600_000));
    const month = new Date(Date.UTC(hour.getUTCFullYear(), hour.getUTCMonth(), 1));
    const next = new Date(Date.UTC(hour.getUTCFullYear(), hour.getUTCMonth() + 1, 1));
    await this.ensure('register_hours', monthName(month), month, next);
  }

  private async ensure(table: string, suffix: string, from: Date, to: Date): Promise<void> {
    const name = `${table}_${suffix}`;
    if (this.ready.has(name)) return;
    // Several drivers may come to the new hour at once.
    await this.sql.transaction(async (sql: Sql) => {
      await sql.query(`select pg_advisory_xact_lock(hashtext('readings partitions'))`);
      await sql.query(
        `create table if not exists ${name} partition of ${table} for values from ('${from.toISOString()}') to ('${to.toISOString()}')`,
      );
    });
    this.ready.add(name);
    if (this.ready.size > 100) this.ready.clear();
  }
}
