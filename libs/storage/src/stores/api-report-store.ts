import type { Sql } from '../sql';

/** Sums of one settlement sign. */
export interface SignTotals {
  /** Settlement sign (tag 1054). */
  sign: 1 | 2 | 3 | 4;
  receipts: number;
  corrections: number;
  totalKop: number;
  cashKop: number;
  ecashKop: number;
}

/** One line of a report: what it is about, and the sums by sign. */
export interface ReportLine {
  /** Serial number of the register; null in a report by period. */
  serial: string | null;
  rnm: string | null;
  fnNumber: string | null;
  shiftNumber: number | null;
  /** First and last document, local wall clock `YYYY-MM-DDTHH:MM:SS`. */
  firstAt: string;
  lastAt: string;
  /** Local day `YYYY-MM-DD` or hour `YYYY-MM-DDTHH`; null in other reports. */
  period: string | null;
  totals: SignTotals[];
}

export type ReportBy = 'register' | 'shift' | 'day' | 'hour';

/** Local days, both included. */
export interface ReportRange {
  from: string;
  to: string;
}

interface Row {
  serial: string | null;
  rnm: string | null;
  fn: string | null;
  shift: number | null;
  period: string | null;
  first: string;
  last: string;
  totals: SignTotals[];
}

/** What makes lines of each report differ: register, FN, shift, period. */
const keys: Readonly<Record<ReportBy, string>> = {
  register: `k.serial as serial, d.rnm as rnm, d.fn_number as fn, null::integer as shift, null::text as period`,
  shift: `k.serial as serial, d.rnm as rnm, d.fn_number as fn, d.shift_number as shift, null::text as period`,
  day: `null::text as serial, null::text as rnm, null::text as fn, null::integer as shift,
    to_char(d.document_at, 'YYYY-MM-DD') as period`,
  hour: `null::text as serial, null::text as rnm, null::text as fn, null::integer as shift,
    to_char(d.document_at, 'YYYY-MM-DD"T"HH24') as period`,
};

/** Sums of registered documents, for the client whose receipts they are (whoever rents the register now). */
export class ApiReportStore {
  constructor(private readonly sql: Sql) {}

  async totals(
    clientId: string,
    groupCode: string | null,
    by: ReportBy,
    range: ReportRange,
    serial?: string,
  ): Promise<ReportLine[]> {
    const rows = await this.sql.query<Row>(
      `with line as (
         select ${keys[by]}, d.document_at, (r.content->>'sign')::smallint as sign,
                r.content->>'form' as form, r.total_kop, (r.content->'payments'->>'cashKop')::bigint as cash,
                (r.content->'payments'->>'ecashKop')::bigint as ecash
         from register_groups g
         join receipts r on r.group_id = g.id and r.client_id = $1
         join documents d on d.fn_number = r.fn_number and d.fd_number = r.fd_number
         join registers k on k.id = d.register_id
         where g.client_id = $1 and ($2::text is null or g.code = $2) and r.state = 'done'
           -- A receipt is a document within its queue's limit; the days around it are for time zones.
           and r.accepted_at >= $3::date - interval '3 days' and r.accepted_at < $4::date + interval '3 days'
           and d.document_at >= $3::date and d.document_at < $4::date + 1
           and ($5::text is null or k.serial = $5)
       ), sums as (
         select serial, rnm, fn, shift, period, sign, min(document_at) as first, max(document_at) as last,
                count(*) filter (where form = 'receipt')::int as receipts,
                count(*) filter (where form = 'correction')::int as corrections,
                sum(total_kop)::float8 as total, sum(cash)::float8 as cash, sum(ecash)::float8 as ecash
         from line group by 1, 2, 3, 4, 5, 6
       )
       select serial, rnm, fn, shift, period, to_char(min(first), 'YYYY-MM-DD"T"HH24:MI:SS') as first,
              to_char(max(last), 'YYYY-MM-DD"T"HH24:MI:SS') as last,
              json_agg(json_build_object('sign', sign, 'receipts', receipts, 'corrections', corrections,
                'totalKop', total, 'cashKop', cash, 'ecashKop', ecash) order by sign) as totals
       from sums group by 1, 2, 3, 4, 5 order by period, serial, fn, shift limit 5000`,
      [clientId, groupCode, range.from, range.to, serial],
    );
    return rows.map((row) => ({
      serial: row.serial,
      rnm: row.rnm,
      fnNumber: row.fn,
      shiftNumber: row.shift,
      period: row.period,
      firstAt: row.first,
      lastAt: row.last,
      totals: row.totals,
    }));
  }
}
