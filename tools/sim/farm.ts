import {
  type FiscalDrive,
  type HardwareCatalog,
  planModules,
  realisticPace,
  World,
} from '@hardware/emulator';
import { Registry } from 'prom-client';
import { ReceiptIntake } from '../../apps/receipt-api/src/intake/receipt-intake';
import { ReceiptApiMetrics } from '../../apps/receipt-api/src/metrics';
import { Duty } from '../../apps/worker/src/duty';
import { toAtolReport } from '@kkt/atol-online';
import { CallbackDeliverer, delivererStandard } from '@kkt/callbacks';
import { defaultDispatchSettings, DriverEngine, ffdComparer, type DispatchSettings } from '@kkt/dispatch';
import { AtolDevice } from '@kkt/kkt-driver';
import { LocalWakeBus } from '@kkt/queue';
import { Relay, relayStandard } from '@kkt/relay';
import {
  AlertStore,
  CallbackStore,
  DispatchStore,
  DocumentTextStore,
  LeaseStore,
  ReceiptStore,
  RegisterStore,
  RegisterTaskStore,
  RelayStore,
} from '@kkt/storage';
import { CallbackSink } from './callback-sink';
import { SimClock } from './clock';
import { type DatabaseWeather, fairWeather, ProcessSql, type SimDatabase } from './database';
import { Dice } from './dice';
import { EventLog } from './event-log';
import { ModuleWire, type WriteHook } from './module-wire';
import { SimOperator } from './operator';
import { SimProcess } from './process';
import { clientInn, driverId, type SimGroup, type SimRegister, writeInventory } from './rows';
import { type Connect, ownLine, sharedLines } from './shared-lines';
import { Shops } from './shops';

export type ProcessKind = 'driver' | 'relay' | 'worker' | 'api';

/** A running process and its way to PostgreSQL. */
export interface Running {
  kind: ProcessKind;
  process: SimProcess;
  sql: ProcessSql;
  /** Host: processes of one host can tell each other's death. */
  host: string;
  engine?: DriverEngine;
  intake?: ReceiptIntake;
  /** Ends it cleanly. */
  shutDown?: () => Promise<void>;
}

export interface FarmOptions {
  seed: number;
  modules: number;
  catalog: HardwareCatalog;
  receiptMs: number;
  /** How often PostgreSQL is looked at without being woken; longer for simulations of days. */
  sweepMs: number;
  settings?: Partial<DispatchSettings>;
  /** Several hosts may talk to a module at once: see `shared-lines.ts`. */
  sharedLines?: boolean;
  /** A file for every event. */
  logFile?: string;
}

/** Monday morning in Moscow. */
const startMs = Date.UTC(2026, 10, 23, 6, 0, 0);
const apiMetrics = new ReceiptApiMetrics(new Registry(), () => 0);
const apiPool = { maxBatch: 200, maxWaiting: 10_000 };

/**
 * A whole farm in one program: the true driver, dispatch, storage, relay and callback logic as processes that can die,
 * emulated modules, an operator, shops, PostgreSQL behind a bad network, wake-ups that get lost. All on one clock.
 */
export class SimFarm {
  readonly clock: SimClock;
  readonly dice: Dice;
  readonly events: EventLog;
  readonly weather: DatabaseWeather = fairWeather();
  readonly operator: SimOperator;
  readonly sink: CallbackSink;
  readonly shops: Shops;
  readonly world: World;
  /** FNs of the delivery by number, wherever they are now. */
  readonly drives: ReadonlyMap<string, FiscalDrive>;
  readonly running: Running[] = [];
  readonly everStarted: Running[] = [];
  groups: SimGroup[] = [];
  registers: SimRegister[] = [];
  /** Wake-ups get lost: Redis is away. */
  isRedisDown = false;
  /** Looks at every byte that a driver writes to a module. */
  onWireWrite: ((running: Running, serial: string, bytes: Uint8Array) => ReturnType<WriteHook>) | undefined;
  private readonly connect: Connect;
  private readonly pokes = new Map<Running, () => void>();
  private bus: LocalWakeBus;
  private starts = 0;

  constructor(
    readonly database: SimDatabase,
    readonly options: FarmOptions,
  ) {
    this.connect = options.sharedLines ? sharedLines() : ownLine;
    this.dice = new Dice(options.seed);
    this.clock = new SimClock(startMs, () => database.idle());
    this.events = new EventLog(() => this.clock.monotonicMs(), options.logFile);
    this.operator = new SimOperator(this.clock, this.dice.fork());
    this.sink = new CallbackSink(this.clock, this.dice.fork());
    this.world = new World({
      plan: planModules(options.modules, 'tcp'),
      catalog: options.catalog,
      clock: this.clock,
      random: this.dice.fork(),
      pace: realisticPace(options.receiptMs),
    });
    const fns = this.world.modules.flatMap(({ fn }) => fn ?? []);
    this.drives = new Map(fns.map((fn) => [fn.fnNumber, fn]));
    this.shops = new Shops(this.clock, this.dice.fork(), () => (receipt) => this.accept(receipt));
    this.bus = this.newBus();
  }

  async begin(): Promise<void> {
    await this.database.begin(this.clock, this.events);
    const { groups, registers } = await writeInventory(this.database, this.world);
    this.groups = groups;
    this.registers = registers;
    for (const { fnNumber, rnm } of registers) this.operator.know(fnNumber, rnm, clientInn);
  }

  /** Redis forgets everything that waits in it. */
  flushRedis(): void {
    void this.bus.close();
    this.bus = this.newBus();
    for (const running of this.running) this.listen(running);
  }

  of(kind: ProcessKind): Running[] {
    return this.running.filter((running) => running.kind === kind);
  }

  start(kind: ProcessKind, options: { host?: string } = {}): Running {
    this.starts += 1;
    const name = `${kind}-${this.starts}`;
    const host = options.host ?? 'host-1';
    const identity = {
      owner: this.dice.uuid(),
      driverId,
      host,
      bootId: 'boot-1',
      pid: 1000 + this.starts,
      startTicks: String(this.starts),
    };
    const process = new SimProcess(name, identity, this.clock, this.events.logOf(name));
    const sql = new ProcessSql(process, this.database, this.clock, this.weather, this.dice.fork());
    const running: Running = { kind, process, sql, host };
    this.events.add(name, 'starts');
    this.running.push(running);
    this.everStarted.push(running);
    process.onDeath(() => {
      this.events.add(name, 'is dead');
      this.running.splice(this.running.indexOf(running), 1);
    });
    this.boot(running);
    this.listen(running);
    return running;
  }

  private boot(running: Running): void {
    switch (running.kind) {
      case 'driver':
        return this.bootDriver(running);
      case 'relay':
        return this.bootRelay(running);
      case 'worker':
        return this.bootWorker(running);
      case 'api':
        return this.bootApi(running);
    }
  }

  private bootDriver(running: Running): void {
    const { process, sql } = running;
    const { clock, log, identity } = process;
    const { sweepMs } = this.options;
    const modules = new Map(this.world.modules.map((module) => [module.serial, module]));
    const dice = this.dice.fork();
    const engine = new DriverEngine(
      {
        clock,
        random: dice,
        log,
        owner: identity.owner,
        settings: {
          ...defaultDispatchSettings,
          sweepEveryMs: sweepMs,
          answerSweepEveryMs: sweepMs,
          statusEveryMs: 2 * sweepMs,
          taskSweepEveryMs: sweepMs,
          ...this.options.settings,
        },
        store: new DispatchStore(sql),
        leases: new LeaseStore(sql),
        registers: new RegisterStore(sql),
        alerts: new AlertStore(sql),
        messages: new RelayStore(sql),
        texts: new DocumentTextStore(sql),
        tasks: new RegisterTaskStore(sql),
        wake: { wake: (channel, key) => this.wake(process, channel, key) },
        compare: ffdComparer,
        device: (register, guard) => {
          const module = modules.get(register.serial);
          if (!module) throw new Error(`no module ${register.serial}`);
          const note = (what: string): void => this.events.add(`${process.name}/${register.serial}`, what);
          const wire = new ModuleWire(module, process, this.clock, note, this.connect);
          wire.onWrite = (bytes) => this.onWireWrite?.(running, register.serial, bytes);
          return new AtolDevice({ wire: guarded(wire, guard), clock, random: dice, log });
        },
      },
      {
        process: identity,
        // Told as in production: for certain, and only of processes of the same host.
        isDead: ({ owner, host }) =>
          host === running.host &&
          this.everStarted.some(({ process: other }) => other.identity.owner === owner && !other.alive),
      },
    );
    running.engine = engine;
    running.shutDown = () => engine.stop(10_000);
    const begin = (): void => {
      engine.start().catch((error: Error) => {
        // As the process does: it ends, and its keeper starts it again.
        log.error({ err: error }, 'driver could not start');
        process.kill();
        this.clock.setTimer(1_000, () => this.start('driver', { host: running.host }));
      });
    };
    clock.setTimer(0, begin);
  }

  private bootRelay(running: Running): void {
    const { process, sql } = running;
    const relay = new Relay(
      {
        clock: process.clock,
        random: this.dice.fork(),
        log: process.log,
        dial: this.operator.dialFrom(process),
        store: new RelayStore(sql),
        alerts: new AlertStore(sql),
        wake: (channel, key) => this.wake(process, channel, key),
      },
      {
        ...relayStandard,
        sweepMs: this.options.sweepMs,
        leaseS: Math.max(relayStandard.leaseS, this.options.sweepMs / 1000),
      },
    );
    running.shutDown = () => relay.stop();
    relay.start();
    this.pokes.set(running, () => relay.poke());
  }

  private bootWorker(running: Running): void {
    const { process, sql } = running;
    const receipts = new ReceiptStore(sql);
    const deliverer = new CallbackDeliverer(
      {
        clock: process.clock,
        random: this.dice.fork(),
        log: process.log,
        store: new CallbackStore(sql),
        receipts,
        post: this.sink.postFrom(process),
        body: (report) => toAtolReport(report, { now: report.finishedAt ?? report.acceptedAt }),
        secretsOf: () => [],
      },
      { ...delivererStandard, sweepMs: this.options.sweepMs },
    );
    const expiry = new Duty({
      name: 'expire queued receipts',
      everyMs: 5 * this.options.sweepMs,
      clock: process.clock,
      log: process.log,
      run: async () => {
        const ids = await receipts.expireQueued(500);
        if (ids.length > 0) deliverer.poke();
        return false;
      },
    });
    running.shutDown = async () => void (await Promise.all([deliverer.stop(), expiry.stop()]));
    deliverer.start();
    expiry.start();
    this.pokes.set(running, () => deliverer.poke());
  }

  private bootApi(running: Running): void {
    const { process, sql } = running;
    running.intake = new ReceiptIntake({
      store: new ReceiptStore(sql),
      directory: { driversOf: () => [driverId] },
      wakeBus: { wake: (channel, key) => this.wake(process, channel, key) },
      clock: process.clock,
      log: process.log,
      metrics: apiMetrics,
      ...apiPool,
    });
  }

  private accept: ReturnType<ConstructorParameters<typeof Shops>[2]> = (receipt) =>
    new Promise((resolve, reject) => {
      this.clock.setTimer(5, () => {
        const [api] = this.of('api');
        if (!api?.intake) return reject(new Error('ECONNREFUSED'));
        const { process, intake } = api;
        process.onDeath(() => reject(new Error('ECONNRESET')));
        process.enter(() => {
          intake.accept(receipt).then(
            (outcome) => this.clock.setTimer(5, () => resolve(outcome)),
            (error: Error) => reject(error),
          );
        });
      });
    });

  private newBus(): LocalWakeBus {
    return new LocalWakeBus({ clock: this.clock, latencyMs: 1, isLost: () => this.isRedisDown });
  }

  private wake(process: SimProcess, channel: string, key: string): Promise<void> {
    return process.alive ? this.bus.wake(channel, key) : Promise.resolve();
  }

  private listen(running: Running): void {
    const { process, kind } = running;
    const channel = { driver: `driver:${driverId}`, relay: 'relay', worker: 'callbacks', api: undefined }[
      kind
    ];
    if (!channel) return;
    const hear = (key: string): void => {
      if (kind === 'driver') running.engine?.onWake(key);
      else this.pokes.get(running)?.();
    };
    void this.bus
      .onWake(channel, (key) => process.enter(() => hear(key)))
      .then((stop) => process.onDeath(() => void stop()));
  }
}

/** As the driver process does: the last check before bytes leave it. */
function guarded(wire: ModuleWire, guard: () => void): ModuleWire {
  const write = wire.write.bind(wire);
  wire.write = (bytes) => {
    try {
      guard();
    } catch (error) {
      wire.onLost(error as never);
      return;
    }
    write(bytes);
  };
  return wire;
}
