import type { Sql } from '../sql';

/** A fiscal document as lists show it. */
export interface DocumentRow {
  fnNumber: string;
  fdNumber: number;
  form: number;
  registerId: number;
  serial: string;
  groupCode: string | null;
  receiptId: string | null;
  fiscalSign: number;
  /** Local wall clock `YYYY-MM-DDTHH:MM:SS`. */
  at: string;
  shiftNumber: number | null;
  receiptNumber: number | null;
  totalKop: number | null;
  /** Found in the FN's archive after a silence of the device. */
  adopted: boolean;
  recordedAt: Date;
  /** When the operator's confirmation was in the FN. */
  confirmedAt: Date | null;
}

/** A document with its bytes. */
export interface StoredDocument extends DocumentRow {
  rnm: string | null;
  /** The inside of the document; its form says what it is. Empty while its text is owed by the FN. */
  tlv: Buffer;
  /** When the text was read, where the proof had been the FN's short record; null: it came with the proof, or is owed. */
  textAt: Date | null;
}

/** What documents are looked for by; everything given must fit. */
export interface DocumentFilter {
  /** Only documents of this client's registers. */
  clientId?: string;
  registerId?: number;
  fnNumber?: string;
  fdNumber?: number;
  fiscalSign?: number;
  form?: number;
  shiftNumber?: number;
  /** Local dates of the document, `YYYY-MM-DD`, both included. */
  from?: string;
  to?: string;
}

/** Where the next page begins: the last row of the page before. */
export interface DocumentCursor {
  recordedAt: string;
  fnNumber: string;
  fdNumber: number;
}

interface Row extends Omit<DocumentRow, 'fiscalSign' | 'totalKop'> {
  fiscalSign: string;
  totalKop: string | null;
  recordedText: string;
}

const columns = `d.fn_number as "fnNumber", d.fd_number as "fdNumber", d.form, d.register_id as "registerId", k.serial,
  g.code as "groupCode", d.receipt_id as "receiptId", d.fiscal_sign as "fiscalSign",
  to_char(d.document_at, 'YYYY-MM-DD"T"HH24:MI:SS') as at, d.shift_number as "shiftNumber",
  d.receipt_number as "receiptNumber", d.total_kop as "totalKop", d.adopted, d.recorded_at as "recordedAt",
  d.confirmed_at as "confirmedAt"`;

const tables = `documents d join registers k on k.id = d.register_id left join register_groups g on g.id = k.group_id`;

const toRow = ({ recordedText: _, ...row }: Row): DocumentRow => ({
  ...row,
  fiscalSign: Number(row.fiscalSign),
  totalKop: row.totalKop === null ? null : Number(row.totalKop),
});

/** Our copy of the FNs' archives, for people. */
export class DocumentStore {
  constructor(private readonly sql: Sql) {}

  /** One document; undefined when there is none, or not of this client. */
  /** The document, when it is of this client and of one of these groups; null or undefined: of any. */
  async find(
    fnNumber: string,
    fdNumber: number,
    clientId?: string,
    groupIds?: readonly number[] | null,
  ): Promise<StoredDocument | undefined> {
    const [found] = await this.sql.query<Row & Pick<StoredDocument, 'rnm' | 'tlv' | 'textAt'>>(
      `select ${columns}, d.rnm, d.tlv, d.text_at as "textAt", '' as "recordedText" from ${tables}
       where d.fn_number = $1 and d.fd_number = $2 and ($3::uuid is null or g.client_id = $3)
         and ($4::integer[] is null or g.id = any ($4))`,
      [fnNumber, fdNumber, clientId, groupIds],
    );
    if (!found) return undefined;
    const { rnm, tlv, textAt, ...row } = found;
    return { ...toRow(row), rnm, tlv, textAt };
  }

  /** The newest documents of an FN, from the last number down; `before` continues. */
  async ofDrive(fnNumber: string, limit: number, before?: number): Promise<DocumentRow[]> {
    const rows = await this.sql.query<Row>(
      `select ${columns}, '' as "recordedText" from ${tables}
       where d.fn_number = $1 and ($3::integer is null or d.fd_number < $3) order by d.fd_number desc limit $2`,
      [fnNumber, limit, before],
    );
    return rows.map(toRow);
  }

  /** Documents that fit the filter, newest first. */
  async search(
    filter: DocumentFilter,
    limit: number,
    after?: DocumentCursor,
  ): Promise<{ rows: DocumentRow[]; next: DocumentCursor | null }> {
    const rows = await this.sql.query<Row>(
      `select ${columns}, d.recorded_at::text as "recordedText" from ${tables}
       where ($1::uuid is null or g.client_id = $1) and ($2::integer is null or d.register_id = $2)
         and ($3::text is null or d.fn_number = $3) and ($4::integer is null or d.fd_number = $4)
         and ($5::bigint is null or d.fiscal_sign = $5) and ($6::smallint is null or d.form = $6)
         and ($7::date is null or (d.document_at >= $7::date and d.recorded_at >= $7::date - interval '45 days'))
         and ($8::date is null or d.document_at < $8::date + 1)
         and ($13::integer is null or d.shift_number = $13)
         and ($9::text is null or (d.recorded_at, d.fn_number, d.fd_number) < ($9::timestamptz, $10, $11::integer))
       order by d.recorded_at desc, d.fn_number desc, d.fd_number desc limit $12`,
      [
        filter.clientId,
        filter.registerId,
        filter.fnNumber,
        filter.fdNumber,
        filter.fiscalSign,
        filter.form,
        filter.from,
        filter.to,
        after?.recordedAt,
        after?.fnNumber,
        after?.fdNumber,
        limit + 1,
        filter.shiftNumber,
      ],
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      rows: page.map(toRow),
      next:
        rows.length > limit && last
          ? { recordedAt: last.recordedText, fnNumber: last.fnNumber, fdNumber: last.fdNumber }
          : null,
    };
  }
}
