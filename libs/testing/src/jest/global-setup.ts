import './resolve-aliases';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { folderOwner, freePort, startPostgres, startRedis, wipePostgres } from '@kkt/embedded';
import { keepServer } from './servers';

const cache = join(__dirname, '..', '..', '..', '..', '.cache', 'test-servers');

/** Runs that were killed leave servers and folders behind; the next run removes them. */
async function removeRemains(): Promise<void> {
  for (const name of existsSync(cache) ? readdirSync(cache) : []) {
    const pid = Number(/^run-(\d+)$/.exec(name)?.[1]);
    const folder = join(cache, name);
    const isUsed = [folder, join(folder, 'postgres'), join(folder, 'redis')].some(folderOwner);
    if (!pid || isUsed) continue;
    await wipePostgres(join(folder, 'postgres')).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Another program may take the port between the look and the start: look again then. */
async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (attempt >= 3) throw error;
    }
  }
}

/** On a server of our own everything goes with its folder; on a lent one the run cleans up after itself. */
async function dropTemplates(adminUrl: string, run: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const found = await client.query<{ datname: string }>(
      'select datname from pg_database where datname like $1',
      [`kkt\\_template\\_%\\_${run}%`],
    );
    for (const { datname } of found.rows) await client.query(`drop database "${datname}" with (force)`);
  } finally {
    await client.end();
  }
}

/**
 * One PostgreSQL and one Redis-compatible server for the whole run, in a folder of this process, so that
 * several runs on one machine never meet. TEST_DATABASE_URL and TEST_REDIS_URL name servers of your own.
 */
export default async function globalSetup(): Promise<void> {
  if (process.env.KKT_TEST_DATABASE_URL) return;
  mkdirSync(cache, { recursive: true });
  await removeRemains();
  const folder = join(cache, `run-${process.pid}`);
  keepServer({
    stop: async () => {
      await wipePostgres(join(folder, 'postgres'));
      rmSync(folder, { recursive: true, force: true });
    },
  });

  const { TEST_DATABASE_URL, TEST_REDIS_URL } = process.env;
  const run = randomBytes(4).toString('hex');
  if (TEST_DATABASE_URL) keepServer({ stop: () => dropTemplates(TEST_DATABASE_URL, run) });
  const [databaseUrl, redisUrl] = await Promise.all([
    TEST_DATABASE_URL ||
      onFreePort((port) =>
        startPostgres({
          dataDir: join(folder, 'postgres'),
          template: join(cache, 'template'),
          port,
          durability: 'none',
          maxConnections: 300,
        }),
      ).then((server) => {
        keepServer(server);
        return server.url;
      }),
    TEST_REDIS_URL ||
      onFreePort((port) => startRedis({ dataDir: join(folder, 'redis'), port })).then((server) => {
        keepServer(server);
        return server.url;
      }),
  ]);
  process.env.KKT_TEST_RUN = run;
  process.env.KKT_TEST_DATABASE_URL = databaseUrl;
  process.env.KKT_TEST_REDIS_URL = redisUrl;
}
