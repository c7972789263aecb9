import { systemIds, type FiscalProof, type ReceiptContent } from '@kkt/contracts';
import { createTestDatabase } from '@kkt/testing';
import {
  type Database,
  DispatchStore,
  farmMigrations,
  LeaseStore,
  migrate,
  type NewReceipt,
  openDatabase,
  ReceiptStore,
} from '../index';

const content = { form: 'receipt', sign: 1, items: [], totalKop: 100 } as unknown as ReceiptContent;
const clientId = '01900000-0000-7000-8000-00000000000a';
const owner = '01900000-0000-7000-8000-0000000000aa';
const stranger = '01900000-0000-7000-8000-0000000000bb';

describe('DispatchStore', () => {
  let dropDatabase: () => Promise<void>;
  let db: Database;
  let store: DispatchStore;
  let receipts: ReceiptStore;
  let leases: LeaseStore;
  let groupId: number;

  beforeAll(async () => {
    const database = await createTestDatabase();
    dropDatabase = () => database.drop();
    await migrate({ url: database.url, migrations: farmMigrations });
    db = openDatabase({ url: database.url, applicationName: 'spec', maxConnections: 12 });
    store = new DispatchStore(db);
    receipts = new ReceiptStore(db);
    leases = new LeaseStore(db);
  });

  afterAll(async () => {
    await db.close();
    await dropDatabase();
  });

  beforeEach(async () => {
    await db.query('truncate clients, driver_processes cascade');
    await db.query(`insert into clients (id, name, inn) values ($1, 'Shop', '5544332219')`, [clientId]);
    const groups = await db.query<{ id: number }>(
      `insert into register_groups (client_id, code, protocol, ffd, inn, user_name, tax_systems, payment_address, address,
         ofd_inn, ofd_name, ofd_host, ofd_port)
       values ($1, 'g', 4, 2, '5544332219', 'Shop', 1, 'https://shop.example', 'Moscow', '7709364346', 'OFD', '127.0.0.1', 1)
       returning id`,
      [clientId],
    );
    groupId = groups[0]?.id ?? 0;
    for (const name of [owner, stranger]) {
      await leases.registerProcess({
        owner: name,
        driverId: 'd1',
        host: 'h',
        bootId: 'b',
        pid: 1,
        startTicks: name,
      });
    }
  });

  const addRegisters = async (count: number) => {
    for (let n = 1; n <= count; n += 1) {
      await db.query(
        `insert into registers (serial, model, transport, driver_id, client_id, group_id, rnm, ffd, fn_number, state)
         values ($1, 'atol-42fs', '{"kind":"tcp","host":"h","port":1}', 'd1', $2, $3, $1, 2, $4, 'ready')`,
        [`serial-${n}`, clientId, groupId, `999900000000000${n}`],
      );
    }
    return leases.acquire({ owner, driverId: 'd1', ttlS: 60, deadOwners: [] });
  };

  const newReceipt = (externalId: string, extra: Partial<NewReceipt> = {}): NewReceipt => ({
    id: systemIds.uuid(),
    groupId,
    clientId,
    externalId,
    api: 'v4',
    operation: 'sell',
    content,
    bodyHash: 'ab'.repeat(32),
    totalKop: 100,
    priority: 50,
    queueLimitS: 300,
    ...extra,
  });

  const slot = (register: { registerId: number; fence: string; fnNumber: string | null }, fdBefore = 0) => ({
    registerId: register.registerId,
    groupId,
    fence: register.fence,
    fnNumber: register.fnNumber ?? '',
    fdBefore,
  });

  const proof = (fnNumber: string, fdNumber: number): FiscalProof => ({
    fnNumber,
    fdNumber,
    fiscalSign: 4_294_967_295,
    form: 3,
    at: '2026-11-23T10:00:00',
    shiftNumber: 1,
    receiptNumber: 1,
    totalKop: 100,
    tlvHex: '0300',
  });

  const stateOf = async (externalId: string) => {
    const found = await receipts.findByExternalId(groupId, externalId);
    return (await receipts.report(found?.id ?? ''))!;
  };

  it('gives receipts first come first served, by priority, one to a register', async () => {
    const [first, second] = await addRegisters(2);
    await receipts.accept([newReceipt('late', { priority: 60 }), newReceipt('a'), newReceipt('b')]);
    const given = await store.claim(owner, [slot(first!), slot(second!)]);
    expect(given.map((g) => [g.registerId, g.externalId]).sort()).toEqual([
      [first!.registerId, 'a'],
      [second!.registerId, 'b'],
    ]);
    expect(await store.claim(owner, [slot(first!), slot(second!)])).toEqual([]);
    expect((await stateOf('late')).state).toBe('queued');
  });

  it('gives nothing to a stale fence, a foreign owner or a lease that has ended', async () => {
    const [register] = await addRegisters(1);
    await receipts.accept([newReceipt('a')]);
    expect(await store.claim(stranger, [slot(register!)])).toEqual([]);
    expect(await store.claim(owner, [{ ...slot(register!), fence: '0' }])).toEqual([]);
    await db.query(`update leases set expires_at = farm_now() - interval '1 second'`);
    expect(await store.claim(owner, [slot(register!)])).toEqual([]);
    expect((await stateOf('a')).state).toBe('queued');
  });

  it('gives nothing to a register whose FN is not at the last document that the database knows', async () => {
    const [register] = await addRegisters(1);
    await receipts.accept([newReceipt('a'), newReceipt('b')]);
    expect(await store.claim(owner, [slot(register!, 1)])).toEqual([]);
    const [given] = await store.claim(owner, [slot(register!)]);
    const done = { intentId: given!.intentId, registerId: register!.registerId, receiptId: given!.receiptId };
    await store.complete([{ ...done, rnm: '1', proof: proof(register!.fnNumber!, 1), adopted: false }]);
    expect(await store.claim(owner, [slot(register!, 0)])).toEqual([]);
    expect(await store.claim(owner, [slot(register!, 1)])).toMatchObject([{ externalId: 'b', fdBefore: 1 }]);
  });

  it('never gives one receipt twice to drivers that claim at the same time', async () => {
    const registers = await addRegisters(8);
    await receipts.accept(Array.from({ length: 5 }, (_, n) => newReceipt(`r${n}`)));
    const rounds = await Promise.all(registers.map((register) => store.claim(owner, [slot(register)])));
    const ids = rounds.flat().map((given) => given.receiptId);
    expect(ids).toHaveLength(5);
    expect(new Set(ids).size).toBe(5);
  });

  it('stores a proof once, with its document, result and callback', async () => {
    const [register] = await addRegisters(1);
    await receipts.accept([newReceipt('a', { callbackUrl: 'https://shop.example/cb' })]);
    const [given] = await store.claim(owner, [slot(register!)]);
    const completion = {
      intentId: given!.intentId,
      registerId: register!.registerId,
      receiptId: given!.receiptId,
      rnm: '1',
      proof: proof(register!.fnNumber!, 1),
      adopted: false,
    };
    expect(await store.complete([completion])).toEqual([given!.intentId]);
    expect(await store.complete([completion])).toEqual([]);
    const report = await stateOf('a');
    expect(report.state).toBe('done');
    expect(report.proof).toMatchObject({ fdNumber: 1, fiscalSign: 4_294_967_295, at: '2026-11-23T10:00:00' });
    expect(await db.query('select 1 from callbacks')).toHaveLength(1);
    expect(await store.lastKnownFd(register!.fnNumber!)).toBe(1);
    expect(await store.openIntent(register!.registerId)).toBeUndefined();
  });

  it('puts a void attempt back to its old place in the queue', async () => {
    const [register] = await addRegisters(1);
    await receipts.accept([newReceipt('a'), newReceipt('b')]);
    const [given] = await store.claim(owner, [slot(register!)]);
    await store.voidIntent(given!.intentId, 'absent_in_fn', { then: 'requeue', reason: 'interrupted' });
    expect(await stateOf('a')).toMatchObject({ state: 'queued', waitReason: 'interrupted' });
    const [again] = await store.claim(owner, [slot(register!)]);
    expect(again).toMatchObject({ externalId: 'a', attempts: 2 });
  });

  it('refuses a receipt with the reason that the shop is told', async () => {
    const [register] = await addRegisters(1);
    await receipts.accept([newReceipt('a', { callbackUrl: 'https://shop.example/cb' })]);
    const [given] = await store.claim(owner, [slot(register!)]);
    await store.voidIntent(given!.intentId, 'DEVICE-X', {
      then: 'fail',
      refusal: { code: 52, type: 'driver', text: 'Безналичных больше итога' },
    });
    expect(await stateOf('a')).toMatchObject({ state: 'failed', errorCode: 52, errorType: 'driver' });
    expect(await db.query('select 1 from callbacks')).toHaveLength(1);
  });

  it('keeps a second intent away from a register and from a receipt while one is open', async () => {
    const [register] = await addRegisters(1);
    const report = {
      owner,
      registerId: register!.registerId,
      fence: register!.fence,
      kind: 'open_shift' as const,
      fnNumber: register!.fnNumber!,
      fdBefore: 0,
    };
    await expect(store.intend(report)).resolves.toBeDefined();
    await expect(store.intend(report)).rejects.toThrow('intents_one_open_per_register');
    await receipts.accept([newReceipt('a')]);
    expect(await store.claim(owner, [slot(register!)])).toEqual([]);
  });

  it('ends what waited too long, but never what a register holds', async () => {
    const [register] = await addRegisters(1);
    await receipts.accept([
      newReceipt('held'),
      newReceipt('late', { callbackUrl: 'https://shop.example/cb' }),
    ]);
    await store.claim(owner, [slot(register!)]);
    await db.query(`update receipts set deadline_at = farm_now() - interval '1 second'`);
    expect(await receipts.expireQueued(100)).toHaveLength(1);
    expect(await stateOf('late')).toMatchObject({ state: 'failed', errorCode: 1, errorType: 'timeout' });
    expect((await stateOf('held')).state).toBe('working');
  });

  it('shows a receipt as in doubt when its driver is gone', async () => {
    const [register] = await addRegisters(1);
    await receipts.accept([newReceipt('a')]);
    await store.claim(owner, [slot(register!)]);
    expect(await store.markAbandoned()).toBe(0);
    await db.query(`update leases set expires_at = farm_now() - interval '1 second'`);
    expect(await store.markAbandoned()).toBe(1);
    expect(await stateOf('a')).toMatchObject({ state: 'in_doubt', waitReason: 'driver_gone' });
  });

  it('grows the fence with every new holder and takes over only from the dead or the ended', async () => {
    const [first] = await addRegisters(1);
    expect(await leases.acquire({ owner: stranger, driverId: 'd1', ttlS: 60, deadOwners: [] })).toEqual([]);
    const [second] = await leases.acquire({ owner: stranger, driverId: 'd1', ttlS: 60, deadOwners: [owner] });
    expect(Number(second!.fence)).toBe(Number(first!.fence) + 1);
    expect(await leases.renew(owner, 60)).toEqual([]);
    expect(await leases.renew(stranger, 60)).toHaveLength(1);
  });

  it('answers a repeated external id with the first receipt, also inside one batch', async () => {
    const first = newReceipt('same');
    const [one, two] = await receipts.accept([first, newReceipt('same', { bodyHash: 'cd'.repeat(32) })]);
    expect([one!.accepted, two!.accepted].sort()).toEqual([false, true]);
    const [repeat] = await receipts.accept([newReceipt('same')]);
    expect(repeat).toMatchObject({ accepted: false, state: 'queued' });
  });
});
