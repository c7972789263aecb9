import { DataSource, type MigrationInterface } from 'typeorm';

export interface MigrateOptions {
  url: string;
  /** PostgreSQL schema that holds the tables and the list of migrations done. */
  schema?: string;
  migrations: (new () => MigrationInterface)[];
}

/** Brings the database to the newest migration; returns the names of those that ran now. Safe to call from several processes at once. */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const schema = options.schema ?? 'public';
  const source = new DataSource({
    type: 'postgres',
    url: options.url,
    schema,
    synchronize: false,
    migrations: options.migrations,
    migrationsTableName: 'schema_migrations',
    migrationsTransactionMode: 'each',
  });
  await source.initialize();
  try {
    const runner = source.createQueryRunner();
    await runner.connect();
    try {
      await runner.query('select pg_advisory_lock(540054)');
      if (schema !== 'public') await runner.query(`create schema if not exists "${schema}"`);
      const done = await source.runMigrations();
      return done.map((migration) => migration.name);
    } finally {
      await runner.query('select pg_advisory_unlock(540054)');
      await runner.release();
    }
  } finally {
    await source.destroy();
  }
}
