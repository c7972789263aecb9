import { HISTORY } from '@kkt/readings';
import { createTestDatabase, FarmRows, type TestDatabase } from '@kkt/testing';
import { migrate } from '../migrate';
import { farmMigrations } from '../migrations';
import { type Database, openDatabase } from '../sql';
import { ReadingStore } from './reading-store';

let testDatabase: TestDatabase;
let database: Database;
let registerId: number;

const at = (moment: string) => database.query(`select set_config('farm.now', $1, false)`, [moment]);

beforeAll(async () => {
  testDatabase = await createTestDatabase({
    template: {
      name: 'farm',
      prepare: async (url) => void (await migrate({ url, migrations: farmMigrations })),
    },
  });
  // One connection: the time of the test is a setting of it.
  database = openDatabase({ url: testDatabase.url, applicationName: 'spec', maxConnections: 1 });
  const rows = new FarmRows(database);
  registerId = (await rows.register(await rows.group(await rows.client(), 'shop-1'))).id;
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

describe('the store of readings', () => {
  it('keeps the last values and a row per minute, folds hours, and drops what is past its time', async () => {
    const store = new ReadingStore(database);
    const save = (minute: string, documents: number) =>
      at(`2026-11-27T${minute}:30Z`).then(() =>
        store.save([
          { registerId, values: { up: true, fn_documents: documents, fn_number: '9999078900000001' } },
          { registerId: 2_000_000, values: { up: true } },
        ]),
      );
    await save('10:57', 5);
    await save('10:58', 9);
    await save('11:01', 7);
    expect(await store.last()).toMatchObject([
      { registerId, readings: { up: true, fn_documents: 7, fn_number: '9999078900000001' } },
    ]);
    const since = Date.UTC(2026, 10, 27) / 1000;
    expect(
      (await store.history(registerId, 'fn_documents', 'minute', since)).map(({ value }) => value),
    ).toEqual([5, 9, 7]);
    expect(await store.history(registerId, 'fn_number', 'minute', since)).toEqual([]);

    await store.keep();
    expect(await store.history(registerId, 'fn_documents', 'hour', since)).toEqual([
      { at: Date.UTC(2026, 10, 27, 10) / 1000, value: 9, max: 9 },
    ]);
    expect((await store.keep()).hours).toBe(0);

    await at('2026-11-28T13:00:00Z');
    const { dropped } = await store.keep();
    expect(dropped).toBeGreaterThanOrEqual(2);
    expect(await store.history(registerId, 'fn_documents', 'minute', since)).toEqual([]);
    expect(await store.history(registerId, 'fn_documents', 'hour', since)).toHaveLength(1);

    await at('2028-02-01T00:00:00Z');
    await store.keep();
    expect(await store.history(registerId, 'fn_documents', 'hour', since)).toEqual([]);
    expect(HISTORY).toContain('fn_documents');
  });
});
