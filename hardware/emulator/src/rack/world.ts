import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  silentLog,
  systemClock,
  systemRandom,
  type Clock,
  type FfdVersion,
  type Log,
  type Random,
} from '@kkt/contracts';
import { loadCatalog, type HardwareCatalog } from '../catalog/catalog';
import { FileFnMemory } from '../fn/file-memory';
import { FiscalDrive } from '../fn/fiscal-drive';
import { RamFnMemory, type FnMemory } from '../fn/memory';
import { fileKktMemory, ramKktMemory } from '../module/kkt-memory';
import { KktModule } from '../module/kkt-module';
import { realisticPace, type Pace } from '../module/pace';
import type { ModulePort } from '../ports/port';
import { PtyPort } from '../ports/pty-port';
import { TcpPort } from '../ports/tcp-port';
import type { WallMs } from '../wall-time';
import { fnNumberOf, serialOf, spareFnNumberOf } from './series';
import { registerAtFactory, type Taxpayer } from './factory-registration';
import type { Place } from './place';
import type { PlannedModule } from './plan';

export type WorldTransport = { kind: 'tcp'; host: string; port: number } | { kind: 'serial'; path: string };

/** One line of the delivery note: what stands where and how it is reached. */
export interface WorldModule {
  place: Place;
  serial: string;
  model: { id: string; code: number; name: string };
  firmware: string;
  /** Highest FFD (tag 1189) of the KKT. */
  ffd: FfdVersion;
  fnNumber: string;
  fnModel: string;
  transport: WorldTransport;
}

export interface WorldFile {
  modules: WorldModule[];
}

export interface WorldOptions {
  plan: readonly PlannedModule[];
  /** Absent: everything is in memory and nothing is written. */
  dataDir?: string;
  /** `honest` (default): FNs live on disk. `ram`: they end with the process, though names and the note are on disk. */
  memory?: 'honest' | 'ram';
  tcpBasePort?: number;
  clock?: Clock;
  random?: Random;
  pace?: Pace;
  log?: Log;
  catalog?: HardwareCatalog;
  protocol?: 'v3' | 'v2';
  utcOffsetMs?: number;
  directResults?: boolean;
  /** FNs that are fresh are registered to this taxpayer at once; absent: they stay in phase 1. */
  registerAs?: Taxpayer;
  /** Whose numbers the modules and FNs have; default 0. */
  series?: number;
}

const DEFAULT_TCP_BASE_PORT = 9100;
/** Modules, their memories and their ports. */
export class World {
  readonly modules: readonly KktModule[];
  readonly note: WorldFile;
  readonly catalog: HardwareCatalog;
  private readonly ports: ModulePort[] = [];
  private readonly bySerial: Map<string, KktModule>;
  /** FNs that were taken out of slots and lie on the table. */
  private readonly table = new Map<string, FiscalDrive>();
  private spares = 0;

  constructor(private readonly options: WorldOptions) {
    this.catalog = options.catalog ?? loadCatalog();
    const lines: WorldModule[] = [];
    this.modules = options.plan.map((planned, index) => {
      const module = this.makeModule(planned, index);
      lines.push(this.lineOf(planned, index, module));
      return module;
    });
    this.bySerial = new Map(this.modules.map((module) => [module.serial, module]));
    this.note = { modules: lines };
  }

  /** The n-th module. */
  at(index: number): KktModule {
    const module = this.modules[index];
    if (!module) throw new RangeError(`no module ${index}`);
    return module;
  }

  find(serial: string): KktModule | undefined {
    return this.bySerial.get(serial);
  }

  /** Where hosts connect, in short: the first and last TCP port, the folder of serial lines. */
  get portsInUse(): { tcp?: string; serial?: string } {
    const tcp = this.note.modules.flatMap(({ transport }) =>
      transport.kind === 'tcp' ? [transport.port] : [],
    );
    const [serial] = this.note.modules.flatMap(({ transport }) =>
      transport.kind === 'serial' ? [dirname(transport.path)] : [],
    );
    return {
      ...(tcp.length > 0 ? { tcp: `127.0.0.1:${Math.min(...tcp)}…${Math.max(...tcp)}` } : {}),
      ...(serial ? { serial } : {}),
    };
  }

  /** Hands at the rack: slot power off, FN out, power on. The FN keeps its memory. Undefined when the slot was empty. */
  takeFnOut(module: KktModule): string | undefined {
    const drive = module.exchangeFn(undefined);
    if (drive) this.table.set(drive.fnNumber, drive);
    return drive?.fnNumber;
  }

  /**
   * Hands at the rack: slot power off, this FN in, power on. One that was never seen comes factory-fresh.
   * @throws Error when the slot is not empty or the FN is in another slot
   */
  putFnIn(module: KktModule, fnNumber: string, modelId: string | undefined): void {
    if (module.fn) throw new Error(`the slot of ${module.serial} holds the FN ${module.fn.fnNumber}`);
    const other = this.modules.find(({ fn }) => fn?.fnNumber === fnNumber);
    if (other) throw new Error(`the FN ${fnNumber} is in the slot of ${other.serial}`);
    const index = this.modules.indexOf(module);
    const model = modelId ?? this.options.plan[index]?.fnModel ?? '';
    const drive = this.table.get(fnNumber) ?? this.openFn(fnNumber, model);
    this.table.delete(fnNumber);
    module.exchangeFn(drive);
  }

  /** Opens every port and writes the delivery note `world.json`. */
  async open(): Promise<void> {
    this.note.modules.forEach(({ transport }, index) => {
      const module = this.at(index);
      this.ports.push(
        transport.kind === 'tcp'
          ? new TcpPort(module, transport.port, transport.host)
          : new PtyPort(module, transport.path),
      );
    });
    for (const port of this.ports) await port.open();
    if (this.options.dataDir) this.writeNote(this.options.dataDir);
  }

  async close(): Promise<void> {
    await Promise.all(this.ports.map((port) => port.close()));
    for (const module of this.modules) module.dispose();
    for (const drive of this.table.values()) drive.close();
  }

  private makeModule(planned: PlannedModule, index: number): KktModule {
    const { options } = this;
    const dataDir = this.memoryDir;
    const serial = serialOf(index, options.series);
    const clock = options.clock ?? systemClock;
    const slotFile = dataDir && join(dataDir, 'kkt', serial, 'slot.json');
    const inSlot = slotFile && existsSync(slotFile) ? readSlot(slotFile) : fnNumberOf(index, options.series);
    const fn = inSlot === '' ? undefined : this.openFn(inSlot, planned.fnModel);
    const module = new KktModule({
      serial,
      model: this.catalog.kkt(planned.kktModel),
      fn,
      memory: dataDir ? fileKktMemory(join(dataDir, 'kkt', serial, 'kkt.json')) : ramKktMemory(),
      clock,
      random: options.random ?? systemRandom,
      pace: options.pace ?? realisticPace(),
      log: options.log ?? silentLog,
      transport: options.protocol ?? 'v3',
      utcOffsetMs: options.utcOffsetMs,
      directResults: options.directResults,
      shelf: (modelId) => this.openFn(this.nextSpare(), modelId ?? planned.fnModel),
      onFnChange: slotFile
        ? (fnNumber) => {
            mkdirSync(join(slotFile, '..'), { recursive: true });
            writeFileSync(slotFile, JSON.stringify({ fnNumber }));
          }
        : undefined,
    });
    if (options.registerAs && fn?.state.phase === 1) registerAtFactory(module.device, options.registerAs);
    return module;
  }

  /** Where memories are kept; undefined when they are not. */
  private get memoryDir(): string | undefined {
    return this.options.memory === 'ram' ? undefined : this.options.dataDir;
  }

  private nextSpare(): string {
    const dataDir = this.memoryDir;
    for (;;) {
      const fnNumber = spareFnNumberOf(this.spares, this.options.series);
      this.spares += 1;
      if (!dataDir || !existsSync(this.fnFile(dataDir, fnNumber))) return fnNumber;
    }
  }

  private fnFile(dataDir: string, fnNumber: string): string {
    return join(dataDir, 'fn', fnNumber, 'journal');
  }

  /** The FN of this number with all its memory, or a factory-fresh one. */
  private openFn(fnNumber: string, modelId: string): FiscalDrive {
    const { options } = this;
    const dataDir = this.memoryDir;
    const clock = options.clock ?? systemClock;
    const path = dataDir && this.fnFile(dataDir, fnNumber);
    const memory: FnMemory = path ? new FileFnMemory(path) : new RamFnMemory();
    const known = FiscalDrive.open(memory, clock, (id) => this.catalog.fn(id));
    if (known) return known;
    const now: WallMs = clock.nowMs() + (options.utcOffsetMs ?? 0);
    return FiscalDrive.make(fnNumber, this.catalog.fn(modelId), memory, clock, now);
  }

  private lineOf(planned: PlannedModule, index: number, module: KktModule): WorldModule {
    const { model } = module.options;
    const { major, minor, build } = model.firmware;
    const fn = module.fn;
    return {
      place: planned.place,
      serial: module.serial,
      model: { id: model.id, code: model.code, name: model.name },
      firmware: `${major}.${minor}.${build}`,
      ffd: model.ffd.reduce((highest, ffd) => (ffd > highest ? ffd : highest), 2),
      fnNumber: fn?.fnNumber ?? '',
      fnModel: fn?.model.id ?? '',
      transport:
        planned.carrier === 'tcp'
          ? {
              kind: 'tcp',
              host: '127.0.0.1',
              port: (this.options.tcpBasePort ?? DEFAULT_TCP_BASE_PORT) + index,
            }
          : { kind: 'serial', path: resolve(this.options.dataDir ?? '.', 'tty', module.serial) },
    };
  }

  private writeNote(dataDir: string): void {
    mkdirSync(dataDir, { recursive: true });
    const path = join(dataDir, 'world.json');
    writeFileSync(`${path}.new`, `${JSON.stringify(this.note, null, 2)}\n`);
    renameSync(`${path}.new`, path);
  }
}

function readSlot(path: string): string {
  const { fnNumber } = JSON.parse(readFileSync(path, 'utf8')) as { fnNumber: string };
  return fnNumber;
}
