import { configExitCode, loadSettings } from '@kkt/config';
import { FarmError } from '@kkt/contracts';
import { parseOptions, usage, type FarmOptions } from './options';
import { bold, say, sayError } from './screen';
import { Supervisor } from './supervisor';

function optionsOrEnd(args: readonly string[]): FarmOptions {
  try {
    return parseOptions(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(64);
  }
}

/** The first signal stops in order, the second at once. */
function stopOnSignals(supervisor: Supervisor): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (supervisor.isStopping) {
        supervisor.killAll();
        process.exit(130);
      }
      say('\nStopping …');
      void supervisor.stop().then(
        () => {
          say('Stopped. Data kept.');
          process.exit(0);
        },
        (error: unknown) => {
          sayError('stop', String(error));
          process.exit(1);
        },
      );
    });
}

/** The supervisor of `npm start`. Resolves when the farm is up; the process then lives until a signal. */
export async function main(args: readonly string[]): Promise<void> {
  const options = optionsOrEnd(args);
  if (options.help) {
    say(usage);
    process.exit(0);
  }
  const settings = loadSettings('farm');
  const supervisor = new Supervisor(settings);
  stopOnSignals(supervisor);
  say(bold('KKT Farm'));
  try {
    await supervisor.start(options);
  } catch (error) {
    if (supervisor.isStopping) return;
    const isExpected = error instanceof FarmError;
    sayError(
      'start',
      isExpected ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
    await supervisor.stop();
    process.exit(isExpected && error.code === 'SYS-CONFIG' ? configExitCode : 1);
  }
  if (options.onceReady && !supervisor.isStopping) {
    await supervisor.stop();
    process.exit(0);
  }
}
