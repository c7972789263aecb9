import { readOptions, usage } from './options';
import { ownServer } from './postgres';
import { isGood } from './report';
import { runSeeds, tell, tellSummary } from './run-seeds';

/** `npm run sim`: the seeds that were asked for. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    process.stdout.write(usage);
    return 0;
  }
  let bad = 0;
  const server = await ownServer(Math.min(options.parallel, options.seeds));
  try {
    const summary = await runSeeds(
      server.urls,
      options,
      (begun) => begun < options.seeds && !(options.stopAtBad && bad > 0),
      (result) => {
        if (!isGood(result)) bad += 1;
        tell(result, options.quiet);
      },
    );
    if (summary.runs > 1) tellSummary(summary);
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
