import { silentLog } from '@kkt/contracts';
import { ExportRunner } from '@kkt/sales';
import type { TestClient, TestGroup, TestRegister } from '@kkt/testing';
import type { Page, ReceiptBrief, ReceiptExportView, ReceiptTotals } from '@kkt/web-contract';
import { startTestCabinet, type TestCabinet } from '../test/test-cabinet';

type Agent = Awaited<ReturnType<TestCabinet['loggedIn']>>;

let cabinet: TestCabinet;
let shop: TestClient;
let north: TestGroup;
let kitchen: TestRegister;
let garage: TestRegister;
let owner: Agent;

const found = async (filter: Record<string, string | number>, agent = owner): Promise<string[]> => {
  const { body } = await agent.get('/api/receipts').query(filter).expect(200);
  const totals = (await agent.get('/api/receipts/totals').query(filter).expect(200)).body as ReceiptTotals;
  const names = (body as Page<ReceiptBrief>).rows.map(({ externalId }) => externalId).sort();
  expect(totals.receipts).toBe(names.length);
  return names;
};

beforeAll(async () => {
  cabinet = await startTestCabinet();
  const { rows } = cabinet;
  shop = await rows.client();
  const stranger = await rows.client({ inn: '7707083893' });
  north = await rows.group(shop, 'north');
  const south = await rows.group(shop, 'south');
  kitchen = await rows.register(north);
  garage = await rows.register(south);
  const theirs = await rows.register(await rows.group(stranger, 'theirs'));
  await rows.done(kitchen, 11, { externalId: 'coffee', email: 'Anna@Mail.example' });
  await rows.done(kitchen, 12, {
    externalId: 'tea',
    items: [{ name: 'Чай листовой чёрный', sumKop: 5_000, priceKop: 5_000 }],
    email: '+7 (912) 345-67-89',
  });
  await rows.done(garage, 13, { externalId: 'oil', items: [{ name: 'Масло моторное', sumKop: 999_900 }] });
  await rows.failed(north, { externalId: 'refused' });
  await rows.queued(north, { externalId: 'waits' });
  await rows.held(garage, 'in_doubt', { externalId: 'doubt' });
  await rows.done(theirs, 11, { externalId: 'coffee-of-others', email: 'anna@mail.example' });
  owner = await cabinet.loggedIn(shop);
});
afterAll(() => cabinet?.stop());

describe('search of receipts', () => {
  it('finds by everything that a person knows', async () => {
    expect(await found({})).toEqual(['coffee', 'doubt', 'oil', 'refused', 'tea', 'waits']);
    expect(await found({ goods: 'ча' })).toEqual(['tea']);
    expect(await found({ goods: 'моторного масла' })).toEqual(['oil']);
    expect(await found({ goods: '!!! ???' })).toEqual([]);
    expect(await found({ contact: 'anna@mail.EXAMPLE' })).toEqual(['coffee']);
    expect(await found({ contact: '8 912 345 67 89' })).toEqual(['tea']);
    expect(await found({ payment: 'electronic', state: 'done' })).toEqual(['coffee', 'oil', 'tea']);
    expect(await found({ payment: 'cash' })).toEqual([]);
    expect(await found({ serial: garage.serial })).toEqual(['doubt', 'oil']);
    expect(await found({ group: 'south', state: 'done' })).toEqual(['oil']);
    expect(await found({ fn: kitchen.fnNumber, fd: 12 })).toEqual(['tea']);
    expect(await found({ fd: 13 })).toEqual(['oil']);
    expect(await found({ minKop: 5_000, maxKop: 5_000 })).toEqual(['tea']);
    expect(await found({ externalId: 'waits' })).toEqual(['waits']);
    expect(await found({ externalId: 'refused' })).toEqual(['refused']);
    expect(await found({ state: 'failed' })).toEqual(['refused']);
    expect(await found({ state: 'queued' })).toEqual(['waits']);
    expect(await found({ channel: 'compatible', state: 'done' })).toEqual(['coffee', 'oil', 'tea']);
    expect(await found({ channel: 'payments' })).toEqual([]);
    const [coffee] = await cabinet.database.query<{ fp: string }>(
      'select fiscal_sign as fp from documents where fn_number = $1 and fd_number = 11',
      [kitchen.fnNumber],
    );
    expect(await found({ fp: Number(coffee?.fp) })).toEqual(['coffee']);
  });

  it('finds what finished a moment ago, and goes page by page without a gap or a double', async () => {
    const client = await cabinet.rows.client();
    const agent = await cabinet.loggedIn(client);
    const registers = [
      await cabinet.rows.register(await cabinet.rows.group(client, 'pages-1')),
      await cabinet.rows.register(await cabinet.rows.group(client, 'pages-2')),
    ];
    const names: string[] = [];
    for (let index = 0; index < 60; index += 1) {
      const register = registers[index % 2];
      if (!register) continue;
      names.push(`p-${index}`);
      await cabinet.rows.done(register, 100 + index, { externalId: `p-${index}`, ageS: 59 - index * 0.5 });
    }
    const first = (await agent.get('/api/receipts').expect(200)).body as Page<ReceiptBrief>;
    const second = (await agent.get('/api/receipts').query({ after: first.next }).expect(200))
      .body as Page<ReceiptBrief>;
    expect([first.rows.length, second.rows.length, second.next]).toEqual([50, 10, null]);
    expect([...first.rows, ...second.rows].map(({ externalId }) => externalId)).toEqual(names.reverse());
    const words = (await agent.get('/api/receipts').query({ goods: 'кофе' }).expect(200))
      .body as Page<ReceiptBrief>;
    expect(words.rows).toEqual(first.rows);
  });

  it('keeps to a part of the tree, also by a node of it', async () => {
    const nodes = (await owner.get('/api/company').expect(200)).body.nodes as {
      id: string;
      groupId: number;
    }[];
    const node = nodes.find(({ groupId }) => groupId === north.id)?.id ?? '';
    expect(await found({ node })).toEqual(['coffee', 'refused', 'tea', 'waits']);
    const [foreign] = await cabinet.database.query<{ id: string }>(
      `select n.id from tree_nodes n join register_groups g on g.id = n.group_id where g.code = 'theirs'`,
    );
    expect(await found({ node: foreign?.id ?? '' })).toEqual([]);
  });

  it('keeps searches under names, each person his own', async () => {
    const { body } = await owner
      .post('/api/receipt-filters')
      .send({ name: 'Чай', query: 'goods=чай' })
      .expect(201);
    const twice = await owner.post('/api/receipt-filters').send({ name: 'Чай', query: '' }).expect(400);
    expect(Object.keys(twice.body.error.fields)).toEqual(['name']);
    const other = await cabinet.loggedIn(shop);
    expect((await other.get('/api/receipt-filters').expect(200)).body).toEqual([]);
    await other.delete(`/api/receipt-filters/${body.id}`).expect(404);
    await owner.delete(`/api/receipt-filters/${body.id}`).expect(204);
  });
});

describe('an export', () => {
  const write = async (format: string, agent = owner): Promise<{ id: string; file: Buffer }> => {
    const { body } = await agent
      .post('/api/exports')
      .send({ format, filter: { state: 'done' } })
      .expect(202);
    const runner = new ExportRunner(cabinet.database, silentLog);
    while (await runner.turn());
    const { body: state } = await agent.get(`/api/exports/${body.id}`).expect(200);
    expect(state as ReceiptExportView).toMatchObject({ state: 'done', rowsDone: 3, rowsTotal: 3 });
    const { body: file } = await agent.get(`/api/exports/${body.id}/file`).responseType('blob').expect(200);
    expect((file as Buffer).length).toBe(state.bytes);
    return { id: body.id as string, file: file as Buffer };
  };

  it('is a table that Russian spreadsheets read, for its owner only', async () => {
    const { id, file } = await write('csv');
    const lines = file.toString().split('\r\n');
    expect(lines[0]).toMatch(/^\ufeffПринят, МСК;/);
    expect(lines).toHaveLength(5);
    expect(file.toString()).toContain(';9999,00;');
    expect(file.toString()).toContain('Anna@Mail.example');
    const other = await cabinet.loggedIn(shop);
    await other.get(`/api/exports/${id}/file`).expect(404);
    await other.delete(`/api/exports/${id}`).expect(404);
    await owner.delete(`/api/exports/${id}`).expect(204);
    await owner.get(`/api/exports/${id}`).expect(404);
  });

  it('hides buyers from those who may not see them', async () => {
    const viewer = await cabinet.loggedIn(shop);
    await cabinet.database.query(
      `update client_people set role = 'viewer' from people where people.id = person_id and login = $1`,
      [viewer.login],
    );
    const { file } = await write('csv', viewer);
    expect(file.toString()).toContain('A***@Mail.example');
    expect(file.toString()).not.toContain('Anna@Mail.example');
  });

  it('is a sound XLSX file', async () => {
    const { file } = await write('xlsx');
    expect(file.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
    expect(file.subarray(-22, -18).toString('latin1')).toBe('PK\u0005\u0006');
  });
});
