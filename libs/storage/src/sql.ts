import { Pool, type PoolClient, type PoolConfig } from 'pg';
import { FarmError, type Log } from '@kkt/contracts';

/** A value that PostgreSQL's driver can bind. */
export type SqlValue =
  string | number | bigint | boolean | Date | Buffer | null | undefined | readonly SqlValue[] | object;

/** Something that runs SQL: a database, or one transaction of it. */
export interface Sql {
  /**
   * Runs one statement. A `name` makes it a prepared statement of the connection: use it for hot statements,
   * always with the same text.
   */
  query<Row extends object>(text: string, values?: readonly SqlValue[], name?: string): Promise<Row[]>;
}

/** A database that can also run several statements as one. */
export interface Database extends Sql {
  /** Commits when `run` resolves, rolls back when it rejects. The callback must use only the given `sql`. */
  transaction<T>(run: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  url: string;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  maxConnections?: number;
  /** A statement that runs longer is cancelled; no wait of the farm is endless. */
  statementTimeoutMs?: number;
  /**
   * Plans each named statement once for a connection instead of at every call. For processes whose statements are all
   * short and the same for every value: there the planner, which hopes for a better plan of the values at hand, costs up
   * to as much as the statement. Not where a search has optional conditions.
   */
  keepsPlans?: boolean;
  log?: Log;
}

const wrap = (client: Pool | PoolClient): Sql => ({
  async query<Row extends object>(text: string, values?: readonly SqlValue[], name?: string): Promise<Row[]> {
    const result = await client.query<Row>({ text, values: values ? [...values] : undefined, name });
    return result.rows;
  },
});

/** Opens a pool. Connections are made on first use; losing the server rejects statements, it never ends the process. */
export function openDatabase(options: DatabaseOptions): Database {
  const config: PoolConfig = {
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.maxConnections ?? 8,
    statement_timeout: options.statementTimeoutMs ?? 15_000,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    ...(options.keepsPlans && { options: '-c plan_cache_mode=force_generic_plan' }),
  };
  const pool = new Pool(config);
  pool.on('error', (error) => options.log?.warn({ err: error.message }, 'database connection lost'));
  return {
    ...wrap(pool),
    async transaction<T>(run: (sql: Sql) => Promise<T>): Promise<T> {
      const client = await pool.connect();
      let broken: Error | undefined;
      // Between two statements nobody else hears of a lost connection; unheard it would end the process.
      const lost = (error: Error): void => {
        broken = error;
      };
      client.on('error', lost);
      try {
        await client.query('begin');
        const result = await run(wrap(client));
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch((rollbackError: Error) => {
          broken = rollbackError;
        });
        throw error;
      } finally {
        client.off('error', lost);
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}

interface PgError {
  code?: string;
}

/** True when PostgreSQL itself is away or closing: the statement may be tried again later. */
export function isDatabaseAway(error: unknown): boolean {
  const code = (error as PgError | null)?.code ?? '';
  return (
    [
      'ECONNREFUSED',
      'ECONNRESET',
      'EPIPE',
      'ETIMEDOUT',
      '57P01',
      '57P02',
      '57P03',
      '53300',
      '08006',
      '08001',
      '08003',
    ].includes(code) ||
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
      (error as Error | null)?.message ?? '',
    )
  );
}

/** True for a violated unique constraint; `constraint` narrows it to one. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const e = error as (PgError & { constraint?: string }) | null;
  return e?.code === '23505' && (!constraint || e.constraint === constraint);
}

/** The single row of a result, or a clear fault: for statements that must return one. */
export function oneRow<Row>(rows: Row[], what: string): Row {
  const row = rows[0];
  if (!row || rows.length !== 1)
    throw new FarmError('SYS-ROWS', `Expected one row of ${what}, got ${rows.length}`);
  return row;
}
