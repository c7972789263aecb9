import { instantPace, planModules, World } from '@hardware/emulator';
import { silentLog, systemClock, systemIds, systemRandom } from '@kkt/contracts';
import { makeRnm } from '@kkt/ffd';
import { AtolJsonDevice, AxiosHttpClient } from '@kkt/kkt-driver';
import {
  AlertStore,
  type Database,
  DispatchStore,
  farmMigrations,
  LeaseStore,
  migrate,
  openDatabase,
  RegisterStore,
  RelayStore,
} from '@kkt/storage';
import { createTestDatabase, FarmRows, type TestGroup, until } from '@kkt/testing';
import { type DoorFaultSpec, WebDoor } from '../../../hardware/json-emulator/src';
import { defaultDispatchSettings, DriverEngine, ffdComparer } from './index';

/** A driver with one register behind a web server: from a bare FN to a proven receipt. */
describe('A driver with a register behind the vendor’s web server', () => {
  let dropDatabase: () => Promise<void>;
  let db: Database;
  let world: World;
  let door: WebDoor;
  let engine: DriverEngine;
  let group: TestGroup;
  let rows: FarmRows;

  beforeEach(async () => {
    const database = await createTestDatabase();
    dropDatabase = () => database.drop();
    await migrate({ url: database.url, migrations: farmMigrations });
    db = openDatabase({ url: database.url, applicationName: 'spec', maxConnections: 6 });
    world = new World({ pace: instantPace, plan: planModules(1, 'tcp') });
    door = new WebDoor({ module: world.at(0), clock: systemClock, port: 0, confirmEveryMs: 50 });
    await door.open();
    rows = new FarmRows(db);
    group = await rows.group(await rows.client(), 'json', { ffd: 4 });
    const { serial, fn } = world.at(0);
    await db.query(
      `insert into fiscal_drives (fn_number, model, client_id, state, capacity_documents, registrations_left)
       values ($1, 'fn-1.2-15', $2, 'stock', 250000, 12)`,
      [fn?.fnNumber, group.client.id],
    );
    await db.query(
      `insert into registers (serial, model, place, transport, driver_id, client_id, group_id, rnm, ffd, fn_number, state)
       values ($1, 'АТОЛ 42ФС', '{}', $2, 'd1', $3, $4, $5, 4, $6, 'registering')`,
      [
        serial,
        JSON.stringify({ kind: 'json', url: door.url }),
        group.client.id,
        group.id,
        makeRnm(1, group.client.inn, serial),
        fn?.fnNumber,
      ],
    );
    engine = engineOf(db);
    await engine.start();
  });

  afterEach(async () => {
    await engine.stop(2_000);
    await door.close();
    await world.close();
    await db.close();
    await dropDatabase();
  });

  function engineOf(sql: Database): DriverEngine {
    const owner = systemIds.uuid();
    const process = { owner, driverId: 'd1', host: 'h', bootId: 'b', pid: 1, startTicks: owner };
    return new DriverEngine(
      {
        clock: systemClock,
        random: systemRandom,
        log: silentLog,
        owner,
        settings: { ...defaultDispatchSettings, sweepEveryMs: 50, reconnectMinMs: 50, statusEveryMs: 100 },
        store: new DispatchStore(sql),
        leases: new LeaseStore(sql),
        registers: new RegisterStore(sql),
        alerts: new AlertStore(sql),
        messages: new RelayStore(sql),
        wake: { wake: () => Promise.resolve() },
        compare: ffdComparer,
        device: ({ transport }) => {
          if (transport.kind !== 'json') throw new Error(`a register by ${transport.kind}`);
          return new AtolJsonDevice({
            client: new AxiosHttpClient(transport.url),
            clock: systemClock,
            ids: systemIds,
            log: silentLog,
            timings: { requestTimeoutMs: 250, resendPauseMs: 20 },
          });
        },
      },
      { process, isDead: () => false },
    );
  }

  const receiptsInFn = (): number[] => {
    const drive = world.at(0).fn;
    return Array.from({ length: drive?.state.lastFd ?? 0 }, (_, at) => at + 1).filter(
      (fd) => drive?.document(fd)?.head.form === 3,
    );
  };

  interface Row {
    state: string;
    attempts: number;
    fd: number | null;
    adopted: boolean | null;
  }

  const rowOf = async (id: string): Promise<Row | undefined> => {
    const found = await db.query<Row>(
      `select r.state, r.attempts, r.fd_number as fd, d.adopted from receipts r
       left join documents d on d.receipt_id = r.id where r.id = $1`,
      [id],
    );
    return found[0];
  };

  const faults: [string, DoorFaultSpec | undefined, { adopted: boolean; attempts: number }][] = [
    ['nothing is lost', undefined, { adopted: false, attempts: 1 }],
    [
      'the request is lost',
      { name: 'loseAnswerBeforeCommit', task: 'sell' },
      { adopted: false, attempts: 2 },
    ],
    [
      'the answer is lost, the server remembers',
      { name: 'loseAnswerAfterCommit', task: 'sell' },
      { adopted: false, attempts: 1 },
    ],
    [
      'the answer is lost, the server has forgotten',
      { name: 'loseAnswerAfterCommit', task: 'sell', result: 'lost' },
      { adopted: true, attempts: 1 },
    ],
    [
      'the network goes after the commit',
      { name: 'unplug', at: 'afterCommit', task: 'sell', forMs: 1_500 },
      { adopted: true, attempts: 1 },
    ],
    [
      'power goes before the commit and every request with it',
      { name: 'powerOff', at: 'beforeCommit', task: 'sell', forMs: 1_500, requests: 'lost' },
      { adopted: false, attempts: 2 },
    ],
    ['the request comes late', { name: 'late', task: 'sell', byMs: 1_000 }, { adopted: false, attempts: 2 }],
  ];

  it.each(faults)('makes a receipt exactly once when %s', async (_, fault, expected) => {
    await until(async () => {
      const [register] = await db.query<{ state: string }>('select state from registers');
      return register?.state === 'ready';
    }, 'the register is ready');
    if (fault) door.inject(fault);
    const id = await rows.queued(group, { externalId: 'once' });
    await until(async () => (await rowOf(id))?.state === 'done', 'the receipt is done');
    // A request that lay on the way has come by now.
    if (fault?.name === 'late') await new Promise((resolve) => setTimeout(resolve, fault.byMs));
    expect(receiptsInFn()).toHaveLength(1);
    expect(await rowOf(id)).toEqual({ state: 'done', fd: receiptsInFn()[0], ...expected });
  });

  it('leaves the operator to the device and watches its queue', async () => {
    const id = await rows.queued(group);
    await until(async () => (await rowOf(id))?.state === 'done', 'the receipt is done');
    await until(() => world.at(0).fn?.state.unsent.length === 0, 'the queue is empty');
    expect(await db.query('select 1 from ofd_messages')).toEqual([]);
  });
});
