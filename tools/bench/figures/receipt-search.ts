import { silentLog, systemIds } from '@kkt/contracts';
import { ExportRunner } from '@kkt/sales';
import { contactHash, contactKey } from '@kkt/security';
import {
  AnalyticsStore,
  type Database,
  ReceiptExportStore,
  type ReceiptQuery,
  ReceiptSearchStore,
} from '@kkt/storage';
import { addClients, addRegisters, clientId } from '../farm-rows';
import { type BenchContext, type Figure, quantile, row, type ToldRow } from '../row';
import { withServers } from '../servers';

const groups = 2;
const key = contactKey(Buffer.alloc(32, 5));
const exported = 100_000;

/** Receipts of one client over a year with their facts and documents, written by the database itself. */
async function fill(database: Database, count: number, say: BenchContext['say']): Promise<void> {
  await addClients(database, groups);
  await database.query('update register_groups set client_id = $1', [clientId(1)]);
  await addRegisters(database, groups, groups, () => systemIds.uuid());
  const step = 100_000;
  for (let from = 0; from < count; from += step) {
    const size = Math.min(step, count - from);
    await database.query(
      `with made as (
         insert into receipts (id, group_id, client_id, external_id, api, operation, content, body_hash, total_kop, state,
                               accepted_at, deadline_at, finished_at, register_id, fn_number, fd_number, error_code)
         select gen_random_uuid(), 1 + n % ${groups}, $1, 'order-' || n, 'v5',
                case when n % 25 = 0 then 'sell_refund' else 'sell' end,
                jsonb_build_object('form', 'receipt', 'sign', 1, 'client', jsonb_build_object('email', 'b' || n % 50000 || '@mail.example'),
                  'items', jsonb_build_array(jsonb_build_object('name', 'Товар ' || n % 5000 || case when n % 3 = 0 then ' кофейный' else ' чайный' end)),
                  'payments', jsonb_build_object('cashKop', 0, 'ecashKop', 100 + n % 500000, 'prepaidKop', 0, 'creditKop', 0, 'provisionKop', 0)),
                '\\x00', 100 + n % 500000, case when n % 100 = 0 then 'failed' else 'done' end,
                now() - make_interval(secs => ($3::integer + 1 - n) * 31.0), now(), now() - make_interval(secs => ($3::integer + 1 - n) * 31.0),
                1 + n % ${groups}, case when n % 100 <> 0 then '9999' || lpad((1 + n % ${groups})::text, 12, '0') end,
                case when n % 100 <> 0 then n end, case when n % 100 = 0 then 32 end
         from generate_series($2::integer + 1, $2::integer + $4::integer) n returning *
       ), facts as (
         insert into receipt_facts (receipt_id, group_id, accepted_at, finished_at, is_done, operation, channel, payments, total_kop,
                                    register_id, fn_number, fd_number, contact_hash, goods)
         select id, group_id, accepted_at, finished_at, state = 'done', operation, 1, 2, total_kop, register_id, fn_number, fd_number,
                decode(md5(content #>> '{client,email}'), 'hex'),
                to_tsvector('russian', content #>> '{items,0,name}') || array_to_tsvector(array['client:' || client_id])
         from made
       )
       insert into documents (fn_number, fd_number, form, register_id, receipt_id, fiscal_sign, document_at, total_kop, tlv, confirmed_at)
       select fn_number, fd_number, 3, register_id, id, fd_number::bigint * 7919 % 4294967296, accepted_at, total_kop, '\\x00', now()
       from made where state = 'done'`,
      [clientId(1), from, count, size],
    );
    say(`${from + size} of ${count} receipts are there`);
  }
  // One buyer who can be asked for by his address.
  await database.query(
    `update receipt_facts set contact_hash = $1 where receipt_id in (select id from receipts where external_id in ('order-77', 'order-7777'))`,
    [contactHash(key, 'buyer@mail.example')],
  );
  await database.query(`update receipt_facts_cursor set finished_at = now()`);
  for (const table of ['receipts', 'receipt_facts', 'documents'])
    await database.query(`vacuum analyze ${table}`);
}

const day = (ago: number): Date => new Date(Date.now() - ago * 86_400_000);

/** What people ask, by one thing each and by several. */
const questions = (count: number): Readonly<Record<string, Partial<ReceiptQuery>>> => ({
  everything: {},
  'last month': { from: day(30) },
  'a sum': { minKop: 77_777, maxKop: 77_777 },
  'a state': { state: 'failed' },
  'a kind': { operation: 'sell_refund' },
  'an order': { externalId: `order-${Math.floor(count / 2)}` },
  'a common word': { goods: 'кофе' },
  'a rare word': { goods: '4321' },
  'a buyer': { contactHash: contactHash(key, 'buyer@mail.example').toString('hex') },
  'a payment': { payments: 1 },
  'a register': { serial: '00106000000001' },
  'an FN and FD': { fnNumber: '9999000000000001', fdNumber: Math.floor(count / 2) },
  'an FD': { fdNumber: Math.floor(count / 3) },
  'an FP': { fiscalSign: 7_919 * 4_242 },
  'a word of last month': { goods: 'чай', from: day(30), state: 'done' },
});

async function ask(database: Database, count: number, repeats: number): Promise<ToldRow[]> {
  const store = new ReceiptSearchStore(database);
  const sight = { clientId: clientId(1), groupIds: null };
  const times: number[] = [];
  let worst = { what: '', ms: 0 };
  for (const [what, question] of Object.entries(questions(count)))
    for (let turn = 0; turn < repeats; turn += 1) {
      const startedAt = performance.now();
      await Promise.all([store.page({ ...sight, ...question }, 50), store.totals({ ...sight, ...question })]);
      const ms = performance.now() - startedAt;
      times.push(ms);
      if (ms > worst.ms) worst = { what, ms };
    }
  const analytics = new AnalyticsStore(database);
  const range = {
    groupIds: [1, 2],
    from: day(365).toISOString().slice(0, 10),
    to: day(0).toISOString().slice(0, 10),
  };
  const startedAt = performance.now();
  await Promise.all([analytics.figures(range), analytics.series(range, 'day'), analytics.heat(range)]);
  return [
    row({
      what: `Search of a client’s receipts with count and sum, ${count} receipts, p95`,
      value: Math.round(quantile(times, 0.95)),
      unit: 'ms',
      goal: 1_000,
      goalOf: 'value',
      goalIs: 'most',
      note: `${Object.keys(questions(count)).length} kinds of question; the slowest, ${worst.what}, took ${Math.round(worst.ms)} ms`,
    }),
    row({
      what: `A year of sales by day and by hour of the week, ${count} receipts`,
      value: Math.round(performance.now() - startedAt),
      unit: 'ms',
    }),
  ];
}

async function write(database: Database, count: number): Promise<ToldRow[]> {
  const store = new ReceiptExportStore(database);
  const rows: ToldRow[] = [];
  const [person] = await database.query<{ id: string }>(
    `insert into people (id, login, password_hash, name) values (gen_random_uuid(), 'bench', '', 'bench') returning id`,
  );
  const wanted = Math.min(exported, count);
  const from = new Date(Date.now() - (wanted * 31 + 1) * 1000);
  for (const format of ['csv', 'xlsx'] as const) {
    const query = { clientId: clientId(1), groupIds: null, from };
    await store.add({
      id: systemIds.uuid(),
      clientId: clientId(1),
      personId: person?.id ?? '',
      format,
      query,
      withContacts: true,
    });
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 100);
    const startedAt = performance.now();
    await new ExportRunner(database, silentLog).turn();
    clearInterval(watch);
    const [made] = await database.query<{ rows_done: string; bytes: string }>(
      `select rows_done, bytes from receipt_exports where format = $1`,
      [format],
    );
    rows.push(
      row({
        what: `Export of ${made?.rows_done ?? 0} receipts as ${format.toUpperCase()}`,
        value: Number(((performance.now() - startedAt) / 1000).toFixed(1)),
        unit: 's',
        goal: 60,
        goalOf: 'value',
        goalIs: 'most',
        note: `${(Number(made?.bytes ?? 0) / 1e6).toFixed(1)} MB; memory grew by ${((most - before) / 1e6).toFixed(0)} MB at most`,
      }),
    );
  }
  return rows;
}

/** What a client with a million receipts waits for. */
export const receiptSearch: Figure = {
  name: 'receipt-search',
  about: 'Search, sums and exports of one client’s receipts',
  quickS: 18,
  run: ({ quick, repeats, say }) =>
    withServers(async ({ database }) => {
      const count = quick ? 20_000 : 1_000_000;
      await fill(database, count, say);
      return [...(await ask(database, count, repeats)), ...(await write(database, count))];
    }),
};
