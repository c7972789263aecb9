import type { ReceiptContent, ReceiptState } from '@kkt/contracts';
import { binaryArray, binaryTypes } from '../binary-array';
import { oneRow, type Sql } from '../sql';

/** A receipt that the door has checked and wants to have accepted. */
export interface NewReceipt {
  id: string;
  groupId: number;
  clientId: string;
  externalId: string;
  api: 'v4' | 'v5' | 'v1';
  /** The outer API's word: `sell`, `sell_refund`, `sell_correction`… */
  operation: string;
  content: ReceiptContent;
  /** JSON of `content`, where it was made already: it is most of what a row costs. */
  contentJson?: string;
  /** SHA-256 of the canonical request body, hex. */
  bodyHash: string;
  totalKop: number;
  callbackUrl?: string;
  /** Why no callback will be made although a URL was given. */
  callbackNote?: string;
  /** Lower goes first. */
  priority: number;
  /** How long the receipt may wait in the queue, seconds. */
  queueLimitS: number;
  /** Taken, but refused at once: the receipt is stored as failed and its callback is due. No register sees it. */
  refusal?: { errorCode: number; errorType: string; errorText: string };
}

/** What became of an accept: taken, or an earlier receipt with the same external id stands. */
export type AcceptOutcome =
  { accepted: true; id: string } | { accepted: false; id: string; state: ReceiptState; sameBody: boolean };

/** Everything that a report or a callback tells. */
export interface ReceiptReport {
  id: string;
  groupCode: string;
  clientId: string;
  externalId: string;
  api: 'v4' | 'v5' | 'v1';
  operation: string;
  state: ReceiptState;
  content: ReceiptContent;
  totalKop: number;
  callbackUrl: string | null;
  callbackNote: string | null;
  acceptedAt: Date;
  finishedAt: Date | null;
  waitReason: string | null;
  registerSerial: string | null;
  driverId: string | null;
  errorCode: number | null;
  errorType: string | null;
  errorText: string | null;
  fnsSite: string;
  ofdInn: string;
  /** Page of a receipt at the operator, with places `{fn}`, `{fd}`, `{fpd}`, `{rnm}`, `{inn}`, `{total}`. */
  ofdReceiptUrl: string | null;
  proof: {
    fnNumber: string;
    fdNumber: number;
    fiscalSign: number;
    /** Local wall clock `YYYY-MM-DDTHH:MM:SS`. */
    at: string;
    shiftNumber: number;
    receiptNumber: number;
    totalKop: number;
    rnm: string;
    confirmedAt: Date | null;
    /** The document as the FN holds it; only for a receipt with marked goods. */
    tlv?: Buffer;
  } | null;
}

interface ReportRow {
  id: string;
  code: string;
  client_id: string;
  external_id: string;
  api: 'v4' | 'v5' | 'v1';
  operation: string;
  state: ReceiptState;
  content: ReceiptContent;
  total_kop: string;
  callback_url: string | null;
  callback_note: string | null;
  accepted_at: Date;
  finished_at: Date | null;
  wait_reason: string | null;
  serial: string | null;
  driver_id: string | null;
  error_code: number | null;
  error_type: string | null;
  error_text: string | null;
  fns_site: string;
  ofd_inn: string;
  ofd_receipt_url: string | null;
  fn_number: string | null;
  fd_number: number | null;
  fiscal_sign: string | null;
  document_at: string | null;
  shift_number: number | null;
  receipt_number: number | null;
  document_total_kop: string | null;
  rnm: string | null;
  confirmed_at: Date | null;
  tlv: Buffer | null;
}

const reportColumns = `
  r.id, g.code, r.client_id, r.external_id, r.api, r.operation, r.state, r.content, r.total_kop, r.callback_url,
  r.callback_note, r.accepted_at, r.finished_at, coalesce(r.wait_reason, case when r.state = 'queued' then g.wait_reason end) as wait_reason, k.serial, k.driver_id, r.error_code, r.error_type,
  r.error_text, g.fns_site, coalesce(moved.inn, g.ofd_inn) as ofd_inn,
  case when moved.inn is null then g.ofd_receipt_url else moved.receipt_url end as ofd_receipt_url, d.fn_number, d.fd_number, d.fiscal_sign,
  to_char(d.document_at, 'YYYY-MM-DD"T"HH24:MI:SS') as document_at, d.shift_number, d.receipt_number,
  d.total_kop as document_total_kop, d.rnm, d.confirmed_at,
  case when r.content @? '$.items[*].mark' then d.tlv end as tlv`;

const reportTables = `
  from receipts r
  join register_groups g on g.id = r.group_id
  left join registers k on k.id = r.register_id
  left join documents d on d.fn_number = r.fn_number and d.fd_number = r.fd_number
  -- The operator this very document went to: that of the last change before it.
  left join lateral (
    select n.inn, n.receipt_url from operator_changes c join operators n on n.id = c.to_operator_id
    where c.register_id = d.register_id and c.fn_number = d.fn_number and c.fd_before < d.fd_number
      and c.state in ('registering', 'done')
    order by c.id desc limit 1
  ) moved on true`;

const toReport = (row: ReportRow): ReceiptReport => ({
  id: row.id,
  groupCode: row.code,
  clientId: row.client_id,
  externalId: row.external_id,
  api: row.api,
  operation: row.operation,
  state: row.state,
  content: row.content,
  totalKop: Number(row.total_kop),
  callbackUrl: row.callback_url,
  callbackNote: row.callback_note,
  acceptedAt: row.accepted_at,
  finishedAt: row.finished_at,
  waitReason: row.wait_reason,
  registerSerial: row.serial,
  driverId: row.driver_id,
  errorCode: row.error_code,
  errorType: row.error_type,
  errorText: row.error_text,
  fnsSite: row.fns_site,
  ofdInn: row.ofd_inn,
  ofdReceiptUrl: row.ofd_receipt_url,
  proof:
    row.fn_number !== null && row.fd_number !== null
      ? {
          fnNumber: row.fn_number,
          fdNumber: row.fd_number,
          fiscalSign: Number(row.fiscal_sign),
          at: row.document_at ?? '',
          shiftNumber: row.shift_number ?? 0,
          receiptNumber: row.receipt_number ?? 0,
          totalKop: Number(row.document_total_kop ?? row.total_kop),
          rnm: row.rnm ?? '',
          confirmedAt: row.confirmed_at,
          ...(row.tlv !== null && { tlv: row.tlv }),
        }
      : null,
});

/** Accepting and telling about receipts. */
export class ReceiptStore {
  constructor(private readonly sql: Sql) {}

  /**
   * Accepts a batch in one statement, so in one flush of the log. When it resolves, every receipt with
   * `accepted: true` is durable (also one accepted and refused at once); the others name the receipt that already holds their (group, external id).
   * Outcomes come in the order of the input.
   */
  async accept(batch: readonly NewReceipt[]): Promise<AcceptOutcome[]> {
    const column = <Value>(
      type: Parameters<typeof binaryArray<Value>>[0],
      pick: (receipt: NewReceipt) => Value | undefined,
    ): Buffer => binaryArray(type, batch.map(pick));
    const { bytea, int2, int4, int8, jsonb, text, uuid } = binaryTypes;
    const taken = oneRow(
      await this.sql.query<{ n: number; ids: string[] | null }>(
        `with taken as (
         insert into receipts (id, group_id, client_id, external_id, api, operation, content, body_hash, total_kop,
                               callback_url, callback_note, priority, accepted_at, deadline_at, state, finished_at,
                               error_code, error_type, error_text)
         select x.id, x.group_id, x.client_id, x.external_id, x.api, x.operation, x.content, x.body_hash, x.total_kop,
                x.callback_url, x.callback_note, x.priority, farm_now(),
                farm_now() + make_interval(secs => x.queue_limit_s),
                case when x.error_code is null then 'queued' else 'failed' end,
                case when x.error_code is not null then farm_now() end, x.error_code, x.error_type, x.error_text
         from unnest($1::uuid[], $2::integer[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::bytea[],
                     $9::bigint[], $10::text[], $11::text[], $12::smallint[], $13::integer[], $14::integer[], $15::text[],
                     $16::text[])
                as x(id, group_id, client_id, external_id, api, operation, content, body_hash, total_kop, callback_url,
                     callback_note, priority, queue_limit_s, error_code, error_type, error_text)
         on conflict on constraint receipts_external_id do nothing
         returning id, state, callback_url, callback_note
       ), told as (
         insert into callbacks (receipt_id, url)
         select id, callback_url from taken where state = 'failed' and callback_url is not null and callback_note is null
       )
       select count(*)::integer as n, case when count(*) < $17::integer then array_agg(id) end as ids from taken`,
        [
          column(uuid, ({ id }) => id),
          column(int4, ({ groupId }) => groupId),
          column(uuid, ({ clientId }) => clientId),
          column(text, ({ externalId }) => externalId),
          column(text, ({ api }) => api),
          column(text, ({ operation }) => operation),
          column(jsonb, ({ content, contentJson }) => contentJson ?? JSON.stringify(content)),
          column(bytea, ({ bodyHash }) => bodyHash),
          column(int8, ({ totalKop }) => totalKop),
          column(text, ({ callbackUrl }) => callbackUrl),
          column(text, ({ callbackNote }) => callbackNote),
          column(int2, ({ priority }) => priority),
          column(int4, ({ queueLimitS }) => queueLimitS),
          column(int4, ({ refusal }) => refusal?.errorCode),
          column(text, ({ refusal }) => refusal?.errorType),
          column(text, ({ refusal }) => refusal?.errorText),
          batch.length,
        ],
        'receipts_accept',
      ),
      'accepted receipts',
    );
    if (taken.n === batch.length) return batch.map(({ id }) => ({ accepted: true, id }));
    const acceptedIds = new Set(taken.ids);
    return Promise.all(
      batch.map(async (receipt): Promise<AcceptOutcome> => {
        if (acceptedIds.has(receipt.id)) return { accepted: true, id: receipt.id };
        const earlier = oneRow(
          await this.sql.query<{ id: string; state: ReceiptState; hash: string }>(
            `select id, state, encode(body_hash, 'hex') as hash from receipts where group_id = $1 and external_id = $2`,
            [receipt.groupId, receipt.externalId],
            'receipts_by_external_id',
          ),
          `receipt ${receipt.externalId}`,
        );
        // Our own row: the statement was repeated after a connection broke between its commit and its answer.
        if (earlier.id === receipt.id) return { accepted: true, id: receipt.id };
        return {
          accepted: false,
          id: earlier.id,
          state: earlier.state,
          sameBody: earlier.hash === receipt.bodyHash,
        };
      }),
    );
  }

  /** The earlier receipt with this external id, if any: lets a repeat be answered without a write. */
  async findByExternalId(
    groupId: number,
    externalId: string,
  ): Promise<{ id: string; state: ReceiptState } | undefined> {
    const rows = await this.sql.query<{ id: string; state: ReceiptState }>(
      'select id, state from receipts where group_id = $1 and external_id = $2',
      [groupId, externalId],
      'receipts_find_external_id',
    );
    return rows[0];
  }

  /** What is known about one receipt; undefined when the id is unknown. */
  async report(id: string): Promise<ReceiptReport | undefined> {
    const rows = await this.sql.query<ReportRow>(
      `select ${reportColumns} ${reportTables} where r.id = $1`,
      [id],
      'receipts_report',
    );
    return rows[0] && toReport(rows[0]);
  }

  /**
   * Reports of several receipts by one statement, in the order asked. The array stands in a sub-select because its
   * length must not enter the plan: otherwise PostgreSQL plans these joins anew each time, for more than they cost.
   */
  async reports(ids: readonly string[]): Promise<(ReceiptReport | undefined)[]> {
    const rows = await this.sql.query<ReportRow>(
      `select ${reportColumns} ${reportTables} where r.id = any(array(select unnest($1::uuid[])))`,
      [ids],
      'receipts_reports',
    );
    const byId = new Map(rows.map((row) => [row.id, toReport(row)]));
    return ids.map((id) => byId.get(id));
  }

  /** The newest receipts of a client (or of the whole farm), newest first. */
  async latest(options: {
    clientId?: string;
    groupCode?: string;
    state?: ReceiptState;
    limit: number;
  }): Promise<ReceiptReport[]> {
    const rows = await this.sql.query<ReportRow>(
      `select ${reportColumns} ${reportTables}
       where ($1::uuid is null or r.client_id = $1) and ($2::text is null or g.code = $2) and ($3::text is null or r.state = $3)
       order by r.accepted_at desc, r.queue_no desc limit $4`,
      [options.clientId, options.groupCode, options.state, options.limit],
    );
    return rows.map(toReport);
  }

  /**
   * Ends receipts that waited in the queue past their limit: a clear refusal with the API's timeout error.
   * Only queued ones: what a driver holds or is in doubt is never ended by a clock.
   */
  async expireQueued(limit: number): Promise<string[]> {
    const rows = await this.sql.query<{ id: string }>(
      `with late as (
         select id from receipts where state = 'queued' and deadline_at < farm_now()
         order by deadline_at limit $1 for update skip locked
       ), ended as (
         update receipts r set state = 'failed', finished_at = farm_now(), error_code = 1, error_type = 'timeout',
                error_text = 'Превышено время ожидания чека в очереди'
         from late where r.id = late.id returning r.id, r.callback_url, r.callback_note
       ), told as (
         insert into callbacks (receipt_id, url) select id, callback_url from ended where callback_url is not null and callback_note is null
       )
       select id from ended`,
      [limit],
    );
    return rows.map((row) => row.id);
  }
}
