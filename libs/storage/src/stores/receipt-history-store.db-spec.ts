import { createTestDatabase, type TestDatabase } from '@kkt/testing';
import {
  type Database,
  farmMigrations,
  migrate,
  openDatabase,
  type ReceiptFilter,
  ReceiptHistoryStore,
  type SqlValue,
} from '../index';

const client = '01900000-0000-7000-8000-00000000000a';
const groups = 20;
const receipts = 20_000;

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await createTestDatabase({
    template: {
      name: 'farm',
      prepare: async (url) => void (await migrate({ url, migrations: farmMigrations })),
    },
  });
  db = openDatabase({ url: database.url, applicationName: 'spec' });
  await db.query(`insert into clients (id, name, inn) values ($1, 'Shop', '5544332219')`, [client]);
  await db.query(
    `insert into register_groups (id, client_id, code, protocol, ffd, inn, user_name, tax_systems, payment_address, address,
       ofd_inn, ofd_name, ofd_host, ofd_port)
     select n, $1, 'g' || n, 4, 2, '5544332219', 'Shop', 1, 'https://shop.example', 'Moscow', '7709364346', 'OFD', 'ofd', 7777
     from generate_series(1, $2::integer) n`,
    [client, groups],
  );
  await db.query(
    `insert into registers (id, serial, model, transport, driver_id, client_id, group_id, rnm, ffd, fn_number, state)
     select n, 'serial-' || n, 'atol-42fs', '{}', 'd1', $1, n, 'rnm-' || n, 4, '9999' || lpad(n::text, 12, '0'), 'ready'
     from generate_series(1, $2::integer) n`,
    [client, groups],
  );
  await db.transaction(async (sql) => {
    // The foreign keys' triggers would ask for every row.
    await sql.query(`set local session_replication_role = replica`);
    await sql.query(
      `insert into receipts (id, group_id, client_id, external_id, api, operation, content, body_hash, total_kop, state,
       accepted_at, deadline_at, register_id, finished_at, fn_number, fd_number)
     select md5(n::text)::uuid, 1 + n % $2, $1, 'order-' || n, 'v4', 'sell', '{}', '\\x00', 100, 'done',
       now() - make_interval(secs => n), now(), 1 + n % $2, now(), '9999' || lpad((1 + n % $2)::text, 12, '0'), 1 + n / $2
     from generate_series(1, $3::integer) n`,
      [client, groups, receipts],
    );
    await sql.query(
      `insert into documents (fn_number, fd_number, form, register_id, receipt_id, fiscal_sign, document_at, tlv)
     select fn_number, fd_number, 3, register_id, id, fd_number * 1000 + group_id, now(), '\\x00' from receipts`,
    );
  });
  await db.query('analyze receipts, documents, register_groups');
});

afterAll(async () => {
  await db.close();
  await database.drop();
});

interface Plan {
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: Plan[];
}

/** Rows of receipts and documents that the search touched, whether they fitted or not. */
async function touchedBy(filter: ReceiptFilter): Promise<{ found: string[]; touched: number }> {
  let touched = 0;
  const count = (plan: Plan): void => {
    const perLoop =
      plan['Actual Rows'] +
      (plan['Rows Removed by Filter'] ?? 0) +
      (plan['Rows Removed by Index Recheck'] ?? 0);
    if (['receipts', 'documents'].includes(plan['Relation Name'] ?? ''))
      touched += perLoop * plan['Actual Loops'];
    for (const child of plan.Plans ?? []) count(child);
  };
  const store = new ReceiptHistoryStore({
    query: async <Row extends object>(text: string, values?: readonly SqlValue[]): Promise<Row[]> => {
      const [row] = await db.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(
        `explain (analyze, format json) ${text}`,
        values,
      );
      count((row?.['QUERY PLAN'][0] as { Plan: Plan }).Plan);
      return db.query<Row>(text, values);
    },
  });
  const { rows } = await store.search(filter, 50);
  return { found: rows.map(({ externalId }) => externalId), touched };
}

test.each<[string, ReceiptFilter]>([
  ['FN and FD number', { fnNumber: '9999000000000003', fdNumber: 6 }],
  ['fiscal sign', { fiscalSign: 6_003 }],
  ['FN, FD number and sign', { fnNumber: '9999000000000003', fdNumber: 6, fiscalSign: 6_003 }],
  ['external id', { externalId: 'order-102' }],
])('finds a receipt by its %s without reading others', async (_, filter) => {
  const { found, touched } = await touchedBy(filter);
  expect(found).toEqual(['order-102']);
  expect(touched).toBeLessThan(10);
});

test.each<[string, ReceiptFilter]>([
  ['another client', { clientId: '01900000-0000-7000-8000-00000000000b' }],
  ['another group', { groupCode: 'g4' }],
  ['groups it is not of', { groupIds: [4, 5] }],
  ['another state', { state: 'failed' }],
  ['another sign', { fiscalSign: 1 }],
])('does not show a document of %s by its numbers', async (_, filter) => {
  const { found } = await touchedBy({ fnNumber: '9999000000000003', fdNumber: 6, ...filter });
  expect(found).toEqual([]);
});

test('reads no more of a client’s receipts than a page of each of its groups', async () => {
  const { found, touched } = await touchedBy({ clientId: client });
  expect(found).toHaveLength(50);
  expect(found[0]).toBe('order-1');
  expect(touched).toBeLessThan(groups * 51 + 200);
});

test('counts what a document’s numbers lead to', async () => {
  const store = new ReceiptHistoryStore(db);
  expect(await store.totals({ fnNumber: '9999000000000003', fdNumber: 6 })).toEqual({
    receipts: 1,
    done: 1,
    doneKop: 100,
    failed: 0,
  });
});
