import type { TestClient, TestGroup, TestRegister } from '@kkt/testing';
import type { ClientReceipt, DerivedPreview } from '@kkt/web-contract';
import { startTestCabinet, type TestCabinet } from '../test/test-cabinet';

type Agent = Awaited<ReturnType<TestCabinet['loggedIn']>>;

let cabinet: TestCabinet;
let shop: TestClient;
let group: TestGroup;
let register: TestRegister;
let owner: Agent;
let fd = 0;

const key = (): string => crypto.randomUUID();
const sold = (items?: { name?: string; priceKop: number; quantityMicro: number; sumKop: number }[]) =>
  cabinet.rows.done(register, ++fd, {
    items: items?.map((item) => ({ name: 'Товар', ...item })),
    callbackUrl: 'https://shop.example/cb',
  });
const receipt = async (id: string, agent = owner): Promise<ClientReceipt> =>
  (await agent.get(`/api/receipts/${id}`).expect(200)).body as ClientReceipt;
const plan = async (id: string, body: object): Promise<DerivedPreview> =>
  (await owner.post(`/api/receipts/${id}/derived/plan`).send(body).expect(200)).body as DerivedPreview;

beforeAll(async () => {
  cabinet = await startTestCabinet();
  shop = await cabinet.rows.client();
  group = await cabinet.rows.group(shop, 'north', { ffd: 4 });
  register = await cabinet.rows.register(group);
  owner = await cabinet.loggedIn(shop);
});
afterAll(() => cabinet?.stop());

describe('a refund made by hand', () => {
  it('takes back exactly what was paid, kopeck by kopeck, and never more', async () => {
    // Three pieces for 100,00: the last one takes the kopeck that the others left.
    const id = await sold([{ priceKop: 3_333, quantityMicro: 3_000_000, sumKop: 9_999 }]);
    const piece = { kind: 'refund', items: [{ position: 0, quantity: '1' }] };
    const first = await plan(id, piece);
    expect(first).toMatchObject({ ok: true, operation: 'sell_refund', totalKop: 3_333, leftKop: 6_666 });
    const once = { ...piece, key: key() };
    const { body: made } = await owner.post(`/api/receipts/${id}/derived`).send(once).expect(202);
    const again = await owner.post(`/api/receipts/${id}/derived`).send(once).expect(202);
    expect(again.body.id).toBe(made.id);
    expect(cabinet.woken).toContain(group.id);
    const rest = await plan(id, { kind: 'refund' });
    expect(rest).toMatchObject({ ok: true, totalKop: 6_666, leftKop: 0 });
    await owner.post(`/api/receipts/${id}/derived`).send({ kind: 'refund', key: key() }).expect(202);
    expect(await plan(id, { kind: 'refund' })).toMatchObject({
      ok: false,
      problems: [{ text: 'Возвращать нечего: всё уже возвращено' }],
    });
    const refused = await owner.post(`/api/receipts/${id}/derived`).send({ kind: 'refund', key: key() });
    expect([refused.status, refused.body.error.code]).toEqual([400, 'CLIENT-RECEIPT']);
    const view = await receipt(id);
    expect(view.returnedKop).toBe(9_999);
    expect(view.linked.map(({ link, totalKop }) => [link, totalKop])).toEqual([
      ['refund', 3_333],
      ['refund', 6_666],
    ]);
    expect((await receipt(made.id as string)).linked).toMatchObject([{ id, link: 'original' }]);
    const stored = await cabinet.database.query<{ api: string; external_id: string; state: string }>(
      'select api, external_id, state from receipts where id = $1',
      [made.id],
    );
    expect(stored).toEqual([{ api: 'v1', external_id: `cabinet:${once.key}`, state: 'queued' }]);
  });

  it('lets two people at once take no piece twice', async () => {
    const id = await sold([{ priceKop: 5_000, quantityMicro: 1_000_000, sumKop: 5_000 }]);
    const replies = await Promise.all(
      [key(), key(), key()].map((one) =>
        owner
          .post(`/api/receipts/${id}/derived`)
          .send({ kind: 'refund', key: one })
          .then(({ status }) => status),
      ),
    );
    expect(replies.sort()).toEqual([202, 400, 400]);
  });
});

describe('a correction made by hand', () => {
  it('undoes a receipt whole, or registers it as it should have been', async () => {
    const id = await sold([{ priceKop: 12_000, quantityMicro: 1_000_000, sumKop: 12_000 }]);
    expect(await plan(id, { kind: 'undo' })).toMatchObject({
      ok: true,
      operation: 'sell_refund_correction',
      totalKop: 12_000,
      leftKop: null,
    });
    const right = {
      kind: 'redo',
      payment: 'cashKop',
      right: [{ position: 0, price: '100.50', quantity: '2', vat: 'none' }],
      basis: { type: 1, date: '2026-11-20', number: 'П-17' },
    };
    expect(await plan(id, right)).toMatchObject({
      ok: true,
      operation: 'sell_correction',
      totalKop: 20_100,
      payments: { cashKop: 20_100, ecashKop: 0 },
    });
    await owner
      .post(`/api/receipts/${id}/derived`)
      .send({ ...right, key: key() })
      .expect(202);
    const wrong = await owner
      .post(`/api/receipts/${id}/derived/plan`)
      .send({ kind: 'redo', right: [{ position: 9, price: '1.005' }] })
      .expect(400);
    expect(Object.keys(wrong.body.error.fields)).toEqual(['right.0.price']);
  });
});

describe('a receipt’s page', () => {
  it('gives the printed form, the data, and the buyer’s link', async () => {
    const id = await sold();
    const pdf = await owner.get(`/api/receipts/${id}/receipt.pdf`).buffer().expect(200);
    expect(pdf.headers['content-type']).toBe('application/pdf');
    const json = await owner.get(`/api/receipts/${id}/receipt.json`).expect(200);
    expect(json.headers['content-disposition']).toContain(`receipt-${id}.json`);
    expect((await receipt(id)).shareUrl).toMatch(/^https:\/\/api\.farm\.example\/r\/[\w-]{24}$/);
    await cabinet.rows.openShiftReport(register, ++fd, 10);
    const report = await owner.get(`/api/documents/${register.fnNumber}/${fd}/document.pdf`).expect(200);
    expect(report.headers['content-type']).toBe('application/pdf');
  });

  it('writes to the buyer again, also to another address', async () => {
    const id = await sold();
    const letters = async () =>
      (
        await cabinet.database.query<{ address: string }>(
          `select address from notifications where kind = 'buyer_receipt' order by id`,
        )
      ).map(({ address }) => address);
    await owner.post(`/api/receipts/${id}/resend`).send({}).expect(202);
    await owner.post(`/api/receipts/${id}/resend`).send({}).expect(429);
    const other = await sold();
    await owner.post(`/api/receipts/${other}/resend`).send({ contact: 'other@mail.example' }).expect(202);
    await owner.post(`/api/receipts/${id}/resend`).send({ contact: 'nowhere' }).expect(400);
    expect(await letters()).toEqual(['ivanov@mail.example', 'other@mail.example']);
  });

  it('tells the shop again', async () => {
    const id = await sold();
    await owner.post(`/api/receipts/${id}/callback/replay`).send({}).expect(202);
    expect((await receipt(id)).callback).toMatchObject({ state: 'pending', attempts: 0 });
  });

  it('lets nobody make receipts who may only read them', async () => {
    const id = await sold();
    const viewer = await cabinet.loggedIn(shop);
    await cabinet.database.query(
      `update client_people set role = 'viewer' from people where people.id = person_id and login = $1`,
      [viewer.login],
    );
    await viewer.post(`/api/receipts/${id}/derived`).send({ kind: 'refund', key: key() }).expect(403);
    await viewer.post(`/api/receipts/${id}/resend`).send({}).expect(403);
    await viewer.post(`/api/receipts/${id}/callback/replay`).send({}).expect(404);
    const stranger = await cabinet.loggedIn(await cabinet.rows.client());
    await stranger.post(`/api/receipts/${id}/derived`).send({ kind: 'refund', key: key() }).expect(404);
    await stranger.get(`/api/receipts/${id}/receipt.pdf`).expect(404);
  });
});
