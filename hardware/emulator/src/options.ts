import { parseArgs } from 'node:util';
import { FarmError, type FfdVersion } from '@kkt/contracts';
import { instantPace, realisticPace, type Pace } from './module/pace';
import { testTaxpayer, type Taxpayer } from './rack/factory-registration';
import { MODULES_IN_RACK, SLOTS_IN_ASSEMBLY } from './rack/place';
import { MAX_SERIES } from './rack/series';
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
  /** FNs come registered to the test taxpayer; absent: factory-fresh, in phase 1. */
  registerAs?: Taxpayer;
  /** `own`: drawn once for the data folder. */
  series: number | 'own';
}

export const USAGE = `npm run emulator -- [what] [how]

what stands there (one of)
  --racks N                 576 modules each
  --assemblies N            48 modules each (default 1)
  --modules N               single modules
  --rack-file FILE          by a rack description, e.g. hardware/racks/demo.yaml
how it behaves
  --data DIR                memories of KKTs and FNs, world.json (default .data/emulator)
  --tcp-base-port N         the n-th module, from 0, listens on N + n (default 9100)
  --control-port N          HTTP: state, archives, faults, power (default 8090, loopback only)
  --pace realistic|instant|MS   time of one small receipt: 350 ms, none, or MS
  --transport mixed|tcp|pty     every second module on a serial line (default), or all on one kind
  --protocol v3|v2          ATOL transport (default v3)
  --kkt MODEL --fn MODEL    ids of files in hardware/models (default atol-42fs, fn-1.2-15)
  --fresh-fns               FNs come factory-fresh, to be registered first; otherwise they come
                            registered to a test taxpayer and take a shift and receipts at once
  --ffd 1.05|1.1|1.2        what they come registered by (default: the highest both sides know)
  --series N|own            numbers of modules and FNs: 0 (default) to 499; own: drawn once for the data
                            folder, so that two farms on a machine have none in common
  --memory honest|ram       FNs on disk (default), or only while the process lives
  --direct-results          a task that takes no time is answered in the reply to its Add
  --utc-offset-minutes N    wall clock of the modules against UTC (default 180)
  --dc NAME                 data centre in world.json (default dc1)
  --help                    this text

A host connects to a TCP port (or opens <data>/tty/<factory number>) and speaks the protocol at once;
hardware/README.md says what is emulated and how faults are ordered.`;

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

const FFD_VERSIONS = { '1.05': 2, '1.1': 3, '1.2': 4 } as const;

function ffdOf(text: string | undefined): FfdVersion | undefined {
  return text === undefined ? undefined : FFD_VERSIONS[oneOf(text, ['1.05', '1.1', '1.2'], 'ffd')];
}

function seriesOf(text: string): number | 'own' {
  const series = text === 'own' ? text : count(text, 'series', 0);
  if (series !== 'own' && (series < 0 || series > MAX_SERIES))
    throw wrong(`--series takes 0 to ${MAX_SERIES}, or own`);
  return series;
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
      'fresh-fns': { type: 'boolean', default: false },
      ffd: { type: 'string' },
      series: { type: 'string', default: '0' },
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
    registerAs: values['fresh-fns'] ? undefined : { ...testTaxpayer, ffd: ffdOf(values.ffd) },
    series: seriesOf(values.series),
    utcOffsetMs: count(values['utc-offset-minutes'], 'utc-offset-minutes', 180) * 60_000,
  };
}
