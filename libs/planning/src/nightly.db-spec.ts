import { silentLog, systemClock, systemIds } from '@kkt/contracts';
import { type Database, farmMigrations, migrate, openDatabase, PlanningStore } from '@kkt/storage';
import { createTestDatabase, type TestDatabase } from '@kkt/testing';
import { tellDriftedNeeds } from './need-news';
import { NightlyPlanning } from './nightly';

const clientId = '01900000-0000-7000-8000-00000000000a';
const fns = ['9999078902000001', '9999078902000002'];

describe('planning by night', () => {
  let database: TestDatabase;
  let db: Database;
  let store: PlanningStore;
  let groupId: number;
  const registers: number[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    await migrate({ url: database.url, migrations: farmMigrations });
    db = openDatabase({ url: database.url, applicationName: 'spec' });
    store = new PlanningStore(db);
    await db.query(`insert into clients (id, name, inn) values ($1, 'Shop', '5544332219')`, [clientId]);
    const groups = await db.query<{ id: number }>(
      `insert into register_groups (client_id, code, protocol, ffd, inn, user_name, tax_systems, payment_address, address,
         ofd_inn, ofd_name, ofd_host, ofd_port)
       values ($1, 'g', 4, 2, '5544332219', 'Shop', 1, 'https://shop.example', 'Moscow', '7709364346', 'OFD', '127.0.0.1', 1)
       returning id`,
      [clientId],
    );
    groupId = groups[0]?.id ?? 0;
    for (const [at, fn] of fns.entries()) {
      const rows = await db.query<{ id: number }>(
        `insert into registers (serial, model, transport, driver_id, client_id, group_id, rnm, fn_number, state)
         values ($1, 'm', '{}', 'd', $2, $3, $4, $5, 'ready') returning id`,
        [`s${at}`, clientId, groupId, `000000000000000${at}`, fn],
      );
      registers.push(rows[0]?.id ?? 0);
      await db.query(
        `insert into fiscal_drives (fn_number, model, client_id, register_id, state, capacity_documents, valid_until)
         values ($1, 'fn-1.2-13', $2, $3, 'installed', 250000, (farm_now() at time zone 'Europe/Moscow')::date + 300)`,
        [fn, clientId, rows[0]?.id],
      );
    }
    await db.query(
      `insert into registers (serial, model, transport, driver_id, state) select 'free' || n, 'm', '{}', 'd', 'stock' from generate_series(1, 10) n`,
    );
  });

  afterAll(async () => {
    await db.close();
    await database.drop();
  });

  it('keeps what drivers read from FNs as one row a day', async () => {
    await db.query(
      `insert into register_status (register_id, online, fn_number, fn_phase, fn_warnings, last_fd, documents_left, valid_until, unsent,
         registrations_left)
       select $1, true, $2, 3, 0, 5000, 245000, (farm_now() at time zone 'Europe/Moscow')::date + 300, 3, 11`,
      [registers[0], fns[0]],
    );
    expect(await store.keepReadings()).toBe(1);
    // Nothing was read since.
    expect(await store.keepReadings()).toBe(0);
    await db.query(
      `update register_status set last_fd = 5010, updated_at = updated_at + interval '1 millisecond'`,
    );
    expect(await store.keepReadings()).toBe(1);
    expect(await store.fnDays(fns[0] as string, 10)).toMatchObject([
      {
        documentsUsed: 5010,
        documentsLeft: 245_000,
        unsent: 3,
        registrationsLeft: 11,
        warnings: 0,
        phase: 3,
      },
    ]);
  });

  it('foretells every FN, reckons needs and counts room; once', async () => {
    // The first FN made 1000 a day for 100 days by its own readings, one day of which is lost; the second's days are
    // counted from its documents.
    await db.query('delete from fn_days');
    await db.query(
      `insert into fn_days (fn_number, day, register_id, documents_used, read_at)
       select $1, (farm_now() at time zone 'Europe/Moscow')::date - n, $2, 200000 - 1000 * n, farm_now()
       from generate_series(1, 101) n where n <> 40`,
      [fns[0], registers[0]],
    );
    await db.query(
      `insert into documents (fn_number, fd_number, form, register_id, fiscal_sign, document_at, tlv)
       select $1, n, 3, $2, n, (farm_now() at time zone 'Europe/Moscow')::date - 1 - (n - 1) / 10 + interval '12 hours', ''
       from generate_series(1, 300) n`,
      [fns[1], registers[1]],
    );
    // 600 receipts of 2 s each in ten minutes: two registers are not enough.
    await db.query(
      `insert into receipts (id, group_id, client_id, external_id, api, operation, content, body_hash, total_kop, state, accepted_at,
         started_at, finished_at, deadline_at, fn_number, fd_number, register_id)
       select ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, $1, $2, n::text, 'v4', 'sell', '{}', '', 100, 'done', t.at, t.at,
         t.at + interval '2 seconds', t.at, $3, n, $4
       from (select n, date_bin('10 minutes', farm_now() - interval '1 day', 'epoch'::timestamptz) + n * interval '900 milliseconds' as at
             from generate_series(1, 600) n) t`,
      [groupId, clientId, fns[1], registers[1]],
    );
    const planning = new NightlyPlanning({ store, clock: systemClock, log: silentLog });
    const report = await planning.run();
    expect(report).toMatchObject({
      forecasts: 2,
      needs: 1,
      drifted: 1,
      capacity: { slots: 12, freeSlots: 10, rented: 2, daysToFull: null },
    });
    expect(await planning.run()).toBeUndefined();

    const rows = await store.forecasts({ clientId });
    expect(rows.map(({ fnNumber }) => fnNumber)).toEqual(fns);
    const [first, second] = rows;
    // 199 000 used, 1000 a day: 51 days to 250 000.
    expect(first).toMatchObject({
      cause: 'capacity',
      documentsUsed: 199_000,
      model: 'gp-steps-2',
      groupCode: 'g',
    });
    const days = (Date.parse(first?.endOn ?? '') - Date.parse(first?.madeOn ?? '')) / 86_400_000;
    expect(days).toBeGreaterThanOrEqual(49);
    expect(days).toBeLessThanOrEqual(52);
    expect(first?.reasonRu).toMatch(/ФН заполнится .* предупредить сейчас/);
    expect(second).toMatchObject({ cause: 'validity' });
    expect(second?.perDay).toBeCloseTo(10, -1);
    expect(await store.documentsPerDay(registers)).toHaveLength(2);

    const [need] = await store.needs({ untold: true });
    expect(need).toMatchObject({ groupCode: 'g', registers: 2, isDrifted: true, paceMs: 2000 });
    expect(need?.optimal).toBeGreaterThan(2);
    expect(await tellDriftedNeeds(db)).toBe(1);
    expect(await store.needs({ untold: true })).toEqual([]);
    expect(await tellDriftedNeeds(db)).toBe(0);
    const letters = await db.query<{ channel: string; kind: string; subject: string; client: string }>(
      `select channel, kind, subject, client_id as client from notifications where kind like 'planning.%' order by channel`,
    );
    const subject = `Группе g нужно больше касс: ${need?.optimal ?? 0} вместо 2`;
    expect(letters).toEqual([
      { channel: 'email', kind: 'planning.need-more', subject, client: clientId },
      { channel: 'web', kind: 'planning.need-more', subject, client: clientId },
    ]);
  });

  it('tells in how many days the farm is full', async () => {
    await db.query(
      `insert into farm_capacity (day, slots, free_slots, rented, free_fns, fns_ending_90_days)
       values ((farm_now() at time zone 'Europe/Moscow')::date - 4, 12, 12, 0, 0, 0)`,
    );
    // Two in four days: ten more slots last twenty.
    expect(await store.keepCapacity()).toMatchObject({ daysToFull: 20, freeSlots: 10 });
  });

  it('lets another process finish a run that was broken off', async () => {
    expect(await store.beginNightly('other')).toBeDefined();
    expect(await store.beginNightly('other')).toBeUndefined();
    await db.query(
      `update nightly_runs set started_at = started_at - interval '1 hour' where kind = 'other'`,
    );
    const day = await store.beginNightly('other');
    await store.finishNightly('other', day ?? '', { id: systemIds.uuid() });
    await db.query(
      `update nightly_runs set started_at = started_at - interval '1 hour' where kind = 'other'`,
    );
    expect(await store.beginNightly('other')).toBeUndefined();
  });
});
