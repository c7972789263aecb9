import type { Database } from '@kkt/storage';

export const REPORT_KINDS = [
  'days',
  'enterprises',
  'outlets',
  'kkts',
  'shifts',
  'cashiers',
  'goods',
  'categories',
] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

export interface ReportFilter {
  inn?: string;
  rnm?: string;
  /** Wall clock of the settlement place, inclusive. */
  from: string;
  /** Exclusive. */
  to: string;
  limit: number;
}

/** Sums of settlements of one row; corrections count with their sign. */
export interface ReportRow {
  key: string;
  label: string;
  receipts: number;
  incomeKop: number;
  incomeReturnKop: number;
  expenseKop: number;
  expenseReturnKop: number;
  /** Income minus its returns. */
  revenueKop: number;
  cashKop?: number;
  ecashKop?: number;
  /** Sold minus returned, in millionths of the unit. */
  quantityMicro?: number;
}

/** Receipts, strict accounting forms and their corrections. */
const SETTLEMENT_FORMS = '(3, 4, 31, 41)';

const bySign = (amount: string): string => `
  coalesce(sum(${amount}) filter (where d.settlement_sign = 1), 0)::float8 as "incomeKop",
  coalesce(sum(${amount}) filter (where d.settlement_sign = 2), 0)::float8 as "incomeReturnKop",
  coalesce(sum(${amount}) filter (where d.settlement_sign = 3), 0)::float8 as "expenseKop",
  coalesce(sum(${amount}) filter (where d.settlement_sign = 4), 0)::float8 as "expenseReturnKop",
  coalesce(sum(case d.settlement_sign when 1 then ${amount} when 2 then -${amount} end), 0)::float8 as "revenueKop"`;

const WHERE = `
  d.form in ${SETTLEMENT_FORMS} and d.document_at >= $1::timestamp and d.document_at < $2::timestamp
  and ($3::text is null or d.inn = $3) and ($4::text is null or d.rnm = $4)`;

/** What a row stands for, what it is called, and the tables that name it. */
const DOCUMENT_REPORTS: Record<
  Exclude<ReportKind, 'goods' | 'categories'>,
  { key: string; label: string; join: string }
> = {
  days: {
    key: `to_char(d.document_at, 'YYYY-MM-DD')`,
    label: `to_char(d.document_at, 'YYYY-MM-DD')`,
    join: '',
  },
  enterprises: { key: 'd.inn', label: 'max(e.name)', join: 'join ofd.enterprises e on e.inn = d.inn' },
  outlets: {
    key: 'd.outlet_id::text',
    label: `max(o.name || ', ' || o.address)`,
    join: 'join ofd.outlets o on o.id = d.outlet_id',
  },
  kkts: { key: 'd.rnm', label: 'd.rnm', join: '' },
  shifts: {
    key: `d.fn_number || '/' || coalesce(d.shift_number, 0)`,
    label: `max(d.rnm) || ' · ' || coalesce(max(d.shift_number), 0)`,
    join: '',
  },
  cashiers: { key: `coalesce(d.cashier, '')`, label: `coalesce(d.cashier, '')`, join: '' },
};

const ITEM_REPORTS: Record<'goods' | 'categories', { key: string; join: string }> = {
  goods: { key: 'i.name', join: '' },
  categories: {
    key: `coalesce(c.category, '')`,
    join: 'left join ofd.categories c on c.inn = d.inn and c.item_name = i.name',
  },
};

/** Business reports over stored documents: always the sum of the documents themselves. */
export class ReportReader {
  constructor(private readonly database: Database) {}

  /** Rows with the largest revenue first. */
  report(kind: ReportKind, filter: ReportFilter): Promise<ReportRow[]> {
    const values = [filter.from, filter.to, filter.inn, filter.rnm, filter.limit];
    if (kind === 'goods' || kind === 'categories') {
      const { key, join } = ITEM_REPORTS[kind];
      return this.database.query<ReportRow>(
        `select ${key} as key, ${key} as label, count(distinct (d.fn_number, d.fd_number))::int as receipts,
                ${bySign('i.sum_kop')},
                coalesce(sum(case d.settlement_sign when 1 then i.quantity_micro when 2 then -i.quantity_micro end), 0)::float8
                  as "quantityMicro"
           from ofd.documents d join ofd.items i on i.fn_number = d.fn_number and i.fd_number = d.fd_number ${join}
          where ${WHERE} group by 1 order by "revenueKop" desc, 1 limit $5`,
        values,
      );
    }
    const { key, label, join } = DOCUMENT_REPORTS[kind];
    return this.database.query<ReportRow>(
      `select ${key} as key, ${label} as label, count(*)::int as receipts, ${bySign('d.total_kop')},
              coalesce(sum(case when d.settlement_sign in (1, 4) then d.cash_kop else -d.cash_kop end), 0)::float8 as "cashKop",
              coalesce(sum(case when d.settlement_sign in (1, 4) then d.ecash_kop else -d.ecash_kop end), 0)::float8 as "ecashKop"
         from ofd.documents d ${join}
        where ${WHERE} group by ${key === label ? '1, 2' : '1'} order by "revenueKop" desc, 1 limit $5`,
      values,
    );
  }
}
