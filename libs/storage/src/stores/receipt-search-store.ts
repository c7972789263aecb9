import type { ReceiptState } from '@kkt/contracts';
import type { Sql, SqlValue } from '../sql';
import type { ClientSight } from './cabinet-read-store';
import type { ReceiptCursor, ReceiptListRow } from './receipt-history-store';

/** Kinds of payment as bits of {@link ReceiptQuery.payments}. */
export const paymentBits = { cash: 1, electronic: 2, prepaid: 4, credit: 8, other: 16 } as const;

/** What a client looks for; everything given must fit. */
export interface ReceiptQuery extends ClientSight {
  groupCode?: string;
  /** Moments of acceptance: from included, to excluded. */
  from?: Date;
  to?: Date;
  state?: ReceiptState;
  operation?: string;
  minKop?: number;
  maxKop?: number;
  externalId?: string;
  /** Serial number of the register. */
  serial?: string;
  fnNumber?: string;
  fdNumber?: number;
  fiscalSign?: number;
  /** Any of these kinds of payment. */
  payments?: number;
  channel?: number;
  /** Words of goods; the beginning of a word is enough. */
  goods?: string;
  /** Hex of the hash of the buyer's contact. */
  contactHash?: string;
}

export interface ReceiptTotalsRow {
  receipts: number;
  done: number;
  doneKop: number;
  failed: number;
}

/** Where each group's newest rows are looked through for goods before the index of words is asked. */
const walkedRows = 4_000;

/** Text for `to_tsquery`: every word, from its beginning; undefined when there is none. */
export function wordsQuery(text: string): string | undefined {
  const words = text.match(/[\p{L}\p{N}]+/gu)?.slice(0, 8) ?? [];
  return words.length === 0 ? undefined : words.map((word) => `${word.toLowerCase()}:*`).join(' & ');
}

/** Conditions of one statement with their parameters. */
class Conditions {
  private readonly parts: string[] = [];
  readonly values: SqlValue[] = [];

  /** `?` in the text stands for the value. */
  add(text: string, value: SqlValue): this {
    this.parts.push(text.replaceAll('?', this.bind(value)));
    return this;
  }

  bind(value: SqlValue): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  get sql(): string {
    return this.parts.map((part) => ` and ${part}`).join('');
  }
}

const unfinishedStates: readonly ReceiptState[] = ['queued', 'working', 'in_doubt'];

/** Receipts of a client by their facts: finished ones by narrow indexes, the few unfinished ones from the queue. */
export class ReceiptSearchStore {
  constructor(private readonly sql: Sql) {}

  /** Receipts that fit, newest first. */
  async page(
    query: ReceiptQuery,
    limit: number,
    after?: ReceiptCursor,
  ): Promise<{ rows: ReceiptListRow[]; next: ReceiptCursor | null }> {
    const groups = await this.groupsOf(query);
    if (groups.length === 0) return { rows: [], next: null };
    const [finished, unfinished] = await Promise.all([
      this.finished(query, groups, limit + 1, after),
      this.unfinished(query, groups, limit + 1, after),
    ]);
    const ids = [...finished, ...unfinished]
      .sort((a, b) => (a.at === b.at ? (a.id < b.id ? 1 : -1) : a.at < b.at ? 1 : -1))
      .slice(0, limit + 1);
    const shown = ids.slice(0, limit);
    const last = shown.at(-1);
    return {
      rows: await this.rows(shown.map(({ id }) => id)),
      next: ids.length > limit && last ? { acceptedAt: last.at, id: last.id } : null,
    };
  }

  /** How many fit, and the sum of those that are registered. */
  async totals(query: ReceiptQuery): Promise<ReceiptTotalsRow> {
    const groups = await this.groupsOf(query);
    if (groups.length === 0) return { receipts: 0, done: 0, doneKop: 0, failed: 0 };
    const given = this.factConditions(query);
    const [finished, waiting] = await Promise.all([
      given
        ? this.sql.query<{ receipts: string; done: string; kop: string | null }>(
            `select count(*) as receipts, count(*) filter (where f.is_done) as done,
                    sum(f.total_kop) filter (where f.is_done) as kop
             from receipt_facts f where f.group_id = any (${given.bind(groups)}::integer[])${given.sql}`,
            given.values,
          )
        : [],
      this.unfinished(query, groups, 100_000),
    ]);
    const row = finished[0];
    const receipts = Number(row?.receipts ?? 0);
    const done = Number(row?.done ?? 0);
    return {
      receipts: receipts + waiting.length,
      done,
      doneKop: Number(row?.kop ?? 0),
      failed: receipts - done,
    };
  }

  /** Groups in sight that the query may find anything in. */
  private async groupsOf({ clientId, groupIds, groupCode }: ReceiptQuery): Promise<number[]> {
    const rows = await this.sql.query<{ id: number }>(
      `select id from register_groups where client_id = $1 and ($2::integer[] is null or id = any ($2))
         and ($3::text is null or code = $3) order by id`,
      [clientId, groupIds, groupCode],
    );
    return rows.map(({ id }) => id);
  }

  /** Undefined when nothing finished can fit. */
  private factConditions(query: ReceiptQuery, after?: ReceiptCursor): Conditions | undefined {
    const { state } = query;
    if (state !== undefined && unfinishedStates.includes(state)) return undefined;
    const given = new Conditions();
    if (state !== undefined) given.add('f.is_done = ?', state === 'done');
    if (query.operation !== undefined) given.add('f.operation = ?', query.operation);
    if (query.from) given.add('f.accepted_at >= ?', query.from);
    if (query.to) given.add('f.accepted_at < ?', query.to);
    if (query.minKop !== undefined) given.add('f.total_kop >= ?', query.minKop);
    if (query.maxKop !== undefined) given.add('f.total_kop <= ?', query.maxKop);
    if (query.payments) given.add('f.payments & ?::smallint <> 0', query.payments);
    if (query.channel !== undefined) given.add('f.channel = ?', query.channel);
    if (query.fnNumber !== undefined) given.add('f.fn_number = ?', query.fnNumber);
    if (query.fdNumber !== undefined) given.add('f.fd_number = ?', query.fdNumber);
    if (query.contactHash !== undefined) given.add(`f.contact_hash = decode(?, 'hex')`, query.contactHash);
    if (query.serial !== undefined)
      given.add('f.register_id = (select id from registers where serial = ?)', query.serial);
    if (query.externalId !== undefined)
      given.add(
        `f.receipt_id in (select x.id from receipts x join register_groups xg on xg.id = x.group_id
           where xg.client_id = ${given.bind(query.clientId)} and x.external_id = ?)`,
        query.externalId,
      );
    if (query.fiscalSign !== undefined)
      given.add(
        'f.receipt_id in (select receipt_id from documents where fiscal_sign = ?::bigint and receipt_id is not null)',
        query.fiscalSign,
      );
    if (query.goods !== undefined) {
      const words = wordsQuery(query.goods);
      if (words === undefined) return undefined;
      const client = given.bind(`'client:${query.clientId}'`);
      given.add(`f.goods @@ (to_tsquery('russian', ?) && ${client}::tsquery)`, words);
    }
    if (after)
      given.add(
        `(f.accepted_at, f.receipt_id) < (${given.bind(after.acceptedAt)}::timestamptz, ?::uuid)`,
        after.id,
      );
    return given;
  }

  private async finished(
    query: ReceiptQuery,
    groups: readonly number[],
    limit: number,
    after?: ReceiptCursor,
  ): Promise<{ id: string; at: string }[]> {
    const isRare = [query.fnNumber, query.fdNumber, query.contactHash, query.externalId, query.fiscalSign];
    if (isRare.some((value) => value !== undefined)) return this.sorted(query, groups, limit, after);
    if (query.goods === undefined) return this.walked(query, groups, limit, after);
    // A common word is found among the newest receipts at once; a rare one by the index of words.
    const near = await this.walked(query, groups, limit, after, walkedRows);
    return near.length >= limit ? near : this.sorted(query, groups, limit, after);
  }

  /** Each group is walked by its own index from the newest, then the groups are merged. */
  private async walked(
    query: ReceiptQuery,
    groups: readonly number[],
    limit: number,
    after?: ReceiptCursor,
    within?: number,
  ): Promise<{ id: string; at: string }[]> {
    const given = this.factConditions(query, after);
    if (!given) return [];
    const newest = new Conditions();
    if (within !== undefined) {
      if (query.from) newest.add('accepted_at >= ?', query.from);
      if (query.to) newest.add('accepted_at < ?', query.to);
      if (after)
        newest.add(
          `(accepted_at, receipt_id) < (${newest.bind(after.acceptedAt)}::timestamptz, ?::uuid)`,
          after.id,
        );
    }
    const shift = (text: string): string =>
      text.replace(/\$(\d+)/g, (_, number: string) => `$${Number(number) + given.values.length}`);
    const source =
      within === undefined
        ? 'receipt_facts f where f.group_id = g.id'
        : `(select * from receipt_facts where group_id = g.id${shift(newest.sql)}
             order by accepted_at desc, receipt_id desc limit ${within}) f where true`;
    const values = [...given.values, ...newest.values, groups, limit];
    return this.sql.query(
      `select f.receipt_id as id, f.accepted_at::text as at
       from unnest($${values.length - 1}::integer[]) as g(id) cross join lateral (
         select f.receipt_id, f.accepted_at from ${source}${given.sql}
         order by f.accepted_at desc, f.receipt_id desc limit $${values.length}
       ) f order by f.accepted_at desc, f.receipt_id desc limit $${values.length}`,
      values,
    );
  }

  /** Everything that fits is found by the index of what is rare, then put into order. */
  private async sorted(
    query: ReceiptQuery,
    groups: readonly number[],
    limit: number,
    after?: ReceiptCursor,
  ): Promise<{ id: string; at: string }[]> {
    const given = this.factConditions(query, after);
    if (!given) return [];
    return this.sql.query(
      `with hits as materialized (
         select f.receipt_id as id, f.accepted_at from receipt_facts f
         where f.group_id = any (${given.bind(groups)}::integer[])${given.sql}
       )
       select id, accepted_at::text as at from hits order by accepted_at desc, id desc limit ${given.bind(limit)}`,
      given.values,
    );
  }

  /** Receipts on their way: they have no facts yet, so what only facts tell finds none of them. */
  private async unfinished(
    query: ReceiptQuery,
    groups: readonly number[],
    limit: number,
    after?: ReceiptCursor,
  ): Promise<{ id: string; at: string }[]> {
    const { state } = query;
    if (state !== undefined && !unfinishedStates.includes(state)) return [];
    const onlyFacts = [
      query.payments,
      query.channel,
      query.fnNumber,
      query.fdNumber,
      query.fiscalSign,
      query.goods,
      query.contactHash,
    ];
    if (onlyFacts.some((value) => value !== undefined)) return [];
    const given = new Conditions();
    if (state !== undefined) given.add('r.state = ?', state);
    if (query.operation !== undefined) given.add('r.operation = ?', query.operation);
    if (query.from) given.add('r.accepted_at >= ?', query.from);
    if (query.to) given.add('r.accepted_at < ?', query.to);
    if (query.minKop !== undefined) given.add('r.total_kop >= ?', query.minKop);
    if (query.maxKop !== undefined) given.add('r.total_kop <= ?', query.maxKop);
    if (query.externalId !== undefined) given.add('r.external_id = ?', query.externalId);
    if (query.serial !== undefined)
      given.add('r.register_id = (select id from registers where serial = ?)', query.serial);
    if (after)
      given.add(`(r.accepted_at, r.id) < (${given.bind(after.acceptedAt)}::timestamptz, ?::uuid)`, after.id);
    const mine = `${given.bind(groups)}::integer[]`;
    return this.sql.query(
      `select r.id, r.accepted_at::text as at from (
         select * from receipts where group_id = any (${mine}) and state = 'queued'
         union all
         select b.* from registers k join receipts b on b.register_id = k.id and b.state in ('working', 'in_doubt')
         where k.group_id = any (${mine}) and b.group_id = any (${mine})
       ) r where true${given.sql} order by r.accepted_at desc, r.id desc limit ${given.bind(limit)}`,
      given.values,
    );
  }

  private async rows(ids: readonly string[]): Promise<ReceiptListRow[]> {
    if (ids.length === 0) return [];
    const rows = await this.sql.query<Omit<ReceiptListRow, 'totalKop'> & { totalKop: string }>(
      `select r.id, r.external_id as "externalId", g.code as "groupCode", r.operation, r.state, r.total_kop as "totalKop",
              r.accepted_at as "acceptedAt", r.finished_at as "finishedAt", k.serial, r.register_id as "registerId",
              r.fn_number as "fnNumber", r.fd_number as "fdNumber", r.error_code as "errorCode",
              r.error_text as "errorText", r.wait_reason as "waitReason", d.confirmed_at as "confirmedAt"
       from unnest($1::uuid[]) with ordinality as given(id, place)
       join receipts r on r.id = given.id join register_groups g on g.id = r.group_id
       left join registers k on k.id = r.register_id
       left join documents d on d.fn_number = r.fn_number and d.fd_number = r.fd_number
       order by given.place`,
      [ids],
    );
    return rows.map((row) => ({ ...row, totalKop: Number(row.totalKop) }));
  }
}
