import type { Sql } from '../sql';

/** An FN in a register, with what it made each day; `documents[0]` is of `firstDay`, null: no reading. */
export interface DriveToForecast {
  fnNumber: string;
  registerId: number;
  groupId: number;
  capacityDocuments: number;
  /** In the FN at the end of the last whole day. */
  usedDocuments: number;
  /** `YYYY-MM-DD`. */
  validUntil: string | null;
  firstDay: string | null;
  documents: (number | null)[];
}

export interface ForecastRow {
  fnNumber: string;
  registerId: number;
  groupId: number;
  model: string;
  fillP10: string | null;
  fillP50: string | null;
  fillP90: string | null;
  endOn: string | null;
  cause: 'capacity' | 'validity' | 'none';
  warnOn: string | null;
  documentsUsed: number;
  perDay: number;
  reasonRu: string;
  reasonEn: string;
}

/** A forecast as pages show it. */
export interface FnForecastRow extends ForecastRow {
  madeOn: string;
  madeAt: Date;
  serial: string;
  groupCode: string | null;
  clientId: string | null;
  capacityDocuments: number | null;
}

/** One day of an FN, by its own word. */
export interface FnDayRow {
  day: string;
  documentsUsed: number;
  documentsLeft: number | null;
  unsent: number | null;
  registrationsLeft: number | null;
  warnings: number | null;
  phase: number | null;
  validUntil: string | null;
  readAt: Date;
}

/** The load of a group over the last four weeks. */
export interface GroupLoad {
  groupId: number;
  receiptsPerDay: number;
  /** Receipts a minute over the busiest ten minutes. */
  peakPerMinute: number;
  /** Milliseconds from begin to proof, mean. */
  paceMs: number;
  registers: number;
}

export interface GroupNeedRow extends GroupLoad {
  minimum: number;
  optimal: number;
  predictedP99S: number;
  drift: number;
  isDrifted: boolean;
  arithmetic: readonly { ru: string; en: string }[];
}

export interface FarmCapacityRow {
  day: string;
  slots: number;
  freeSlots: number;
  rented: number;
  freeFns: number;
  fnsEnding90Days: number;
  daysToFull: number | null;
}

/** The farm's calendar day; FNs write Moscow's wall clock unless their group says otherwise. */
const today = `(farm_now() at time zone 'Europe/Moscow')::date`;
/** A run that has not ended after so long was broken off. */
const brokenOffAfter = '30 minutes';

/** Readings of FNs by day, forecasts, needs of groups, room of the farm. */
export class PlanningStore {
  constructor(private readonly sql: Sql) {}

  /** Today's row of each FN, from what the drivers read last. Safe to repeat. */
  async keepReadings(): Promise<number> {
    const rows = await this.sql.query<{ n: number }>(
      `with kept as (
         insert into fn_days as d (fn_number, day, register_id, documents_used, documents_left, unsent, registrations_left,
           warnings, phase, valid_until, read_at)
         select s.fn_number, (s.updated_at at time zone 'Europe/Moscow')::date, s.register_id, s.last_fd, s.documents_left, s.unsent,
           s.registrations_left, s.fn_warnings, s.fn_phase, s.valid_until, s.updated_at
         from register_status s
         where s.online and s.fn_number ~ '^[0-9]{16}$' and s.last_fd is not null and s.fn_phase in (3, 7)
         on conflict (fn_number, day) do update set register_id = excluded.register_id,
           documents_used = greatest(d.documents_used, excluded.documents_used), documents_left = excluded.documents_left,
           unsent = excluded.unsent, registrations_left = excluded.registrations_left, warnings = excluded.warnings,
           phase = excluded.phase, valid_until = coalesce(excluded.valid_until, d.valid_until), read_at = excluded.read_at
         where d.read_at < excluded.read_at
         returning 1
       ) select count(*)::integer as n from kept`,
    );
    return rows[0]?.n ?? 0;
  }

  /** Takes the night's run of this kind; undefined when it was made, or another process makes it. */
  async beginNightly(kind: string): Promise<string | undefined> {
    const rows = await this.sql.query<{ day: string }>(
      `insert into nightly_runs as r (kind, day) values ($1, ${today})
       on conflict (kind, day) do update set started_at = farm_now()
       where r.finished_at is null and r.started_at < farm_now() - interval '${brokenOffAfter}'
       returning to_char(day, 'YYYY-MM-DD') as day`,
      [kind],
    );
    return rows[0]?.day;
  }

  async finishNightly(kind: string, day: string, facts: object): Promise<void> {
    await this.sql.query(
      'update nightly_runs set finished_at = farm_now(), facts = $3 where kind = $1 and day = $2',
      [kind, day, JSON.stringify(facts)],
    );
  }

  /** Groups that have registers with an FN at work. */
  async groupsWithDrives(): Promise<number[]> {
    const rows = await this.sql.query<{ id: number }>(
      `select distinct k.group_id as id from registers k
       where k.group_id is not null and k.fn_number is not null and k.state <> 'closed' order by 1`,
    );
    return rows.map(({ id }) => id);
  }

  /**
   * The FNs of these groups. Before the readings by day begin, days are counted from the stored documents. A day between
   * two readings that has none of its own takes an even part of what was made meanwhile.
   */
  async drivesOf(groupIds: readonly number[], days: number): Promise<DriveToForecast[]> {
    const rows = await this.sql.query<
      Omit<DriveToForecast, 'firstDay' | 'documents' | 'usedDocuments'> & {
        lastFd: number | null;
        days: { day: number; used: number }[] | null;
        made: { day: number; n: number }[] | null;
        today: number;
      }
    >(
      `with drive as (
         select k.fn_number, k.id, k.group_id, f.capacity_documents, s.last_fd,
           coalesce(case when s.fn_number = k.fn_number then s.valid_until end, f.valid_until) as valid_until,
           coalesce((select min(d.day) from fn_days d where d.fn_number = k.fn_number), ${today}) as first_reading
         from registers k join fiscal_drives f on f.fn_number = k.fn_number
         left join register_status s on s.register_id = k.id and s.fn_number = k.fn_number
         where k.group_id = any($1::integer[]) and k.state <> 'closed'
       )
       select v.fn_number as "fnNumber", v.id as "registerId", v.group_id as "groupId", v.capacity_documents as "capacityDocuments",
         v.last_fd as "lastFd", to_char(v.valid_until, 'YYYY-MM-DD') as "validUntil",
         ${today} - date '1970-01-01' as today,
         (select json_agg(json_build_object('day', d.day - date '1970-01-01', 'used', d.documents_used) order by d.day)
          from fn_days d where d.fn_number = v.fn_number and d.day >= ${today} - $2::integer and d.day < ${today}) as days,
         (select json_agg(json_build_object('day', m.day - date '1970-01-01', 'n', m.n) order by m.day) from (
            select d.document_at::date as day, count(*) as n from documents d
            where d.fn_number = v.fn_number and d.document_at >= ${today} - $2::integer
              and d.document_at < least(v.first_reading + 1, ${today}) group by 1) m) as made
       from drive v order by v.group_id, v.id`,
      [groupIds, days],
    );
    return rows.map(({ lastFd, days: read, made, today: now, ...drive }) => ({
      ...drive,
      ...historyOf(read ?? [], made ?? [], now, lastFd ?? 0),
    }));
  }

  async saveForecasts(madeOn: string, rows: readonly ForecastRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.sql.query(
      `insert into fn_forecasts (fn_number, made_on, register_id, group_id, model, fill_p10, fill_p50, fill_p90, end_on, cause,
         warn_on, documents_used, per_day, reason_ru, reason_en)
       select "fnNumber", $1::date, "registerId", "groupId", model, "fillP10", "fillP50", "fillP90", "endOn", cause, "warnOn",
         "documentsUsed", "perDay", "reasonRu", "reasonEn"
       from json_to_recordset($2::json) as x("fnNumber" text, "registerId" integer, "groupId" integer, model text, "fillP10" date,
         "fillP50" date, "fillP90" date, "endOn" date, cause text, "warnOn" date, "documentsUsed" integer, "perDay" float8,
         "reasonRu" text, "reasonEn" text)
       on conflict (fn_number, made_on) do update set model = excluded.model, fill_p10 = excluded.fill_p10,
         fill_p50 = excluded.fill_p50, fill_p90 = excluded.fill_p90, end_on = excluded.end_on, cause = excluded.cause,
         warn_on = excluded.warn_on, documents_used = excluded.documents_used, per_day = excluded.per_day,
         reason_ru = excluded.reason_ru, reason_en = excluded.reason_en, made_at = farm_now()`,
      [madeOn, JSON.stringify(rows)],
    );
  }

  /** Old forecasts go; the readings stay for the life of an FN. */
  async forget(): Promise<void> {
    await this.sql.query(`delete from fn_forecasts where made_on < ${today} - 400`);
    await this.sql.query(`delete from group_needs where made_on < ${today} - 400`);
    await this.sql.query(`delete from nightly_runs where day < ${today} - 60`);
    await this.sql.query(`delete from fn_days where day < ${today} - 1200`);
  }

  /** The newest forecast of each FN at work, the one that ends first at the top. */
  async forecasts(
    filter: { registerId?: number; clientId?: string; endsBefore?: string } = {},
  ): Promise<FnForecastRow[]> {
    return this.sql.query<FnForecastRow>(
      `select x.fn_number as "fnNumber", x.register_id as "registerId", x.group_id as "groupId", x.model,
         to_char(x.fill_p10, 'YYYY-MM-DD') as "fillP10", to_char(x.fill_p50, 'YYYY-MM-DD') as "fillP50",
         to_char(x.fill_p90, 'YYYY-MM-DD') as "fillP90", to_char(x.end_on, 'YYYY-MM-DD') as "endOn", x.cause,
         to_char(x.warn_on, 'YYYY-MM-DD') as "warnOn", x.documents_used as "documentsUsed", x.per_day as "perDay",
         x.reason_ru as "reasonRu", x.reason_en as "reasonEn", to_char(x.made_on, 'YYYY-MM-DD') as "madeOn", x.made_at as "madeAt",
         k.serial, g.code as "groupCode", k.client_id as "clientId", f.capacity_documents as "capacityDocuments"
       from registers k
       cross join lateral (select * from fn_forecasts z where z.fn_number = k.fn_number order by z.made_on desc limit 1) x
       left join register_groups g on g.id = k.group_id left join fiscal_drives f on f.fn_number = k.fn_number
       where k.state <> 'closed' and ($1::integer is null or k.id = $1) and ($2::uuid is null or k.client_id = $2)
         and ($3::date is null or x.end_on < $3)
       order by x.end_on nulls last, k.id`,
      [filter.registerId, filter.clientId, filter.endsBefore],
    );
  }

  /** What an FN said of itself, day by day, the oldest first. */
  async fnDays(fnNumber: string, days: number): Promise<FnDayRow[]> {
    return this.sql.query<FnDayRow>(
      `select to_char(day, 'YYYY-MM-DD') as day, documents_used as "documentsUsed", documents_left as "documentsLeft", unsent,
         registrations_left as "registrationsLeft", warnings, phase, to_char(valid_until, 'YYYY-MM-DD') as "validUntil",
         read_at as "readAt"
       from fn_days where fn_number = $1 and day > ${today} - $2::integer order by day`,
      [fnNumber, days],
    );
  }

  /** Documents a day that each register's FN is foretold; for wear levelling. */
  async documentsPerDay(registerIds: readonly number[]): Promise<{ registerId: number; perDay: number }[]> {
    return this.sql.query<{ registerId: number; perDay: number }>(
      `select k.id as "registerId", x.per_day as "perDay" from registers k
       cross join lateral (select per_day from fn_forecasts z where z.fn_number = k.fn_number order by z.made_on desc limit 1) x
       where k.id = any($1::integer[])`,
      [registerIds],
    );
  }

  /** True loads of groups that sold in the last four weeks. */
  async groupLoads(groupIds: readonly number[]): Promise<GroupLoad[]> {
    return this.sql.query<GroupLoad>(
      `with part as (
         select r.group_id, date_bin('10 minutes', r.accepted_at, 'epoch'::timestamptz) as at, count(*) as n,
           sum(extract(epoch from r.finished_at - r.started_at)) filter (where r.state = 'done') as busy_s,
           count(*) filter (where r.state = 'done' and r.started_at is not null) as done
         from receipts r where r.group_id = any($1::integer[]) and r.accepted_at >= farm_now() - interval '28 days' group by 1, 2
       )
       select p.group_id as "groupId",
         (sum(p.n) / greatest(1, least(28, ceil(extract(epoch from farm_now() - min(p.at)) / 86400))))::float8 as "receiptsPerDay",
         (max(p.n) / 10.0)::float8 as "peakPerMinute",
         (1000 * sum(p.busy_s) / greatest(1, sum(p.done)))::float8 as "paceMs",
         (select count(*)::integer from registers k where k.group_id = p.group_id and k.state in ('ready', 'paused', 'swap')) as registers
       from part p group by 1 having sum(p.done) > 0`,
      [groupIds],
    );
  }

  async saveNeeds(madeOn: string, rows: readonly GroupNeedRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.sql.query(
      `insert into group_needs (group_id, made_on, receipts_per_day, peak_per_minute, pace_ms, registers, minimum, optimal,
         predicted_p99_s, drift, is_drifted, arithmetic)
       select "groupId", $1::date, "receiptsPerDay", "peakPerMinute", "paceMs", registers, minimum, optimal, "predictedP99S", drift,
         "isDrifted", arithmetic
       from json_to_recordset($2::json) as x("groupId" integer, "receiptsPerDay" float8, "peakPerMinute" float8, "paceMs" float8,
         registers integer, minimum integer, optimal integer, "predictedP99S" float8, drift float8, "isDrifted" boolean, arithmetic jsonb)
       on conflict (group_id, made_on) do nothing`,
      [madeOn, JSON.stringify(rows)],
    );
  }

  /** The newest need of each group; `untold` only: drifted, and its client not told of it yet. */
  async needs(
    filter: { clientId?: string; untold?: boolean } = {},
  ): Promise<(GroupNeedRow & { groupCode: string; clientId: string; madeOn: string })[]> {
    return this.sql.query(
      `select n.group_id as "groupId", g.code as "groupCode", g.client_id as "clientId", to_char(n.made_on, 'YYYY-MM-DD') as "madeOn",
         n.receipts_per_day as "receiptsPerDay", n.peak_per_minute as "peakPerMinute", n.pace_ms as "paceMs", n.registers, n.minimum,
         n.optimal, n.predicted_p99_s as "predictedP99S", n.drift, n.is_drifted as "isDrifted", n.arithmetic
       from register_groups g
       cross join lateral (select * from group_needs z where z.group_id = g.id order by z.made_on desc limit 1) n
       where ($1::uuid is null or g.client_id = $1)
         and (not $2::boolean or (n.is_drifted and n.told_at is null and not exists (
           -- The same news was told within a month.
           select 1 from group_needs o where o.group_id = g.id and o.told_at > farm_now() - interval '30 days' and o.optimal = n.optimal)))
       order by g.code`,
      [filter.clientId, filter.untold ?? false],
    );
  }

  async needTold(groupId: number, madeOn: string): Promise<void> {
    await this.sql.query(
      'update group_needs set told_at = farm_now() where group_id = $1 and made_on = $2 and told_at is null',
      [groupId, madeOn],
    );
  }

  /** Counts the farm's room today and at what pace it goes. */
  async keepCapacity(): Promise<FarmCapacityRow> {
    await this.sql.query(
      `with now as (
         select count(*)::integer as slots, count(*) filter (where state = 'stock')::integer as free_slots,
           count(*) filter (where state not in ('stock', 'closed'))::integer as rented
         from registers where state <> 'closed'
       ), before as (
         select day, rented from farm_capacity where day >= ${today} - 90 and day < ${today} order by day limit 1
       ), pace as (
         select (now.rented - before.rented)::float8 / (${today} - before.day) as per_day from now, before
       )
       insert into farm_capacity (day, slots, free_slots, rented, free_fns, fns_ending_90_days, days_to_full)
       select ${today}, now.slots, now.free_slots, now.rented,
         (select count(*) from fiscal_drives where state in ('stock', 'tested')),
         (select count(*) from registers k
          cross join lateral (select end_on from fn_forecasts z where z.fn_number = k.fn_number order by z.made_on desc limit 1) x
          where k.state not in ('stock', 'closed') and x.end_on < ${today} + 90),
         (select case when per_day > 0 then ceil(now.free_slots / per_day) end from pace)
       from now
       on conflict (day) do update set slots = excluded.slots, free_slots = excluded.free_slots, rented = excluded.rented,
         free_fns = excluded.free_fns, fns_ending_90_days = excluded.fns_ending_90_days, days_to_full = excluded.days_to_full`,
    );
    const [row] = await this.capacity(1);
    if (!row) throw new RangeError('the room of the farm was not stored');
    return row;
  }

  /** Room of the farm, the latest day first. */
  async capacity(days: number): Promise<FarmCapacityRow[]> {
    return this.sql.query<FarmCapacityRow>(
      `select to_char(day, 'YYYY-MM-DD') as day, slots, free_slots as "freeSlots", rented, free_fns as "freeFns",
         fns_ending_90_days as "fnsEnding90Days", days_to_full as "daysToFull"
       from farm_capacity order by day desc limit $1`,
      [days],
    );
  }
}

/** Documents by day: readings where there are any, counted documents before them. */
function historyOf(
  read: readonly { day: number; used: number }[],
  made: readonly { day: number; n: number }[],
  today: number,
  lastFd: number,
): Pick<DriveToForecast, 'usedDocuments' | 'firstDay' | 'documents'> {
  const firstRead = read[0]?.day ?? today;
  const first = Math.min(made[0]?.day ?? today, firstRead);
  const documents: (number | null)[] = Array.from({ length: today - first }, (_, at) =>
    first + at <= firstRead ? 0 : null,
  );
  for (const { day, n } of made) documents[day - first] = n;
  // The first reading of all says how many there are, not how many the day made.
  if (made.length === 0 && read.length > 0) documents[firstRead - first] = null;
  for (let at = 1; at < read.length; at++) {
    const { day: from, used: before } = read[at - 1] as { day: number; used: number };
    const { day: to, used } = read[at] as { day: number; used: number };
    for (let day = from + 1; day <= to; day++)
      documents[day - first] = Math.max(0, (used - before) / (to - from));
  }
  return {
    usedDocuments: read[read.length - 1]?.used ?? lastFd,
    firstDay: first < today ? new Date(first * 86_400_000).toISOString().slice(0, 10) : null,
    documents,
  };
}
