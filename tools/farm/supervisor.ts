import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { farmEnvFile, type Settings } from '@kkt/config';
import { assertPortFree, lockFolder, type FolderLock } from '@kkt/embedded';
import { DataFolder } from './data-folder';
import { KeptProcess } from './kept-process';
import type { FarmOptions } from './options';
import { processes, type ProcessDefinition } from './processes';
import { ReceiptTicker } from './receipt-ticker';
import { say, sayNote } from './screen';
import { providePostgres, provideRedis, type FarmServer } from './servers';
import { runSetup } from './setup';
import type { DemoLogin } from './setup-steps';
import { saySummary } from './summary';
import { waitReady } from './wait-ready';

/** The processes get this long in all; the servers stop after them. Together within ten seconds. */
const processesStopMs = 7_500;

/** Registers and operator: once they answer, what was delivered can be entered in the database. */
const hardwareStage = 1;

interface Started {
  readonly definition: ProcessDefinition;
  readonly child: KeptProcess;
}

const anywhere = new Set(['0.0.0.0', '::', 'localhost']);

/** Starts the farm, keeps it, stops it. One per data folder. */
export class Supervisor {
  private readonly data: DataFolder;
  private readonly root = join(__dirname, '..', '..', '..');
  /** Where we and the person at the keyboard reach the doors. */
  private readonly host: string;
  private lock: FolderLock | undefined;
  private servers: FarmServer[] = [];
  private children: Started[] = [];
  private ticker: ReceiptTicker | undefined;
  private stopping: Promise<void> | undefined;

  constructor(private readonly settings: Settings<'farm'>) {
    this.data = new DataFolder(settings.dataDir);
    this.host = anywhere.has(settings.host) ? '127.0.0.1' : settings.host;
  }

  /** From nothing to every process ready. Throws with everything still up that was: call `stop`. */
  async start(options: FarmOptions): Promise<void> {
    const startedMs = performance.now();
    this.data.make();
    this.lock = lockFolder(this.data.run);
    const left = await this.data.endLeftovers();
    if (left.length > 0) sayNote('earlier run', `was killed; ended what it left: ${left.join(', ')}`);
    if (options.fresh) await this.wipe();
    const present = this.presentProcesses();
    await this.checkPorts(present);

    const [postgres, redis] = await this.startServers();
    const env = this.environment(postgres.url, redis.url);
    const logins = this.isStopping ? [] : await runSetup(env, 'database');
    for (const stage of new Set(present.map((definition) => definition.stage))) {
      if (this.isStopping) return;
      await this.startStage(
        present.filter((definition) => definition.stage === stage),
        env,
      );
      if (stage === hardwareStage && !this.isStopping) logins.push(...(await runSetup(env, 'hardware')));
    }
    if (this.isStopping) return;
    this.summarise(present, logins, performance.now() - startedMs);
    if (options.onceReady) return;
    this.ticker = new ReceiptTicker(postgres.url);
    await this.ticker.start();
  }

  get isStopping(): boolean {
    return this.stopping !== undefined;
  }

  private async wipe(): Promise<void> {
    say(`  Deleting all data in ${this.data.path}`);
    if (this.settings.databaseUrl) say('  (the database at DATABASE_URL is not touched)');
    await this.data.wipe();
  }

  private presentProcesses(): ProcessDefinition[] {
    return processes.filter((definition) => {
      const isPresent = existsSync(join(this.root, 'dist', `${definition.entry}.js`));
      if (!isPresent) sayNote(definition.name, 'not part of this build');
      return isPresent;
    });
  }

  private async checkPorts(present: readonly ProcessDefinition[]): Promise<void> {
    for (const definition of present)
      for (const { port, variable } of definition.ports(this.settings))
        await assertPortFree(port, this.settings.host, variable);
  }

  /** Waits for both even when one fails: what has started must be known to be stopped. */
  private async startServers(): Promise<[FarmServer, FarmServer]> {
    const keep = (server: FarmServer) => {
      this.servers.push(server);
      return server;
    };
    const [postgres, redis] = await Promise.allSettled([
      providePostgres(this.settings, this.data).then(keep),
      provideRedis(this.settings, this.data).then(keep),
    ]);
    if (postgres.status === 'rejected') throw postgres.reason;
    if (redis.status === 'rejected') throw redis.reason;
    return [postgres.value, redis.value];
  }

  /** What the children are told beyond our own environment; tools beside us read it from a file. */
  private environment(databaseUrl: string, redisUrl: string): NodeJS.ProcessEnv {
    const made = {
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      SECRET_KEY: (this.settings.secretKey ?? this.data.secretKey()).toString('hex'),
      DATA_DIR: this.data.path,
    };
    const file = Object.entries(made).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(farmEnvFile(this.data.path), file.join(''), { mode: 0o600 });
    return { ...this.addresses(), ...this.deskSettings(), ...process.env, ...made };
  }

  /** Where people reach the doors, unless the environment knows better. */
  private addresses(): NodeJS.ProcessEnv {
    return {
      CONSOLE_BASE_URL: `http://${this.host}:${this.settings.consolePort}`,
      CABINET_BASE_URL: `http://${this.host}:${this.settings.cabinetPort}`,
    };
  }

  /**
   * A demonstration on one machine may call back to that machine (anywhere else a shop could reach inside with it) and
   * shows its mailbox to whoever sits there.
   */
  private deskSettings(): NodeJS.ProcessEnv {
    const isDesk = this.settings.seedDemo && this.host === '127.0.0.1';
    if (!isDesk) return {};
    return {
      CALLBACK_ALLOW_PRIVATE: 'on',
      MAILBOX_OPEN: 'on',
      EMULATOR_PANEL: 'on',
      PLANT_MONITOR_URL: `http://127.0.0.1:${this.settings.emulatorControlPort}/plant`,
      ACQUIRER_URL: `http://127.0.0.1:${this.settings.emulatorControlPort}/acquirer`,
      // The emulated bank knows this account; see hardware/emulator/src/acquirer.
      ACQUIRER_USER: 'farm',
      ACQUIRER_PASSWORD: 'emulated',
    };
  }

  private async startStage(stage: readonly ProcessDefinition[], env: NodeJS.ProcessEnv): Promise<void> {
    const started = stage.map((definition) => {
      const child = new KeptProcess({
        name: definition.name,
        program: join(this.root, 'dist', `${definition.entry}.js`),
        args: definition.args?.(this.settings, this.data.path) ?? [],
        env,
        cwd: this.root,
        logFolder: this.data.logs,
        runFolder: this.data.run,
      });
      child.start();
      return { definition, child };
    });
    this.children.push(...started);
    await Promise.all(
      started.map(({ definition, child }) => {
        const url = `http://${this.host}:${definition.healthPort(this.settings)}/health/ready`;
        return waitReady(child, url, () => this.isStopping);
      }),
    );
  }

  private summarise(
    present: readonly ProcessDefinition[],
    logins: readonly DemoLogin[],
    elapsedMs: number,
  ): void {
    const doors = [...present]
      .sort((one, other) => other.stage - one.stage)
      .flatMap((definition) => definition.doors(this.settings, this.host));
    saySummary({ doors, logins, dataDir: this.data.path, elapsedMs });
  }

  /** Everything in reverse order: people's doors first, hardware next, the truth last. */
  stop(): Promise<void> {
    return (this.stopping ??= this.stopAll());
  }

  private async stopAll(): Promise<void> {
    const until = performance.now() + processesStopMs;
    await this.ticker?.stop();
    const stages = [...new Set(this.children.map(({ definition }) => definition.stage))].reverse();
    for (const stage of stages) {
      const withinMs = Math.max(300, until - performance.now());
      const ofStage = this.children.filter(({ definition }) => definition.stage === stage);
      await Promise.all(ofStage.map(({ child }) => child.stop(withinMs)));
    }
    await Promise.all(this.servers.map((server) => server.stop()));
    if (this.lock) rmSync(farmEnvFile(this.data.path), { force: true });
    this.lock?.release();
  }

  /** For the second Ctrl-C. What outlives us is ended by the next start. */
  killAll(): void {
    for (const { child } of this.children) child.kill();
  }
}
