import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort, startPostgres, startRedis, wipePostgres } from '@kkt/embedded';
import { hashPassword } from '@kkt/security';
import { type Database, farmMigrations, migrate, openDatabase } from '@kkt/storage';
import { shopInn, shopPlace } from './good-body';

const client = '01900000-0000-7000-8000-00000000000a';
const password = 'fuzz-password';

/** Compiled programs, whether this file is one of them or is run by a test. */
const dist = resolve(__dirname, '../..', __dirname.includes('/dist/') ? '.' : 'dist');

/** A receipt API as a process of its own on an embedded database, with two groups and no registers. */
export interface FuzzWorld {
  database: Database;
  port: number;
  token: string;
  pid: number;
  databaseUrl: string;
  isRunning(): boolean;
  stop(): Promise<void>;
}

async function seed(database: Database): Promise<void> {
  await database.query(`insert into clients (id, name, inn) values ($1, 'Магазин', $2)`, [client, shopInn]);
  await database.query(
    `insert into api_logins (id, client_id, login, password_hash) values (gen_random_uuid(), $1, 'fuzz', $2)`,
    [client, await hashPassword(password)],
  );
  await database.query(
    `insert into register_groups (id, client_id, code, protocol, ffd, inn, user_name, tax_systems, default_tax_system,
       payment_address, address, sender_email, ofd_inn, ofd_name, ofd_host, ofd_port)
     values (1, $1, 'g4', 4, 2, $2, 'Магазин', 3, 1, $3, 'Москва', 'kassa@shop.example', '7709364346', 'ОФД', '127.0.0.1', 1),
            (2, $1, 'g5', 5, 4, $2, 'Магазин', 3, 1, $3, 'Москва', 'kassa@shop.example', '7709364346', 'ОФД', '127.0.0.1', 1)`,
    [client, shopInn, shopPlace],
  );
}

async function ready(port: number, child: ChildProcess): Promise<void> {
  for (let left = 600; left > 0; left--) {
    if (child.exitCode !== null) throw new Error(`the receipt API ended with ${child.exitCode}`);
    const reply = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    if (reply?.ok) return;
    await new Promise((go) => setTimeout(go, 100));
  }
  throw new Error('the receipt API is not ready in a minute');
}

export interface WorldOptions {
  /** Servers that are there already. */
  databaseUrl?: string;
  redisUrl?: string;
  /** A commit waits for the disk, as in production; for measuring. */
  isDurable?: boolean;
}

export async function startWorld(lent: WorldOptions = {}): Promise<FuzzWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'kkt-fuzz-'));
  const stops: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    let { databaseUrl, redisUrl } = lent;
    if (!databaseUrl) {
      const dataDir = join(folder, 'postgres');
      const server = await startPostgres({
        dataDir,
        port: await freePort(),
        durability: lent.isDurable ? 'full' : 'none',
      });
      stops.push(async () => {
        await server.stop();
        await wipePostgres(dataDir);
      });
      databaseUrl = server.url;
    }
    if (!redisUrl) {
      const server = await startRedis({ dataDir: join(folder, 'redis'), port: await freePort() });
      stops.push(() => server.stop());
      redisUrl = server.url;
    }
    await migrate({ url: databaseUrl, migrations: farmMigrations });
    const database = openDatabase({ url: databaseUrl, applicationName: 'fuzz', maxConnections: 2 });
    stops.push(() => database.close());
    await seed(database);
    const port = await freePort();
    const child = spawn(process.execPath, [join(dist, 'apps/receipt-api/src/main.js')], {
      env: {
        PATH: process.env.PATH ?? '',
        DATABASE_URL: databaseUrl,
        REDIS_URL: redisUrl,
        RECEIPT_API_PORT: String(port),
        SECRET_KEY: '11'.repeat(32),
        LOG_LEVEL: 'error',
        DATA_DIR: folder,
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const ended = new Promise<void>((done) => child.once('close', () => done()));
    stops.push(async () => {
      child.kill('SIGTERM');
      await ended;
    });
    await ready(port, child);
    const reply = await fetch(`http://127.0.0.1:${port}/possystem/v4/getToken?login=fuzz&pass=${password}`);
    const { token } = (await reply.json()) as { token: string };
    return {
      database,
      port,
      token,
      pid: child.pid ?? 0,
      databaseUrl,
      isRunning: () => child.exitCode === null,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
