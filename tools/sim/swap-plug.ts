import { loadCatalog } from '@hardware/emulator';
import { SimDatabase } from './database';
import { ownServer } from './postgres';
import { pulls, SwapBench } from './swap-bench';

/** Writes of the step's task after which the driver dies, besides what is pulled. */
const writes = [1, 2, 3, 5, 8, 13, 21, 34];

/** Prints, for every step of a swap and everything that can be pulled there, whether the swap ended right. */
async function main(): Promise<void> {
  const server = await ownServer(1);
  const [url] = server.urls;
  if (!url) throw new Error('no database');
  const database = await SimDatabase.open(url);
  const bench = new SwapBench(database, loadCatalog(), url);
  let bad = 0;
  try {
    for (const step of SwapBench.steps) {
      const line: string[] = [];
      for (const pull of [...pulls, ...writes]) {
        await bench.begin(1);
        let isPulled = false;
        await bench.run((row) => {
          if (row.step !== step) return;
          isPulled = true;
          if (typeof pull === 'number') bench.killAtWrite(pull);
          else bench.pull(pull);
        });
        const faults = await bench.verdict();
        bench.end();
        const name = typeof pull === 'number' ? `write ${pull}` : pull;
        line.push(`${name} ${!isPulled ? '–' : faults.length === 0 ? 'ok' : `BAD (${faults.join('; ')})`}`);
        if (faults.length > 0) bad += 1;
      }
      process.stdout.write(`${step.padEnd(16)} ${line.join(' · ')}\n`);
    }
  } finally {
    await bench.close();
    await database.close();
    await server.stop();
  }
  process.stdout.write(bad === 0 ? 'every swap ended right\n' : `${bad} swaps ended wrong\n`);
  if (bad > 0) process.exitCode = 1;
}

void main();
