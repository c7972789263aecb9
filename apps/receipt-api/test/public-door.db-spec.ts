import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { CallbackStore } from '@kkt/storage';
import { createLog } from '@kkt/observability';
import { systemClock, systemIds } from '@kkt/contracts';
import request, { type Response } from 'supertest';
import { createReceiptApi, type ReceiptApi } from '../src/create-receipt-api';
import { defaultSettings } from '../src/settings';
import { operations } from '../src/v1/openapi/operations';
import { checkAnswer } from './answer-check';
import { Caller, finish, freshKey, makeKey, ownSale } from './own-api';
import { sale4 } from './bodies';
import { createWorld, otherClientId, password, type World } from './world';

const secretKey = Buffer.alloc(32, 5);
let world: World;
let api: ReceiptApi;
let server: Server;
let shop: Caller;
/** Everything the process logged, through the very log it has in production. */
let logged = '';

/** Stopped at the end, whatever a test came to. */
const opened: ReceiptApi[] = [];

async function open(settings = {}): Promise<ReceiptApi> {
  const made = await createReceiptApi({
    database: world.database,
    wakeBus: { wake: () => Promise.resolve() },
    clock: systemClock,
    ids: systemIds,
    log: createLog('receipt-api', 'debug', { write: (line: string) => void (logged += line) }),
    settings: { ...defaultSettings, ...settings },
    payments: { secretKey, publicBaseUrl: 'https://farm.example' },
  });
  await made.app.listen(0, '127.0.0.1');
  opened.push(made);
  return made;
}

beforeAll(async () => {
  world = await createWorld();
  api = await open();
  server = api.app.getHttpServer() as Server;
  shop = new Caller(server, await makeKey(world));
});
afterAll(async () => {
  for (const one of opened) await one.stop();
  await world.close();
});

/** A request of any operation. */
async function ask(key: string, method: string, path: string, body?: object): Promise<Response> {
  const call = request(server)
    [method as 'get'](path)
    .set('authorization', `Bearer ${key}`)
    .set('idempotency-key', freshKey());
  const answer = await (body ? call.send(body) : call);
  checkAnswer(method as 'get', path, answer);
  return answer;
}

describe('one client sees nothing of another', () => {
  /** What a path may name, all of the shop's. */
  const own: Record<string, string> = {};
  let stranger: string;

  beforeAll(async () => {
    const receiptId = (await shop.sell({ callback_url: 'https://shop.example/told' })).body.id as string;
    await finish(world, receiptId);
    await shop.post(`/v1/receipts/${receiptId}/refunds`, {}, freshKey());
    const connection = await shop.post('/v1/payments/connections', {
      provider: 'tbank',
      group: 'g5',
      name: 'x',
      secrets: { terminal_key: 'T', password: 'p' },
    });
    const orderNo = 'A-1';
    const { items, client, group } = ownSale();
    const order = await ask(shop.key, 'put', `/v1/payments/orders/${orderNo}`, {
      items: (items as object[]).map((item) => ({ ...item, measure: 0 })),
      client,
      group,
      total: '201.00',
    });
    expect([connection.status, order.status]).toEqual([201, 200]);
    const connectionId = connection.body.id as string;
    const [payment] = await world.database.query<{ id: string }>(
      `insert into payments (id, connection_id, provider_payment_id, order_no, currency)
       values (gen_random_uuid(), $1, '77', 'A-1', 'RUB') returning id`,
      [connectionId],
    );
    Object.assign(own, {
      receipts: receiptId,
      connections: connectionId,
      payments: payment?.id,
      orders: orderNo,
      keys: /^fk_live_([0-9a-z]{8})_/.exec(shop.key)?.[1],
      registers: '00106900000018',
    });
    stranger = await makeKey(world, { client: otherClientId });
  });

  /** The path of an operation with the shop's own ids in it. */
  const pathOf = (path: string): string =>
    path.replace(/(\w+)\/\{\w+\}/g, (_, kind: string) => `${kind}/${own[kind] ?? 'unknown'}`) +
    (path.endsWith('/orders/{orderNo}') ? '?group=g5' : '');

  const withIds = operations.filter(({ path }) => path.includes('{'));

  it('every route that names something is in this test', () => {
    expect(withIds.length).toBeGreaterThan(15);
    for (const { path } of withIds) expect(pathOf(path)).not.toMatch(/unknown|\{/);
  });

  it.each(withIds.map((operation) => [operation.id, operation] as const))(
    '%s: a foreign id is not found, and nothing happens',
    async (_id, { method, path, body }) => {
      const before = await world.database.query(
        `select (select count(*) from receipts) as receipts, (select count(*) from api_keys where revoked_at is null) as keys,
                (select count(*) from payment_orders) as orders, (select max(updated_at)::text from payments) as payments`,
      );
      const sent =
        body?.example && 'group' in body.example ? { ...body.example, group: 'g5' } : body?.example;
      const answer = await ask(stranger, method, pathOf(path), sent);
      expect([answer.status, (answer.body as { code: string }).code]).toEqual([404, 'not-found']);
      const unknown = await ask(
        stranger,
        method,
        pathOf(path).replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, '01900000-0000-7000-8000-0000000000ff'),
        sent,
      );
      // Foreign and unknown cannot be told apart.
      expect({ ...unknown.body, instance: '' }).toEqual({ ...answer.body, instance: '' });
      expect(
        await world.database.query(
          `select (select count(*) from receipts) as receipts, (select count(*) from api_keys where revoked_at is null) as keys,
                (select count(*) from payment_orders) as orders, (select max(updated_at)::text from payments) as payments`,
        ),
      ).toEqual(before);
    },
  );

  it.each(withIds.filter(({ method }) => method === 'get').map((one) => [one.id, one] as const))(
    '%s: its owner finds it',
    async (id, { path }) => {
      // A stream of an ended receipt ends by itself; the page of a receipt without a document's bytes is a conflict.
      const { status } = await ask(shop.key, 'get', pathOf(path));
      expect([id, status]).toEqual([
        id,
        id === 'getCallback' ? 404 : id === 'printReceipt' ? expect.any(Number) : 200,
      ]);
    },
  );

  const lists = operations.filter(
    ({ method, path, scope, answer }) => method === 'get' && scope && !path.includes('{') && !answer.stream,
  );
  it.each(lists.map(({ id, path }) => [id, path]))('%s shows a stranger nothing of it', async (id, path) => {
    const question =
      id.startsWith('report') && id !== 'reportPeriods' ? '?from=2020-01-01&to=2030-01-01' : '';
    const { text } = await ask(stranger, 'get', `${path}${question}`);
    for (const value of [
      own['receipts'],
      own['connections'],
      own['payments'],
      own['keys'],
      '"g5"',
      '9999078900005489',
    ])
      expect(text).not.toContain(value ?? '-');
  });

  it('every guarded route refuses no key, a wrong key and a key without the right', async () => {
    const nothing = await makeKey(world, { scopes: [] });
    for (const { method, path, scope } of operations) {
      if (!scope) continue;
      const at = pathOf(path);
      const bare = await request(server)[method as 'get'](at);
      expect([path, bare.status]).toEqual([path, 401]);
      expect([path, (await ask(nothing, method, at)).status]).toEqual([path, 403]);
    }
    expect((await ask('fk_live_00000000_x', 'get', '/v1/receipts')).status).toBe(401);
  });
});

describe('keys', () => {
  const keys = async (): Promise<Record<string, unknown>[]> =>
    ((await shop.get('/v1/keys')).body as { items: Record<string, unknown>[] }).items;

  it('are made with no more rights than their maker has, and hold to their networks', async () => {
    const made = await shop.post('/v1/keys', {
      name: 'site',
      scopes: ['receipt:read'],
      allowed_from: ['10.0.0.0/8', '2001:db8::/32'],
      lifetime_days: 30,
    });
    expect(made.status).toBe(201);
    const { key, id } = made.body as { key: string; id: string };
    const elsewhere = await ask(key, 'get', '/v1/receipts');
    expect([elsewhere.status, elsewhere.body.code]).toEqual([403, 'address-not-allowed']);
    expect(await keys()).toContainEqual(
      expect.objectContaining({ id, allowed_from: ['10.0.0.0/8', '2001:db8::/32'], last_used_at: null }),
    );
    const opened = await ask(shop.key, 'patch', `/v1/keys/${id}`, {
      allowed_from: ['127.0.0.1', '10.0.0.0/8'],
    });
    expect(opened.status).toBe(200);
    const fresh = await open();
    const there = fresh.app.getHttpServer() as Server;
    const allowed = await request(there).get('/v1/receipts').set('authorization', `Bearer ${key}`);
    expect(allowed.status).toBe(200);
    const beyond = await request(there)
      .post('/v1/keys')
      .set('authorization', `Bearer ${await makeKey(world, { scopes: ['key:manage'] })}`)
      .send({ name: 'more', scopes: ['receipt:write'] });
    expect([beyond.status, beyond.body.errors[0].rule]).toEqual([422, 'ScopeBeyondOwn']);
    await fresh.stop();
  });

  it('refuse networks that are none, and one that locks its owner out', async () => {
    const id = /^fk_live_([0-9a-z]{8})_/.exec(shop.key)?.[1] ?? '';
    const wrong = await ask(shop.key, 'patch', `/v1/keys/${id}`, { allowed_from: ['10.0.0.0/99'] });
    expect(wrong.body.errors[0].pointer).toBe('/allowed_from/0');
    const out = await ask(shop.key, 'patch', `/v1/keys/${id}`, { allowed_from: ['10.0.0.0/8'] });
    expect(out.body.errors[0].rule).toBe('WouldLockOut');
    expect((await shop.get('/v1/keys')).status).toBe(200);
  });
});

describe('result callbacks', () => {
  it('have a journal, are told once more on request, and keep their id', async () => {
    const id = (await shop.sell({ callback_url: 'https://shop.example/told' })).body.id as string;
    expect((await shop.get(`/v1/receipts/${id}/callback`)).status).toBe(404);
    expect((await shop.post(`/v1/receipts/${id}/callback:replay`)).status).toBe(409);
    await finish(world, id);
    await world.database.query(
      `insert into callbacks (receipt_id, url) values ($1, 'https://shop.example/told')`,
      [id],
    );
    const store = new CallbackStore(world.database);
    await store.record([
      { receiptId: id, state: 'pending', status: 500, error: 'HTTP 500', retryInS: 1, tookMs: 12 },
    ]);
    await store.record([{ receiptId: id, state: 'gave_up', error: 'нет соединения', tookMs: 3_000 }]);
    const told = await shop.get(`/v1/receipts/${id}/callback`);
    expect(told.body).toMatchObject({
      state: 'gave_up',
      attempts: 2,
      webhook_id: `receipt_${id}`,
      journal: [
        { outcome: 'gave_up', status: null, error: 'нет соединения', took_ms: 3_000 },
        { outcome: 'failed', status: 500, error: 'HTTP 500', took_ms: 12 },
      ],
    });
    expect((await shop.get('/v1/callbacks/undelivered')).body).toMatchObject({
      items: [{ receipt_id: id, last_error: 'нет соединения' }],
    });
    const replayed = await shop.post(`/v1/receipts/${id}/callback:replay`);
    expect([replayed.status, replayed.body]).toEqual([
      202,
      expect.objectContaining({ state: 'pending', attempts: 0, journal: expect.any(Array) as unknown }),
    ]);
    const due = await store.claimDue(10, { leaseS: 30, quietMs: 0 });
    expect(due.map(({ receiptId }) => receiptId)).toContain(id);
  });

  it('are signed by two secrets while one follows the other', async () => {
    const before = (await shop.get('/v1/callbacks/secret')).body as { secrets: string[] };
    expect(before.secrets).toEqual([expect.stringMatching(/^whsec_/)]);
    const after = (await shop.post('/v1/callbacks/secret:rotate', { previous_lives_hours: 1 })).body as {
      secrets: string[];
      previous_until: string;
    };
    expect(after.secrets).toEqual([expect.not.stringContaining(before.secrets[0] ?? ''), before.secrets[0]]);
    expect(Date.parse(after.previous_until)).toBeGreaterThan(Date.now());
    const bound = await makeKey(world, { group: 'g5' });
    expect((await ask(bound, 'get', '/v1/callbacks/secret')).status).toBe(404);
    expect((await ask(bound, 'post', '/v1/callbacks/secret:rotate', {})).status).toBe(404);
  });
});

describe('limits', () => {
  const limits = { requestsPerS: 1, burst: 5, clientRequestsPerS: 1, clientBurst: 8, mostWaitMs: 0 };

  it('end a flood with 429 and Retry-After at its key, at its client, and at no other client', async () => {
    const strict = await open({ ownApi: { ...defaultSettings.ownApi, ...limits }, limits });
    const there = strict.app.getHttpServer() as Server;
    const asked = (key: string) => request(there).get('/v1/receipts').set('authorization', `Bearer ${key}`);
    const [one, two, foreign] = [
      await makeKey(world),
      await makeKey(world),
      await makeKey(world, { client: otherClientId }),
    ];
    const statuses = async (key: string, count: number): Promise<number[]> => {
      const seen: number[] = [];
      for (let turn = 0; turn < count; turn += 1) seen.push((await asked(key)).status);
      return seen;
    };
    expect((await statuses(one, 12)).filter((status) => status === 429).length).toBeGreaterThan(0);
    expect((await statuses(two, 12)).filter((status) => status === 429).length).toBeGreaterThan(5);
    const refused = await asked(two);
    expect([refused.status, Number(refused.headers['retry-after'])]).toEqual([429, expect.any(Number)]);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(await statuses(foreign, 3)).toEqual([200, 200, 200]);

    const login = async (name: string): Promise<string> =>
      (
        (await request(there).post('/possystem/v4/getToken').send({ login: name, pass: password })).body as {
          token: string;
        }
      ).token;
    const tokens = [await login('shop'), await login('other')];
    const report = (token: string | undefined, group: string) =>
      request(there)
        .get(`/possystem/v4/${group}/report/01900000-0000-7000-8000-0000000000ff`)
        .set('token', token ?? '');
    const answers: Response[] = [];
    for (let turn = 0; turn < 12; turn += 1) answers.push(await report(tokens[0], 'g4'));
    const late = answers.find(({ status }) => status === 429);
    expect(Number(late?.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(late?.body).toMatchObject({
      error: { text: expect.stringContaining('Слишком много') as unknown },
    });
    expect((await report(tokens[1], 'x4')).status).toBe(400);
  });

  it('keep who goes on at every 429 to a few requests at once, told late, and nobody else', async () => {
    const flood = { inFlight: 2, refusalsPerS: 1, refusalBurst: 1, holdMs: 300, turnWaitMs: 1_000 };
    const tight = { requestsPerS: 0.01, burst: 1, clientRequestsPerS: 10, clientBurst: 50, mostWaitMs: 0 };
    const strict = await open({ ownApi: { ...defaultSettings.ownApi, ...tight }, limits: tight, flood });
    const there = strict.app.getHttpServer() as Server;
    const [key, foreign] = [await makeKey(world), await makeKey(world, { client: otherClientId })];
    const list = (of: string) => request(there).get('/v1/receipts').set('authorization', `Bearer ${of}`);
    const login = { login: 'shop', pass: password };
    const { token } = (await request(there).post('/possystem/v4/getToken').send(login)).body as {
      token: string;
    };
    const report = () =>
      request(there).get('/possystem/v4/g4/report/01900000-0000-7000-8000-0000000000ff').set('token', token);
    for (const ask of [() => list(key), report]) {
      expect((await ask()).status).not.toBe(429);
      expect((await ask()).status).toBe(429);
      const answers = await Promise.all(Array.from({ length: 6 }, ask));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 429));
      // One too many at once is asked back sooner than one past the rate.
      const pauses = answers.map(({ headers }) => headers['retry-after']);
      expect(pauses.filter((pause) => pause === '1').length).toBeGreaterThanOrEqual(1);
      expect(pauses.filter((pause) => pause !== '1').length).toBeGreaterThanOrEqual(flood.inFlight);
    }
    expect((await list(foreign)).status).toBe(200);
  });

  it('let a few writes of one key be read at once; the next one waits a while, another key does not', async () => {
    const turnWaitMs = 1_500;
    const strict = await open({ flood: { ...defaultSettings.flood, turnWaitMs } });
    const there = strict.app.getHttpServer() as Server;
    const [key, foreign] = [await makeKey(world), await makeKey(world)];
    const { port } = there.address() as AddressInfo;
    // Four whose bodies never come.
    const stuck = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
    for (const socket of stuck)
      socket.write(
        `POST /v1/receipts HTTP/1.1\r\nhost: farm\r\nauthorization: Bearer ${key}\r\n` +
          'content-type: application/json\r\ncontent-length: 100\r\n\r\n{',
      );
    const took = async (of: string): Promise<number> => {
      const sinceMs = performance.now();
      const { status } = await request(there)
        .post('/v1/receipts')
        .set('authorization', `Bearer ${of}`)
        .set('idempotency-key', freshKey())
        .send(ownSale());
      expect(status).toBe(202);
      return performance.now() - sinceMs;
    };
    await new Promise((go) => setTimeout(go, 100));
    const [waited, beside] = await Promise.all([took(key), took(foreign)]);
    expect(waited).toBeGreaterThan(turnWaitMs - 200);
    expect(beside).toBeLessThan(waited);
    // A place is free as soon as one of them is gone.
    const next = took(key);
    for (const socket of stuck) socket.destroy();
    expect(await next).toBeLessThan(waited);
  });

  it('ask a shop to come back that reads its reports too often, and no other shop', async () => {
    const strict = await open({ polls: { perRegisterPerS: 1, burstS: 3 } });
    const there = strict.app.getHttpServer() as Server;
    const tokenOf = async (login: string): Promise<string> => {
      const answer = await request(there).post('/possystem/v4/getToken').send({ login, pass: password });
      return (answer.body as { token: string }).token;
    };
    const [shopToken, otherToken] = [await tokenOf('shop'), await tokenOf('other')];
    const ask = (version: number, group: string, token: string) =>
      request(there)
        .get(`/possystem/v${version}/${group}/report/${'0'.repeat(8)}-0000-7000-8000-${'0'.repeat(12)}`)
        .set('token', token);
    const answers: Response[] = [];
    for (let turn = 0; turn < 40 && answers.at(-1)?.status !== 429; turn += 1)
      answers.push(await ask(4, 'g4', shopToken));
    expect(answers.slice(0, 3).map(({ status }) => status)).toEqual([400, 400, 400]);
    const refused = answers.at(-1);
    expect(refused?.headers['retry-after']).toBe('1');
    expect(refused?.body).toMatchObject({
      error: { code: 40, text: expect.stringContaining('Отчёты') as unknown },
    });
    expect((await ask(5, 'g5', shopToken)).status).toBe(400);
    expect((await ask(4, 'x4', otherToken)).status).toBe(400);
  });

  it('when too much waits for its commit, 503 with Retry-After, and nothing that was accepted is lost', async () => {
    const full = await open({ maxWaiting: 2, maxBatch: 1 });
    const there = full.app.getHttpServer() as Server;
    const ids = Array.from({ length: 30 }, () => freshKey());
    const answers = await Promise.all(
      ids.map((id) =>
        request(there)
          .post('/v1/receipts')
          .set('authorization', `Bearer ${shop.key}`)
          .set('idempotency-key', id)
          .send(ownSale()),
      ),
    );
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(0);
    for (const { headers } of refused) expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
    const accepted = answers.flatMap(({ status, body }) =>
      status === 202 ? [(body as { id: string }).id] : [],
    );
    expect(accepted.length + refused.length).toBe(ids.length);
    const stored = await world.database.query<{ id: string }>(
      'select id from receipts where external_id = any($1::text[])',
      [ids],
    );
    expect(stored.map(({ id }) => id).sort()).toEqual(accepted.sort());
    await full.stop();
  });
});

describe('why a receipt waits', () => {
  const why = async (id: string): Promise<Record<string, unknown>> =>
    (await shop.get(`/v1/receipts/${id}`)).body.waiting as Record<string, unknown>;
  /** A door that has forgotten how the group got on. */
  const asked = async (id: string): Promise<Record<string, unknown>> => {
    const fresh = await open();
    const answer = await request(fresh.app.getHttpServer() as Server)
      .get(`/v1/receipts/${id}`)
      .set('authorization', `Bearer ${shop.key}`);
    await fresh.stop();
    return (answer.body as { waiting: Record<string, unknown> }).waiting;
  };

  it('names the shift that opens, the line that is too long, and tells it in the compatible report by a header', async () => {
    await world.database.query(
      `insert into register_status (register_id, online, shift_open) values (2, true, false)
       on conflict (register_id) do update set online = true, shift_open = false, problem = null`,
    );
    const id = (await shop.sell()).body.id as string;
    await world.database.query(`update receipts set state = 'working', started_at = now() where id = $1`, [
      id,
    ]);
    expect(await asked(id)).toMatchObject({ reason: 'shift_opening', place: 0 });
    await world.database.query(`update register_status set shift_open = true where register_id = 2`);
    expect(await asked(id)).toMatchObject({ reason: 'registering' });

    await world.database.query(
      `update receipts set state = 'queued', started_at = null, accepted_at = now() - interval '1 minute',
         deadline_at = now() + interval '1 second' where id = $1`,
      [id],
    );
    await world.database.query(
      `update receipts set priority = 1 where group_id = 2 and state = 'queued' and id <> $1`,
      [id],
    );
    const told = await asked(id);
    expect(told).toMatchObject({ reason: 'over_limit' });
    expect(Number(told['place'])).toBeGreaterThan(1);

    const login = await request(server)
      .post('/possystem/v5/getToken')
      .send({ login: 'shop', pass: password });
    const report = await request(server)
      .get(`/possystem/v5/g5/report/${id}`)
      .set('token', (login.body as { token: string }).token);
    expect(report.status).toBe(200);
    expect(report.headers['farm-waiting']).toMatch(/^reason=over_limit; place=\d+; estimate=\d+$/);
    expect(report.body).not.toHaveProperty('waiting');
    await world.database.query(`update register_groups set paused = true where id = 2`);
    expect(await asked(id)).toMatchObject({ reason: 'group_paused' });
    await world.database.query(`update register_groups set paused = false where id = 2`);
    expect((await why(id))['deadline_at']).toBeDefined();
  });
});

it('no secret, token, contact or body reaches the log', async () => {
  const login = await request(server).post('/possystem/v5/getToken').send({ login: 'shop', pass: password });
  const token = (login.body as { token: string }).token;
  const canary = { email: 'canary-4711@example.com', secret: 'canary-secret-4711', query: 'canaryquery4711' };
  await request(server).get(`/possystem/v5/getToken?login=shop&pass=${canary.secret}`);
  await request(server).post('/possystem/v5/getToken').send({ login: 'shop', pass: canary.secret });
  await request(server)
    .post(`/possystem/v4/g4/sell?token=${token}`)
    .send(sale4({ client: { email: canary.email } }));
  await request(server)
    .post(`/possystem/v4/g4/sell?token=${canary.query}`)
    .send('{"broken": "canary-secret-4711');
  await shop.sell({ client: { email: canary.email } });
  await shop.sell({ client: { email: canary.email }, total: '1.00' });
  await shop.post('/v1/payments/connections', {
    provider: 'tbank',
    group: 'g5',
    name: 'canary',
    secrets: { terminal_key: canary.secret, password: canary.secret },
  });
  await request(server).post(`/cb/tbank/${canary.query}aaaaaaaa`).send({ Password: canary.secret });
  await request(server).get('/v1/receipts').set('authorization', `Bearer fk_live_${canary.secret}`);
  const made = await shop.post('/v1/keys', { name: 'canary', scopes: ['receipt:read'] });
  const secret = (await shop.get('/v1/callbacks/secret')).body as { secrets: string[] };
  expect(made.status).toBe(201);
  expect(logged).toContain('wrong login or password');
  expect(logged).toContain('API key made');
  for (const hidden of [
    canary.email,
    canary.secret,
    canary.query,
    token,
    password,
    shop.key,
    (made.body as { key: string }).key,
    secret.secrets[0] ?? '-',
  ])
    expect(logged).not.toContain(hidden);
});
