import { silentLog } from '@kkt/contracts';
import { importInventory, usualInventory } from '@kkt/inventory';
import {
  type Database,
  farmMigrations,
  migrate,
  NotificationStore,
  openDatabase,
  PlantStore,
} from '@kkt/storage';
import { createTestDatabase, FarmRows, type TestDatabase, type TestRegister } from '@kkt/testing';
import { AlertWatch } from './watch';

let testDatabase: TestDatabase;
let database: Database;
let watch: AlertWatch;
const registers: TestRegister[] = [];
const engineer = '01900000-0000-7000-8000-0000000000e1';
let nowMs = Date.UTC(2026, 10, 27, 9);

const passes = async (seconds: number): Promise<void> => {
  nowMs += seconds * 1_000;
  await database.query(`select set_config('farm.now', $1, false)`, [new Date(nowMs).toISOString()]);
};

/** Turns half a second apart, or further, for so long. */
async function turns(seconds: number, stepS = 0.5): Promise<void> {
  for (let passed = 0; passed < seconds; passed += stepS) {
    await passes(stepS);
    await database.query("update leases set expires_at = farm_now() + interval '1 minute'");
    await watch.turn();
  }
}

const open = () =>
  database.query<{
    id: string;
    class: string;
    severity: number;
    registers: number[];
    object: string;
    text: string;
  }>(
    'select id::text, class, severity, registers, object, text from alerts where closed_at is null order by id',
  );
const messages = async (kind?: string) =>
  (await new NotificationStore(database).list({ limit: 500 })).filter(
    (one) => kind === undefined || one.kind === kind,
  );
const setOnline = (ids: readonly number[], online: boolean) =>
  database.query('update register_status set online = $2 where register_id = any($1::integer[])', [
    ids,
    online,
  ]);
const report = (down: string[]) =>
  PlantStore.take(database, {
    dc: 'dc1',
    feeds: [
      { code: 'A', up: true },
      { code: 'B', up: true },
    ],
    switches: ['r1-a', 'r1-b'].map((code) => ({ code, up: !down.includes(code) })),
  });

beforeAll(async () => {
  testDatabase = await createTestDatabase({
    template: {
      name: 'farm',
      prepare: async (url) => void (await migrate({ url, migrations: farmMigrations })),
    },
  });
  // One connection: the time of the test is a setting of it.
  database = openDatabase({ url: testDatabase.url, applicationName: 'spec', maxConnections: 1 });
  await passes(0);
  const hall = usualInventory('dc1', ['1']);
  await importInventory(database, hall, { name: 'spec' });
  const rows = new FarmRows(database);
  const group = await rows.group(await rows.client(), 'shop-1');
  for (let n = 0; n < 48; n++)
    registers.push(await rows.register(group, { place: { dc: 'dc1', rack: '1', assembly: 1, slot: n + 1 } }));
  await database.query(
    `insert into register_status (register_id, online, updated_at) select id, true, farm_now() from registers
     on conflict (register_id) do update set online = true, problem = null, unsent = 0, first_unsent_at = null, clock_offset_ms = 0,
       shift_open = false, documents_left = 200000, valid_until = '2028-01-01'`,
  );
  await database.query(
    `insert into leases (register_id, owner, fence, expires_at) select id, gen_random_uuid(), 1, farm_now() + interval '1 minute' from registers
     on conflict (register_id) do update set expires_at = excluded.expires_at`,
  );
  await database.query(
    `insert into staff (id, login, password_hash, name, role) values ($1, 'duty', '', 'Дежурный', 'engineer')`,
    [engineer],
  );
  await database.query(
    `insert into duty_shifts (staff_id, role, starts_at, ends_at) values ($1, 'duty', farm_now() - interval '1 hour', farm_now() + interval '20 days')`,
    [engineer],
  );
  watch = new AlertWatch({
    database,
    log: silentLog,
    consoleUrl: 'http://console',
    cabinetUrl: 'http://cabinet',
  });
  await turns(1);
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

describe('the watch', () => {
  it('finds nothing on a farm that is well', async () => {
    expect(await open()).toEqual([]);
    expect(await messages()).toEqual([]);
  });

  it('makes of a dead switch one incident with all registers inside, told once by each channel, closed on recovery', async () => {
    await report(['r1-a']);
    await turns(1);
    const [alert, ...others] = await open();
    expect(others).toEqual([]);
    expect(alert).toMatchObject({ class: 'plant_element_down', severity: 2, object: 'dc1, коммутатор r1-a' });
    expect(alert?.registers).toHaveLength(48);
    await turns(5);
    expect(
      (await messages()).map(({ channel, recipientId, kind }) => [channel, recipientId, kind]).sort(),
    ).toEqual([
      ['sms', engineer, 'alert.opened'],
      ['telegram', engineer, 'alert.opened'],
      ['web', engineer, 'alert.opened'],
    ]);
    await report([]);
    await turns(4);
    expect(await open()).toEqual([]);
    expect((await messages('alert.closed')).map(({ channel }) => channel).sort()).toEqual([
      'telegram',
      'web',
    ]);
    await turns(5);
    expect(await messages('alert.closed')).toHaveLength(2);
  });

  it('makes of two dead switches a grave incident, and no alarm per register', async () => {
    await report(['r1-a', 'r1-b']);
    await setOnline(
      registers.map(({ id }) => id),
      false,
    );
    await turns(3);
    const alerts = await open();
    expect(
      alerts.map(({ class: rule, severity, registers: inside }) => [rule, severity, inside.length]),
    ).toEqual([['plant_element_down', 1, 48]]);
    // Nobody takes it: the engineer is called after two minutes.
    await turns(110, 10);
    expect(await messages('alert.call')).toEqual([]);
    await turns(10, 5);
    expect((await messages('alert.call')).map(({ recipientId }) => recipientId)).toEqual([engineer]);
    // Somebody takes it: nobody else is called.
    await database.query(`update alerts set acked_at = farm_now(), acked_by = $1 where closed_at is null`, [
      engineer,
    ]);
    await turns(300, 30);
    expect(await messages('alert.call')).toHaveLength(1);
    await report([]);
    // They come back one by one, and the last ones are no alarms of their own.
    await turns(3);
    expect(await open()).toEqual([]);
    const all = registers.map(({ id }) => id);
    await setOnline(all.slice(0, 40), true);
    await turns(5);
    expect(await open()).toEqual([]);
    await setOnline(all, true);
    await turns(70, 5);
    expect(await open()).toEqual([]);
  });

  it('tells a silent register to the engineer, and is quiet about it while somebody works there', async () => {
    const [first, second] = registers;
    await database.query(
      `insert into silences (dc, rack, assembly, reason, ends_at) values ('dc1', '1', 1, 'замена блока питания', farm_now() + interval '10 seconds')`,
    );
    await setOnline([first?.id ?? 0], false);
    await turns(4);
    expect(await open()).toMatchObject([{ class: 'register_silent', registers: [first?.id] }]);
    const before = (await messages('alert.opened')).length;
    await turns(10);
    expect((await messages('alert.opened')).length).toBe(before + 2);
    await setOnline([first?.id ?? 0, second?.id ?? 0], true);
    await turns(6);
    expect(await open()).toEqual([]);
  });

  it('sends trouble of a client’s data to support and to the client, not to the engineer', async () => {
    const [group] = await database.query<{ id: number }>('select id from register_groups limit 1');
    await database.query(
      `insert into intake_refusals (group_id, minute, code, receipts, text) values ($1, date_trunc('minute', farm_now()), 32, 9, 'Некорректный ИНН')`,
      [group?.id],
    );
    const before = (await messages()).length;
    await turns(7);
    const told = (await messages()).slice(0, (await messages()).length - before);
    expect(
      told
        .map(({ recipientKind, recipientId, channel }) => [
          recipientKind,
          recipientKind === 'role' ? recipientId : '',
          channel,
        ])
        .sort(),
    ).toEqual([
      ['client', '', 'email'],
      ['client', '', 'web'],
      ['role', 'support', 'email'],
      ['role', 'support', 'web'],
    ]);
    expect(told.find(({ recipientKind }) => recipientKind === 'client')?.body).toContain('Некорректный ИНН');
  });

  it('is done by one of several workers', async () => {
    const other = openDatabase({ url: testDatabase.url, applicationName: 'other', maxConnections: 1 });
    const second = new AlertWatch({ database: other, log: silentLog, consoleUrl: '', cabinetUrl: '' });
    await database.transaction(async (sql) => {
      await sql.query('select pg_advisory_xact_lock(540077)');
      expect(await second.turn()).toBe(false);
    });
    await other.close();
  });
});
