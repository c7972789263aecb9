import { loadSettings } from '@kkt/config';
import { setupSteps, type DemoLogin } from './setup-steps';

/** One message to the supervisor for each finished step. */
export interface StepReport {
  readonly step: string;
  readonly told: string;
  readonly elapsedMs: number;
  readonly logins: readonly DemoLogin[];
}

/** Runs the steps one after another; a program of its own, so that what it loads is gone afterwards. */
async function main(): Promise<void> {
  const settings = loadSettings('tool');
  const moment = process.argv[2];
  for (const { name, run } of setupSteps.filter(({ when }) => !moment || when === moment)) {
    const started = performance.now();
    const { told, logins = [] } = await run(settings);
    const report: StepReport = { step: name, told, elapsedMs: performance.now() - started, logins };
    if (process.send) process.send(report);
    else process.stdout.write(`${name}: ${told}\n`);
  }
  if (process.connected) process.disconnect();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
