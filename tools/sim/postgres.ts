import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startPostgres, wipePostgres } from '@kkt/embedded';
import { farmMigrations, migrate } from '@kkt/storage';
import { Client } from 'pg';

export interface SimServer {
  /** Databases with the farm's tables, one for each run at a time. */
  urls: string[];
  stop: () => Promise<void>;
}

/** A longer path to a socket is refused by the system. */
const maxSocketPath = 80;

const named = (url: string, database: string): string => {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
};

/** `count` databases with the farm's tables on a server that is already there; the first is `url` itself. */
export async function databasesAt(url: string, count: number): Promise<string[]> {
  await migrate({ url, migrations: farmMigrations });
  const source = new URL(url).pathname.slice(1);
  const names = Array.from({ length: count - 1 }, (_, n) => `${source}_${n + 2}`);
  const client = new Client({ connectionString: named(url, 'postgres') });
  await client.connect();
  for (const name of names) await client.query(`create database "${name}" template "${source}"`);
  await client.end();
  return [url, ...names.map((name) => named(url, name))];
}

/**
 * A PostgreSQL of our own for one run of the program: nothing survives it, so nothing is written for ever, and nothing
 * tidies up behind the statements by itself, which would come at moments that no seed knows.
 */
export async function ownServer(count: number): Promise<SimServer> {
  const cache = join(process.cwd(), '.cache');
  const dataDir = join(cache, 'sim', `run-${process.pid}`, 'postgres');
  const sockets = mkdtempSync(join(tmpdir(), 'kkt-sim-'));
  chmodSync(sockets, 0o777);
  const hasSocket = sockets.length < maxSocketPath;
  const server = await startPostgres({
    dataDir,
    template: join(cache, 'test-servers', 'template'),
    port: await freePort(),
    durability: 'none',
    settings: {
      ...(hasSocket ? { unix_socket_directories: sockets } : {}),
      autovacuum: 'off',
      track_counts: 'off',
      track_activities: 'off',
    },
  });
  const stop = async (): Promise<void> => {
    process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
    await server.stop();
    await wipePostgres(dataDir);
    rmSync(join(cache, 'sim', `run-${process.pid}`), { recursive: true, force: true });
    rmSync(sockets, { recursive: true, force: true });
  };
  // The server is a process of its own and would outlive a simulation that is broken off.
  const breakOff = (): void => void stop().finally(() => process.exit(130));
  process.once('SIGINT', breakOff).once('SIGTERM', breakOff);
  try {
    const urls = await databasesAt(server.url, count);
    const way = hasSocket ? `?host=${encodeURIComponent(sockets)}` : '';
    return { urls: urls.map((url) => `${url}${way}`), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
