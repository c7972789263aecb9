import { loadCatalog } from '@hardware/emulator';
import { createTestDatabase, type TestDatabase } from '@kkt/testing';
import { SimDatabase } from './database';
import { databasesAt } from './postgres';
import { SwapBench } from './swap-bench';

jest.setTimeout(240_000);

let server: TestDatabase;
let database: SimDatabase;
let bench: SwapBench;

beforeAll(async () => {
  server = await createTestDatabase();
  const [url] = await databasesAt(server.url, 1);
  database = await SimDatabase.open(url as string);
  bench = new SwapBench(database, loadCatalog(), server.url);
});

afterAll(async () => {
  await bench?.close();
  await database?.close();
  await server?.drop();
});

afterEach(() => bench.end());

describe('a swap of an FN ends right', () => {
  it.each([1, 4, 9])(
    'though at every step the driver dies in the middle of its write no. %i',
    async (write) => {
      await bench.begin(2);
      await bench.run(() => bench.killAtWrite(write));
      expect(await bench.verdict()).toEqual([]);
    },
  );
});
