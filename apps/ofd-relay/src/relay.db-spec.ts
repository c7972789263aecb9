import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { readSettings } from '@kkt/config';
import { silentLog } from '@kkt/contracts';
import {
  buildConfirmation,
  buildContainer,
  buildMessage,
  decodeContainer,
  OfdStreamParser,
  orThrow,
} from '@kkt/ofd-protocol';
import { BullWakeBus } from '@kkt/queue';
import { type Database, farmMigrations, migrate, openDatabase, RelayStore } from '@kkt/storage';
import { createTestDatabase, type TestDatabase, testRedisUrl, until } from '@kkt/testing';
import { OfdRelayModule } from './app.module';
import { RelayService } from './relay.service';
import { DATABASE } from './tokens';

const clientId = '01900000-0000-7000-8000-00000000000a';
const fn = (n: number): string => `9999${String(n).padStart(12, '0')}`;

/** An operator that confirms everything, and can be told to stay silent. */
class Operator {
  readonly seen: string[] = [];
  isSilent = false;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server = createServer((socket) => {
    const parser = new OfdStreamParser();
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      for (const event of parser.push(bytes)) {
        if (event.kind !== 'message' || !event.message.container) continue;
        const { header, container } = event.message;
        const { fnNumber, fdNumber } = container;
        this.seen.push(`${fnNumber}:${fdNumber}`);
        if (this.isSilent) continue;
        const fields = {
          ffd: header.ffd,
          ofdInn: '7709364346',
          fnNumber,
          fdNumber,
          at: '2026-11-23T12:00:00',
          code: 0,
        };
        const tlv = buildConfirmation(fields, { key: 'test', fiscalSign: 1 });
        socket.write(
          buildMessage({
            ...fields,
            documentCode: 7,
            tlv,
            messageSign: Buffer.alloc(8),
            ffdOnWire: header.ffdOnWire,
          }),
        );
      }
    });
  });

  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function containerOf(fnNumber: string, fdNumber: number): Buffer {
  const tlv = Buffer.from('0300080010040400', 'hex');
  const number = Buffer.alloc(4);
  number.writeUInt32LE(fdNumber);
  return buildContainer({
    fnNumber,
    fdNumber,
    documentCode: 3,
    tlv: Buffer.concat([tlv, number]),
    messageSign: Buffer.alloc(8),
  });
}

let database: TestDatabase;
let db: Database;
let store: RelayStore;
let app: NestFastifyApplication;
let driverBus: BullWakeBus;
let registerIds: number[];
const operator = new Operator();
const registers = 40;

async function startRelay(): Promise<NestFastifyApplication> {
  const settings = readSettings('ofd-relay', {
    DATABASE_URL: database.url,
    DATABASE_POOL_SIZE: '6',
    REDIS_URL: testRedisUrl(),
  });
  const started = await NestFactory.create<NestFastifyApplication>(
    OfdRelayModule.forRoot(settings, silentLog),
    new FastifyAdapter(),
    { logger: false },
  );
  await started.init();
  await started.get(RelayService).start();
  return started;
}

async function stopRelay(relay: NestFastifyApplication): Promise<void> {
  await relay.get(RelayService).stop();
  await relay.close();
  await relay.get<Database>(DATABASE).close();
}

beforeAll(async () => {
  database = await createTestDatabase({
    template: {
      name: 'farm',
      prepare: async (url) => void (await migrate({ url, migrations: farmMigrations })),
    },
  });
  db = openDatabase({ url: database.url, applicationName: 'spec' });
  store = new RelayStore(db);
  const port = await operator.start();
  await db.query(`insert into clients (id, name, inn) values ($1, 'Shop', '5544332219')`, [clientId]);
  await db.query(
    `insert into register_groups (client_id, code, protocol, ffd, inn, user_name, tax_systems, payment_address, address,
       ofd_inn, ofd_name, ofd_host, ofd_port)
     values ($1, 'g', 4, 2, '5544332219', 'Shop', 1, 'https://shop.example', 'Moscow', '7709364346', 'OFD', '127.0.0.1', $2)`,
    [clientId, port],
  );
  const rows = await db.query<{ id: number }>(
    `insert into registers (serial, model, transport, driver_id, client_id, group_id, rnm, ffd, fn_number, state)
     select 's' || n, 'atol-42fs', '{}', 'd1', $1, g.id, n, 4, '9999' || lpad(n::text, 12, '0'), 'ready'
     from register_groups g, generate_series(1, $2::integer) n order by n returning id`,
    [clientId, registers],
  );
  registerIds = rows.map(({ id }) => id);
  app = await startRelay();
  driverBus = new BullWakeBus({ redisUrl: testRedisUrl() });
});

afterAll(async () => {
  await driverBus.close();
  await stopRelay(app);
  await operator.stop();
  await db.close();
  await database.drop();
});

const put = (n: number, fdNumber: number) =>
  store.putMessage({
    registerId: registerIds[n - 1] ?? 0,
    fnNumber: fn(n),
    fdNumber,
    container: containerOf(fn(n), fdNumber),
  });

/** The operator's answer has arrived; the driver may have written it already. */
const isAnswered = async (n: number, fdNumber: number): Promise<boolean> =>
  (
    await db.query(
      `select 1 from ofd_messages where fn_number = $1 and fd_number = $2 and state in ('answered', 'confirmed')`,
      [fn(n), fdNumber],
    )
  ).length === 1;

describe('the relay process', () => {
  it('carries the documents of forty FNs to the operator and wakes their driver for each answer', async () => {
    const lastFd = 10;
    let confirmed = 0;
    await driverBus.onWake('driver:d1', async (key) => {
      const registerId = Number(key.slice('ofd:'.length));
      for (const { fnNumber, fdNumber, answer } of await store.answersFor([registerId])) {
        expect(orThrow(decodeContainer(answer))).toMatchObject({ documentCode: 7, fnNumber, fdNumber });
        await store.confirmed([{ fnNumber, fdNumber }]);
        confirmed++;
        if (fdNumber >= lastFd) continue;
        await put(registerIds.indexOf(registerId) + 1, fdNumber + 1);
        await driverBus.wake('relay', fnNumber);
      }
    });
    await until(() => driverBus.stats().isConnected, 'connected');
    for (let n = 1; n <= registers; n++) await put(n, 1);
    await driverBus.wake('relay', 'start');
    await until(() => confirmed === registers * lastFd, 'all are confirmed');
    for (let n = 1; n <= registers; n++) {
      const order = operator.seen
        .filter((one) => one.startsWith(fn(n)))
        .map((one) => Number(one.split(':')[1]));
      expect(order).toEqual(Array.from({ length: lastFd }, (_, i) => i + 1));
    }
    expect(await store.backlog()).toMatchObject({ ready: 0, answered: 0 });
  });

  it('finds a message that nobody woke it for', async () => {
    await put(1, 100);
    await until(() => isAnswered(1, 100), 'the answer');
  });

  it('leaves an unfinished message to its successor when it is stopped', async () => {
    operator.isSilent = true;
    await put(2, 100);
    await until(() => operator.seen.includes(`${fn(2)}:100`), 'sent once');
    await stopRelay(app);
    operator.isSilent = false;
    app = await startRelay();
    await until(() => isAnswered(2, 100), 'the answer');
    expect(operator.seen.filter((one) => one === `${fn(2)}:100`)).toHaveLength(2);
  });

  it('answers health and metrics', async () => {
    const get = (url: string) => app.inject({ method: 'GET', url });
    expect((await get('/health/ready')).json()).toMatchObject({
      status: 'ready',
      checks: { database: { ok: true }, relay: { ok: true } },
    });
    const metrics = (await get('/metrics')).body;
    expect(metrics).toContain('kkt_relay_answered{app="ofd-relay"}');
    expect(metrics).toContain('kkt_relay_backlog{kind="ready",app="ofd-relay"}');
    expect(metrics).toContain('kkt_relay_answer_seconds_bucket');
  });
});
