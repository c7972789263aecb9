import { parseArgs } from 'node:util';
import { fuzz } from './fuzz';
import { startWorld } from './world';

const usage = `npm run fuzz -- [--bodies N] [--seed N] [--parallel N] [--quiet]
Mutates good receipts of both versions and posts them at a receipt API of its own; then registers what was accepted on
emulated modules. Ends with 1 when something answered 5xx, hung for over a second, or was accepted and not registered.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      bodies: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      parallel: { type: 'string', default: '16' },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const numbers = [values.bodies, values.seed, values.parallel].map(Number);
  const [bodies = NaN, seed = NaN, parallel = NaN] = numbers;
  if (values.help || numbers.some((number) => !Number.isInteger(number) || number < 0) || parallel < 1) {
    process.stdout.write(usage);
    return values.help ? 0 : 64;
  }
  const world = await startWorld();
  const stop = (): void => void world.stop().finally(() => process.exit(130));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const say = values.quiet ? undefined : (line: string) => void process.stderr.write(`${line}\n`);
    const { findings, ...figures } = await fuzz(world, { bodies, seed, parallel, say });
    for (const finding of findings) process.stdout.write(`FINDING ${finding}\n`);
    const figuresText = Object.entries({ ...figures, slowestMs: Math.round(figures.slowestMs) })
      .map(([name, value]) => `${name}=${value}`)
      .join(' ');
    process.stdout.write(
      `fuzz ${findings.length === 0 ? 'ok' : 'FAILED'} ${figuresText} findings=${findings.length}\n`,
    );
    return findings.length === 0 ? 0 : 1;
  } finally {
    await world.stop();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
