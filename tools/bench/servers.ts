import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort, startPostgres, startRedis, wipePostgres } from '@kkt/embedded';
import { type Database, farmMigrations, migrate, openDatabase } from '@kkt/storage';

/** The checkout: this file runs compiled, in dist/tools/bench. */
export const root = resolve(__dirname, '..', '..', '..');

export interface Servers {
  database: Database;
  databaseUrl: string;
  redisUrl: string;
  folder: string;
}

/** A durable PostgreSQL with our tables, and a Redis, for as long as `use` takes. */
export async function withServers<T>(use: (servers: Servers) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'kkt-bench-'));
  const dataDir = join(folder, 'postgres');
  const template = join(root, '.cache', 'bench-cluster');
  const postgres = await startPostgres({ dataDir, port: await freePort(), durability: 'full', template });
  try {
    await migrate({ url: postgres.url, migrations: farmMigrations });
    const redis = await startRedis({ dataDir: join(folder, 'redis'), port: await freePort() });
    const database = openDatabase({
      url: postgres.url,
      applicationName: 'bench',
      maxConnections: 8,
      statementTimeoutMs: 600_000,
    });
    try {
      return await use({ database, databaseUrl: postgres.url, redisUrl: redis.url, folder });
    } finally {
      await database.close();
      await redis.stop();
    }
  } finally {
    await postgres.stop();
    await wipePostgres(dataDir);
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface Program {
  pid: number;
  /** Lines it printed on stdout. */
  line(): Promise<string>;
  stop(): Promise<void>;
}

/** A compiled program of ours as a process; `entry` below dist/, without `.js`. */
export function startProgram(entry: string, env: Record<string, string>, args: string[] = []): Program {
  const child = spawn(process.execPath, [join(root, 'dist', `${entry}.js`), ...args], {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const first = new Promise<string>((done, fail) => {
    child.stdout.once('data', (bytes: Buffer) => done(bytes.toString().split('\n')[0] ?? ''));
    child.once('exit', (code) => fail(new Error(`${entry} ended with ${code}`)));
  });
  first.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    line: () => first,
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(late);
    },
  };
}

/** Waits for a process to say that it is ready. */
export async function untilReady(port: number, limitMs = 60_000): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (performance.now() < endMs) {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, {
      signal: AbortSignal.timeout(5_000),
    }).catch(() => undefined);
    if (answer?.ok) return;
    await wait(100);
  }
  throw new Error(`nothing is ready on port ${port} after ${limitMs} ms`);
}

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const cores = cpus().length;
