import { parseArgs } from 'node:util';
import { loadCatalog } from '@hardware/emulator';
import { faultNames } from './fault-kinds';
import { ownDatabase } from './postgres';
import { isGood, lineOf } from './report';
import { simulate } from './simulate';

const usage = `npm run sim -- [--seed N] [--seeds COUNT] [--receipts M] [--hours H] [--modules K]
  [--faults all|none|NUMBER,NAME,…] [--max-faults F] [--receipt-ms MS] [--log FILE] [--quiet]
Runs the farm's own logic on a virtual clock with faults drawn from the seed. Prints one JSON line per seed;
ends with 1 when a seed found something.`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      seeds: { type: 'string', default: '1' },
      receipts: { type: 'string', default: '40' },
      hours: { type: 'string', default: '0.06' },
      modules: { type: 'string', default: '6' },
      faults: { type: 'string', default: 'all' },
      'max-faults': { type: 'string', default: '8' },
      'receipt-ms': { type: 'string', default: '350' },
      log: { type: 'string' },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const faults = faultNames(values.faults);
  const { database, stop } = await ownDatabase();
  try {
    const catalog = loadCatalog();
    const first = Number(values.seed);
    const last = first + Number(values.seeds) - 1;
    const began = performance.now();
    let bad = 0;
    for (let seed = first; seed <= last; seed += 1) {
      const result = await simulate(database, catalog, {
        seed,
        receipts: Number(values.receipts),
        hours: Number(values.hours),
        modules: Number(values.modules),
        faults,
        maxFaults: Number(values['max-faults']),
        receiptMs: Number(values['receipt-ms']),
        logFile: values.log,
      });
      if (!isGood(result)) bad += 1;
      if (!values.quiet || !isGood(result)) process.stdout.write(`${lineOf(result)}\n`);
      if (isGood(result)) continue;
      for (const fault of result.faults) process.stderr.write(`seed ${seed}: ${fault}\n`);
      for (const what of result.happened) process.stderr.write(`seed ${seed} met ${what}\n`);
    }
    const tookS = (performance.now() - began) / 1000;
    process.stderr.write(
      `${last - first + 1} seeds, ${bad} bad, ${((last - first + 1) / tookS).toFixed(1)} seeds/s, ${database.statements} statements\n`,
    );
    return bad === 0 ? 0 : 1;
  } finally {
    await stop();
  }
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 2;
  },
);
