import { systemIds, type FiscalProof, type ReceiptContent } from '@kkt/contracts';
import { createTestDatabase, type TestDatabase } from '@kkt/testing';
import {
  CallbackStore,
  type Database,
  DispatchStore,
  farmMigrations,
  LeaseStore,
  migrate,
  openDatabase,
  ReceiptStore,
  RelayStore,
} from '../index';

/** Processes of each kind, each with connections of its own, as on hosts of their own. */
const processes = 3;
const orders = 60;
const registersOfDriver = 2;
const clientId = '01900000-0000-7000-8000-00000000000a';
const content = { form: 'receipt', sign: 1, items: [], totalKop: 100 } as unknown as ReceiptContent;

let database: TestDatabase;
let hosts: Database[];

beforeAll(async () => {
  database = await createTestDatabase({
    template: {
      name: 'farm',
      prepare: async (url) => void (await migrate({ url, migrations: farmMigrations })),
    },
  });
  hosts = Array.from({ length: processes }, (_, n) =>
    openDatabase({ url: database.url, applicationName: `host-${n}`, maxConnections: 4 }),
  );
});

afterAll(async () => {
  await Promise.all(hosts.map((host) => host.close()));
  await database.drop();
});

const onEach = <T>(work: (host: Database, n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(hosts.map((host, n) => work(host, n)));

/** The same until there is nothing left for any of them. */
async function untilNothing<T>(work: (host: Database, n: number) => Promise<T[]>): Promise<T[]> {
  const all = await onEach(async (host, n) => {
    const taken: T[] = [];
    for (;;) {
      const some = await work(host, n);
      if (some.length === 0) return taken;
      taken.push(...some);
    }
  });
  return all.flat();
}

const sorted = (values: readonly string[]): string[] => [...values].sort();

async function prepare(db: Database): Promise<number> {
  await db.query(`insert into clients (id, name, inn) values ($1, 'Shop', '5544332219')`, [clientId]);
  const [group] = await db.query<{ id: number }>(
    `insert into register_groups (client_id, code, protocol, ffd, inn, user_name, tax_systems, payment_address, address,
       ofd_inn, ofd_name, ofd_host, ofd_port)
     values ($1, 'g', 4, 2, '5544332219', 'Shop', 1, 'https://shop.example', 'Moscow', '7709364346', 'OFD', 'ofd', 1)
     returning id`,
    [clientId],
  );
  await db.query(
    `insert into registers (serial, model, transport, driver_id, client_id, group_id, rnm, ffd, fn_number, state)
     select 'serial-' || n, 'atol-42fs', '{}', 'driver-' || n % $3, $1, $2, 'rnm-' || n, 2, '9999' || lpad(n::text, 12, '0'), 'ready'
     from generate_series(1, $4::integer) n`,
    [clientId, group?.id, processes, processes * registersOfDriver],
  );
  return group?.id ?? 0;
}

const proofOf = (fnNumber: string, fdNumber: number): FiscalProof => ({
  fnNumber,
  fdNumber,
  fiscalSign: 1,
  form: 3,
  at: '2026-11-23T10:00:00',
  shiftNumber: 1,
  receiptNumber: 1,
  totalKop: 100,
  tlvHex: '0300',
});

/** A driver's life while there is work: every register that is free asks for a receipt, makes it and hands on its message. */
async function drive(db: Database, n: number, groupId: number): Promise<string[]> {
  const [leases, store, relay] = [new LeaseStore(db), new DispatchStore(db), new RelayStore(db)];
  const owner = systemIds.uuid();
  const driverId = `driver-${n}`;
  await leases.registerProcess({ owner, driverId, host: `h${n}`, bootId: 'b', pid: 1, startTicks: '1' });
  const registers = await leases.acquire({ owner, driverId, ttlS: 60, deadOwners: [] });
  const lastFd = new Map(registers.map(({ registerId }) => [registerId, 0]));
  const made: string[] = [];
  for (;;) {
    const assignments = await store.claim(
      owner,
      registers.map(({ registerId, fence, fnNumber }) => ({
        registerId,
        groupId,
        fence,
        fnNumber: fnNumber ?? '',
        fdBefore: lastFd.get(registerId) ?? 0,
      })),
    );
    if (assignments.length === 0) return made;
    for (const { registerId, intentId, receiptId, fdBefore } of assignments) {
      const fnNumber = registers.find((register) => register.registerId === registerId)?.fnNumber ?? '';
      const proof = proofOf(fnNumber, fdBefore + 1);
      const completion = { intentId, registerId, receiptId, rnm: '1', proof, adopted: false };
      // Both at once, as when the answer to the first was lost.
      await Promise.all([store.complete([completion]), store.complete([completion])]);
      await relay.putMessage({ registerId, fnNumber, fdNumber: fdBefore + 1, container: Buffer.alloc(1) });
      lastFd.set(registerId, fdBefore + 1);
      made.push(receiptId);
    }
  }
}

test('three processes of each kind over one database make each order into one document and tell of it once', async () => {
  const [first] = hosts as [Database];
  const groupId = await prepare(first);

  const externalIds = Array.from({ length: orders }, (_, n) => `order-${n}`);
  // A shop whose balancer sends each order to every API process.
  const outcomes = await onEach((host) =>
    new ReceiptStore(host).accept(
      externalIds.map((externalId) => ({
        id: systemIds.uuid(),
        groupId,
        clientId,
        externalId,
        api: 'v4' as const,
        operation: 'sell',
        content,
        bodyHash: 'ab'.repeat(32),
        totalKop: 100,
        priority: 50,
        queueLimitS: 300,
        callbackUrl: `https://shop.example/${externalId}`,
      })),
    ),
  );
  const accepted = outcomes.flat().filter((outcome) => outcome.accepted);
  expect(accepted).toHaveLength(orders);
  // Whoever came second was told the id of the one that stands.
  expect(new Set(outcomes.flat().map(({ id }) => id)).size).toBe(orders);
  const ids = accepted.map(({ id }) => id);

  const made = (await onEach((host, n) => drive(host, n, groupId))).flat();
  expect(sorted(made)).toEqual(sorted(ids));
  const documents = await first.query<{ id: string }>('select receipt_id as id from documents');
  expect(sorted(documents.map(({ id }) => id))).toEqual(sorted(ids));

  // One message of each FN is under way at most: the last of each.
  const relayed = await untilNothing((host) => new RelayStore(host).dueMessages(1, { leaseS: 60 }));
  expect(new Set(relayed.map(({ fnNumber }) => fnNumber)).size).toBe(relayed.length);
  expect(relayed.length).toBe(
    new Set((await first.query<{ fn: string }>('select fn_number as fn from documents')).map(({ fn }) => fn))
      .size,
  );

  const told = await untilNothing((host) => new CallbackStore(host).claimDue(7, { leaseS: 60, quietMs: 0 }));
  expect(sorted(told.map(({ receiptId }) => receiptId))).toEqual(sorted(ids));
});

test('three processes end each receipt that waited too long once', async () => {
  const [first] = hosts as [Database];
  await first.query('truncate clients cascade');
  const groupId = await prepare(first);
  await first.query(
    `insert into receipts (id, group_id, client_id, external_id, api, operation, content, body_hash, total_kop, deadline_at,
       callback_url)
     select gen_random_uuid(), $1, $2, 'late-' || n, 'v4', 'sell', '{}', '\\x00', 100, farm_now() - interval '1 second',
       'https://shop.example' from generate_series(1, $3::integer) n`,
    [groupId, clientId, orders],
  );
  const ended = await untilNothing((host) => new ReceiptStore(host).expireQueued(7));
  expect(ended).toHaveLength(orders);
  expect(new Set(ended).size).toBe(orders);
  expect(await first.query('select 1 from callbacks')).toHaveLength(orders);
});
