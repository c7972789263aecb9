import { simulateAway } from './away';
import { faultNames } from './fault-kinds';
import type { RunResult } from './simulate';
import { findings, none, SimBench, small } from './spec-bench';

jest.setTimeout(900_000);

let bench: SimBench;

beforeAll(async () => {
  bench = await SimBench.open();
});

afterAll(() => bench?.close());

describe('the simulated farm', () => {
  it('makes a document of every receipt when nothing goes wrong', async () => {
    const [result] = await bench.runAll(1, { faults: [] });
    expect(result).toMatchObject({ accepted: 20, documents: expect.any(Number), lost: 0, doubled: 0 });
    expect((result as RunResult).done + (result as RunResult).failed).toBe(20);
  });

  it('is the same each time a seed is run', async () => {
    const first = await bench.run(7);
    const other = await bench.run(8);
    const again = await bench.run(7);
    expect(again.digest).toBe(first.digest);
    expect(other.digest).not.toBe(first.digest);
  });

  it('loses, doubles and disorders nothing whatever happens', async () => {
    const results = await bench.runAll(6);
    expect(results.reduce((sum, { happened }) => sum + happened.length, 0)).toBeGreaterThan(10);
  });

  it('closes shifts before 24 hours (fault 30)', async () => {
    const result = await bench.run(1, { receipts: 24, hours: 30, modules: 2, faults: [] });
    expect(findings(result)).toEqual(none(result));
    expect(result.shiftReports).toBeGreaterThanOrEqual(3);
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
      const result = await simulateAway(bench.database, bench.catalog, options);
      expect(findings(result)).toEqual(none(result));
      expect(result).toMatchObject({ accepted: 80, done: 80, lost: 0, doubled: 0, undecided: 0 });
    },
  );
});

describe('modules on lines that several hosts can talk on', () => {
  it('hear one driver at a time, by the leases alone (faults 52, 53)', async () => {
    const faults = faultNames('stop-driver,driver-without-database,second-driver');
    await bench.runAll(2, { faults, sharedLines: true });
  });
});
