import { addDays, BillingDesk, moscowDay, topUp } from '@kkt/billing';
import { silentLog, systemIds } from '@kkt/contracts';
import { BillingStore, type Database, farmMigrations, migrate, openDatabase } from '@kkt/storage';
import { createTestDatabase, FarmRows, type TestDatabase, VirtualClock } from '@kkt/testing';
import { BillingRun, monthBefore, OrderDesk, rentEnded } from './index';

let test: TestDatabase;
let database: Database;
let rows: FarmRows;
const start = moscowDay(Date.now());

beforeAll(async () => {
  test = await createTestDatabase();
  await migrate({ url: test.url, migrations: farmMigrations });
  database = openDatabase({ url: test.url, applicationName: 'billing-run-spec', maxConnections: 6 });
  rows = new FarmRows(database);
});
afterAll(async () => {
  await database?.close();
  await test?.drop();
});

/** The run as it is so many days from now. */
const runOn = (day: number): Promise<void> => {
  const clock = new VirtualClock(Date.parse(`${addDays(start, day)}T09:00:00Z`));
  return new BillingRun(
    { database, clock, ids: systemIds, log: silentLog },
    'https://cabinet.example',
  ).turn();
};

const desk = () =>
  new BillingDesk((run) => database.transaction((sql) => run(new BillingStore(sql))), systemIds);

const stateOf = async (id: number) => {
  const [row] = await database.query<{ state: string; reason: string | null }>(
    'select state, state_reason as reason from registers where id = $1',
    [id],
  );
  return row;
};

const kindsTo = async (clientId: string): Promise<string[]> => {
  const found = await database.query<{ kind: string }>(
    'select kind from notifications where client_id = $1 order by id',
    [clientId],
  );
  return found.map(({ kind }) => kind);
};

describe('BillingRun', () => {
  it('warns of the end of a trial, stops the register, and after days of grace begins to take it back', async () => {
    const client = await rows.client();
    const register = await rows.register(await rows.group(client, 'trial'));
    await desk().trial(client.id, register.id, 'rent-2026', start);
    for (const day of [0, 3, 3, 5, 6]) await runOn(day);
    expect(await stateOf(register.id)).toEqual({ state: 'ready', reason: null });
    expect(await kindsTo(client.id)).toEqual(['money.trial-ends', 'money.trial-ends']);
    for (const day of [7, 7, 9]) await runOn(day);
    expect(await stateOf(register.id)).toEqual({ state: 'paused', reason: rentEnded });
    expect((await kindsTo(client.id)).filter((kind) => kind === 'money.rental-ended')).toHaveLength(1);
    await runOn(10);
    await runOn(10);
    const work = await database.query('select kind, step from fn_workflows where register_id = $1', [
      register.id,
    ]);
    expect(work).toMatchObject([{ kind: 'close' }]);
    expect((await stateOf(register.id))?.state).toBe('swap');
  });

  it('starts a stopped register again when its rent is paid', async () => {
    const client = await rows.client();
    const register = await rows.register(await rows.group(client, 'late'));
    await desk().trial(client.id, register.id, 'rent-2026', start);
    await runOn(8);
    expect((await stateOf(register.id))?.state).toBe('paused');
    const clock = new VirtualClock(Date.parse(`${addDays(start, 8)}T09:00:00Z`));
    const orders = new OrderDesk({ database, clock, ids: systemIds, log: silentLog });
    await database.transaction(async (sql) => {
      await new BillingStore(sql).book(topUp(client.id, 'card', 'late', 500_000, start));
      const wish = { registerIds: [register.id], tariffId: 'rent-2026', termDays: 30, renewsItself: true };
      await orders.extend(sql, { clientId: client.id, ...wish });
    });
    await runOn(8);
    expect(await stateOf(register.id)).toEqual({ state: 'ready', reason: null });
  });

  it('earns every register-day once and makes the act of a month once, by whoever runs', async () => {
    const client = await rows.client();
    const group = await rows.group(client, 'acts');
    const registers = [await rows.register(group), await rows.register(group)];
    await database.transaction((sql) =>
      new BillingStore(sql).book(topUp(client.id, 'bank', 'acts', 5_000_000, start)),
    );
    await desk().order(
      {
        clientId: client.id,
        tariffId: 'rent-2026',
        registerIds: registers.map(({ id }) => id),
        termDays: 90,
        firstDay: start,
        renewsItself: false,
      },
      start,
    );
    await Promise.all([runOn(70), runOn(70)]);
    await runOn(70);
    const [days] = await database.query<{ days: number; keys: number }>(
      `select count(*)::integer as days, count(distinct t.key)::integer as keys from ledger_transactions t
       join ledger_postings p on p.transaction_id = t.id join rentals r on p.account = 'deferred:' || r.id
       where t.kind = 'rent_day' and r.client_id = $1`,
      [client.id],
    );
    expect(days).toEqual({ days: 140, keys: 140 });
    const { from, to } = monthBefore(addDays(start, 70));
    const acts = await database.query<{ number: string; lines: { count: number }[] }>(
      `select number, lines from papers where client_id = $1 and series = 'act'`,
      [client.id],
    );
    expect(acts).toHaveLength(1);
    expect(acts[0]?.lines[0]?.count).toBe(
      (2 * (Date.parse(to) - Date.parse(from) + 86_400_000)) / 86_400_000,
    );
    expect(await new BillingStore(database).sumOfEverythingKop()).toBe(0);
    expect(await kindsTo(client.id)).toContain('money.act');
  });
});
