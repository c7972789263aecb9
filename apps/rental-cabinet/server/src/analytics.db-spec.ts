import { systemIds } from '@kkt/contracts';
import { ReportMail } from '@kkt/sales';
import type { TestClient } from '@kkt/testing';
import type { AnalyticsView, ReportView } from '@kkt/web-contract';
import { startTestCabinet, type TestCabinet } from '../test/test-cabinet';

type Agent = Awaited<ReturnType<TestCabinet['loggedIn']>>;

let cabinet: TestCabinet;
let shop: TestClient;
let owner: Agent;
const dayOf = (agoS: number): string =>
  new Date(Date.now() - agoS * 1000 + 3 * 3_600_000).toISOString().slice(0, 10);
const dayS = 86_400;

beforeAll(async () => {
  cabinet = await startTestCabinet();
  const { rows } = cabinet;
  shop = await rows.client();
  const north = await rows.register(await rows.group(shop, 'north'));
  const south = await rows.register(await rows.group(shop, 'south'));
  const theirs = await rows.register(await rows.group(await rows.client({ inn: '7707083893' }), 'theirs'));
  owner = await cabinet.loggedIn(shop);
  const tea = { name: 'Чай', sumKop: 10_000, priceKop: 10_000, quantityMicro: 1_000_000 };
  const coffee = { name: 'Кофе', sumKop: 30_000, priceKop: 15_000, quantityMicro: 2_000_000 };
  await rows.done(north, 1, { items: [tea, coffee], ageS: 60 });
  await rows.done(north, 2, { items: [tea], ageS: 60 });
  await rows.done(south, 3, { items: [coffee], ageS: 60 });
  await rows.done(north, 4, { items: [tea], sign: 2, ageS: 60 });
  await rows.done(north, 5, { items: [tea], ageS: 3 * dayS });
  await rows.failed(south.group, { ageS: 60 });
  await rows.done(theirs, 1, { items: [coffee] });
  const { body } = await owner.get('/api/company').expect(200);
  const nodes = body.nodes as { id: string; kind: string; groupId: number | null }[];
  const root = nodes.find(({ kind }) => kind === 'company')?.id;
  const made = await owner
    .post('/api/company/nodes')
    .send({ parentId: root, kind: 'shop', name: 'Арбат' })
    .expect(201);
  const node = nodes.find(({ groupId }) => groupId === north.group.id)?.id;
  await owner.put(`/api/company/nodes/${node}/parent`).send({ parentId: made.body.id }).expect(204);
});
afterAll(() => cabinet?.stop());

const today = () => ({ from: dayOf(60), to: dayOf(60) });

describe('analytics', () => {
  it('tells sums, parts, goods and the hours of the week, and compares with the days before', async () => {
    const query = { from: dayOf(dayS + 60), to: dayOf(60), by: 'day' };
    const { body } = await owner.get('/api/analytics').query(query).expect(200);
    const view = body as AnalyticsView;
    expect(view.figures).toMatchObject({
      receipts: 3,
      incomeKop: 80_000,
      returnsKop: 10_000,
      revenueKop: 70_000,
      averageKop: 26_667,
      failed: 1,
    });
    expect(view.figuresBefore).toMatchObject({ receipts: 1, revenueKop: 10_000 });
    expect(view.series.reduce((sum, { revenueKop }) => sum + revenueKop, 0)).toBe(70_000);
    expect(view.byShop.map(({ key, revenueKop }) => [key, revenueKop])).toEqual([
      ['Арбат', 40_000],
      ['', 30_000],
    ]);
    expect(view.byChannel).toMatchObject([{ key: 'compatible', receipts: 3 }]);
    expect(view.goods.map(({ name, soldKop, returnedKop }) => [name, soldKop, returnedKop])).toEqual([
      ['Кофе', 60_000, 0],
      ['Чай', 20_000, 10_000],
    ]);
    expect(view.heat.reduce((sum, { receipts }) => sum + receipts, 0)).toBe(3);
    expect(view.forecast).toEqual([]);
  });

  it('sums the same when facts are taken again', async () => {
    await cabinet.database.query(`update receipt_facts_cursor set finished_at = '-infinity'`);
    const { body } = await owner
      .get('/api/analytics/report')
      .query({ ...today(), rows: 'goods', measures: 'revenue' })
      .expect(200);
    expect((body as ReportView).lines.map(({ key, figures }) => [key, figures.incomeKop])).toEqual([
      ['Кофе', 60_000],
      ['Чай', 20_000],
    ]);
  });

  it('builds reports and files of them', async () => {
    const query = { ...today(), rows: 'group', measures: 'revenue,receipts,average' };
    const { body } = await owner.get('/api/analytics/report').query(query).expect(200);
    expect((body as ReportView).lines.map(({ key }) => key)).toEqual(['north', 'south']);
    const { text } = await owner
      .get('/api/analytics/report/file')
      .query({ ...query, format: 'csv' })
      .expect(200);
    expect(text.split('\r\n').slice(0, 4)).toEqual([
      '\ufeffГруппа касс;Выручка, ₽;Чеков;Средний чек, ₽',
      'north;400,00;2;250,00',
      'south;300,00;1;300,00',
      'Итого;700,00;3;266,67',
    ]);
    await owner
      .get('/api/analytics/report/file')
      .query({ ...query, format: 'xlsx' })
      .expect(200);
    const wrong = await owner
      .get('/api/analytics/report')
      .query({ ...query, measures: 'all', rows: 'x' })
      .expect(400);
    expect(Object.keys(wrong.body.error.fields).sort()).toEqual(['measures', 'rows']);
    await owner.get('/api/analytics').query({ from: '2020-01-01', to: '2026-01-01', by: 'day' }).expect(400);
  });

  it('mails a report by itself, with what its reader may see then', async () => {
    const body = {
      name: 'По группам',
      every: 'day',
      email: 'boss@shop.example',
      spec: { rows: 'group', measures: ['revenue'] },
    };
    const { id } = (await owner.post('/api/analytics/schedules').send(body).expect(201)).body as {
      id: string;
    };
    const mail = new ReportMail(cabinet.database, systemIds, () => Date.now() + dayS * 1000);
    expect(await mail.turn()).toBe(false);
    await owner.post(`/api/analytics/schedules/${id}/send`).send({}).expect(202);
    expect(await mail.turn()).toBe(true);
    expect(await mail.turn()).toBe(false);
    const [letter] = await cabinet.database.query<{ subject: string; file: Buffer }>(
      `select n.subject, f.bytes as file from notifications n
       join notification_files f on f.id = (n.attachments -> 0 ->> 'fileId')::uuid where address = 'boss@shop.example'`,
    );
    expect(letter?.subject).toContain('По группам');
    expect(letter?.file.toString()).toContain('Итого;700,00');
    const other = await cabinet.loggedIn(shop);
    await other.delete(`/api/analytics/schedules/${id}`).expect(404);
    await owner.delete(`/api/analytics/schedules/${id}`).expect(204);
  });

  it('is kept from those whose business it is not', async () => {
    const developer = await cabinet.loggedIn(shop);
    await cabinet.database.query(
      `update client_people set role = 'developer' from people where people.id = person_id and login = $1`,
      [developer.login],
    );
    await developer
      .get('/api/analytics')
      .query({ ...today(), by: 'day' })
      .expect(403);
    await developer
      .get('/api/analytics/report')
      .query({ ...today(), rows: 'day', measures: 'revenue' })
      .expect(403);
    await developer.get('/api/analytics/schedules').expect(403);
  });
});
