import { loadCatalog } from '@hardware/emulator';
import { createTestDatabase, type TestDatabase } from '@kkt/testing';
import { simulateAway } from './away';
import { simulateBlock } from './block';
import { SimDatabase } from './database';
import { faultNames } from './fault-kinds';
import { databasesAt } from './postgres';
import { isGood } from './report';
import { type RunOptions, type RunResult, simulate } from './simulate';

jest.setTimeout(900_000);
const catalog = loadCatalog();
const small: Omit<RunOptions, 'seed'> = {
  receipts: 20,
  hours: 0.03,
  modules: 4,
  faults: faultNames('all'),
  maxFaults: 6,
  receiptMs: 350,
};

let server: TestDatabase;
let database: SimDatabase;

beforeAll(async () => {
  server = await createTestDatabase();
  const [url] = await databasesAt(server.url, 1);
  database = await SimDatabase.open(url as string);
});

afterAll(async () => {
  await database?.close();
  await server?.drop();
});

/** What went wrong, with the seed that shows it again. */
const findings = ({ seed, faults, happened }: RunResult): object => ({ seed, faults, happened });
const none = ({ seed, happened }: RunResult): object => ({ seed, faults: [], happened });

const run = (seed: number, over: Partial<RunOptions> = {}): Promise<RunResult> =>
  simulate(database, catalog, { ...small, ...over, seed });

async function runAll(count: number, over: Partial<RunOptions> = {}): Promise<RunResult[]> {
  const results: RunResult[] = [];
  for (let seed = 1; seed <= count; seed += 1) {
    const result = await run(seed, over);
    expect(findings(result)).toEqual(none(result));
    expect(isGood(result)).toBe(true);
    results.push(result);
  }
  return results;
}

describe('the simulated farm', () => {
  it('makes a document of every receipt when nothing goes wrong', async () => {
    const [result] = await runAll(1, { faults: [] });
    expect(result).toMatchObject({ accepted: 20, documents: expect.any(Number), lost: 0, doubled: 0 });
    expect((result as RunResult).done + (result as RunResult).failed).toBe(20);
  });

  it('is the same each time a seed is run', async () => {
    const first = await run(7);
    await run(8);
    const again = await run(7);
    expect(again.digest).toBe(first.digest);
    expect((await run(9)).digest).not.toBe(first.digest);
  });

  it('loses, doubles and disorders nothing whatever happens', async () => {
    const results = await runAll(6);
    expect(results.reduce((sum, { happened }) => sum + happened.length, 0)).toBeGreaterThan(10);
  });

  it('closes shifts before 24 hours (fault 30)', async () => {
    const result = await run(1, { receipts: 24, hours: 30, modules: 2, faults: [] });
    expect(findings(result)).toEqual(none(result));
    expect(result.shiftReports).toBeGreaterThanOrEqual(3);
  });
});

describe('an operator away for 33 days (fault 35)', () => {
  it('dispatch leaves each register before its FN blocks itself; afterwards all is carried in order and made', async () => {
    const options = { ...small, receipts: 60, modules: 2, faults: [], seed: 2 };
    const result = await simulateBlock(database, catalog, options, 33);
    expect(findings(result)).toEqual(none(result));
    expect(result.blocked).toBeGreaterThan(0);
    expect(result.waited).toBeGreaterThan(0);
    expect(result).toMatchObject({ accepted: 60, outOfOrder: 0, undecided: 0 });
  });
});

describe('a module unplugged for ten minutes under load (faults 14, 15)', () => {
  it.each([
    ['before its FN wrote', 'beforeCommit'],
    ['after its FN wrote', 'afterCommit'],
  ] as const)(
    '%s: the others carry on, the receipt in flight is settled by its own FN',
    async (_title, at) => {
      const options = { ...small, receipts: 80, modules: 4, faults: [], seed: 1, at };
      const result = await simulateAway(database, catalog, options);
      expect(findings(result)).toEqual(none(result));
      expect(result).toMatchObject({ accepted: 80, done: 80, lost: 0, doubled: 0, undecided: 0 });
    },
  );
});

describe('modules on lines that several hosts can talk on', () => {
  it('hear one driver at a time, by the leases alone (faults 52, 53)', async () => {
    const faults = faultNames('stop-driver,driver-without-database,second-driver');
    await runAll(2, { faults, sharedLines: true });
  });
});

/** What the simulation has found, each under the faults that showed it. */
describe('regressions', () => {
  it.each([
    ['an FN that lost power while an answer was awaited gives its message again', 'fn-pulled'],
    ['an FN that failed and was pulled works again when both are over', 'fn-fault,fn-pulled'],
    ['troubles of the database that overlap all end', 'postgres-disk-full,postgres-refuses'],
    ['a report whose FN refuses to answer is settled when it speaks again', 'fn-fault,kill-driver-in-report'],
    ['another FN in the slot leaves the receipt in doubt until its own is back', 'other-fn-behind-port'],
    ['a message damaged on the line is not sent to the operator for ever', 'bits-flip-to-host'],
    [
      'a confirmation that only the FN knows of is noted by the next session',
      'kill-driver-behind-frame,postgres-answers-lost,postgres-refuses',
    ],
  ])('%s', async (_title, faults) => {
    await runAll(2, { faults: faultNames(faults), maxFaults: 10 });
  });
});
