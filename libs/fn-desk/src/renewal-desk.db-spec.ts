import { silentLog, systemClock, systemIds } from '@kkt/contracts';
import { addDays, dayOf } from '@kkt/fn-life';
import {
  type Database,
  farmMigrations,
  migrate,
  openDatabase,
  PlanningStore,
  RenewalStore,
} from '@kkt/storage';
import { createTestDatabase, FarmRows, type TestDatabase, type TestRegister } from '@kkt/testing';
import { type Actor, type DeskPorts, type DriveEnd, driveEnds, loadFnModels, RenewalDesk } from './index';

const firstDay = '2026-01-01';
const person: Actor = { kind: 'person', id: null, name: 'Клиент' };

let server: TestDatabase;
let database: Database;
let rows: FarmRows;
let today = firstDay;
let desk: RenewalDesk;

beforeAll(async () => {
  server = await createTestDatabase();
  await migrate({ url: server.url, migrations: farmMigrations });
  database = openDatabase({ url: server.url, applicationName: 'spec', maxConnections: 2 });
  rows = new FarmRows(database);
  const ports: DeskPorts = {
    database,
    // Noon in Moscow of the day that the test is at.
    clock: { ...systemClock, nowMs: () => Date.parse(`${today}T09:00:00Z`) },
    ids: systemIds,
    log: silentLog,
    models: loadFnModels(),
  };
  expect(dayOf(ports.clock.nowMs())).toBe(firstDay);
  desk = new RenewalDesk(ports);
}, 60_000);

afterAll(async () => {
  await database?.close();
  await server?.drop();
});

const endOf = (register: TestRegister, endDate: string): DriveEnd => ({
  fnNumber: register.fnNumber,
  registerId: register.id,
  clientId: register.group.client.id,
  endDate,
  warnOn: addDays(endDate, -60),
  cause: 'capacity',
  reason: 'память заполнится раньше срока',
  reasonEn: 'the memory fills before the term',
});

const warnings = (fnNumber: string): Promise<{ threshold: number; left: number }[]> =>
  database.query(
    `select threshold_days as threshold, days_left as left from renewal_warnings where fn_number = $1 order by 1 desc`,
    [fnNumber],
  );

describe('the end of an FN', () => {
  it('is that of the night’s forecast; without a fresh one it is foretold from term and documents', async () => {
    const group = await rows.group(await rows.client(), 'ends');
    const planned = await rows.register(group, { validUntil: '2029-11-01' });
    const stale = await rows.register(group, { validUntil: '2027-03-01' });
    const fresh = await rows.register(group, { validUntil: '2027-04-01' });
    const forecast = (register: TestRegister, endOn: string) => ({
      fnNumber: register.fnNumber,
      registerId: register.id,
      groupId: group.id,
      model: 'test',
      fillP10: endOn,
      fillP50: endOn,
      fillP90: endOn,
      endOn,
      cause: 'capacity' as const,
      warnOn: addDays(endOn, -58),
      documentsUsed: 1,
      perDay: 1,
      reasonRu: 'ФН заполнится',
      reasonEn: 'The FN fills up',
    });
    const store = new PlanningStore(database);
    await store.saveForecasts(today, [forecast(planned, '2026-06-07')]);
    await store.saveForecasts(addDays(today, -3), [forecast(stale, '2026-01-05')]);
    const ends = await driveEnds(database, today);
    const endOf = ({ fnNumber }: TestRegister) =>
      ends.filter((end) => end.fnNumber === fnNumber).map(({ endDate, cause }) => [endDate, cause]);
    expect(endOf(planned)).toEqual([['2026-06-07', 'capacity']]);
    expect(ends.find(({ fnNumber }) => fnNumber === planned.fnNumber)).toMatchObject({
      reason: 'ФН заполнится',
      warnOn: '2026-04-10',
    });
    expect(endOf(stale)).toEqual([['2027-03-01', 'validity']]);
    expect(endOf(fresh)).toEqual([['2027-04-01', 'validity']]);
    // Registers that have no part in what follows.
    await database.query(`update registers set state = 'closed' where group_id = $1`, [group.id]);
    expect(await driveEnds(database, today)).toEqual([]);
  });
});

describe('a year of daily looks', () => {
  it('warns each FN at 60, 30, 14, 7, 3, 1 days, each once, and asks a silent client again', async () => {
    const group = await rows.group(await rows.client(), 'shop');
    const steady = await rows.register(group);
    const swinging = await rows.register(group);
    const agreed = await rows.register(group);
    const end = '2026-12-20';
    for (let n = 0; n < 354; n += 1) {
      today = addDays(firstDay, n);
      const ends = [
        endOf(steady, end),
        // A forecast that goes up and down by two days.
        endOf(swinging, addDays(end, n % 2 === 0 ? 1 : -1)),
        endOf(agreed, end),
      ];
      await desk.look(ends);
      // A second look on the same day, by another process, changes nothing.
      expect(await desk.look(ends)).toBe(0);
      if (today === '2026-10-25') {
        const cases = await new RenewalStore(database).list({ open: true, limit: 10 });
        const found = cases.find(({ fnNumber }) => fnNumber === agreed.fnNumber);
        await desk.answer(found?.id ?? '', { state: 'accepted' }, person);
      }
    }
    const all = [60, 30, 14, 7, 3, 1];
    expect(await warnings(steady.fnNumber)).toEqual(all.map((threshold) => ({ threshold, left: threshold })));
    expect((await warnings(swinging.fnNumber)).map(({ threshold }) => threshold)).toEqual(all);
    const told = await database.query<{ channel: string; n: number }>(
      `select channel, count(*)::integer as n from notifications where kind = 'fn.warning' group by 1 order by 1`,
    );
    expect(told).toEqual([
      { channel: 'email', n: 18 },
      { channel: 'web', n: 18 },
    ]);

    const cases = await new RenewalStore(database).list({ limit: 10 });
    const of = (register: TestRegister) => cases.find(({ fnNumber }) => fnNumber === register.fnNumber);
    expect(of(steady)).toMatchObject({ state: 'silent', nextPerson: 'client-service' });
    expect(of(agreed)).toMatchObject({ state: 'accepted', nextPerson: 'engineers', answeredBy: 'Клиент' });
    const calls = await database.query<{ subject: string }>(
      `select subject from notifications where kind = 'fn.renewal-silent' and body like '%' || $1 || '%'`,
      [steady.fnNumber],
    );
    expect(calls.length).toBeGreaterThan(3);
    const none = await database.query(
      `select 1 from notifications where kind = 'fn.renewal-silent' and body like '%' || $1 || '%'`,
      [agreed.fnNumber],
    );
    expect(none).toEqual([]);
  }, 240_000);

  it('takes a declined answer once and asks no more than it may', async () => {
    const group = await rows.group(await rows.client({ inn: '7702203276' }), 'other');
    const register = await rows.register(group);
    today = '2026-11-01';
    await desk.look([endOf(register, '2026-12-01')]);
    const cases = await new RenewalStore(database).list({ clientId: group.client.id, limit: 1 });
    const id = cases[0]?.id ?? '';
    const stranger = systemIds.uuid();
    await expect(desk.answer(id, { state: 'declined' }, person, stranger)).rejects.toThrow(/No such case/);
    expect(await desk.answer(id, { state: 'declined', note: 'закрываемся' }, person)).toMatchObject({
      state: 'declined',
      note: 'закрываемся',
    });
    expect(await desk.answer(id, { state: 'accepted' }, person)).toMatchObject({ state: 'accepted' });
    await expect(desk.answer(id, { state: 'declined' }, person)).rejects.toThrow(/уже согласована/);
  });
});

describe('the first warning', () => {
  it('goes out on the day that the forecast names, neither by the distance of the end nor before', async () => {
    const group = await rows.group(await rows.client(), 'first');
    const register = await rows.register(group);
    today = '2026-01-05';
    const end = endOf(register, '2026-03-04');
    expect(await desk.look([{ ...end, warnOn: '2026-01-06' }])).toBe(0);
    expect(await warnings(register.fnNumber)).toEqual([]);
    expect(await desk.look([{ ...end, endDate: '2026-03-07', warnOn: '2026-01-05' }])).toBe(1);
    expect(await warnings(register.fnNumber)).toEqual([{ threshold: 60, left: 61 }]);
  });
});
