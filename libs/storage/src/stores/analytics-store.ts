import type { Sql } from '../sql';
import type { ClientSight } from './cabinet-read-store';

export type SalesBucket = 'hour' | 'day' | 'month';

/** Days in Moscow, both included; groups already narrowed to what the reader sees. */
export interface SalesRange {
  groupIds: readonly number[];
  from: string;
  to: string;
}

export interface SalesFigures {
  /** Registered sales. */
  receipts: number;
  incomeKop: number;
  returns: number;
  returnsKop: number;
  /** Receipts that were refused. */
  failed: number;
}

export interface SalesPoint extends SalesFigures {
  /** Local time of the beginning, `YYYY-MM-DDTHH`. */
  at: string;
}

export interface GoodsRow {
  name: string;
  subject: number;
  receipts: number;
  soldKop: number;
  soldMicro: number;
  returnedKop: number;
}

export interface HeatCell {
  /** 1 is Monday. */
  weekday: number;
  hour: number;
  receipts: number;
  revenueKop: number;
}

type Raw<T> = { [K in keyof T]: T[K] extends number ? string | null : T[K] };

const isIncome = `f.is_done and f.operation in ('sell', 'sell_correction')`;
const isReturn = `f.is_done and f.operation in ('sell_refund', 'sell_refund_correction')`;
const figures = `count(*) filter (where ${isIncome}) as receipts, sum(f.total_kop) filter (where ${isIncome}) as "incomeKop",
  count(*) filter (where ${isReturn}) as returns, sum(f.total_kop) filter (where ${isReturn}) as "returnsKop",
  count(*) filter (where not f.is_done) as failed`;
const local = `f.accepted_at at time zone 'Europe/Moscow'`;
const inRange = `from receipt_facts f where f.group_id = any ($1::integer[])
  and f.accepted_at >= $2::date::timestamp at time zone 'Europe/Moscow'
  and f.accepted_at < ($3::date + 1)::timestamp at time zone 'Europe/Moscow'`;

const toFigures = (row: Raw<SalesFigures> | undefined): SalesFigures => ({
  receipts: Number(row?.receipts ?? 0),
  incomeKop: Number(row?.incomeKop ?? 0),
  returns: Number(row?.returns ?? 0),
  returnsKop: Number(row?.returnsKop ?? 0),
  failed: Number(row?.failed ?? 0),
});

/** Sums of finished receipts for clients; read from the covering index of their facts alone. */
export class AnalyticsStore {
  constructor(private readonly sql: Sql) {}

  /** Groups in sight with their codes. */
  async groups(sight: ClientSight): Promise<{ id: number; code: string }[]> {
    return this.sql.query(
      `select id, code from register_groups where client_id = $1 and ($2::integer[] is null or id = any ($2)) order by code`,
      [sight.clientId, sight.groupIds],
    );
  }

  async figures(range: SalesRange): Promise<SalesFigures> {
    const rows = await this.sql.query<Raw<SalesFigures>>(`select ${figures} ${inRange}`, this.values(range));
    return toFigures(rows[0]);
  }

  /** Spans without receipts are left out. */
  async series(range: SalesRange, bucket: SalesBucket): Promise<SalesPoint[]> {
    const rows = await this.sql.query<Raw<SalesFigures> & { at: string }>(
      `select to_char(date_trunc($4, ${local}), 'YYYY-MM-DD"T"HH24') as at, ${figures} ${inRange} group by 1 order by 1`,
      [...this.values(range), bucket],
    );
    return rows.map((row) => ({ at: row.at, ...toFigures(row) }));
  }

  async byGroup(range: SalesRange): Promise<(SalesFigures & { groupId: number })[]> {
    const rows = await this.sql.query<Raw<SalesFigures> & { groupId: number }>(
      `select f.group_id as "groupId", ${figures} ${inRange} group by 1`,
      this.values(range),
    );
    return rows.map((row) => ({ groupId: Number(row.groupId), ...toFigures(row) }));
  }

  async byChannel(range: SalesRange): Promise<(SalesFigures & { channel: number })[]> {
    const rows = await this.sql.query<Raw<SalesFigures> & { channel: number }>(
      `select f.channel, ${figures} ${inRange} group by 1 order by 1`,
      this.values(range),
    );
    return rows.map((row) => ({ channel: Number(row.channel), ...toFigures(row) }));
  }

  /** By the hour of the week. */
  async heat(range: SalesRange): Promise<HeatCell[]> {
    const rows = await this.sql.query<{
      weekday: number;
      hour: number;
      receipts: string;
      kop: string | null;
    }>(
      `select extract(isodow from ${local})::integer as weekday, extract(hour from ${local})::integer as hour,
              count(*) filter (where ${isIncome}) as receipts, sum(f.total_kop) filter (where ${isIncome}) as kop
       ${inRange} group by 1, 2`,
      this.values(range),
    );
    return rows.map(({ weekday, hour, receipts, kop }) => ({
      weekday,
      hour,
      receipts: Number(receipts),
      revenueKop: Number(kop ?? 0),
    }));
  }

  /** Goods by what they brought, the most first. */
  async goods(range: SalesRange, limit: number): Promise<GoodsRow[]> {
    const rows = await this.sql.query<Raw<GoodsRow>>(
      `select name, subject, sum(receipts) as receipts, sum(sold_kop) as "soldKop", sum(sold_micro) as "soldMicro",
              sum(returned_kop) as "returnedKop"
       from goods_days where group_id = any ($1::integer[]) and day >= $2::date and day <= $3::date
       group by 1, 2 order by sum(sold_kop) - sum(returned_kop) desc, 1 limit $4`,
      [...this.values(range), limit],
    );
    return rows.map((row) => ({
      name: row.name,
      subject: Number(row.subject),
      receipts: Number(row.receipts),
      soldKop: Number(row.soldKop),
      soldMicro: Number(row.soldMicro),
      returnedKop: Number(row.returnedKop),
    }));
  }

  /** Subjects of settlement (tag 1212) by what they brought. */
  async subjects(
    range: SalesRange,
  ): Promise<{ subject: number; receipts: number; soldKop: number; returnedKop: number }[]> {
    const rows = await this.sql.query<{ subject: number; receipts: string; sold: string; returned: string }>(
      `select subject, sum(receipts) as receipts, sum(sold_kop) as sold, sum(returned_kop) as returned
       from goods_days where group_id = any ($1::integer[]) and day >= $2::date and day <= $3::date group by 1 order by 3 desc`,
      this.values(range),
    );
    return rows.map(({ subject, receipts, sold, returned }) => ({
      subject,
      receipts: Number(receipts),
      soldKop: Number(sold),
      returnedKop: Number(returned),
    }));
  }

  private values({ groupIds, from, to }: SalesRange): [readonly number[], string, string] {
    return [groupIds, from, to];
  }
}

/** A report that is mailed by itself. */
export interface ReportSchedule {
  id: string;
  clientId: string;
  personId: string;
  name: string;
  spec: Record<string, unknown>;
  every: 'day' | 'week' | 'month';
  email: string;
  nextAt: Date;
  lastAt: Date | null;
}

const scheduleColumns = `s.id, s.client_id as "clientId", s.person_id as "personId", s.name, s.spec, s.every, s.email,
  s.next_at as "nextAt", s.last_at as "lastAt"`;
/** Eight in the morning in Moscow of the next day, Monday or first of the month. */
const nextMorning = (every: string): string =>
  `((date_trunc(${every}, farm_now() at time zone 'Europe/Moscow') + ('1 ' || ${every})::interval + interval '8 hours') at time zone 'Europe/Moscow')`;

/** Reports that are mailed by themselves. */
export class ReportScheduleStore {
  constructor(private readonly sql: Sql) {}

  async list(clientId: string, personId: string): Promise<ReportSchedule[]> {
    return this.sql.query<ReportSchedule>(
      `select ${scheduleColumns} from report_schedules s where client_id = $1 and person_id = $2 order by created_at`,
      [clientId, personId],
    );
  }

  /** False when the person has twenty already. */
  async add(one: Omit<ReportSchedule, 'nextAt' | 'lastAt'>): Promise<boolean> {
    const rows = await this.sql.query(
      `insert into report_schedules (id, client_id, person_id, name, spec, every, email, next_at)
       select $1, $2, $3, $4, $5, $6, $7, ${nextMorning('$6::text')}
       where (select count(*) from report_schedules where client_id = $2 and person_id = $3) < 20 returning id`,
      [one.id, one.clientId, one.personId, one.name, JSON.stringify(one.spec), one.every, one.email],
    );
    return rows.length > 0;
  }

  async remove(clientId: string, personId: string, id: string): Promise<boolean> {
    const rows = await this.sql.query(
      'delete from report_schedules where client_id = $1 and person_id = $2 and id = $3 returning id',
      [clientId, personId, id],
    );
    return rows.length > 0;
  }

  /** Makes one due now, for its owner who wants to see what it looks like. */
  async makeDue(clientId: string, personId: string, id: string): Promise<boolean> {
    const rows = await this.sql.query(
      'update report_schedules set next_at = farm_now() where client_id = $1 and person_id = $2 and id = $3 returning id',
      [clientId, personId, id],
    );
    return rows.length > 0;
  }

  /** The next one that is due, moved to its next morning; run it in the transaction that writes the mail. */
  async takeDue(): Promise<ReportSchedule | undefined> {
    const rows = await this.sql.query<ReportSchedule>(
      `update report_schedules s set last_at = farm_now(), next_at = ${nextMorning('s.every')}
       where id = (select id from report_schedules where next_at <= farm_now() order by next_at limit 1
                   for update skip locked)
       returning ${scheduleColumns}`,
    );
    return rows[0];
  }
}
