import { Client } from 'pg';
import { FarmError } from '@kkt/contracts';
import { startPostgres, startRedis } from '@kkt/embedded';
import type { Settings } from '@kkt/config';
import type { DataFolder } from './data-folder';
import { sayDone, sayError, sayNote } from './screen';

/** A server the farm needs: its address, and how to be rid of it. */
export interface FarmServer {
  readonly name: string;
  readonly url: string;
  stop(): Promise<void>;
}

interface Running {
  readonly url: string;
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const restart = { firstMs: 500, mostMs: 15_000 };

/** Starts the server again when it ends by itself: the processes wait for it and go on. */
async function keepRunning(name: string, start: () => Promise<Running>): Promise<FarmServer> {
  let isWanted = true;
  let current = await start();
  const { url } = current;

  const revive = async (): Promise<void> => {
    for (let delayMs = restart.firstMs; isWanted; delayMs = Math.min(delayMs * 2, restart.mostMs)) {
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      if (!isWanted) return;
      try {
        current = await start();
        watch();
        sayDone(name, 'running again');
        return;
      } catch (error) {
        sayError(name, error instanceof Error ? error.message : String(error));
      }
    }
  };
  const watch = (): void => {
    const watched = current;
    void watched.ended.then(async () => {
      if (!isWanted) return;
      sayError(name, 'ended by itself; starting it again');
      await watched.stop();
      await revive();
    });
  };
  watch();
  return {
    name,
    url,
    stop: async () => {
      isWanted = false;
      await current.stop();
    },
  };
}

async function externalPostgres(url: string): Promise<FarmServer> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    sayDone('PostgreSQL', `${rows[0]?.server_version ?? ''} at DATABASE_URL`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new FarmError(
      'SYS-NO-DATABASE',
      `PostgreSQL does not answer at DATABASE_URL: ${why}`,
      {},
      { cause: error },
    );
  } finally {
    await client.end().catch(() => undefined);
  }
  return { name: 'PostgreSQL', url, stop: () => Promise.resolve() };
}

/** PostgreSQL: the one at DATABASE_URL, else the embedded one with its data in the data folder. */
export async function providePostgres(settings: Settings<'farm'>, data: DataFolder): Promise<FarmServer> {
  if (settings.databaseUrl) return externalPostgres(settings.databaseUrl);
  const started = performance.now();
  const server = await keepRunning('PostgreSQL', () =>
    startPostgres({
      dataDir: data.postgres,
      port: settings.postgresPort,
      portVariable: 'EMBEDDED_POSTGRES_PORT',
      onProgress: (message) => sayNote('PostgreSQL', message),
    }),
  );
  sayDone('PostgreSQL', `embedded, port ${settings.postgresPort}`, performance.now() - started);
  return server;
}

/** A Redis-compatible engine: the one at REDIS_URL, else redis-server, else Valkey in WebAssembly. */
export async function provideRedis(settings: Settings<'farm'>, data: DataFolder): Promise<FarmServer> {
  const started = performance.now();
  let engine = '';
  const server = await keepRunning('Redis', async () => {
    const redis = await startRedis({
      dataDir: data.redis,
      port: settings.redisPort,
      url: settings.redisUrl,
      portVariable: 'EMBEDDED_REDIS_PORT',
      onProgress: (message) => sayNote('Redis', message),
    });
    engine = redis.engine;
    return redis;
  });
  const where = engine === 'external' ? 'at REDIS_URL' : `${engine}, port ${settings.redisPort}`;
  sayDone('Redis', where, performance.now() - started);
  return server;
}
