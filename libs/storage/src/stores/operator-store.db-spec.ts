import { createTestDatabase, type TestDatabase } from '@kkt/testing';
import {
  type Database,
  farmMigrations,
  LeaseStore,
  migrate,
  openDatabase,
  OperatorStore,
  RelayStore,
} from '../index';

const shop = '01900000-0000-7000-8000-00000000000a';
const fn = '9999000000000001';
const other = {
  inn: '7709364346',
  name: 'Другой ОФД',
  host: 'ofd-b.example',
  port: 7777,
  receiptUrl: null,
  enabled: true,
  note: null,
};

let database: TestDatabase;
let db: Database;
let operators: OperatorStore;
let relay: RelayStore;
let registerId: number;

beforeAll(async () => {
  database = await createTestDatabase({
    template: {
      name: 'farm',
      prepare: async (url) => void (await migrate({ url, migrations: farmMigrations })),
    },
  });
  db = openDatabase({ url: database.url, applicationName: 'spec' });
  operators = new OperatorStore(db);
  relay = new RelayStore(db);
});

afterAll(async () => {
  await db.close();
  await database.drop();
});

beforeEach(async () => {
  await db.query('truncate clients, operators cascade');
  await db.query(`insert into clients (id, name, inn) values ($1, 'Shop', '5544332219')`, [shop]);
  await db.query(
    `insert into register_groups (client_id, code, protocol, ffd, inn, user_name, tax_systems, payment_address, address,
       ofd_inn, ofd_name, ofd_host, ofd_port)
     values ($1, 'g', 4, 2, '5544332219', 'Shop', 1, 'https://shop.example', 'Moscow', '7799999997', 'ПК ОФД',
       'ofd-a.example', 7777)`,
    [shop],
  );
  const [row] = await db.query<{ id: number }>(
    `insert into registers (serial, model, transport, driver_id, client_id, group_id, rnm, ffd, fn_number, state)
     select 's1', 'atol-42fs', '{}', 'd1', client_id, id, '1', 2, $1, 'ready' from register_groups returning id`,
    [fn],
  );
  registerId = row?.id ?? 0;
});

const leased = async () => {
  const owner = '01900000-0000-7000-8000-0000000000aa';
  await db.query('delete from leases');
  const [register] = await new LeaseStore(db).acquire({ owner, driverId: 'd1', ttlS: 60, deadOwners: [] });
  return register;
};
const put = (fdNumber: number) =>
  relay.putMessage({ registerId, fnNumber: fn, fdNumber, container: Buffer.from('m') });
const hosts = async () => (await relay.dueMessages(10, { leaseS: 0 })).map(({ ofdHost }) => ofdHost);
const begin = (operatorId: number) =>
  operators.beginChange({ registerId, operatorId, askedBy: 'Инженер', reason: 'договор' });

it('keeps one entry per INN and address, and brings it up to date', async () => {
  const saved = await operators.save(other);
  const again = await operators.save({ ...other, name: 'Новое имя', enabled: false });
  expect(again).toEqual({ ...other, id: saved.id, name: 'Новое имя', enabled: false });
  expect(await operators.list()).toEqual([again]);
});

it('moves a register: messages go to the old operator until its queue is empty, then to the new one', async () => {
  const { id } = await operators.save(other);
  await put(10);
  expect(await hosts()).toEqual(['ofd-a.example']);

  const change = await begin(id);
  expect(change).toMatchObject({ state: 'draining', fromName: 'ПК ОФД', toName: 'Другой ОФД' });
  expect((await leased())?.operatorChange).toMatchObject({
    id: change.id,
    state: 'draining',
    toInn: other.inn,
  });
  expect(await hosts()).toEqual(['ofd-a.example']);
  expect(await operators.switchOver(change.id, fn, 10)).toBe(false);

  await relay.confirmed([{ fnNumber: fn, fdNumber: 10 }]);
  expect(await operators.switchOver(change.id, fn, 10)).toBe(true);
  expect(await operators.switchOver(change.id, fn, 10)).toBe(false);
  expect(await leased()).toMatchObject({
    group: { ofdInn: other.inn, ofdName: other.name },
    operatorChange: { state: 'registering', fdBefore: 10 },
  });
  expect(await operators.cancelChange(registerId)).toBe(false);

  await operators.changeDone(change.id);
  expect((await leased())?.operatorChange).toBeNull();
  await put(11);
  expect(await hosts()).toEqual(['ofd-b.example']);
  expect(await relay.dueMessages(10, { leaseS: 0, exceptOperators: ['ofd-b.example:7777'] })).toEqual([]);
});

it('refuses a move that makes no sense, and says why', async () => {
  const { id } = await operators.save(other);
  const closed = await operators.save({ ...other, port: 7778, enabled: false });
  const same = await operators.save({ ...other, inn: '7799999997', host: 'ofd-a.example' });
  await expect(begin(closed.id)).rejects.toThrow('новых касс не принимает');
  await expect(begin(same.id)).rejects.toThrow('и так у этого оператора');
  await expect(begin(999)).rejects.toThrow('нет такого оператора');
  await begin(id);
  await expect(begin(id)).rejects.toThrow('уже меняет');
  expect(await operators.cancelChange(registerId)).toBe(true);
  await db.query(`update registers set state = 'stopped'`);
  await expect(begin(id)).rejects.toThrow('не в работе');
});

it('tells how a register’s documents get to its operator, and whose wait long', async () => {
  expect(await operators.exchangeOf(registerId)).toMatchObject({
    inn: '7799999997',
    host: 'ofd-a.example',
    message: null,
    change: null,
  });
  await put(3);
  await relay.failed([
    { fnNumber: fn, fdNumber: 3, cause: 'unpaid', causeText: 'не оплачено', retryInS: 30 },
  ]);
  await db.query(
    `insert into register_status (register_id, unsent, first_unsent_at) values ($1, 4, farm_now() - interval '3 days')`,
    [registerId],
  );
  expect(await operators.exchangeOf(registerId)).toMatchObject({
    unsent: 4,
    message: { fdNumber: 3, state: 'ready', attempts: 1, cause: 'unpaid', causeText: 'не оплачено' },
  });
  expect(await operators.late(3 * 86_400 + 60)).toEqual([]);
  expect(await operators.late(86_400)).toMatchObject([{ registerId, unsent: 4, operatorName: 'ПК ОФД' }]);
});
