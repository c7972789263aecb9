import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { freePort, isPortFree } from '@kkt/embedded';
import { type Database, openDatabase } from '@kkt/storage';
import { createTestDatabase, testRedisUrl, type TestDatabase } from '../test-database';
import { FarmProcess } from './farm-process';
import { KillableServer } from './own-servers';
import { patienceMs } from './patience';
import { dist } from './places';

export type FarmPart = 'emulator' | 'ofd' | 'receipt-api' | 'hardware-driver' | 'ofd-relay' | 'worker';

/** Everything of the farm that can be killed. */
export type FarmVictim = FarmPart | 'postgres' | 'redis';

/** A fiscal document as the emulated FN keeps it. */
export interface FnDocument {
  fd: number;
  form: number;
  sign: number;
  total: number;
  at: string;
  fiscalSign: number;
  shift: number;
  receipt: number;
  tlvHex: string;
  confirmed: boolean;
}

export interface EmulatedModule {
  serial: string;
  fnNumber: string;
  fn?: { phase: number; lastFd: number; unsent: number; shift: { open: boolean } };
}

export interface TestFarmOptions {
  modules?: number;
  pace?: string;
  parts?: readonly FarmPart[];
  /** PostgreSQL (durable) and Redis of this farm alone, which can be killed and started again. */
  ownServers?: boolean;
  /** More settings for every process. */
  env?: Readonly<Record<string, string>>;
}

const order: readonly FarmPart[] = [
  'emulator',
  'ofd',
  'receipt-api',
  'hardware-driver',
  'ofd-relay',
  'worker',
];
/** What stands outside our data centre's software and must be there before its inventory. */
const isHardware = (part: FarmPart): boolean => part === 'emulator' || part === 'ofd';
const defaultModules = 4;

/** First of so many neighbouring ports that are free now, below those that the system hands out by itself. */
async function freeRow(count: number): Promise<number> {
  for (;;) {
    const base = 12_000 + Math.floor(Math.random() * 200) * 100;
    const ports = Array.from({ length: count }, (_, n) => base + n);
    if ((await Promise.all(ports.map((port) => isPortFree(port)))).every(Boolean)) return base;
  }
}

/**
 * The whole farm as real processes on a fresh database, for end-to-end and kill tests. Asserts read the FNs' own memory
 * (through the emulator's control port), the database and the operator's store.
 */
export class TestFarm {
  readonly processes = new Map<FarmPart, FarmProcess>();
  private entries!: Record<FarmPart, { entry: string; port: number; args?: string[] }>;
  private constructor(
    readonly dataDir: string,
    readonly ports: Record<FarmPart | 'portal', number>,
    readonly env: Readonly<Record<string, string>>,
    readonly database: Database,
    private readonly testDatabase: TestDatabase | undefined,
    private readonly servers: ReadonlyMap<'postgres' | 'redis', KillableServer>,
  ) {}

  static async start(options: TestFarmOptions = {}): Promise<TestFarm> {
    const dataDir = mkdtempSync(join(tmpdir(), 'kkt-farm-'));
    const servers = new Map<'postgres' | 'redis', KillableServer>();
    if (options.ownServers)
      for (const server of [await KillableServer.postgres(dataDir), await KillableServer.redis(dataDir)])
        servers.set(server.name, server);
    const testDatabase = options.ownServers ? undefined : await createTestDatabase();
    const databaseUrl = testDatabase?.url ?? servers.get('postgres')?.url ?? '';
    const names = [...order, 'portal'] as const;
    const found: number[] = [];
    for (const _ of names) found.push(await freePort());
    const ports = Object.fromEntries(names.map((name, index) => [name, found[index]])) as Record<
      FarmPart | 'portal',
      number
    >;
    const tcpBase = await freeRow(options.modules ?? defaultModules);
    const env = {
      DATA_DIR: dataDir,
      DATABASE_URL: databaseUrl,
      REDIS_URL: servers.get('redis')?.url ?? testRedisUrl(),
      SECRET_KEY: '11'.repeat(32),
      RECEIPT_API_PORT: String(ports['receipt-api']),
      DRIVER_PORT: String(ports['hardware-driver']),
      RELAY_PORT: String(ports['ofd-relay']),
      WORKER_PORT: String(ports.worker),
      OFD_TCP_PORT: String(ports.ofd),
      OFD_PORTAL_PORT: String(ports.portal),
      EMULATOR_CONTROL_PORT: String(ports.emulator),
      EMULATOR_TCP_BASE_PORT: String(tcpBase),
      // Each farm under test has its own names in the shared Redis.
      DRIVER_ID: `test-${process.pid}-${ports.emulator}`,
      CALLBACK_ALLOW_PRIVATE: 'on',
      LOG_LEVEL: 'info',
      ...options.env,
    };
    const database = openDatabase({ url: databaseUrl, applicationName: 'test-farm', maxConnections: 2 });
    const farm = new TestFarm(dataDir, ports, env, database, testDatabase, servers);
    try {
      farm.define(options, tcpBase);
      await farm.run('tools/farm/migrate-and-seed', ['database']);
      const parts = order.filter((part) => !options.parts || options.parts.includes(part));
      const start = (which: (part: FarmPart) => boolean) =>
        Promise.all(parts.filter(which).map((part) => farm.part(part).start()));
      await start(isHardware);
      await farm.run('tools/farm/migrate-and-seed', ['hardware']);
      await start((part) => !isHardware(part));
      await farm.until('registers ready', 60_000, async () => {
        const rows = await database.query<{ left: number }>(
          `select count(*)::int as left from registers where state not in ('ready', 'stock')`,
        );
        return !farm.processes.get('hardware-driver')?.isRunning || rows[0]?.left === 0;
      });
      return farm;
    } catch (error) {
      await farm.stop();
      throw error;
    }
  }

  part(name: FarmPart): FarmProcess {
    const found = this.processes.get(name);
    if (!found) throw new Error(`${name} is not part of this farm`);
    return found;
  }

  /** One of the farm's own servers. */
  server(name: 'postgres' | 'redis'): KillableServer {
    const found = this.servers.get(name);
    if (!found) throw new Error('this farm lives on shared servers: start it with ownServers');
    return found;
  }

  /** Where a process of the farm finds the fault it is to have next, at SIGUSR2. */
  planFile(part: FarmPart): string {
    return join(this.dataDir, `${part}.plan`);
  }

  /** SIGKILL, whoever it is. */
  async kill(victim: FarmVictim): Promise<void> {
    if (victim === 'postgres' || victim === 'redis') await this.server(victim).kill();
    else await this.part(victim).kill('SIGKILL');
    // As udev does when a port goes: its name must not lead to the port that somebody else gets next.
    if (victim === 'emulator')
      rmSync(join(this.dataDir, 'emulator', 'tty'), { recursive: true, force: true });
  }

  /** Starts what was killed, with its data, on its port. */
  async restart(victim: FarmVictim): Promise<void> {
    if (victim === 'postgres' || victim === 'redis') await this.server(victim).start();
    else await this.part(victim).start();
  }

  /**
   * A second process of a part, on a port of its own, with more settings. It must be killed by whoever asked for it.
   */
  async twin(
    part: FarmPart,
    portVariable: string,
    name = `${part}-2`,
    more: Readonly<Record<string, string>> = {},
  ): Promise<FarmProcess> {
    const { entry } = this.entries[part];
    const port = await freePort();
    return new FarmProcess({
      name,
      entry,
      env: { ...this.env, [portVariable]: String(port), ...more },
      healthUrl: `http://127.0.0.1:${port}/health/ready`,
      logFile: join(this.dataDir, 'logs', `${name}.log`),
    });
  }

  /** Runs a compiled program with the farm's settings to its end. */
  run(entry: string, args: readonly string[] = []): Promise<string> {
    return new Promise((done, fail) => {
      const child = spawn(process.execPath, [`${join(dist, entry)}.js`, ...args], {
        env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...this.env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.once('close', (code) =>
        code === 0 ? done(output) : fail(new Error(`${entry} ended with ${code}: ${output}`)),
      );
    });
  }

  /** Waits until something holds; `limitMs` is what it may take when {@link patienceMs} is not enough. */
  async until(what: string, limitMs: number, holds: () => Promise<boolean>): Promise<void> {
    const endMs = Date.now() + Math.max(limitMs, patienceMs);
    while (!(await holds())) {
      if (Date.now() > endMs) throw new Error(`Not reached: ${what}; logs in ${this.dataDir}`);
      await new Promise((go) => setTimeout(go, 50));
    }
  }

  async api(
    path: string,
    init: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const answer = await fetch(`http://127.0.0.1:${this.ports['receipt-api']}${path}`, init);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  async token(): Promise<string> {
    const { body } = await this.api('/possystem/v4/getToken', {
      headers: { 'content-type': 'application/json' },
      method: 'POST',
      body: JSON.stringify({ login: 'demo', pass: 'demo-password' }),
    });
    return String(body.token);
  }

  async modules(): Promise<EmulatedModule[]> {
    return this.emulator<EmulatedModule[] | { modules: EmulatedModule[] }>('/modules').then((found) =>
      Array.isArray(found) ? found : found.modules,
    );
  }

  /** The FN's archive, read from the emulator. */
  async fnDocuments(serial: string): Promise<FnDocument[]> {
    const found = await this.emulator<FnDocument[] | { documents: FnDocument[] }>(
      `/modules/${serial}/documents?from=1`,
    );
    return Array.isArray(found) ? found : found.documents;
  }

  async emulator<T>(path: string, init: { method?: string; body?: string } = {}): Promise<T> {
    const answer = await fetch(`http://127.0.0.1:${this.ports.emulator}${path}`, {
      ...init,
      headers: { 'content-type': 'application/json' },
    });
    if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  async stop(): Promise<void> {
    for (const part of [...order].reverse()) await this.processes.get(part)?.kill('SIGTERM');
    await this.database.close();
    await this.testDatabase?.drop();
    for (const server of this.servers.values()) await server.wipe();
    if (!process.env.KKT_KEEP_LOGS) rmSync(this.dataDir, { recursive: true, force: true });
  }

  private define(options: TestFarmOptions, tcpBase: number): void {
    this.entries = {
      emulator: {
        entry: 'hardware/emulator/src/main',
        port: this.ports.emulator,
        args: [
          `--modules=${options.modules ?? defaultModules}`,
          `--pace=${options.pace ?? '20'}`,
          `--data=${join(this.dataDir, 'emulator')}`,
          '--fresh-fns',
          `--tcp-base-port=${tcpBase}`,
          `--control-port=${this.ports.emulator}`,
        ],
      },
      ofd: { entry: 'apps/ofd/src/main', port: this.ports.portal },
      'receipt-api': { entry: 'apps/receipt-api/src/main', port: this.ports['receipt-api'] },
      'hardware-driver': { entry: 'apps/hardware-driver/src/main', port: this.ports['hardware-driver'] },
      'ofd-relay': { entry: 'apps/ofd-relay/src/main', port: this.ports['ofd-relay'] },
      worker: { entry: 'apps/worker/src/main', port: this.ports.worker },
    };
    for (const name of order) {
      const { entry, port, args } = this.entries[name];
      this.processes.set(
        name,
        new FarmProcess({
          name,
          entry,
          args,
          env: { ...this.env, FAIL_POINT: `@${this.planFile(name)}` },
          healthUrl: `http://127.0.0.1:${port}/health/ready`,
          logFile: join(this.dataDir, 'logs', `${name}.log`),
        }),
      );
    }
  }
}
