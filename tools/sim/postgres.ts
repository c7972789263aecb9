import { join } from 'node:path';
import { freePort, startPostgres, wipePostgres } from '@kkt/embedded';
import { farmMigrations, migrate } from '@kkt/storage';
import { SimDatabase } from './database';

/** A PostgreSQL of our own for one run of the program, with the farm's tables. */
export async function ownDatabase(): Promise<{ database: SimDatabase; stop: () => Promise<void> }> {
  const cache = join(process.cwd(), '.cache');
  const dataDir = join(cache, 'sim', `run-${process.pid}`, 'postgres');
  const server = await startPostgres({
    dataDir,
    template: join(cache, 'test-servers', 'template'),
    port: await freePort(),
    durability: 'none',
  });
  await migrate({ url: server.url, migrations: farmMigrations });
  const database = await SimDatabase.open(server.url);
  return {
    database,
    stop: async () => {
      await database.close();
      await server.stop();
      await wipePostgres(dataDir);
    },
  };
}
