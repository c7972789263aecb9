import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

export interface TestDatabase {
  /** Connection string of a database nobody else uses. */
  readonly url: string;
  /** Removes it, disconnecting whoever is still connected. */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /**
   * Prepare once per run (migrations, say), copy many times: the first caller with this name runs
   * `prepare` on a fresh database, everyone gets a copy of it.
   */
  template?: { name: string; prepare: (url: string) => Promise<void> };
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: name the test *.db-spec.ts or *.e2e-spec.ts`);
  return value;
}

/** The Redis-compatible server of this test run. */
export const testRedisUrl = (): string => required('KKT_TEST_REDIS_URL');

const databaseUrl = (admin: string, database: string): string => {
  const url = new URL(admin);
  url.pathname = `/${database}`;
  return url.href;
};

async function withAdmin<T>(run: (client: Client, adminUrl: string) => Promise<T>): Promise<T> {
  const adminUrl = required('KKT_TEST_DATABASE_URL');
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    return await run(client, adminUrl);
  } finally {
    await client.end();
  }
}

/** Built under a lock of the server, so that parallel test files wait for one another; a rename marks it done. */
async function ensureTemplate(
  client: Client,
  adminUrl: string,
  template: NonNullable<TestDatabaseOptions['template']>,
) {
  const name = `kkt_template_${template.name}_${required('KKT_TEST_RUN')}`;
  const exists = async () =>
    (await client.query('select 1 from pg_database where datname = $1', [name])).rowCount === 1;
  if (await exists()) return name;
  await client.query('select pg_advisory_lock(hashtext($1))', [name]);
  try {
    if (await exists()) return name;
    const half = `${name}_new`;
    await client.query(`drop database if exists "${half}" with (force)`);
    await client.query(`create database "${half}"`);
    await template.prepare(databaseUrl(adminUrl, half));
    await client.query(`alter database "${half}" with allow_connections false`);
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [half]);
    await client.query(`alter database "${half}" rename to "${name}"`);
    return name;
  } finally {
    await client.query('select pg_advisory_unlock(hashtext($1))', [name]);
  }
}

/** A fresh database for one test file. */
export function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  return withAdmin(async (client, adminUrl) => {
    const name = `kkt_test_${process.pid}_${randomBytes(4).toString('hex')}`;
    const template = options.template
      ? await ensureTemplate(client, adminUrl, options.template)
      : 'template1';
    await client.query(`create database "${name}" template "${template}"`);
    return {
      url: databaseUrl(adminUrl, name),
      drop: () =>
        withAdmin(
          async (admin) => void (await admin.query(`drop database if exists "${name}" with (force)`)),
        ),
    };
  });
}
