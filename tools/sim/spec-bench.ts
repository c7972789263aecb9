import { type HardwareCatalog, loadCatalog } from '@hardware/emulator';
import { createTestDatabase, type TestDatabase } from '@kkt/testing';
import { SimDatabase } from './database';
import { faultNames } from './fault-kinds';
import { databasesAt } from './postgres';
import { isGood } from './report';
import { type RunOptions, type RunResult, simulate } from './simulate';

/** A farm small enough for a test. */
export const small: Omit<RunOptions, 'seed'> = {
  receipts: 20,
  hours: 0.03,
  modules: 4,
  faults: faultNames('all'),
  maxFaults: 6,
  receiptMs: 350,
};

/** What went wrong, with the seed that shows it again. */
export const findings = ({ seed, faults, happened }: RunResult): object => ({ seed, faults, happened });
export const none = ({ seed, happened }: RunResult): object => ({ seed, faults: [], happened });

/** Runs of the simulation on a database of the test servers. */
export class SimBench {
  readonly catalog: HardwareCatalog = loadCatalog();

  private constructor(
    private readonly server: TestDatabase,
    readonly database: SimDatabase,
  ) {}

  static async open(): Promise<SimBench> {
    const server = await createTestDatabase();
    const [url] = await databasesAt(server.url, 1);
    return new SimBench(server, await SimDatabase.open(url as string));
  }

  run(seed: number, over: Partial<RunOptions> = {}): Promise<RunResult> {
    return simulate(this.database, this.catalog, { ...small, ...over, seed });
  }

  /** Seeds 1 to `count`; each must end well. */
  async runAll(count: number, over: Partial<RunOptions> = {}): Promise<RunResult[]> {
    const results: RunResult[] = [];
    for (let seed = 1; seed <= count; seed += 1) {
      const result = await this.run(seed, over);
      expect(findings(result)).toEqual(none(result));
      expect(isGood(result)).toBe(true);
      results.push(result);
    }
    return results;
  }

  async close(): Promise<void> {
    await this.database.close();
    await this.server.drop();
  }
}
