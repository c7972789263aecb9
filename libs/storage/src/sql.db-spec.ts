import { silentLog, systemClock } from '@kkt/contracts';
import { createTestDatabase, type TestDatabase, until } from '@kkt/testing';
import { type FarmChange, FarmChanges, tellChange } from './change-feed';
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

describe('changes of the farm', () => {
  it('are heard of once the transaction has committed, never of one that was rolled back, and again after a lost connection', async () => {
    const heard: FarmChange[] = [];
    const changes = new FarmChanges({
      url: server.url,
      applicationName: 'hears-changes',
      clock: systemClock,
      log: silentLog,
    });
    changes.onChange((change) => heard.push(change));
    await changes.start();
    let heardInside = -1;
    await database.transaction(async (sql) => {
      await tellChange(sql, 'plant');
      await tellChange(sql, 'plant');
      await database.query('select pg_sleep(0.05)');
      heardInside = heard.length;
    });
    const undone = database.transaction(async (sql) => {
      await tellChange(sql, 'alerts');
      throw new Error('rolled back');
    });
    await expect(undone).rejects.toThrow('rolled back');
    await tellChange(database, 'registers');
    await until(() => heard.includes('registers'), 'the change is heard of');
    expect(heardInside).toBe(0);
    expect(heard).toEqual(['plant', 'registers']);
    await database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'hears-changes'`,
    );
    // Something may have been missed meanwhile: everything is looked at anew.
    await until(() => heard.length === 5, 'everything is said to have changed');
    await tellChange(database, 'alerts');
    await until(() => heard.length === 6, 'it listens again');
    await changes.stop();
  });
});
