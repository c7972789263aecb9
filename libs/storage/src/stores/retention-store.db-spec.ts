import { createTestDatabase, type TestDatabase } from '@kkt/testing';
import {
  type Database,
  farmMigrations,
  migrate,
  openDatabase,
  type RetentionDays,
  RetentionStore,
} from '../index';

const client = '01900000-0000-7000-8000-00000000000a';
const [gone, works] = ['9999000000000001', '9999000000000002'];
const days: RetentionDays = { receipts: 1_830, messages: 90, logins: 400, notifications: 400 };
const some = 100;

let database: TestDatabase;
let db: Database;
let store: RetentionStore;
let last = 0;

const count = async (table: string): Promise<number> =>
  (await db.query<{ n: number }>(`select count(*)::int as n from ${table}`))[0]?.n ?? -1;

/** A receipt that ended so long ago, with everything that speaks of it. */
async function addReceipt(options: {
  endedDaysAgo: number;
  fnNumber?: string;
  state?: 'done' | 'failed' | 'working';
  intent?: 'done' | 'stuck';
}): Promise<string> {
  const { endedDaysAgo, fnNumber = gone, state = 'done', intent = 'done' } = options;
  last += 1;
  const id = `01900000-0000-7000-8000-${String(last).padStart(12, '0')}`;
  await db.query(
    `insert into receipts (id, group_id, client_id, external_id, api, operation, content, body_hash, total_kop, state,
       deadline_at, register_id, finished_at, fn_number, fd_number, error_code)
     values ($1, 1, $2, $3, 'v4', 'sell', '{}', '\\x00', 100, $4, now(), 1,
       case when $4 <> 'working' then farm_now() - make_interval(days => $5) end, $6, $7, 1)`,
    [id, client, `order-${last}`, state, endedDaysAgo, fnNumber, last],
  );
  await db.query(
    `insert into intents (register_id, fence, kind, receipt_id, fn_number, fd_before, state, fd_number)
     values (1, 1, 'receipt', $1, $2, 0, $3, case when $3 = 'done' then 1 end)`,
    [id, fnNumber, intent],
  );
  await db.query(
    `insert into documents (fn_number, fd_number, form, register_id, receipt_id, fiscal_sign, document_at, tlv, recorded_at)
     values ($1, $2, 3, 1, $3, 1, now(), '\\x00', farm_now() - make_interval(days => $4))`,
    [fnNumber, last, id, endedDaysAgo],
  );
  await db.query(`insert into callbacks (receipt_id, url, state) values ($1, 'https://x', 'delivered')`, [
    id,
  ]);
  await db.query(
    `insert into callback_attempts (receipt_id, url, outcome) values ($1, 'https://x', 'delivered')`,
    [id],
  );
  await db.query(
    `insert into receipt_origins (receipt_id, original_id, external_id, kind, taken_kop, taken_micro)
     values ($1, $1, 'refund', 'refund', '{}', '{}')`,
    [id],
  );
  return id;
}

beforeAll(async () => {
  database = await createTestDatabase({
    template: {
      name: 'farm',
      prepare: async (url) => void (await migrate({ url, migrations: farmMigrations })),
    },
  });
  db = openDatabase({ url: database.url, applicationName: 'spec' });
  store = new RetentionStore(db);
});

afterAll(async () => {
  await db.close();
  await database.drop();
});

beforeEach(async () => {
  await db.query('truncate clients, ofd_messages, login_journal, notifications cascade');
  await db.query(`insert into clients (id, name, inn) values ($1, 'Shop', '5544332219')`, [client]);
  await db.query(
    `insert into register_groups (id, client_id, code, protocol, ffd, inn, user_name, tax_systems, payment_address, address,
       ofd_inn, ofd_name, ofd_host, ofd_port)
     values (1, $1, 'g', 4, 2, '5544332219', 'Shop', 1, 'https://shop.example', 'Moscow', '7709364346', 'OFD', 'ofd', 7777)`,
    [client],
  );
  await db.query(
    `insert into registers (id, serial, model, transport, driver_id, client_id, group_id, rnm, ffd, fn_number, state)
     values (1, 'serial', 'atol-42fs', '{}', 'd1', $1, 1, 'rnm', 4, $2, 'ready')`,
    [client, works],
  );
});

test('a receipt past its time goes with all that speaks of it, a younger one stays', async () => {
  await addReceipt({ endedDaysAgo: 1_831 });
  await addReceipt({ endedDaysAgo: 1_831, state: 'failed' });
  const young = await addReceipt({ endedDaysAgo: 1_829 });
  expect(await store.forget(days, some)).toMatchObject({ receipts: 2 });
  expect(await db.query('select id from receipts')).toEqual([{ id: young }]);
  for (const table of ['intents', 'documents', 'callbacks', 'callback_attempts', 'receipt_origins'])
    expect(await count(table)).toBe(1);
  expect(await store.forget(days, some)).toMatchObject({ receipts: 0 });
});

test('what works, is in doubt or belongs to an FN that works is kept however old', async () => {
  await addReceipt({ endedDaysAgo: 4_000, fnNumber: works });
  await addReceipt({ endedDaysAgo: 4_000, state: 'working', intent: 'stuck' });
  expect(await store.forget(days, some)).toMatchObject({ receipts: 0 });
  expect(await count('receipts')).toBe(2);
});

test('takes no more at once than it is told, the oldest first', async () => {
  const [younger] = [await addReceipt({ endedDaysAgo: 1_900 })];
  await addReceipt({ endedDaysAgo: 2_000 });
  expect(await store.forget(days, 1)).toMatchObject({ receipts: 1 });
  expect(await db.query('select id from receipts')).toEqual([{ id: younger }]);
});

test('two processes at once forget each receipt once', async () => {
  for (let n = 0; n < 20; n += 1) await addReceipt({ endedDaysAgo: 2_000 });
  const both = await Promise.all([store.forget(days, 10), store.forget(days, 10)]);
  const left = await count('receipts');
  expect(left).toBe(20 - both.reduce((sum, { receipts }) => sum + receipts, 0));
  while ((await store.forget(days, 10)).receipts > 0);
  expect(await count('receipts')).toBe(0);
  expect(await count('documents')).toBe(0);
});

test('reports without a receipt go by their own time', async () => {
  await db.query(
    `insert into documents (fn_number, fd_number, form, register_id, fiscal_sign, document_at, tlv, recorded_at)
     select fn, n, 2, 1, 1, now(), '\\x00', farm_now() - make_interval(days => age)
     from (values ($1, 1, 2000), ($1, 2, 10), ($2, 1, 2000)) as x(fn, n, age)`,
    [gone, works],
  );
  await store.forget(days, some);
  expect(await db.query('select fn_number as fn, fd_number as fd from documents order by 1, 2')).toEqual([
    { fn: gone, fd: 2 },
    { fn: works, fd: 1 },
  ]);
});

test('a message goes some time after its operator confirmed it; one that waits stays', async () => {
  await db.query(
    `insert into ofd_messages (fn_number, fd_number, register_id, container, state, confirmed_at, created_at)
     select $1, n, 1, '\\x00', state, farm_now() - make_interval(days => age), farm_now() - interval '1 year'
     from (values (1, 'confirmed', 91), (2, 'confirmed', 89), (3, 'ready', null)) as x(n, state, age)`,
    [works],
  );
  expect(await store.forget(days, some)).toMatchObject({ messages: 1 });
  expect(await db.query('select fd_number as fd from ofd_messages order by 1')).toEqual([
    { fd: 2 },
    { fd: 3 },
  ]);
});

test('log-ins and ended notifications go after their time', async () => {
  await db.query(
    `insert into login_journal (realm, outcome, address, agent, at)
     select 'cabinet', 'ok', '::1', '', farm_now() - make_interval(days => age) from unnest(array[500, 401, 399]) age`,
  );
  await db.query(
    `insert into notifications (dedup_key, kind, recipient_kind, recipient_id, channel, language, subject, body, state,
       expires_at, created_at, finished_at)
     select n::text, 'x', 'staff', '1', 'email', 'ru', 's', 'b', state, now(), farm_now() - make_interval(days => age),
       case when state <> 'pending' then now() end
     from (values (1, 'sent', 500), (2, 'pending', 500), (3, 'failed', 401), (4, 'sent', 10)) as x(n, state, age)`,
  );
  expect(await store.forget(days, some)).toMatchObject({ logins: 2, notifications: 2 });
  expect(await db.query('select dedup_key as n from notifications order by id')).toEqual([
    { n: '2' },
    { n: '4' },
  ]);
});

test('every table that refers to a receipt is thought of', async () => {
  const rows = await db.query<{ name: string }>(
    `select conrelid::regclass::text as name from pg_constraint
     where contype = 'f' and confrelid = 'receipts'::regclass and confdeltype <> 'c' order by 1`,
  );
  expect(rows.map(({ name }) => name)).toEqual(['documents', 'intents', 'payment_receipts']);
});
