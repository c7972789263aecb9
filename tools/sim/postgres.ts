import { join } from 'node:path';
import { freePort, startPostgres, wipePostgres } from '@kkt/embedded';
import { farmMigrations, migrate } from '@kkt/storage';
import { Client } from 'pg';
import { SimDatabase } from './database';

export interface SimServer {
  databases: SimDatabase[];
  stop: () => Promise<void>;
}

const named = (url: string, database: string): string => {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
};

/** `count` databases with the farm's tables on a server that is already there; the first is `url` itself. */
export async function databasesAt(url: string, count: number): Promise<SimDatabase[]> {
  await migrate({ url, migrations: farmMigrations });
  const source = new URL(url).pathname.slice(1);
  const names = Array.from({ length: count - 1 }, (_, n) => `${source}_${n + 2}`);
  const client = new Client({ connectionString: named(url, 'postgres') });
  await client.connect();
  for (const name of names) await client.query(`create database "${name}" template "${source}"`);
  await client.end();
  return Promise.all([url, ...names.map((name) => named(url, name))].map((one) => SimDatabase.open(one)));
}

/** A PostgreSQL of our own for one run of the program. */
export async function ownServer(count: number): Promise<SimServer> {
  const cache = join(process.cwd(), '.cache');
  const dataDir = join(cache, 'sim', `run-${process.pid}`, 'postgres');
  const server = await startPostgres({
    dataDir,
    template: join(cache, 'test-servers', 'template'),
    port: await freePort(),
    durability: 'none',
  });
  const stopServer = async (): Promise<void> => {
    process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
    await server.stop();
    await wipePostgres(dataDir);
  };
  // The server is a process of its own and would outlive a simulation that is broken off.
  const breakOff = (): void => void stopServer().finally(() => process.exit(130));
  process.once('SIGINT', breakOff).once('SIGTERM', breakOff);
  try {
    const databases = await databasesAt(server.url, count);
    return {
      databases,
      stop: async () => {
        await Promise.all(databases.map((database) => database.close()));
        await stopServer();
      },
    };
  } catch (error) {
    await stopServer();
    throw error;
  }
}
