import { FarmError } from '@kkt/contracts';
import type { Database, SqlValue } from '@kkt/storage';

/** Where a document is on its way to the tax service. */
export type TaxStage = 'new' | 'sent' | 'accepted';

/** A document in a list. */
export interface DocumentSummary {
  fnNumber: string;
  fdNumber: number;
  form: number;
  ffd: number | null;
  settlementSign: number | null;
  fiscalSign: number;
  /** Wall clock of the settlement place. */
  at: string;
  totalKop: number | null;
  shiftNumber: number | null;
  receiptNumber: number | null;
  cashier: string | null;
  rnm: string;
  inn: string;
  enterprise: string;
  place: string;
  address: string;
  receivedAt: Date;
  /** Requisites that failed format-logic control. */
  violations: { path: string; tag: number; problem: string; message: string }[];
  tax: { stage: TaxStage; at: Date | null };
}

/** A document with all that is kept of it. */
export interface DocumentView extends DocumentSummary {
  /** The document in the naming of the FNS. */
  document: Record<string, unknown>;
  tlv: Buffer;
  container: Buffer;
  confirmation: Buffer;
}

export interface DocumentFilter {
  fnNumber?: string;
  fdNumber?: number;
  fiscalSign?: number;
  rnm?: string;
  inn?: string;
  form?: number;
  totalKop?: number;
  /** `YYYY-MM-DDTHH:MM:SS`, inclusive. */
  from?: string;
  /** Exclusive. */
  to?: string;
  hasViolations?: boolean;
}

const SUMMARY = `
  d.fn_number as "fnNumber", d.fd_number as "fdNumber", d.form, d.ffd, d.settlement_sign as "settlementSign",
  d.fiscal_sign::float8 as "fiscalSign", to_char(d.document_at, 'YYYY-MM-DD"T"HH24:MI:SS') as at,
  d.total_kop::float8 as "totalKop", d.shift_number as "shiftNumber", d.receipt_number as "receiptNumber", d.cashier,
  d.rnm, d.inn, e.name as enterprise, o.name as place, o.address, d.received_at as "receivedAt", d.violations,
  json_build_object(
    'stage', case when b.accepted_at is not null then 'accepted' when t.batch_id is not null then 'sent' else 'new' end,
    'at', coalesce(b.accepted_at, b.sent_at)) as tax`;
const FROM = `
  ofd.documents d
  join ofd.enterprises e on e.inn = d.inn
  join ofd.outlets o on o.id = d.outlet_id
  left join ofd.tax_deliveries t on t.fn_number = d.fn_number and t.fd_number = d.fd_number
  left join ofd.tax_batches b on b.id = t.batch_id`;

/** Reads stored documents: one by its key, many by what is known of them. */
export class DocumentReader {
  constructor(private readonly database: Database) {}

  async one(fnNumber: string, fdNumber: number): Promise<DocumentView> {
    const [view] = await this.database.query<DocumentView>(
      `select ${SUMMARY}, d.decoded as document, d.tlv, d.container, d.confirmation
         from ${FROM} where d.fn_number = $1 and d.fd_number = $2`,
      [fnNumber, fdNumber],
      'ofd-document',
    );
    if (!view) throw new FarmError('CLIENT-DOCUMENT-UNKNOWN', 'No such document', { fnNumber, fdNumber });
    return view;
  }

  /** Newest documents first. */
  search(filter: DocumentFilter, limit: number, offset = 0): Promise<DocumentSummary[]> {
    const values: SqlValue[] = [];
    const conditions: string[] = [];
    const add = (value: SqlValue, condition: (parameter: string) => string): void => {
      if (value === undefined) return;
      values.push(value);
      conditions.push(condition(`$${values.length}`));
    };
    add(filter.fnNumber, (p) => `d.fn_number = ${p}`);
    add(filter.fdNumber, (p) => `d.fd_number = ${p}`);
    add(filter.fiscalSign, (p) => `d.fiscal_sign = ${p}`);
    add(filter.rnm, (p) => `d.rnm = ${p}`);
    add(filter.inn, (p) => `d.inn = ${p}`);
    add(filter.form, (p) => `d.form = ${p}`);
    add(filter.totalKop, (p) => `d.total_kop = ${p}`);
    add(filter.from, (p) => `d.document_at >= ${p}::timestamp`);
    add(filter.to, (p) => `d.document_at < ${p}::timestamp`);
    if (filter.hasViolations !== undefined) {
      conditions.push(`d.violations ${filter.hasViolations ? '<>' : '='} '[]'::jsonb`);
    }
    const where = conditions.length > 0 ? `where ${conditions.join(' and ')}` : '';
    const order = filter.fnNumber
      ? 'd.fd_number desc'
      : narrowed(filter)
        ? 'd.document_at desc'
        : 'd.received_at desc';
    values.push(limit, offset);
    // The page is cut before the joins: they cost only the rows shown.
    return this.database.query<DocumentSummary>(
      `with page as materialized (
         select d.fn_number, d.fd_number from ofd.documents d ${where} order by ${order}
          limit $${values.length - 1} offset $${values.length})
       select ${SUMMARY} from ${FROM} join page p on p.fn_number = d.fn_number and p.fd_number = d.fd_number
        order by ${order}`,
      values,
    );
  }

  async totals(): Promise<{ documents: number; kkts: number; lastReceivedAt: Date | null }> {
    const [row] = await this.database.query<{ documents: number; kkts: number; lastReceivedAt: Date | null }>(
      `select coalesce(sum(last_fd - first_fd + 1), 0)::float8 as documents, max(last_received_at) as "lastReceivedAt",
              (select count(*)::int from ofd.kkts) as kkts
         from ofd.drives where last_fd is not null`,
    );
    return row ?? { documents: 0, kkts: 0, lastReceivedAt: null };
  }
}

const narrowed = (filter: DocumentFilter): boolean =>
  Object.values(filter).some((value: unknown) => value !== undefined);
