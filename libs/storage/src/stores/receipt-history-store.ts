import type { ReceiptState } from '@kkt/contracts';
import type { Sql } from '../sql';
import type { IntentKind } from './dispatch-store';

/** One attempt: what was meant, on which register, and how it ended. */
export interface IntentRow {
  id: string;
  kind: IntentKind;
  registerId: number;
  serial: string;
  fence: string;
  fnNumber: string;
  fdBefore: number;
  fdNumber: number | null;
  state: 'open' | 'stuck' | 'done' | 'void';
  note: string | null;
  createdAt: Date;
  resolvedAt: Date | null;
  /** Since when its outcome was unknown, and why; null: it never was. */
  doubtedAt: Date | null;
  doubtReason: string | null;
}

export interface CallbackRow {
  url: string;
  state: 'pending' | 'delivered' | 'gave_up';
  attempts: number;
  nextAt: Date;
  lastStatus: number | null;
  lastError: string | null;
  createdAt: Date;
  finishedAt: Date | null;
}

/** The document's message to its operator. */
export interface MessageRow {
  state: 'ready' | 'answered' | 'confirmed';
  attempts: number;
  cause: string | null;
  causeText: string | null;
  containerBytes: number;
  createdAt: Date;
  answeredAt: Date | null;
  confirmedAt: Date | null;
}

/** Times and places that a report does not tell. */
export interface ReceiptFacts {
  id: string;
  clientId: string;
  clientName: string;
  registerId: number | null;
  attempts: number;
  priority: number;
  deadlineAt: Date;
  startedAt: Date | null;
  bodyHash: string;
  groupOfdName: string;
  place: Record<string, string | number> | null;
}

/** A receipt as lists show it. */
export interface ReceiptListRow {
  id: string;
  externalId: string;
  groupCode: string;
  operation: string;
  state: ReceiptState;
  totalKop: number;
  acceptedAt: Date;
  finishedAt: Date | null;
  serial: string | null;
  registerId: number | null;
  fnNumber: string | null;
  fdNumber: number | null;
  errorCode: number | null;
  errorText: string | null;
  waitReason: string | null;
  confirmedAt: Date | null;
}

/** What receipts are looked for by; everything given must fit. */
export interface ReceiptFilter {
  clientId?: string;
  /** Only of these groups; absent or null: of any. */
  groupIds?: readonly number[] | null;
  groupCode?: string;
  registerId?: number;
  state?: ReceiptState;
  operation?: string;
  /** Moments of acceptance: from included, to excluded. */
  from?: Date;
  to?: Date;
  minKop?: number;
  maxKop?: number;
  externalId?: string;
  fnNumber?: string;
  fdNumber?: number;
  fiscalSign?: number;
}

export interface ReceiptCursor {
  acceptedAt: string;
  id: string;
}

type ListRow = Omit<ReceiptListRow, 'totalKop'> & { totalKop: string; acceptedText: string };

/** Conditions on receipts `r` of group `g`; parameters from $1 to $14. */
const fits = `($1::uuid is null or g.client_id = $1) and ($2::text is null or g.code = $2)
  and ($14::integer[] is null or g.id = any ($14))`;
const receiptFits = `($3::integer is null or r.register_id = $3) and ($4::text is null or r.state = $4)
  and ($5::text is null or r.operation = $5) and ($6::timestamptz is null or r.accepted_at >= $6)
  and ($7::timestamptz is null or r.accepted_at < $7) and ($8::bigint is null or r.total_kop >= $8)
  and ($9::bigint is null or r.total_kop <= $9) and ($10::text is null or r.external_id = $10)
  and ($11::text is null or r.fn_number = $11) and ($12::integer is null or r.fd_number = $12)
  and ($13::bigint is null or exists (select 1 from documents d where d.fiscal_sign = $13 and d.receipt_id = r.id))`;

const valuesOf = (filter: ReceiptFilter) => [
  filter.clientId,
  filter.groupCode,
  filter.registerId,
  filter.state,
  filter.operation,
  filter.from,
  filter.to,
  filter.minKop,
  filter.maxKop,
  filter.externalId,
  filter.fnNumber,
  filter.fdNumber,
  filter.fiscalSign,
  filter.groupIds,
];

/**
 * What leads straight to one receipt or a few, by an index and however many are stored: a document's own numbers (FN with
 * FD number, or the fiscal sign) or the shop's number of the order. Undefined where the filter has none of these.
 */
function straight({ fnNumber, fdNumber, fiscalSign, externalId }: ReceiptFilter): string | undefined {
  if (fnNumber !== undefined && fdNumber !== undefined)
    return `r.id = (select d.receipt_id from documents d where d.fn_number = $11 and d.fd_number = $12)`;
  if (fiscalSign !== undefined)
    return `r.id in (select d.receipt_id from documents d where d.fiscal_sign = $13)`;
  return externalId === undefined ? undefined : `r.external_id = $10`;
}

/** The life of receipts, for people: lists, searches, and everything that happened to one. */
export class ReceiptHistoryStore {
  constructor(private readonly sql: Sql) {}

  /** Receipts that fit, newest first. Each group is read by its own index, then the groups are merged. */
  async search(
    filter: ReceiptFilter,
    limit: number,
    after?: ReceiptCursor,
  ): Promise<{ rows: ReceiptListRow[]; next: ReceiptCursor | null }> {
    const way = straight(filter);
    const isAfter = `($15::text is null or (r.accepted_at, r.id) < ($15::timestamptz, $16::uuid))`;
    const found = way
      ? `select r.*, g.code from receipts r join register_groups g on g.id = r.group_id
         where ${way} and ${receiptFits} and ${fits} and ${isAfter}`
      : `select r.*, g.code from register_groups g cross join lateral (
           select * from receipts r where r.group_id = g.id and ${receiptFits} and ${isAfter}
           order by r.accepted_at desc, r.id desc limit $17
         ) r where ${fits}`;
    const rows = await this.sql.query<ListRow>(
      `select r.id, r.external_id as "externalId", r.code as "groupCode", r.operation, r.state, r.total_kop as "totalKop",
              r.accepted_at as "acceptedAt", r.accepted_at::text as "acceptedText", r.finished_at as "finishedAt", k.serial,
              r.register_id as "registerId", r.fn_number as "fnNumber", r.fd_number as "fdNumber", r.error_code as "errorCode",
              r.error_text as "errorText", r.wait_reason as "waitReason", d.confirmed_at as "confirmedAt"
       from (${found} order by r.accepted_at desc, r.id desc limit $17) r
       left join registers k on k.id = r.register_id
       left join documents d on d.fn_number = r.fn_number and d.fd_number = r.fd_number
       order by r.accepted_at desc, r.id desc`,
      [...valuesOf(filter), after?.acceptedAt, after?.id, limit + 1],
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      rows: page.map(({ acceptedText: _, ...row }) => ({ ...row, totalKop: Number(row.totalKop) })),
      next: rows.length > limit && last ? { acceptedAt: last.acceptedText, id: last.id } : null,
    };
  }

  /** How many receipts fit, and the sum of those that are registered. */
  async totals(
    filter: ReceiptFilter,
  ): Promise<{ receipts: number; done: number; doneKop: number; failed: number }> {
    const rows = await this.sql.query<{ receipts: string; done: string; kop: string | null; failed: string }>(
      `select count(*) as receipts, count(*) filter (where r.state = 'done') as done,
              sum(r.total_kop) filter (where r.state = 'done') as kop, count(*) filter (where r.state = 'failed') as failed
       from receipts r join register_groups g on g.id = r.group_id
       where ${straight(filter) ?? 'true'} and ${fits} and ${receiptFits}`,
      valuesOf(filter),
    );
    const row = rows[0];
    return {
      receipts: Number(row?.receipts ?? 0),
      done: Number(row?.done ?? 0),
      doneKop: Number(row?.kop ?? 0),
      failed: Number(row?.failed ?? 0),
    };
  }

  async facts(receiptId: string): Promise<ReceiptFacts | undefined> {
    const rows = await this.sql.query<ReceiptFacts>(
      `select r.id, r.client_id as "clientId", c.name as "clientName", r.register_id as "registerId", r.attempts, r.priority,
              r.deadline_at as "deadlineAt", r.started_at as "startedAt", encode(r.body_hash, 'hex') as "bodyHash",
              g.ofd_name as "groupOfdName", k.place
       from receipts r join clients c on c.id = r.client_id join register_groups g on g.id = r.group_id
       left join registers k on k.id = r.register_id where r.id = $1`,
      [receiptId],
    );
    return rows[0];
  }

  /** Every attempt at a receipt, the first one first. */
  async intents(receiptId: string): Promise<IntentRow[]> {
    // Three branches, one for each partial index.
    return this.sql.query<IntentRow>(
      `select i.id::text, i.kind, i.register_id as "registerId", k.serial, i.fence::text, i.fn_number as "fnNumber",
              i.fd_before as "fdBefore", i.fd_number as "fdNumber", i.state, i.note, i.created_at as "createdAt",
              i.resolved_at as "resolvedAt", i.doubted_at as "doubtedAt", i.doubt_reason as "doubtReason"
       from (select * from intents where receipt_id = $1 and state = 'done'
             union all select * from intents where receipt_id = $1 and state in ('open', 'stuck')
             union all select * from intents where receipt_id = $1 and state = 'void') i
       join registers k on k.id = i.register_id order by i.id`,
      [receiptId],
    );
  }

  async callback(receiptId: string): Promise<CallbackRow | undefined> {
    const rows = await this.sql.query<CallbackRow>(
      `select url, state, attempts, next_at as "nextAt", last_status as "lastStatus", last_error as "lastError",
              created_at as "createdAt", finished_at as "finishedAt" from callbacks where receipt_id = $1`,
      [receiptId],
    );
    return rows[0];
  }

  async message(fnNumber: string, fdNumber: number): Promise<MessageRow | undefined> {
    const rows = await this.sql.query<MessageRow>(
      `select state, attempts, cause, cause_text as "causeText", octet_length(container) as "containerBytes",
              created_at as "createdAt", answered_at as "answeredAt", confirmed_at as "confirmedAt"
       from ofd_messages where fn_number = $1 and fd_number = $2`,
      [fnNumber, fdNumber],
    );
    return rows[0];
  }

  /** The intent a register is busy with, if any. */
  async openIntentOf(registerId: number): Promise<(IntentRow & { receiptId: string | null }) | undefined> {
    const rows = await this.sql.query<IntentRow & { receiptId: string | null }>(
      `select i.id::text, i.kind, i.register_id as "registerId", k.serial, i.fence::text, i.fn_number as "fnNumber",
              i.fd_before as "fdBefore", i.fd_number as "fdNumber", i.state, i.note, i.created_at as "createdAt",
              i.resolved_at as "resolvedAt", i.doubted_at as "doubtedAt", i.doubt_reason as "doubtReason",
              i.receipt_id as "receiptId"
       from intents i join registers k on k.id = i.register_id
       where i.register_id = $1 and i.state in ('open', 'stuck')`,
      [registerId],
    );
    return rows[0];
  }

  /** The last receipts of a register, newest first. */
  async ofRegister(registerId: number, limit: number): Promise<ReceiptListRow[]> {
    const rows = await this.sql.query<Omit<ListRow, 'acceptedText'>>(
      `select r.id, r.external_id as "externalId", g.code as "groupCode", r.operation, r.state, r.total_kop as "totalKop",
              r.accepted_at as "acceptedAt", r.finished_at as "finishedAt", k.serial, r.register_id as "registerId",
              r.fn_number as "fnNumber", r.fd_number as "fdNumber", r.error_code as "errorCode", r.error_text as "errorText",
              r.wait_reason as "waitReason", d.confirmed_at as "confirmedAt"
       from registers k
       cross join lateral (
         (select receipt_id from documents where fn_number = k.fn_number and receipt_id is not null
          order by fd_number desc limit $2)
         union
         (select id from receipts where register_id = k.id and state in ('working', 'in_doubt'))
       ) last
       join receipts r on r.id = last.receipt_id join register_groups g on g.id = r.group_id
       left join documents d on d.fn_number = r.fn_number and d.fd_number = r.fd_number
       where k.id = $1 order by r.started_at desc nulls first, r.id desc limit $2`,
      [registerId, limit],
    );
    return rows.map((row) => ({ ...row, totalKop: Number(row.totalKop) }));
  }
}
