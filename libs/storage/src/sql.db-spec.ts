import { createTestDatabase, type TestDatabase } from '@kkt/testing';
import { openDatabase, type Database } from './sql';

let server: TestDatabase;
let database: Database;

beforeAll(async () => {
  server = await createTestDatabase();
  database = openDatabase({ url: server.url, applicationName: 'sql-test' });
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

describe('openDatabase', () => {
  it('a connection lost between two statements of a transaction rejects it, and the process lives on', async () => {
    const lost = database.transaction(async (sql) => {
      const [row] = await sql.query<{ pid: number }>('select pg_backend_pid() as pid');
      await database.query('select pg_terminate_backend($1)', [row?.pid]);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await sql.query('select 1');
    });
    await expect(lost).rejects.toThrow();
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
  });
});
