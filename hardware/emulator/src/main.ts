import { join } from 'node:path';
import { FarmError, systemRandom } from '@kkt/contracts';
import { EmulatedAcquirer } from './acquirer/emulated-acquirer';
import { ControlServer } from './control/control-server';
import { parseOptions, USAGE, type EmulatorOptions } from './options';
import { ownSeries } from './rack/series';
import { World } from './rack/world';

const say = (fields: object): void => void process.stdout.write(`${JSON.stringify(fields)}\n`);

function options(): EmulatorOptions {
  const argv = process.argv.slice(2);
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(`${USAGE}\n`);
    process.exit(0);
  }
  try {
    return parseOptions(argv);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`);
    process.exit(error instanceof FarmError || error instanceof TypeError ? 64 : 70);
  }
}

/** A rack of modules as one program: makes or reloads them, opens their ports, serves the control port. */
async function main(): Promise<void> {
  const chosen = options();
  const startedAt = process.hrtime.bigint();
  const series = chosen.series === 'own' ? ownSeries(chosen.dataDir, systemRandom) : chosen.series;
  const world = new World({ ...chosen, series });
  const acquirer = new EmulatedAcquirer(join(chosen.dataDir, 'acquirer.json'));
  const control = new ControlServer(world, chosen.controlPort, acquirer);
  await control.open();
  await world.open();
  control.setReady();
  let stopping = false;
  const stop = (signal: string): void => {
    // A launcher and a terminal may both pass the signal on.
    if (stopping) return;
    stopping = true;
    say({ event: 'stopping', signal });
    void Promise.all([control.close(), world.close()]).then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  say({
    event: 'ready',
    modules: world.modules.length,
    documents: world.modules.reduce((sum, module) => sum + (module.fn?.state.lastFd ?? 0), 0),
    dataDir: chosen.dataDir,
    worldFile: `${chosen.dataDir}/world.json`,
    ports: world.portsInUse,
    controlPort: control.address,
    startMs: Math.round(Number(process.hrtime.bigint() - startedAt) / 1e6),
  });
}

main().catch((error: unknown) => {
  // What a person at the terminal can mend is said in one line, anything else with its place in the code.
  const text =
    error instanceof FarmError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
});
