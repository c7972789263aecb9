import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { clientCallbackSecret, isCallbackGenuine } from '@kkt/callbacks';
import { readSettings } from '@kkt/config';
import { silentLog, systemIds } from '@kkt/contracts';
import { BullWakeBus, WAKE_BUS } from '@kkt/queue';
import { type Database, farmMigrations, migrate, openDatabase } from '@kkt/storage';
import { createTestDatabase, type TestDatabase, testRedisUrl, until } from '@kkt/testing';
import { WorkerModule } from './app.module';
import { DATABASE } from './tokens';
import { WorkerService } from './worker.service';

const secretKey = Buffer.alloc(32, 5);
const clientId = '01900000-0000-7000-8000-00000000000a';

interface Call {
  url: string;
  headers: Record<string, string | undefined>;
  body: string;
  atMs: number;
}

/** A shop that takes callbacks. */
class Sink {
  readonly calls: Call[] = [];
  answer: (call: Call) => number | undefined = () => 200;
  private server: Server | undefined;

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      void this.read(request).then((call) => {
        this.calls.push(call);
        const status = this.answer(call);
        if (status !== undefined) response.writeHead(status).end();
      });
    });
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.server?.address() as AddressInfo).port}${path}`;
  }

  of(path: string): Call[] {
    return this.calls.filter(({ url }) => url === path);
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private async read(request: IncomingMessage): Promise<Call> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    return {
      url: request.url ?? '',
      headers: request.headers as Record<string, string>,
      body: Buffer.concat(chunks).toString(),
      atMs: Date.now(),
    };
  }
}

let database: TestDatabase;
let db: Database;
let groupId: number;
let app: NestFastifyApplication;
const sink = new Sink();

async function startWorker(redisUrl = testRedisUrl()): Promise<NestFastifyApplication> {
  const settings = readSettings('worker', {
    DATABASE_URL: database.url,
    DATABASE_POOL_SIZE: '4',
    REDIS_URL: redisUrl,
    SECRET_KEY: secretKey.toString('hex'),
    CALLBACK_ALLOW_PRIVATE: 'on',
  });
  const started = await NestFactory.create<NestFastifyApplication>(
    WorkerModule.forRoot(settings, silentLog),
    new FastifyAdapter(),
    { logger: false },
  );
  await started.init();
  await started.get(WorkerService).start();
  return started;
}

async function stopWorker(worker: NestFastifyApplication): Promise<void> {
  await worker.get(WorkerService).stop();
  await worker.close();
  await worker.get<Database>(DATABASE).close();
}

beforeAll(async () => {
  database = await createTestDatabase({
    template: {
      name: 'farm',
      prepare: async (url) => void (await migrate({ url, migrations: farmMigrations })),
    },
  });
  db = openDatabase({ url: database.url, applicationName: 'spec' });
  await db.query(`insert into clients (id, name, inn) values ($1, 'Shop', '5544332219')`, [clientId]);
  const groups = await db.query<{ id: number }>(
    `insert into register_groups (client_id, code, protocol, ffd, inn, user_name, tax_systems, payment_address, address,
       ofd_inn, ofd_name, ofd_host, ofd_port)
     values ($1, 'shop-1', 4, 2, '5544332219', 'Shop', 1, 'https://shop.example', 'Moscow', '7709364346', 'OFD', 'h', 1)
     returning id`,
    [clientId],
  );
  groupId = groups[0]?.id ?? 0;
  await sink.start();
  app = await startWorker();
});

afterAll(async () => {
  await stopWorker(app);
  await sink.stop();
  await db.close();
  await database.drop();
});

async function addReceipt(options: {
  path: string;
  state: 'queued' | 'failed';
  deadline?: string;
  acceptedAgo?: string;
}): Promise<string> {
  const id = systemIds.uuid();
  await db.query(
    `with r as (
       insert into receipts (id, group_id, client_id, external_id, api, operation, content, body_hash, total_kop,
         callback_url, state, accepted_at, deadline_at, finished_at, error_code, error_type, error_text)
       values ($1::uuid, $2, $3, $1::uuid::text, 'v4', 'sell', '{}', '', 100, $4, $5::text, farm_now() - $6::interval, farm_now() + $7::interval,
         case when $5::text = 'failed' then farm_now() end, case when $5 = 'failed' then 66 end,
         case when $5 = 'failed' then 'driver' end, case when $5 = 'failed' then 'Чек оплачен не полностью' end)
       returning id, callback_url, state
     )
     insert into callbacks (receipt_id, url) select id, callback_url from r where state = 'failed'`,
    [
      id,
      groupId,
      clientId,
      sink.url(options.path),
      options.state,
      options.acceptedAgo ?? '10 seconds',
      options.deadline ?? '1 minute',
    ],
  );
  return id;
}

const callback = async (id: string) =>
  (
    await db.query<{ state: string; attempts: number; last_status: number | null }>(
      'select state, attempts, last_status from callbacks where receipt_id = $1',
      [id],
    )
  )[0];

describe('the worker', () => {
  it('tells a shop its result: the report object, signed, soon after the wake-up', async () => {
    const id = await addReceipt({ path: '/told', state: 'failed' });
    await app.get<BullWakeBus>(WAKE_BUS).wake('callbacks', 'due');
    await until(() => sink.of('/told').length === 1, 'the call');
    const [call] = sink.of('/told');
    const body = JSON.parse(call?.body ?? '') as object;
    expect(body).toMatchObject({
      uuid: id,
      status: 'fail',
      payload: null,
      external_id: id,
      group_code: 'shop-1',
      callback_url: sink.url('/told'),
      error: { code: 66, type: 'driver', text: 'Чек оплачен не полностью' },
    });
    expect(call?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'webhook-id': `receipt_${id}`,
    });
    const secret = clientCallbackSecret(secretKey, clientId);
    expect(isCallbackGenuine(call?.headers ?? {}, call?.body ?? '', secret, Date.now())).toBe(true);
    await until(async () => (await callback(id))?.state === 'delivered', 'recorded');
    expect(await callback(id)).toEqual({ state: 'delivered', attempts: 1, last_status: 200 });
  });

  it('finds what nobody woke it for', async () => {
    await addReceipt({ path: '/swept', state: 'failed' });
    await until(() => sink.of('/swept').length === 1, 'the call');
  });

  it('repeats the same body until it is taken', async () => {
    sink.answer = ({ url }) => (url === '/again' && sink.of('/again').length < 2 ? 500 : 200);
    const id = await addReceipt({ path: '/again', state: 'failed' });
    await until(async () => (await callback(id))?.state === 'delivered', 'delivered at last');
    const calls = sink.of('/again');
    expect(calls).toHaveLength(2);
    expect(calls[1]?.body).toBe(calls[0]?.body);
    expect(calls[1]?.headers['webhook-id']).toBe(calls[0]?.headers['webhook-id']);
    sink.answer = () => 200;
  });

  it('does not call before the shop could read the answer to its request', async () => {
    const acceptedMs = Date.now();
    await addReceipt({ path: '/race', state: 'failed', acceptedAgo: '-150 milliseconds' });
    await app.get<BullWakeBus>(WAKE_BUS).wake('callbacks', 'due');
    await until(() => sink.of('/race').length === 1, 'the call');
    // Accepted 150 ms from the insert, and 50 ms of quiet after that.
    expect((sink.of('/race')[0]?.atMs ?? 0) - acceptedMs).toBeGreaterThanOrEqual(190);
  });

  it('ends receipts that waited too long, and tells their shops', async () => {
    const late = await addReceipt({ path: '/late', state: 'queued', deadline: '-1 second' });
    const fresh = await addReceipt({ path: '/fresh', state: 'queued', deadline: '1 hour' });
    await until(() => sink.of('/late').length === 1, 'the call');
    expect(JSON.parse(sink.of('/late')[0]?.body ?? '')).toMatchObject({
      uuid: late,
      status: 'fail',
      error: { code: 1, type: 'timeout' },
    });
    const rows = await db.query<{ state: string }>('select state from receipts where id = $1', [fresh]);
    expect(rows).toEqual([{ state: 'queued' }]);
    expect(sink.of('/fresh')).toEqual([]);
  });

  it('works without Redis', async () => {
    const alone = await startWorker('redis://127.0.0.1:1');
    await stopWorker(app);
    try {
      await addReceipt({ path: '/no-redis', state: 'failed' });
      await until(() => sink.of('/no-redis').length === 1, 'the call');
    } finally {
      app = await startWorker();
      await stopWorker(alone);
    }
  });

  it('shares the work between two processes and doubles nothing', async () => {
    const second = await startWorker();
    try {
      const ids = await Promise.all(
        Array.from({ length: 60 }, (_, n) => addReceipt({ path: `/shared/${n}`, state: 'failed' })),
      );
      await until(async () => {
        const rows = await db.query<{ n: string }>(
          `select count(*) as n from callbacks where state = 'delivered' and receipt_id = any($1::uuid[])`,
          [ids],
        );
        return rows[0]?.n === '60';
      }, 'all delivered');
      for (let n = 0; n < 60; n++) expect(sink.of(`/shared/${n}`)).toHaveLength(1);
    } finally {
      await stopWorker(second);
    }
  });

  it('forgets tokens that ended long ago', async () => {
    await stopWorker(app);
    const loginId = systemIds.uuid();
    await db.query(`insert into api_logins (id, client_id, login, password_hash) values ($1, $2, 'l', '-')`, [
      loginId,
      clientId,
    ]);
    for (const [hash, endedAgo] of [
      ['\\x01', '2 days'],
      ['\\x02', '1 hour'],
    ])
      await db.query(
        `insert into api_tokens (token_hash, login_id, issued_at, expires_at) values ($1, $2, farm_now(), farm_now() - $3::interval)`,
        [hash, loginId, endedAgo],
      );
    app = await startWorker();
    await until(async () => (await db.query('select 1 from api_tokens')).length === 1, 'one left');
  });

  it('answers health and metrics', async () => {
    const get = (url: string) => app.inject({ method: 'GET', url });
    expect((await get('/health/live')).statusCode).toBe(200);
    expect((await get('/health/ready')).json()).toMatchObject({
      status: 'ready',
      checks: { database: { ok: true }, worker: { ok: true } },
    });
    const metrics = (await get('/metrics')).body;
    expect(metrics).toMatch(/kkt_callbacks_delivered\{app="worker"\} \d+/);
    expect(metrics).toContain('kkt_callbacks_backlog{kind="pending",app="worker"}');
    expect(metrics).toContain('kkt_receipts_expired_total');
    expect(metrics).toContain('kkt_wake_is_connected{app="worker"} 1');
  });
});
