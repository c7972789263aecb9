import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort, startPostgres, startRedis, wipePostgres } from '@kkt/embedded';
import { hashPassword } from '@kkt/security';
import { type Database, farmMigrations, migrate, openDatabase } from '@kkt/storage';
import { shopInn, shopPlace } from './good-body';

const password = 'fuzz-password';

/** Compiled programs, whether this file is one of them or is run by a test. */
const dist = resolve(__dirname, '../..', __dirname.includes('/dist/') ? '.' : 'dist');

/** A receipt API as a process of its own on an embedded database, with two groups a shop and no registers. */
export interface FuzzWorld {
  database: Database;
  port: number;
  /** Token of the first shop. */
  token: string;
  /** Each with groups of version 4 and 5; the first one's are `g4` and `g5`. */
  shops: readonly Shop[];
  pid: number;
  databaseUrl: string;
  redisUrl: string;
  isRunning(): boolean;
  stop(): Promise<void>;
}

/** One client of the farm. */
export interface Shop {
  token: string;
  v4: string;
  v5: string;
}

/** As many clients as asked for, each with a login and two groups. */
async function seed(database: Database, shops: number): Promise<void> {
  const values = [shops, shopInn];
  await database.query(
    `insert into clients (id, name, inn)
     select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'Магазин', $2 from generate_series(1, $1) as n`,
    values,
  );
  await database.query(
    `insert into api_logins (id, client_id, login, password_hash)
     select gen_random_uuid(), ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'shop-' || n, $2
     from generate_series(1, $1) as n`,
    [shops, await hashPassword(password)],
  );
  await database.query(
    `insert into register_groups (client_id, code, protocol, ffd, inn, user_name, tax_systems, default_tax_system,
       payment_address, address, sender_email, ofd_inn, ofd_name, ofd_host, ofd_port)
     select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
       'g' || v.version || case when n = 1 then '' else '-' || n end, v.version, v.ffd, $2, 'Магазин', 3, 1, $3, 'Москва',
       'kassa@shop.example', '7709364346', 'ОФД', '127.0.0.1', 1
     from generate_series(1, $1) as n, (values (4, 2), (5, 4)) as v(version, ffd)`,
    [...values, shopPlace],
  );
}

async function enter(port: number, shops: number): Promise<Shop[]> {
  const found: Shop[] = [];
  for (let n = 1; n <= shops; n++) {
    const reply = await fetch(
      `http://127.0.0.1:${port}/possystem/v4/getToken?login=shop-${n}&pass=${password}`,
    );
    const { token } = (await reply.json()) as { token: string };
    const tail = n === 1 ? '' : `-${n}`;
    found.push({ token, v4: `g4${tail}`, v5: `g5${tail}` });
  }
  return found;
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
  /** Clients; one unless told otherwise. */
  shops?: number;
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
    const count = lent.shops ?? 1;
    await seed(database, count);
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
    const shops = await enter(port, count);
    return {
      database,
      port,
      token: shops[0]?.token ?? '',
      shops,
      pid: child.pid ?? 0,
      databaseUrl,
      redisUrl,
      isRunning: () => child.exitCode === null,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
