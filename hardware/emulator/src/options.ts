import { parseArgs } from 'node:util';
import { FarmError } from '@kkt/contracts';
import { instantPace, realisticPace, type Pace } from './module/pace';
import { MODULES_IN_RACK, SLOTS_IN_ASSEMBLY } from './rack/place';
import { planModules, readRack, type PlannedModule } from './rack/plan';

export interface EmulatorOptions {
  plan: PlannedModule[];
  dataDir: string;
  tcpBasePort: number;
  controlPort: number;
  pace: Pace;
  protocol: 'v3' | 'v2';
  memory: 'honest' | 'ram';
  directResults: boolean;
  utcOffsetMs: number;
}

export const USAGE = `npm run emulator -- [what] [how]
what: --racks N (576 modules each) | --assemblies N (48 each, default 1) | --modules N | --rack-file FILE
how:  --data DIR (default .data/emulator)   --tcp-base-port 9100   --control-port 8090
      --pace realistic|instant|MS           --transport mixed|tcp|pty
      --protocol v3|v2                      --utc-offset-minutes 180
      --memory honest|ram                   --direct-results
      --kkt MODEL  --fn MODEL  --dc NAME`;

const wrong = (message: string): FarmError => new FarmError('SYS-ARGUMENTS', message);

function count(text: string | undefined, name: string, fallback: number): number {
  const value = Number(text ?? fallback);
  if (!Number.isInteger(value)) throw wrong(`--${name} takes a whole number`);
  return value;
}

function paceOf(text: string): Pace {
  if (text === 'instant') return instantPace;
  if (text === 'realistic') return realisticPace();
  return realisticPace(count(text, 'pace', 0));
}

function oneOf<T extends string>(value: string, allowed: readonly T[], name: string): T {
  const found = allowed.find((item) => item === value);
  if (found === undefined) throw wrong(`--${name} takes ${allowed.join(', ')}`);
  return found;
}

/** @throws FarmError `SYS-ARGUMENTS` with a sentence for the person at the terminal */
export function parseOptions(argv: readonly string[]): EmulatorOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      racks: { type: 'string' },
      assemblies: { type: 'string' },
      modules: { type: 'string' },
      'rack-file': { type: 'string' },
      data: { type: 'string', default: '.data/emulator' },
      'tcp-base-port': { type: 'string' },
      'control-port': { type: 'string' },
      pace: { type: 'string', default: 'realistic' },
      transport: { type: 'string', default: 'mixed' },
      protocol: { type: 'string', default: 'v3' },
      memory: { type: 'string', default: 'honest' },
      'direct-results': { type: 'boolean', default: false },
      'utc-offset-minutes': { type: 'string' },
      kkt: { type: 'string' },
      fn: { type: 'string' },
      dc: { type: 'string' },
    },
  });
  const racks = count(values.racks, 'racks', 0);
  const assemblies = count(values.assemblies, 'assemblies', 0);
  const modules =
    count(values.modules, 'modules', 0) ||
    racks * MODULES_IN_RACK + assemblies * SLOTS_IN_ASSEMBLY ||
    SLOTS_IN_ASSEMBLY;
  const carrier = oneOf(values.transport, ['mixed', 'tcp', 'pty'], 'transport');
  const rackFile = values['rack-file'];
  return {
    plan: rackFile
      ? readRack(rackFile)
      : planModules(modules, carrier, { kktModel: values.kkt, fnModel: values.fn, dc: values.dc }),
    dataDir: values.data,
    tcpBasePort: count(values['tcp-base-port'], 'tcp-base-port', 9100),
    controlPort: count(values['control-port'], 'control-port', 8090),
    pace: paceOf(values.pace),
    protocol: oneOf(values.protocol, ['v3', 'v2'], 'protocol'),
    memory: oneOf(values.memory, ['honest', 'ram'], 'memory'),
    directResults: values['direct-results'],
    utcOffsetMs: count(values['utc-offset-minutes'], 'utc-offset-minutes', 180) * 60_000,
  };
}
