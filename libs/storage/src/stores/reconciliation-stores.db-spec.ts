import { systemIds } from '@kkt/contracts';
import { createTestDatabase, type TestDatabase } from '@kkt/testing';
import {
  type ArchiveRecord,
  ArchiveReadStore,
  type Database,
  farmMigrations,
  type FindingInput,
  migrate,
  openDatabase,
  ReconciliationStore,
} from '../index';

const shop = '01900000-0000-7000-8000-00000000000a';
const fn = (n: number): string => `999900000000000${n}`;

let database: TestDatabase;
let db: Database;
let store: ReconciliationStore;
let reads: ArchiveReadStore;
let groupId: number;
let runId: string;

async function addRegister(n: number, state = 'ready'): Promise<number> {
  const rows = await db.query<{ id: number }>(
    `insert into registers (serial, model, transport, driver_id, client_id, group_id, rnm, ffd, fn_number, state)
     values ($1, 'atol-42fs', '{}', 'd1', $2, $3, $1, 4, $4, $5) returning id`,
    [`serial-${n}`, shop, groupId, fn(n), state],
  );
  return rows[0]?.id ?? 0;
}

const addDocument = (fnNumber: string, fd: number, registerId: number, isConfirmed = true) =>
  db.query(
    `insert into documents (fn_number, fd_number, form, register_id, fiscal_sign, document_at, total_kop, tlv, confirmed_at)
     values ($1, $2, 3, $3, 4294967295, '2026-11-23 12:00:31', 9007199254740991, '', case when $4 then farm_now() end)`,
    [fnNumber, fd, registerId, isConfirmed],
  );

const begin = async () => {
  const id = systemIds.uuid();
  await store.begin({ id, startedBy: 'spec', depth: 'full' });
  return id;
};

/** Runs with the farm's clock at this time of UTC. */
const atTime = async <T>(utc: string, run: (store: ReconciliationStore) => Promise<T>): Promise<T> => {
  const one = openDatabase({ url: database.url, applicationName: 'spec', maxConnections: 1 });
  try {
    await one.query(`select set_config('farm.now', $1, false)`, [utc]);
    return await run(new ReconciliationStore(one));
  } finally {
    await one.close();
  }
};

beforeAll(async () => {
  database = await createTestDatabase({
    template: {
      name: 'farm',
      prepare: async (url) => void (await migrate({ url, migrations: farmMigrations })),
    },
  });
  db = openDatabase({ url: database.url, applicationName: 'spec' });
  store = new ReconciliationStore(db);
  reads = new ArchiveReadStore(db);
});

afterAll(async () => {
  await db.close();
  await database.drop();
});

beforeEach(async () => {
  await db.query('truncate clients, reconciliations, reconciled_drives, fiscal_drives cascade');
  await db.query(`insert into clients (id, name, inn) values ($1, 'Shop', '5544332219')`, [shop]);
  const groups = await db.query<{ id: number }>(
    `insert into register_groups (client_id, code, protocol, ffd, inn, user_name, tax_systems, payment_address, address,
       ofd_inn, ofd_name, ofd_host, ofd_port)
     values ($1, 'g', 4, 2, '5544332219', 'Shop', 1, 'https://shop.example', 'Moscow', '7709364346', 'OFD', 'h', 1)
     returning id`,
    [shop],
  );
  groupId = groups[0]?.id ?? 0;
  runId = await begin();
});

describe('ArchiveReadStore', () => {
  const record = (fdNumber: number): ArchiveRecord => ({
    fdNumber,
    form: 3,
    type: 4,
    fiscalSign: 4_294_967_295,
    totalKop: fdNumber % 2 ? null : 12_345,
    at: '2026-11-23T12:00:00',
    delivered: fdNumber % 2 === 0,
  });
  const part = (from: number, to: number, over: object = {}) => ({
    nextFd: to + 1,
    lastFd: 100,
    records: Array.from({ length: to - from + 1 }, (_, n) => record(from + n)),
    missing: [],
    isDone: false,
    ...over,
  });
  const wish = (registerId: number, n: number, over: object = {}) =>
    reads.request({ runId, registerId, fnNumber: fn(n), fromFd: 1, toFd: null, ttlS: 60, ...over });

  it('gives each register its oldest wish, and goes on where the last part ended', async () => {
    const [one, two] = [await addRegister(1), await addRegister(2)];
    const first = await wish(one, 1);
    await wish(one, 1, { fromFd: 50, toFd: 60 });
    const other = await wish(two, 2, { fromFd: 7 });
    expect(await reads.waitingFor([one, two])).toEqual([
      { id: first, registerId: one, fnNumber: fn(1), nextFd: 1, toFd: null },
      { id: other, registerId: two, fnNumber: fn(2), nextFd: 7, toFd: null },
    ]);
    expect(await reads.put(first, part(1, 20))).toBe(true);
    expect(await reads.waitingFor([one])).toMatchObject([{ id: first, nextFd: 21 }]);
  });

  it('keeps each record once, whatever is repeated, and gives them all back', async () => {
    const one = await addRegister(1);
    const id = await wish(one, 1);
    await reads.put(id, part(1, 3));
    await reads.put(id, part(1, 3));
    await reads.put(id, part(4, 6, { missing: [5], records: [record(4), record(6)], isDone: true }));
    expect(await reads.records(id)).toEqual([1, 2, 3, 4, 6].map(record));
    expect(await reads.follow([id], 60)).toEqual([
      { id, state: 'done', nextFd: 7, lastFd: 100, reason: null },
    ]);
    expect(await reads.waitingFor([one])).toEqual([]);
    expect(await reads.put(id, part(7, 8))).toBe(false);
  });

  it('says that a wish is gone, and tells a refusal', async () => {
    const one = await addRegister(1);
    const gone = await wish(one, 1);
    await reads.forget([gone]);
    expect(await reads.put(gone, part(1, 2))).toBe(false);
    const refused = await wish(one, 1);
    await reads.fail(refused, 'DEVICE-FN-FAULT');
    expect(await reads.follow([refused], 60)).toMatchObject([{ state: 'failed', reason: 'DEVICE-FN-FAULT' }]);
  });

  it('forgets what nobody prolongs, with what was read', async () => {
    const one = await addRegister(1);
    const [kept, left] = [await wish(one, 1, { ttlS: 0 }), await wish(one, 1, { ttlS: 0 })];
    await reads.put(left, part(1, 2));
    expect(await reads.waitingFor([one])).toEqual([]);
    await reads.follow([kept], 60);
    expect(await reads.forgetExpired()).toBe(1);
    expect(await reads.waitingFor([one])).toMatchObject([{ id: kept }]);
    expect(await reads.records(left)).toEqual([]);
  });
});

describe('ReconciliationStore', () => {
  it('names FNs in rented registers and those that left documents', async () => {
    const one = await addRegister(1);
    await addRegister(2, 'stock');
    const closed = await addRegister(3, 'closed');
    for (const n of [1, 3, 4, 5])
      await db.query(
        `insert into fiscal_drives (fn_number, model, capacity_documents) values ($1, 'fn-1.2-15', 250000)`,
        [fn(n)],
      );
    await addDocument(fn(4), 1, one);
    await addDocument(fn(3), 1, closed);
    await store.proven(fn(4), 1, runId);
    const drive = (registerId: number, serial: number, n: number, isInstalled: boolean, provenUpTo = 0) => ({
      registerId,
      serial: `serial-${serial}`,
      fnNumber: fn(n),
      isInstalled,
      ofdInn: '7709364346',
      formerOfdInns: [],
      provenUpTo,
    });
    expect(await store.drives()).toEqual([
      drive(one, 1, 1, true),
      drive(one, 1, 4, false, 1),
      drive(closed, 3, 3, false),
    ]);
    expect(await store.drives('serial-3')).toEqual([drive(closed, 3, 3, false)]);
    expect(await store.drives('nobody')).toEqual([]);
  });

  it('pages documents with numbers as large as they get', async () => {
    const one = await addRegister(1);
    for (const fd of [3, 1, 2]) await addDocument(fn(1), fd, one, fd !== 2);
    expect((await store.documents(fn(1), 2, 1)).map(({ fdNumber }) => fdNumber)).toEqual([2]);
    expect(await store.documents(fn(1), 2, 9)).toEqual(
      [2, 3].map((fdNumber) => ({
        fdNumber,
        form: 3,
        fiscalSign: 4_294_967_295,
        totalKop: 9_007_199_254_740_991,
        at: '2026-11-23T12:00:31',
        confirmed: fdNumber !== 2,
        receiptId: null,
      })),
    );
  });

  it('opens a finding once, sees it again, and closes it when all sides were read and it is gone', async () => {
    const registerId = await addRegister(1);
    const lost = (fdNumber: number): FindingInput => ({
      fdNumber,
      toFd: fdNumber,
      kind: 'missing_in_database',
      form: 3,
      details: { seenIn: ['fn'] },
      action: 'Найти',
    });
    const save = async (findings: FindingInput[], closeFromFd?: number) => {
      const id = await begin();
      await store.saveFindings({ runId: id, registerId, fnNumber: fn(1) }, findings, closeFromFd);
      return id;
    };
    const states = () =>
      db.query(`select fd_number as fd, state from findings order by fd_number, id`).then((rows) => rows);
    await save([lost(5), lost(9)], 1);
    const second = await save([lost(5)]);
    expect(await states()).toEqual([
      { fd: 5, state: 'open' },
      { fd: 9, state: 'open' },
    ]);
    expect(await store.findings(second)).toMatchObject([
      { serial: 'serial-1', fnNumber: fn(1), fdNumber: 5, kind: 'missing_in_database', action: 'Найти' },
    ]);
    expect(await store.openOf(registerId)).toEqual({ open: 2, lostReceipts: 2 });
    await save([], 6);
    expect(await states()).toEqual([
      { fd: 5, state: 'open' },
      { fd: 9, state: 'closed' },
    ]);
    await save([lost(9)], 1);
    expect(await states()).toEqual([
      { fd: 5, state: 'closed' },
      { fd: 9, state: 'closed' },
      { fd: 9, state: 'open' },
    ]);
  });

  it('begins a nightly run once a night, in its hours, whoever asks', async () => {
    const nightly = (utc: string) =>
      atTime(utc, (one) => one.beginNightly({ id: systemIds.uuid(), startedBy: 'spec' }));
    // 02:59, 03:00, 03:01 and 06:00 of Moscow on a Monday.
    expect(await nightly('2026-11-22 23:59:00Z')).toBeUndefined();
    expect(
      await Promise.all([nightly('2026-11-23 00:00:00Z'), nightly('2026-11-23 00:00:00Z')]).then((all) =>
        all.filter(Boolean),
      ),
    ).toEqual(['new']);
    expect(await nightly('2026-11-23 00:01:00Z')).toBeUndefined();
    expect(await nightly('2026-11-23 03:00:00Z')).toBeUndefined();
    // The night to Sunday.
    expect(await nightly('2026-11-29 00:10:00Z')).toBe('full');
  });

  it('begins it anew when it broke off or fell silent', async () => {
    const nightly = (utc: string) => {
      const id = systemIds.uuid();
      return atTime(utc, async (one) => ({
        id,
        depth: await one.beginNightly({ id, startedBy: 'spec' }),
      }));
    };
    const totals = { registers: 0, documents: 0, findings: 0, notRead: 0, seconds: 0 };
    const first = await nightly('2026-11-23 00:00:00Z');
    await atTime('2026-11-23 00:01:00Z', (one) => one.seen(first.id));
    expect((await nightly('2026-11-23 00:02:30Z')).depth).toBeUndefined();
    const second = await nightly('2026-11-23 00:03:10Z');
    expect(second.depth).toBe('new');
    await store.finish(second.id, 'broken_off', totals, []);
    const third = await nightly('2026-11-23 00:03:20Z');
    expect(third.depth).toBe('new');
    await store.finish(third.id, 'clean', totals, []);
    expect((await nightly('2026-11-23 00:30:00Z')).depth).toBeUndefined();
  });

  it('tells its runs, the newest first', async () => {
    const totals = { registers: 1, documents: 2, findings: 3, notRead: 1, seconds: 4.5 };
    const notRead = [{ serial: 's', fnNumber: fn(1), reason: 'no_answer_from_register' }];
    await store.finish(runId, 'differences', totals, notRead);
    const [run] = await store.runs(5);
    expect(run).toMatchObject({ id: runId, kind: 'demand', outcome: 'differences', totals, notRead });
  });

  it('knows whether any driver holds a register', async () => {
    const registerId = await addRegister(1);
    expect(await store.isDriverAlive()).toBe(false);
    await db.query(
      `insert into leases (register_id, owner, expires_at) values ($1, $2, farm_now() + interval '1 minute')`,
      [registerId, systemIds.uuid()],
    );
    expect(await store.isDriverAlive()).toBe(true);
  });
});
