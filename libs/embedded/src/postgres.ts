import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FarmError } from '@kkt/contracts';
import { Client } from 'pg';
import { lockFolder } from './folder-lock';
import { assertPortFree } from './ports';
import { choosePostgresRunner, relocatedFolder, type PostgresRunner } from './postgres-runner';
import { commandLine, endProcess, identifyProcess, signalProcess } from './process-identity';

export interface PostgresOptions {
  /** Our folder for the cluster, its password, its log and its owner's record. Made when missing. */
  dataDir: string;
  port: number;
  /** Loopback by default; the server listens nowhere else. */
  host?: string;
  /** Created when missing. Default `kkt`. */
  database?: string;
  /** `none` switches fsync off: for tests, whose data nobody mourns. */
  durability?: 'full' | 'none';
  /** A folder with a fresh cluster to copy instead of running initdb; made when missing. For tests. */
  template?: string;
  maxConnections?: number;
  /** More settings of the server; they come last. */
  settings?: Readonly<Record<string, string | number>>;
  /** Named in the message when the port is busy. */
  portVariable?: string;
  onProgress?: (message: string) => void;
}

export interface RunningPostgres {
  /** Connection string with password, to `database`. The user is the superuser `kkt`. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** How it is run: itself, in a user namespace, or as another user. */
  readonly kind: PostgresRunner['kind'];
  /** Settles when the server ends, for whatever reason. */
  readonly ended: Promise<void>;
  /** Fast shutdown (clients are disconnected, data flushed); harder means after 10 s. */
  stop(): Promise<void>;
}

const user = 'kkt';
const startTimeoutMs = 120_000;
const stopSteps = [
  { signal: 'SIGINT', waitMs: 10_000 },
  { signal: 'SIGQUIT', waitMs: 5_000 },
  { signal: 'SIGKILL', waitMs: 2_000 },
] as const;

const clusterOf = (folder: string): string => join(folder, 'cluster');
const passwordFileOf = (folder: string): string => join(folder, 'password');

function run(runner: PostgresRunner, program: 'initdb' | 'sh', args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = runner.spawn(program, args, ['ignore', 'ignore', 'pipe']);
    let complaint = '';
    child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0
        ? resolve()
        : reject(
            new FarmError('SYS-POSTGRES-INIT', `${program} ended with code ${code}: ${complaint.trim()}`, {
              program,
            }),
          ),
    );
  });
}

/** initdb into a side folder, then renamed: a cluster half made is never taken for a whole one. */
async function initialise(runner: PostgresRunner, durable: boolean): Promise<void> {
  const { folder } = runner;
  const half = join(folder, 'cluster.new');
  rmSync(half, { recursive: true, force: true });
  writeFileSync(passwordFileOf(folder), `${randomBytes(18).toString('base64url')}\n`, { mode: 0o600 });
  runner.own(passwordFileOf(folder));
  await run(runner, 'initdb', [
    `--pgdata=${half}`,
    `--username=${user}`,
    `--pwfile=${passwordFileOf(folder)}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-locale',
    // The same order and case of Cyrillic on every machine, whatever its C library.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ]);
  renameSync(half, clusterOf(folder));
}

async function copyTemplate(runner: PostgresRunner, template: string): Promise<void> {
  const source = resolve(template);
  const from = relocatedFolder(source) ?? source;
  if (!existsSync(clusterOf(from))) {
    const half = `${source}.${process.pid}`;
    mkdirSync(half, { recursive: true, mode: 0o700 });
    const maker = choosePostgresRunner(half);
    await initialise(maker, false);
    if (maker.folder === half) {
      try {
        renameSync(half, source);
      } catch (error) {
        if (!existsSync(clusterOf(source))) throw error;
        rmSync(half, { recursive: true, force: true });
      }
    } else {
      // A relocated template keeps its place; the next run makes its own again.
      await copyCluster(runner, maker.folder);
      wipePostgresFiles(half);
      return;
    }
  }
  await copyCluster(runner, from);
}

const copyCluster = (runner: PostgresRunner, from: string): Promise<void> =>
  run(runner, 'sh', [
    '-c',
    'cp -p "$0/password" "$1/password" && cp -Rp "$0/cluster" "$1/cluster.new" && mv "$1/cluster.new" "$1/cluster"',
    from,
    runner.folder,
  ]);

function settings(options: PostgresOptions, host: string): string[] {
  const durable = options.durability !== 'none';
  const values: Record<string, string | number> = {
    listen_addresses: host,
    port: options.port,
    unix_socket_directories: '',
    max_connections: options.maxConnections ?? 200,
    shared_buffers: '128MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_min_messages: 'warning',
    log_checkpoints: 'off',
    // Short statements only: compiling them costs more than it saves.
    jit: 'off',
    fsync: durable ? 'on' : 'off',
    synchronous_commit: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
    ...(durable
      ? { checkpoint_timeout: '5min', max_wal_size: '1GB' }
      : { wal_level: 'minimal', max_wal_senders: 0, checkpoint_timeout: '30min', autovacuum_naptime: '30s' }),
    ...options.settings,
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

const lockFileOf = (folder: string): string => join(clusterOf(folder), 'postmaster.pid');

function lockFileLines(folder: string): string[] {
  try {
    return readFileSync(lockFileOf(folder), 'utf8').split('\n');
  } catch {
    return [];
  }
}

/**
 * A launcher that was killed leaves its server running, a machine that lost power leaves the lock file.
 * The caller holds the folder, so a server found here has no master any more: it is shut down in order.
 */
async function clearRemains(folder: string, onProgress: (message: string) => void): Promise<void> {
  const [pidLine = ''] = lockFileLines(folder);
  const pid = Number(pidLine);
  if (!Number.isInteger(pid) || pid <= 0) return;
  const identity = identifyProcess(pid);
  const isServer = identity && `${commandLine(pid)} `.includes(` -D ${clusterOf(folder)} `);
  if (isServer) {
    onProgress(`stopping a PostgreSQL left by an earlier run (process ${pid})`);
    if (!(await endProcess(identity, stopSteps)))
      throw new FarmError(
        'SYS-POSTGRES-STUCK',
        `PostgreSQL of an earlier run (process ${pid}) does not end`,
        { pid },
      );
  }
  // Another program may have got the number meanwhile; PostgreSQL would take it for a rival and refuse.
  if (!isServer) rmSync(lockFileOf(folder), { force: true });
}

const tail = (file: string): string => {
  try {
    return readFileSync(file, 'utf8').trim().split('\n').slice(-8).join('\n');
  } catch {
    return '';
  }
};

async function untilReady(folder: string, hasEnded: () => boolean, logFile: string): Promise<void> {
  const until = performance.now() + startTimeoutMs;
  while (lockFileLines(folder)[7]?.trim() !== 'ready') {
    if (hasEnded())
      throw new FarmError('SYS-POSTGRES-START', `PostgreSQL did not start:\n${tail(logFile)}`, { logFile });
    if (performance.now() > until)
      throw new FarmError('SYS-POSTGRES-START', `PostgreSQL is not ready after ${startTimeoutMs / 1000} s`, {
        logFile,
      });
    await delay(15);
  }
}

async function ensureDatabase(adminUrl: string, database: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}

function launch(runner: PostgresRunner, options: PostgresOptions, host: string, logFile: string) {
  const log = openSync(logFile, 'a', 0o600);
  let child: ChildProcess;
  try {
    child = runner.spawn(
      'postgres',
      ['-D', clusterOf(runner.folder), ...settings(options, host)],
      ['ignore', log, log],
    );
  } finally {
    closeSync(log);
  }
  let isOver = false;
  const ended = new Promise<void>((resolve) => {
    const finish = () => {
      isOver = true;
      resolve();
    };
    child.once('error', finish);
    child.once('exit', finish);
  });
  child.unref();
  return { child, ended, hasEnded: () => isOver };
}

/**
 * Starts PostgreSQL on loopback with the data of `dataDir`; the first start makes the cluster
 * (checksums, UTF-8, password). Works as root too, and without npm's install scripts having run.
 * @throws FarmError SYS-FOLDER-IN-USE, SYS-PORT-BUSY, SYS-NO-POSTGRES, SYS-NO-POSTGRES-USER, SYS-POSTGRES-INIT, SYS-POSTGRES-START
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const dataDir = resolve(options.dataDir);
  const host = options.host ?? '127.0.0.1';
  const database = options.database ?? user;
  const onProgress = options.onProgress ?? (() => undefined);
  mkdirSync(dirname(dataDir), { recursive: true });
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = lockFolder(dataDir);
  const logFile = join(dataDir, 'server.log');
  try {
    const runner = choosePostgresRunner(dataDir);
    const { folder } = runner;
    await clearRemains(folder, onProgress);
    await assertPortFree(options.port, host, options.portVariable ?? 'the port option');
    if (!existsSync(clusterOf(folder))) {
      onProgress('making the database cluster');
      await (options.template
        ? copyTemplate(runner, options.template)
        : initialise(runner, options.durability !== 'none'));
      chmodSync(clusterOf(folder), 0o700);
    }
    const { child, ended, hasEnded } = launch(runner, options, host, logFile);
    const identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
    if (!identity)
      throw new FarmError('SYS-POSTGRES-START', `PostgreSQL did not start:\n${tail(logFile)}`, { logFile });
    const onExit = () => void signalProcess(identity, 'SIGINT');
    process.once('exit', onExit);
    const stop = async () => {
      process.removeListener('exit', onExit);
      await endProcess(identity, stopSteps);
      lock.release();
    };
    try {
      await untilReady(folder, hasEnded, logFile);
      const password = readFileSync(passwordFileOf(folder), 'utf8').trim();
      const base = `postgres://${user}:${encodeURIComponent(password)}@${host}:${options.port}`;
      await ensureDatabase(`${base}/postgres`, database);
      return {
        url: `${base}/${database}`,
        port: options.port,
        pid: identity.pid,
        kind: runner.kind,
        ended,
        stop,
      };
    } catch (error) {
      await stop();
      throw error;
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

function wipePostgresFiles(dataDir: string): void {
  const elsewhere = relocatedFolder(dataDir);
  if (elsewhere) rmSync(elsewhere, { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
}

/** Stops a server left over in `dataDir` and deletes its data, wherever they were put. */
export async function wipePostgres(dataDir: string): Promise<void> {
  const folder = resolve(dataDir);
  if (!existsSync(folder)) return;
  const lock = lockFolder(folder);
  try {
    await clearRemains(relocatedFolder(folder) ?? folder, () => undefined);
    wipePostgresFiles(folder);
  } finally {
    lock.release();
  }
}
