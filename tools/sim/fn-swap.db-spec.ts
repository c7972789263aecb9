import { loadCatalog } from '@hardware/emulator';
import { createTestDatabase, type TestDatabase } from '@kkt/testing';
import { SimDatabase } from './database';
import { databasesAt } from './postgres';
import { pulls, SwapBench } from './swap-bench';

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

/** Steps that change nothing but rows are over in one commit: a workflow is never seen standing there. */
const seenSteps = [
  'drain',
  'close_shift',
  'deliver',
  'close_fn',
  'deliver_closing',
  'take_out',
  'put_in',
  'check_fn',
  'register',
  'test_receipt',
  'return',
  'store_old',
];

describe('a swap of an FN ends right', () => {
  it.each(pulls)('though at every step the plug is pulled: %s', async (pull) => {
    await bench.begin(1);
    const steps: string[] = [];
    await bench.run((row) => {
      steps.push(row.step);
      bench.pull(pull);
    });
    expect(await bench.verdict()).toEqual([]);
    expect(steps).toEqual(seenSteps);
  });
});
