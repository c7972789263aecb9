import { systemIds } from '@kkt/contracts';
import { createTestDatabase, type TestDatabase } from '@kkt/testing';
import {
  CallbackStore,
  callbackAuthority,
  type Database,
  farmMigrations,
  migrate,
  openDatabase,
  OperatorPauseStore,
  RelayStore,
} from '../index';

const shop = '01900000-0000-7000-8000-00000000000a';
const otherShop = '01900000-0000-7000-8000-00000000000b';
const fn = (n: number): string => `999900000000000${n}`;

let database: TestDatabase;
let db: Database;
let groupId: number;
let otherGroupId: number;

async function addGroup(clientId: string, code: string, ofdHost: string): Promise<number> {
  const rows = await db.query<{ id: number }>(
    `insert into register_groups (client_id, code, protocol, ffd, inn, user_name, tax_systems, payment_address, address,
       ofd_inn, ofd_name, ofd_host, ofd_port)
     values ($1, $2, 4, 2, '5544332219', 'Shop', 1, 'https://shop.example', 'Moscow', '7709364346', 'OFD', $3, 7777)
     returning id`,
    [clientId, code, ofdHost],
  );
  return rows[0]?.id ?? 0;
}

async function addRegister(n: number, ofGroup: number, ffd: number | null = 4): Promise<number> {
  const rows = await db.query<{ id: number }>(
    `insert into registers (serial, model, transport, driver_id, client_id, group_id, rnm, ffd, fn_number, state)
     select $1, 'atol-42fs', '{}', 'd1', client_id, id, $1, $2, $3, 'ready' from register_groups where id = $4 returning id`,
    [`serial-${n}`, ffd, fn(n), ofGroup],
  );
  return rows[0]?.id ?? 0;
}

beforeAll(async () => {
  database = await createTestDatabase({
    template: {
      name: 'farm',
      prepare: async (url) => void (await migrate({ url, migrations: farmMigrations })),
    },
  });
  db = openDatabase({ url: database.url, applicationName: 'spec' });
});

afterAll(async () => {
  await db.close();
  await database.drop();
});

beforeEach(async () => {
  await db.query('truncate clients cascade');
  await db.query(
    `insert into clients (id, name, inn) values ($1, 'Shop', '5544332219'), ($2, 'Other', '5544332219')`,
    [shop, otherShop],
  );
  groupId = await addGroup(shop, 'g1', 'ofd-a.example');
  otherGroupId = await addGroup(otherShop, 'g2', 'ofd-b.example');
});

describe('RelayStore', () => {
  let store: RelayStore;
  let registerId: number;

  beforeEach(async () => {
    store = new RelayStore(db);
    registerId = await addRegister(1, groupId);
  });

  const put = (fdNumber: number, container = Buffer.from([fdNumber])) =>
    store.putMessage({ registerId, fnNumber: fn(1), fdNumber, container });
  const addDocument = (fdNumber: number) =>
    db.query(
      `insert into documents (fn_number, fd_number, form, register_id, fiscal_sign, document_at, tlv)
       values ($1, $2, 3, $3, 1, '2026-11-23', '')`,
      [fn(1), fdNumber, registerId],
    );
  const state = async (fdNumber: number) =>
    (
      await db.query<{ state: string; attempts: number; cause: string | null }>(
        'select state, attempts, cause from ofd_messages where fn_number = $1 and fd_number = $2',
        [fn(1), fdNumber],
      )
    )[0];
  const isConfirmed = async (fdNumber: number) =>
    (
      await db.query<{ yes: boolean }>(
        'select confirmed_at is not null as yes from documents where fn_number = $1 and fd_number = $2',
        [fn(1), fdNumber],
      )
    )[0]?.yes;
  const due = (options: Partial<{ leaseS: number; exceptOperators: string[] }> = {}) =>
    store.dueMessages(10, { leaseS: 30, ...options });

  it('gives a due message with all its sender needs, to one taker', async () => {
    await put(5, Buffer.from('opaque'));
    expect(await due()).toEqual([
      {
        fnNumber: fn(1),
        fdNumber: 5,
        registerId,
        driverId: 'd1',
        ffd: 4,
        ofdHost: 'ofd-a.example',
        ofdPort: 7777,
        container: Buffer.from('opaque'),
        attempts: 0,
      },
    ]);
    expect(await due()).toEqual([]);
  });

  it('gives it again when its taker died, and at once when given back', async () => {
    await put(5);
    await due({ leaseS: 0 });
    expect(await due()).toHaveLength(1);
    expect(await due()).toHaveLength(0);
    await store.giveBack([{ fnNumber: fn(1), fdNumber: 5 }]);
    expect(await due()).toHaveLength(1);
  });

  it('takes the FFD of the group for a register that has none', async () => {
    await store.putMessage({
      registerId: await addRegister(2, otherGroupId, null),
      fnNumber: fn(2),
      fdNumber: 1,
      container: Buffer.from([1]),
    });
    expect((await due())[0]).toMatchObject({ ffd: 2, ofdHost: 'ofd-b.example' });
  });

  it('leaves named operators alone', async () => {
    await put(5);
    expect(await due({ exceptOperators: ['ofd-a.example:7777'] })).toEqual([]);
    expect(await due({ exceptOperators: ['ofd-a.example:7778'] })).toHaveLength(1);
  });

  it('leaves an operator alone that a person paused, also a relay that starts anew, until it is resumed', async () => {
    await put(5);
    const pauses = new OperatorPauseStore(db);
    const address = { host: 'ofd-a.example', port: 7777 };
    expect(await pauses.pause(address, 'Инженер', 'работы у оператора')).toBe(true);
    expect(await pauses.pause(address, 'Инженер', 'ещё раз')).toBe(false);
    expect(await due()).toEqual([]);
    expect(await new RelayStore(db).dueMessages(10, { leaseS: 30 })).toEqual([]);
    expect(await state(5)).toMatchObject({ state: 'ready', attempts: 0 });
    expect(await pauses.resume(address)).toBe(true);
    expect(await pauses.resume(address)).toBe(false);
    expect(await due()).toHaveLength(1);
  });

  it('never shares a message between two relays that ask at once', async () => {
    for (let n = 2; n <= 9; n++)
      await store.putMessage({
        registerId: await addRegister(n, groupId),
        fnNumber: fn(n),
        fdNumber: 1,
        container: Buffer.from([n]),
      });
    const takes = await Promise.all(Array.from({ length: 8 }, () => store.dueMessages(2, { leaseS: 30 })));
    const taken = takes.flat().map(({ fnNumber }) => fnNumber);
    expect(new Set(taken).size).toBe(taken.length);
    const rest = await store.dueMessages(10, { leaseS: 30 });
    expect(taken.length + rest.length).toBe(8);
  });

  it('carries a message through: answered, written into the FN, document confirmed', async () => {
    await addDocument(5);
    await put(5);
    await due();
    await store.answered([{ fnNumber: fn(1), fdNumber: 5, answer: Buffer.from('yes') }]);
    expect(await store.answersFor([registerId, 999])).toEqual([
      { registerId, fnNumber: fn(1), fdNumber: 5, answer: Buffer.from('yes') },
    ]);
    expect(await isConfirmed(5)).toBe(false);
    await store.confirmed([{ fnNumber: fn(1), fdNumber: 5 }]);
    expect(await isConfirmed(5)).toBe(true);
    expect(await state(5)).toMatchObject({ state: 'confirmed' });
    expect(await store.answersFor([registerId])).toEqual([]);
    expect(await store.backlog()).toMatchObject({ ready: 0, answered: 0, oldestReadyS: 0 });
  });

  it('takes the next message for the proof that the one before is confirmed', async () => {
    await addDocument(5);
    await put(5);
    await store.answered([{ fnNumber: fn(1), fdNumber: 5, answer: Buffer.from('yes') }]);
    await put(6);
    expect(await state(5)).toMatchObject({ state: 'confirmed' });
    expect(await isConfirmed(5)).toBe(true);
    expect(await state(6)).toMatchObject({ state: 'ready' });
    expect(await store.backlog()).toMatchObject({ ready: 1 });
  });

  it('believes the FN when it gives a message again', async () => {
    await put(5, Buffer.from('one'));
    await put(5, Buffer.from('two'));
    expect((await due())[0]?.container).toEqual(Buffer.from('two'));
    await store.confirmed([{ fnNumber: fn(1), fdNumber: 5 }]);
    await put(5, Buffer.from('three'));
    expect((await due())[0]?.container).toEqual(Buffer.from('three'));
  });

  it('keeps an answer that waits for the FN when the message is given again', async () => {
    await put(5);
    await store.answered([{ fnNumber: fn(1), fdNumber: 5, answer: Buffer.from('yes') }]);
    await put(5);
    expect(await store.answersFor([registerId])).toHaveLength(1);
  });

  it('holds one message per FN under way', async () => {
    await put(6);
    await expect(put(5)).rejects.toThrow(/ofd_messages_one_in_flight/);
  });

  it('delays what failed and remembers why', async () => {
    await put(5);
    await due();
    await store.failed([
      { fnNumber: fn(1), fdNumber: 5, cause: 'network', causeText: 'нет связи', retryInS: 3600 },
    ]);
    expect(await due()).toEqual([]);
    expect(await state(5)).toEqual({ state: 'ready', attempts: 1, cause: 'network' });
  });

  it('sends again, later, what the FN would not take the answer of', async () => {
    await put(5);
    await store.answered([{ fnNumber: fn(1), fdNumber: 5, answer: Buffer.from('yes') }]);
    await store.refusedByFn({ fnNumber: fn(1), fdNumber: 5 }, 'DEVICE-OFD-ANSWER');
    expect(await state(5)).toEqual({ state: 'ready', attempts: 1, cause: 'refused_by_fn' });
    expect(await store.answersFor([registerId])).toEqual([]);
    expect(await due()).toEqual([]);
  });

  it('does not let a late failure undo an answer', async () => {
    await put(5);
    await store.answered([{ fnNumber: fn(1), fdNumber: 5, answer: Buffer.from('yes') }]);
    await store.failed([{ fnNumber: fn(1), fdNumber: 5, cause: 'timeout', causeText: '', retryInS: 1 }]);
    expect(await state(5)).toMatchObject({ state: 'answered', cause: null });
  });
});

describe('CallbackStore', () => {
  let store: CallbackStore;

  beforeEach(() => {
    store = new CallbackStore(db);
  });

  async function addCallback(
    url: string,
    options: { acceptedAgo?: string; other?: boolean } = {},
  ): Promise<string> {
    const id = systemIds.uuid();
    await db.query(
      `insert into receipts (id, group_id, client_id, external_id, api, operation, content, body_hash, total_kop,
         callback_url, state, accepted_at, deadline_at, error_code)
       values ($1, $2, $3, $4, 'v4', 'sell', '{}', '', 100, $5, 'failed', farm_now() - $6::interval, farm_now(), 1)`,
      [
        id,
        options.other ? otherGroupId : groupId,
        options.other ? otherShop : shop,
        id,
        url,
        options.acceptedAgo ?? '1 minute',
      ],
    );
    await db.query('insert into callbacks (receipt_id, url) values ($1, $2)', [id, url]);
    return id;
  }

  const claim = (options: { exceptAuthorities?: string[]; exceptClients?: string[]; leaseS?: number } = {}) =>
    store.claimDue(10, { leaseS: 30, quietMs: 50, ...options });

  it('gives a due callback to one taker, and to another when the first died', async () => {
    const id = await addCallback('https://shop.example/cb');
    expect(await claim({ leaseS: 0 })).toEqual([
      {
        receiptId: id,
        clientId: shop,
        url: 'https://shop.example/cb',
        attempts: 0,
        ageS: expect.any(Number) as number,
      },
    ]);
    expect(await claim()).toHaveLength(1);
    expect(await claim()).toHaveLength(0);
  });

  it('waits until the accept had time to be answered, and tells how long', async () => {
    await addCallback('https://shop.example/cb', { acceptedAgo: '-10 seconds' });
    expect(await claim()).toEqual([]);
    const inMs = await store.nextDueInMs(50);
    expect(inMs).toBeGreaterThan(9_000);
    expect(inMs).toBeLessThanOrEqual(10_050);
  });

  it('leaves busy hosts and clients alone', async () => {
    const id = await addCallback('https://Slow.example:8443/cb');
    const other = await addCallback('http://fast.example/cb', { other: true });
    const ids = (rows: { receiptId: string }[]) => rows.map(({ receiptId }) => receiptId);
    expect(
      ids(await claim({ exceptAuthorities: [callbackAuthority('https://SLOW.example:8443/x')], leaseS: 0 })),
    ).toEqual([other]);
    expect(ids(await claim({ exceptClients: [otherShop], leaseS: 0 }))).toEqual([id]);
  });

  it('records a batch of outcomes, each as it ended', async () => {
    const [a, b, c] = [
      await addCallback('https://a/'),
      await addCallback('https://b/'),
      await addCallback('https://c/'),
    ];
    await claim();
    await store.record([
      { receiptId: a, state: 'delivered', status: 204 },
      { receiptId: b, state: 'pending', status: 500, error: 'HTTP 500', retryInS: 3600 },
      { receiptId: c, state: 'gave_up', error: 'нет такого имени' },
    ]);
    const rows = await db.query<{ receipt_id: string; state: string; attempts: number; ended: boolean }>(
      'select receipt_id, state, attempts, finished_at is not null as ended from callbacks',
    );
    const byId = new Map(rows.map(({ receipt_id, ...row }) => [receipt_id, row]));
    expect(byId.get(a)).toEqual({ state: 'delivered', attempts: 1, ended: true });
    expect(byId.get(b)).toEqual({ state: 'pending', attempts: 1, ended: false });
    expect(byId.get(c)).toEqual({ state: 'gave_up', attempts: 1, ended: true });
    expect(await store.undelivered({ limit: 10 })).toMatchObject([
      { receiptId: c, lastError: 'нет такого имени' },
    ]);
    expect(await store.undelivered({ clientId: otherShop, limit: 10 })).toEqual([]);
    expect(await store.backlog()).toMatchObject({ pending: 1 });
    expect(await store.nextDueInMs(50)).toBeGreaterThan(3_500_000);

    expect(await store.resend(c)).toBe(true);
    // One that waits goes at once and keeps its count; a receipt without a callback has nothing to send.
    expect(await store.resend(b)).toBe(true);
    expect(await store.resend('01900000-0000-7000-8000-0000000000ee')).toBe(false);
    const due = new Map((await claim()).map(({ receiptId, attempts }) => [receiptId, attempts]));
    expect(due).toEqual(
      new Map([
        [c, 0],
        [b, 1],
      ]),
    );
  });

  it('knows when nothing waits', async () => {
    expect(await store.nextDueInMs(50)).toBeUndefined();
    expect(await store.backlog()).toEqual({ pending: 0, oldestS: 0 });
  });
});
