import { measureIntake } from './intake';

/** `node tools/run.mjs tools/bench/intake-main [seconds] [connections]` */
async function main(): Promise<void> {
  const [seconds = 10, connections = 50] = process.argv.slice(2).map(Number);
  const { accepted, echo, insertsPerS, ratio, cpuRatio } = await measureIntake({ seconds, connections });
  const line = (name: string, figures: typeof echo): string =>
    `${name.padEnd(10)} ${figures.perS.toFixed(0).padStart(7)}/s  p50 ${figures.p50Ms} ms  p99 ${figures.p99Ms} ms  cpu ${figures.cpuMs.toFixed(3)} ms  bad ${figures.bad}`;
  process.stdout.write(
    [
      line('accepted', accepted),
      line('echo', echo),
      `pgbench    ${insertsPerS?.toFixed(0).padStart(7) ?? 'none'}/s`,
      `ratio to pgbench ${ratio?.toFixed(2) ?? '–'}, cpu to echo ${cpuRatio.toFixed(2)}`,
      '',
    ].join('\n'),
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
