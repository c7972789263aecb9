import type { Server } from 'node:http';
import { DEVICE_ERRORS, EXTENDED_ERRORS } from '@kkt/atol-protocol';
import { type AtolErrorName, atolErrors } from '@kkt/atol-online';
import { type Clock, systemClock } from '@kkt/contracts';
import { ReceiptStore } from '@kkt/storage';
import request from 'supertest';
import { freshId, inn, sale4 } from './bodies';
import { clientId, createWorld, password, type World } from './world';

let world: World;
let server: Server;
let token: string;

beforeAll(async () => {
  world = await createWorld();
  server = await world.door();
  token = await tokenOf(server);
});
afterAll(() => world.close());

async function tokenOf(door: Server): Promise<string> {
  const reply = await request(door).post('/possystem/v4/getToken').send({ login: 'shop', pass: password });
  return (reply.body as { token: string }).token;
}

const sell = (body: object, as = token, group = 'g4', operation = 'sell') =>
  request(server).post(`/possystem/v4/${group}/${operation}`).set('Token', as).send(body);

/** A clock that runs ahead of the system's. */
const ahead = (ms: number): Clock => ({
  nowMs: () => systemClock.nowMs() + ms,
  monotonicMs: () => systemClock.monotonicMs(),
  setTimer: (delayMs, run) => systemClock.setTimer(delayMs, run),
});

/** How a shop meets each error of the service: every row of the table has a way here, and it goes over HTTP. */
const ways: Readonly<Record<AtolErrorName, () => Promise<request.Response>>> = {
  undefined: () =>
    request(server)
      .post('/possystem/v4/g4/sell')
      .set('Token', token)
      .set('Content-Type', 'application/json')
      .send('{"external_id":'),
  /** The group is deleted while the door still remembers it: PostgreSQL does not take the receipt. */
  incomingChequeProcessingFailed: async () => {
    await world.database.query(
      `insert into register_groups (id, client_id, code, protocol, ffd, inn, user_name, tax_systems, default_tax_system,
         payment_address, address, ofd_inn, ofd_name, ofd_host, ofd_port)
       values (99, $1, 'gone', 4, 2, $2, 'М', 1, 1, 'p', 'a', '7709364346', 'ОФД', '127.0.0.1', 1)`,
      [clientId, inn],
    );
    await sell({}, token, 'gone');
    await world.database.query(`delete from register_groups where code = 'gone'`);
    return sell(sale4(), token, 'gone');
  },
  missingToken: () => sell(sale4(), '123'),
  expiredToken: async () => {
    const later = await world.door({}, ahead(25 * 3_600_000));
    return request(later).post('/possystem/v4/g4/sell').set('Token', token).send(sale4());
  },
  wrongLoginOrPassword: () =>
    request(server).post('/possystem/v4/getToken').send({ login: 'shop', pass: 'wrong' }),
  validationException: () => sell(sale4(), token, 'no%20group'),
  userBlocked: () =>
    request(server).post('/possystem/v4/getToken').send({ login: 'blocked', pass: password }),
  groupCodeAndTokenDontMatch: () => sell(sale4(), token, 'x4'),
  notSupportedGroupCodeForProtocol: () => sell(sale4(), token, 'g5'),
  missingUuid: () => request(server).get('/possystem/v4/g4/report/1').set('Token', token),
  incomingOperationNotSupported: () => sell(sale4(), token, 'g4', 'sale'),
  incomingValidationException: () => sell(sale4({ total: -1 })),
  incomingExternalIdAlreadyExists: async () => {
    const body = sale4();
    await sell(body);
    return sell(body);
  },
  stateCheckNotFound: async () => {
    const taken = await sell(sale4());
    const { uuid } = taken.body as { uuid: string };
    return request(server).get(`/possystem/v4/g4/report/${uuid}`).set('Token', token);
  },
  badRequest: () => request(server).get('/possystem/v4/nothing/of/this/kind'),
  unsupportedMediaType: () =>
    request(server).post('/possystem/v4/g4/sell').set('Token', token).type('text/plain').send('{}'),
  /** The store breaks in a way that nobody foresaw. */
  errorServerConfiguration: async () => {
    const broken = await world.door();
    await world.database.query('alter table api_logins rename column blocked to blocked_');
    try {
      return await request(broken).post('/possystem/v4/getToken').send({ login: 'shop', pass: password });
    } finally {
      await world.database.query('alter table api_logins rename column blocked_ to blocked');
    }
  },
};

/** Statuses that HTTP knows better than the table. */
const otherHttp: Partial<Record<AtolErrorName, number>> = { badRequest: 404 };

describe('every error of the service', () => {
  it.each(Object.keys(atolErrors) as AtolErrorName[])('%s is told as its row says', async (name) => {
    const row: { code: number; http: number; type: string; status?: string } = atolErrors[name];
    const reply = await ways[name]();
    const { error, status, timestamp } = reply.body as Record<string, unknown> & { error: object };
    expect([reply.status, status]).toEqual([otherHttp[name] ?? row.http, row.status]);
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(error).toEqual({
      error_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      code: row.code,
      type: row.type,
      text: expect.stringMatching(/^[А-Я]/) as unknown,
    });
    expect(timestamp).toMatch(/^\d{2}\.\d{2}\.\d{4} \d{2}:\d{2}:\d{2}$/);
  });
});

const reportOf = async (uuid: string, door = server) =>
  request(door).get(`/possystem/v4/g4/report/${uuid}`).set('Token', token);

async function uuidOf(externalId = freshId()): Promise<string> {
  return ((await sell(sale4({}, externalId))).body as { uuid: string }).uuid;
}

describe('the errors that only a report tells', () => {
  it('a receipt that waited past the queue limit ends with code 1 of type timeout', async () => {
    const uuid = await uuidOf();
    await world.database.query(
      `update receipts set deadline_at = farm_now() - interval '1 s' where id = $1`,
      [uuid],
    );
    expect(await new ReceiptStore(world.database).expireQueued(10)).toContain(uuid);
    const reply = await reportOf(uuid);
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({
      uuid,
      status: 'fail',
      payload: null,
      error: { code: 1, type: 'timeout', text: 'Превышено время ожидания чека в очереди' },
    });
  });

  it('a receipt may wait as long as its group’s limit, 300 s unless set otherwise', async () => {
    const uuid = await uuidOf();
    const [row] = await world.database.query<{ s: number }>(
      'select extract(epoch from deadline_at - accepted_at)::float8 as s from receipts where id = $1',
      [uuid],
    );
    expect(row?.s).toBeCloseTo(300, 2);
  });

  it('every error of a register is told with its driver number, its text and the type driver', async () => {
    const numbers = new Map(
      [...DEVICE_ERRORS, ...EXTENDED_ERRORS].map((error) => [error.driverError, error.ru]),
    );
    expect(numbers.size).toBeGreaterThan(100);
    const uuids = await Promise.all([...numbers].map(() => uuidOf()));
    const cases = [...numbers].map(([code, text], index) => ({ code, text, uuid: uuids[index] ?? '' }));
    await world.database.query(
      `update receipts r set state = 'failed', finished_at = farm_now(), error_code = x.code, error_type = 'driver', error_text = x.text
       from json_to_recordset($1::json) as x(code integer, text text, uuid uuid) where r.id = x.uuid`,
      [JSON.stringify(cases)],
    );
    for (const { code, text, uuid } of cases) {
      const reply = await reportOf(uuid);
      expect([reply.status, reply.body]).toEqual([
        200,
        expect.objectContaining({
          status: 'fail',
          payload: null,
          error: { error_id: uuid, code, text, type: 'driver' },
        }),
      ]);
    }
  });

  it('reports are given for 32 days', async () => {
    const uuid = await uuidOf();
    const dayMs = 86_400_000;
    const within = await world.door({ tokenLifetimeS: 60 * 86_400 }, ahead(31 * dayMs));
    const beyond = await world.door({ tokenLifetimeS: 60 * 86_400 }, ahead(33 * dayMs));
    await world.database.query(`update api_tokens set expires_at = farm_now() + interval '60 days'`);
    expect((await reportOf(uuid, within)).body).toMatchObject({ uuid, error: { code: 34 } });
    const late = await reportOf(uuid, beyond);
    expect([late.status, (late.body as { error: { code: number } }).error.code]).toEqual([400, 30]);
  });
});
