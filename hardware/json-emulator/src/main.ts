import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '@kkt/contracts';
import { instantPace, planModules, realisticPace, World } from '../../emulator/src';
import { WebDoor } from './web-door';

const USAGE = `node tools/run.mjs hardware/json-emulator/src/main [options]
--modules N (1)   --data DIR (.data/json-emulator)   --base-port N (16732)
--pace realistic|instant|MS   --confirm-every-ms N (2000; 0 = never)
--kkt MODEL  --fn MODEL`;

const say = (fields: object): void => void process.stdout.write(`${JSON.stringify(fields)}\n`);

function whole(text: string, name: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  process.stderr.write(`--${name} takes a whole number\n\n${USAGE}\n`);
  return process.exit(64);
}

function options() {
  try {
    return parseArgs({
      options: {
        modules: { type: 'string', default: '1' },
        data: { type: 'string', default: '.data/json-emulator' },
        'base-port': { type: 'string', default: '16732' },
        pace: { type: 'string', default: 'realistic' },
        'confirm-every-ms': { type: 'string', default: '2000' },
        kkt: { type: 'string' },
        fn: { type: 'string' },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`);
    return process.exit(64);
  }
}

/** Modules whose only door is a web server, one port each; their memories are the emulator's own. */
async function main(): Promise<void> {
  const chosen = options();
  const basePort = whole(chosen['base-port'], 'base-port');
  const confirmEveryMs = whole(chosen['confirm-every-ms'], 'confirm-every-ms');
  const pace =
    chosen.pace === 'instant'
      ? instantPace
      : realisticPace(chosen.pace === 'realistic' ? undefined : whole(chosen.pace, 'pace'));
  const world = new World({
    plan: planModules(whole(chosen.modules, 'modules'), 'tcp', { kktModel: chosen.kkt, fnModel: chosen.fn }),
    dataDir: chosen.data,
    pace,
  });
  const doors = world.modules.map(
    (module, index) =>
      new WebDoor({
        module,
        clock: systemClock,
        port: basePort + index,
        ...(confirmEveryMs > 0 ? { confirmEveryMs } : {}),
      }),
  );
  for (const door of doors) await door.open();
  writeNote(chosen.data, {
    modules: world.note.modules.map((line, index) => ({
      ...line,
      transport: { kind: 'json', url: doors[index]?.url },
    })),
  });
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    say({ event: 'stopping', signal });
    void Promise.all(doors.map((door) => door.close()))
      .then(() => world.close())
      .then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  say({ event: 'ready', modules: doors.length, first: doors[0]?.url, dataDir: chosen.data });
}

/** The delivery note appears whole, once every port is open. */
function writeNote(dataDir: string, note: object): void {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, 'world.json');
  writeFileSync(`${path}.new`, `${JSON.stringify(note, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
