import { readOptions, usage } from './options';
import { ownServer } from './postgres';
import { runSeeds, tell, tellSummary } from './run-seeds';

/** `npm run sim:soak`: seed after seed for a given time; stops at the end of the time or after ten bad seeds. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    process.stdout.write(usage);
    return 0;
  }
  const endMs = performance.now() + options.minutes * 60_000;
  const server = await ownServer(options.parallel);
  let bad = 0;
  try {
    const summary = await runSeeds(
      server.urls,
      options,
      () => performance.now() < endMs && bad < 10,
      (result) => {
        if (result.faults.length > 0) bad += 1;
        tell(result, true);
      },
    );
    tellSummary(summary);
    return summary.bad.length === 0 ? 0 : 1;
  } finally {
    await server.stop();
  }
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 2;
  },
);
