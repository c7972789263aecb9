import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { instantPace } from '../src/module/pace';
import { testTaxpayer } from '../src/rack/factory-registration';
import { planModules } from '../src/rack/plan';
import { World } from '../src/rack/world';

const CLIENT = join(__dirname, '../../examples/foreign-client.mjs');
const PORT = 20_000 + (process.pid % 20_000);
const run = promisify(execFile);

/** What the example prints last. */
interface Told {
  serial: string;
  fnNumber: string;
  receipt: { fdNumber: number; type: number; totalKop: number; fiscalSign: number };
  document: { form: number; tags: number[] };
  unsent: number;
  zReport: number;
}

describe('a host that was not written for the emulator', () => {
  let world: World | undefined;
  afterEach(() => world?.close());

  const client = async (): Promise<Told> => {
    const { stdout } = await run(process.execPath, [CLIENT, String(PORT)], { timeout: 60_000 });
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Told;
  };

  it.each([
    [2, false],
    [4, false],
    [4, true],
  ] as const)(
    'opens a shift, sells, reads and closes: FFD %i, results at once: %s',
    async (ffd, directResults) => {
      world = new World({
        plan: planModules(1, 'tcp'),
        tcpBasePort: PORT,
        pace: instantPace,
        registerAs: { ...testTaxpayer, ffd },
        directResults,
      });
      await world.open();
      const module = world.at(0);
      for (const shift of [1, 2]) {
        const told = await client();
        const made = module.fn?.document(told.receipt.fdNumber);
        expect(told).toMatchObject({
          serial: module.serial,
          fnNumber: module.fn?.fnNumber,
          receipt: { fdNumber: 3 * shift, type: 1, totalKop: 153_075, fiscalSign: made?.head.fiscalSign },
          document: { form: 3 },
          unsent: 3 * shift,
          zReport: 3 * shift + 1,
        });
        expect(told.document.tags.filter((tag) => tag === 1059)).toHaveLength(3);
      }
    },
  );
});
