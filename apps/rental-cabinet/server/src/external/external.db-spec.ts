import { silentLog, systemClock, systemIds } from '@kkt/contracts';
import { ExternalWatch, loadFnModels } from '@kkt/fn-desk';
import type { TestClient } from '@kkt/testing';
import type { ExternalRegisterPage, ExternalRegistersView } from '@kkt/web-contract';
import { startTestCabinet, type TestCabinet } from '../../test/test-cabinet';

jest.setTimeout(60_000);

let cabinet: TestCabinet;
let client: TestClient;
type Agent = Awaited<ReturnType<TestCabinet['loggedIn']>>;
let owner: Agent;
let id: string;

const fn = '9999078900001234';
const facts = (more: object = {}) => ({
  nodeId: null,
  name: 'Касса у входа',
  model: 'АТОЛ 30Ф',
  serial: '00106900000999',
  rnm: null,
  address: 'г. Москва, ул. Лесная, д. 1',
  fnNumber: fn,
  fnValidUntil: '2027-01-26',
  operatorName: 'ПК ОФД',
  operatorPaidUntil: null,
  note: '',
  ...more,
});

beforeAll(async () => {
  cabinet = await startTestCabinet();
  client = await cabinet.rows.client();
  owner = await cabinet.loggedIn(client);
});
afterAll(() => cabinet?.stop());

const list = async (agent: Agent) =>
  (await agent.get('/api/external-registers').expect(200)).body as ExternalRegistersView;

it('is listed by what its owner says, once by serial number, with an RNM that is his', async () => {
  const wrong = await owner
    .post('/api/external-registers')
    .send(facts({ rnm: '0000000000000001' }))
    .expect(400);
  expect(Object.keys(wrong.body.error.fields)).toEqual(['rnm']);
  id = (await owner.post('/api/external-registers').send(facts()).expect(201)).body.id as string;
  const again = await owner.post('/api/external-registers').send(facts()).expect(400);
  expect(Object.keys(again.body.error.fields)).toEqual(['serial']);
  await owner
    .put(`/api/external-registers/${id}`)
    .send(facts({ name: 'Касса в зале' }))
    .expect(204);
  expect((await list(owner)).registers).toMatchObject([
    { id, name: 'Касса в зале', fnValidUntil: '2027-01-26', documents: 0, mayChange: true },
  ]);
});

it('takes documents typed in or imported, tells bad lines, counts nothing twice', async () => {
  const send = async (text: string) =>
    (await owner.post(`/api/external-registers/${id}/documents`).send({ text }).expect(200)).body;
  const text =
    'ФД;ФП;дата;сумма;признак\n1;11;27.11.2026 10:00;100,50;приход\n2;12;27.11.2026 11:00;0,50;возврат прихода\nx;1;1;1;';
  expect(await send(text)).toMatchObject({ added: 2, changed: 0, problems: [{ line: 4 }] });
  expect(await send(text)).toMatchObject({ added: 0, changed: 2 });
  expect(await send(`t=20261127T1205&s=7.00&fn=${fn}&i=3&fp=13&n=1`)).toMatchObject({ added: 1 });
  const path = `/api/external-registers/${id}`;
  const page = (await owner.get(path).expect(200)).body as ExternalRegisterPage;
  expect(page.totals).toEqual([
    { sign: 1, documents: 2, totalKop: 10_750 },
    { sign: 2, documents: 1, totalKop: 50 },
  ]);
  expect(page.documents.map(({ fdNumber }) => fdNumber)).toEqual([3, 2, 1]);
  await owner.delete(`${path}/documents/${fn}/3`).expect(204);
  await owner.delete(`${path}/documents/${fn}/3`).expect(404);
  const many = Array.from(
    { length: 5_000 },
    (_, n) => `${n + 10};${n};27.11.2026 10:00;1,00;возврат прихода`,
  ).join('\n');
  expect(await send(`ФД;ФП;дата;сумма;признак\n${many}`)).toMatchObject({ added: 5_000, problems: [] });
});

it('warns its owner before its FN ends, each threshold once, and after the end', async () => {
  const watch = new ExternalWatch({
    database: cabinet.database,
    clock: systemClock,
    ids: systemIds,
    log: silentLog,
    models: loadFnModels(),
  });
  const told = () =>
    cabinet.database.query<{ subject: string }>(
      `select subject from notifications where kind like 'fn.external-%' and client_id = $1 order by id`,
      [client.id],
    );
  expect(await watch.look('2026-11-20')).toBe(0);
  expect([await watch.look('2026-11-27'), await watch.look('2026-11-28')]).toEqual([1, 0]);
  expect([await watch.look('2026-12-27'), await watch.look('2027-01-27')]).toEqual([1, 1]);
  expect((await told()).map(({ subject }) => subject)).toEqual([
    'ФН кассы «Касса в зале» закончится через 60 дней',
    'ФН кассы «Касса в зале» закончится через 30 дней',
    'Срок ФН кассы «Касса в зале» прошёл',
  ]);
});

it('is put away, and is nobody else’s', async () => {
  const stranger = await cabinet.loggedIn(await cabinet.rows.client({ inn: '7702203276' }));
  for (const method of ['get', 'delete'] as const)
    await stranger[method](`/api/external-registers/${id}`).expect(404);
  await owner.delete(`/api/external-registers/${id}`).expect(204);
  expect((await list(owner)).registers).toEqual([]);
  expect(
    await new ExternalWatch({
      database: cabinet.database,
      clock: systemClock,
      ids: systemIds,
      log: silentLog,
      models: loadFnModels(),
    }).look('2027-01-20'),
  ).toBe(0);
});
