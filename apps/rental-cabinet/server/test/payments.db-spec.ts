import { silentLog, systemClock, systemIds } from '@kkt/contracts';
import { createPayments } from '@kkt/payments';
import { PaymentConnectionStore } from '@kkt/storage';
import type { ApiKeyView, PaymentsView, RequestLogRow } from '@kkt/web-contract';
import { PaymentEmulator, type EmulatedCallback } from '../../../../hardware/payment-emulator/src';
import { startTestCabinet, type TestCabinet } from './test-cabinet';

type Agent = Awaited<ReturnType<TestCabinet['loggedIn']>>;

const emulator = new PaymentEmulator();
let cabinet: TestCabinet;
let owner: Agent;
let door: ReturnType<typeof createPayments>;

const paypal = { clientId: 'emu-client', clientSecret: 'emu-secret', webhookId: '1JE4291016473214C' };
const item = {
  name: 'Заказ на сайте',
  vat: 'none',
  method: 4,
  subject: 1,
  taxSystem: 'osn',
  contact: 'kassa@shop.example',
};
const settings = { mode: 'test', partialRefund: 'split', itemWithoutOrder: item };

const view = async (): Promise<PaymentsView> =>
  (await owner.get('/api/payments').expect(200)).body as PaymentsView;

/** Delivers a callback as the payments' door does: judged, stored, applied. */
async function deliver(connectionId: string, callback: EmulatedCallback): Promise<number> {
  const row = await new PaymentConnectionStore(cabinet.database).byId(connectionId);
  if (!row) throw new Error('no connection');
  const taken = await door.desk.take(row, {
    method: callback.method,
    raw: Buffer.from(callback.body),
    query: '',
    headers: callback.headers,
    address: '127.0.0.1',
  });
  if (taken.eventId !== undefined) await door.desk.applyDue(1, taken.eventId);
  return taken.ack.status;
}

const receipts = () =>
  cabinet.database.query<{ operation: string; total: number; name: string }>(
    `select operation, total_kop::float8 as total, content #>> '{items,0,name}' as name from receipts order by queue_no`,
  );

beforeAll(async () => {
  const paymentEmulatorUrl = await emulator.start();
  cabinet = await startTestCabinet({ paymentEmulatorUrl });
  const shop = await cabinet.rows.client();
  await cabinet.rows.group(shop, 'north', { ffd: 4 });
  owner = await cabinet.loggedIn(shop);
  door = createPayments({
    database: cabinet.database,
    secretKey: Buffer.alloc(32, 7),
    clock: systemClock,
    ids: systemIds,
    log: silentLog,
    wakeGroup: () => undefined,
    emulatorUrl: paymentEmulatorUrl,
  });
});
afterAll(async () => {
  await cabinet?.stop();
  await emulator.stop();
});

describe('PayPal, set up in the cabinet alone', () => {
  let id: string;

  it('is connected with secrets that are never shown again, and checked', async () => {
    const body = { provider: 'paypal', group: 'north', name: 'PayPal', secrets: paypal, settings };
    const missing = await owner
      .post('/api/payments/connections')
      .send({ ...body, secrets: { ...paypal, webhookId: '' } })
      .expect(400);
    expect(Object.keys(missing.body.error.fields)).toEqual(['secrets.webhookId']);
    await owner
      .post('/api/payments/connections')
      .send({ ...body, group: 'nowhere' })
      .expect(400);
    id = (await owner.post('/api/payments/connections').send(body).expect(201)).body.id as string;
    const shown = await view();
    expect(shown.connections).toMatchObject([
      { id, state: 'active', canReconcile: true, itemWithoutOrder: { name: item.name } },
    ]);
    expect(shown.connections[0]?.callbackUrl).toMatch(
      /^https:\/\/api\.farm\.example\/cb\/paypal\/[\w-]{32}$/,
    );
    expect(JSON.stringify(shown)).not.toContain(paypal.clientSecret);
    const { body: check } = await owner.post(`/api/payments/connections/${id}/check`).send({}).expect(200);
    expect(check).toMatchObject({ ok: true });
  });

  it('gives one receipt for a payment and one for its refund, however often each is told', async () => {
    const payment = emulator.pay('paypal', 'W-1', 123_456);
    for (let times = 0; times < 3; times += 1)
      expect(await deliver(id, emulator.callback(payment))).toBe(200);
    expect(await receipts()).toEqual([{ operation: 'sell', total: 123_456, name: item.name }]);
    emulator.refund(payment, 123_456);
    for (let times = 0; times < 3; times += 1)
      expect(await deliver(id, emulator.callback(payment, 'refunded'))).toBe(200);
    expect(await receipts()).toEqual([
      { operation: 'sell', total: 123_456, name: item.name },
      { operation: 'sell_refund', total: 123_456, name: item.name },
    ]);
    const shown = await view();
    expect(shown.latest).toMatchObject([{ orderNo: 'W-1', incomeKop: 123_456, returnedKop: 123_456 }]);
  });

  it('takes back the same item after the settings changed, and believes no stranger', async () => {
    const payment = emulator.pay('paypal', 'W-2', 50_000);
    await deliver(id, emulator.callback(payment));
    await owner
      .put(`/api/payments/connections/${id}`)
      .send({ settings: { mode: 'test', partialRefund: 'split' } })
      .expect(204);
    emulator.refund(payment, 20_000);
    await deliver(id, emulator.callback(payment, 'refunded'));
    expect((await receipts()).at(-1)).toEqual({ operation: 'sell_refund', total: 20_000, name: item.name });
    const forged = emulator.callback(emulator.pay('paypal', 'W-3', 100));
    forged.headers['paypal-transmission-id'] = 'another';
    expect(await deliver(id, forged)).toBe(401);
    const { body: events } = await owner.get('/api/payments/events').query({ connection: id }).expect(200);
    expect(events[0]).toMatchObject({ state: 'rejected', verdict: 'bad-signature' });
  });

  it('leaves a payment without an order to a person when nothing is said of its item', async () => {
    const payment = emulator.pay('paypal', 'W-4', 7_700);
    const before = (await receipts()).length;
    await deliver(id, emulator.callback(payment));
    expect(await receipts()).toHaveLength(before);
    const [parked] = (await view()).parked;
    expect(parked).toMatchObject({ orderNo: 'W-4', parkReason: 'unknown-order' });
    await owner
      .post(`/api/payments/${parked?.id}/dismiss`)
      .send({ reason: 'чек выдан на кассе' })
      .expect(204);
    expect((await view()).parked).toEqual([]);
    const stranger = await cabinet.loggedIn(await cabinet.rows.client());
    await stranger.post(`/api/payments/${parked?.id}/retry`).send({}).expect(404);
    await stranger.put(`/api/payments/connections/${id}`).send({ name: 'x' }).expect(404);
  });
});

describe('keys of the own API', () => {
  it('are made, rotated and revoked; their text is told once', async () => {
    const body = { name: 'Сайт', scopes: ['receipt:write', 'receipt:read'], group: 'north' };
    const { body: made } = await owner.post('/api/keys').send(body).expect(201);
    expect(made.key).toMatch(/^fk_live_[0-9a-z]{8}_/);
    const { body: next } = await owner
      .post(`/api/keys/${made.id}/rotate`)
      .send({ oldLivesHours: 24 })
      .expect(201);
    const full = await owner.post('/api/keys').send(body).expect(400);
    expect(Object.keys(full.body.error.fields)).toEqual(['name']);
    await owner.delete(`/api/keys/${made.id}`).expect(204);
    await owner.delete(`/api/keys/${made.id}`).expect(404);
    const { body: keys } = await owner.get('/api/keys').expect(200);
    expect((keys as ApiKeyView[]).map(({ id, revokedAt }) => [id, revokedAt === null])).toEqual([
      [next.id, true],
      [made.id, false],
    ]);
    expect(JSON.stringify(keys)).not.toContain((made.key as string).slice(20));
    const wrong = await owner
      .post('/api/keys')
      .send({ name: '', scopes: ['all'] })
      .expect(400);
    expect(Object.keys(wrong.body.error.fields).sort()).toEqual(['name', 'scopes']);
  });
});

describe('callbacks and refusals', () => {
  it('show the secret, change it, and keep a log', async () => {
    const { body: secret } = await owner.get('/api/callbacks/secret').expect(200);
    const { body: next } = await owner
      .post('/api/callbacks/secret/rotate')
      .send({ previousLivesHours: 24 })
      .expect(200);
    expect(next.secrets).toEqual([expect.stringMatching(/^whsec_/), secret.secrets[0]]);
    expect((await owner.get('/api/callbacks').expect(200)).body).toEqual([]);
  });

  it('name the field of a refusal, stored or turned away at the door', async () => {
    const [group] = await cabinet.database.query<{ id: number }>(
      `select id from register_groups where code = 'north'`,
    );
    await cabinet.database.query(
      `insert into intake_refusals (group_id, minute, code, receipts, text)
       values ($1, date_trunc('minute', farm_now()), 32, 4, 'receipt.items[0].sum: сумма не сходится')`,
      [group?.id],
    );
    const { body } = await owner.get('/api/requests').expect(200);
    expect(body as RequestLogRow[]).toMatchObject([
      { field: 'receipt.items[0].sum', times: 4, receiptId: null },
    ]);
    await cabinet.database.query(
      `insert into intake_refusals (client_id, minute, code, field, receipts, text)
       select client_id, date_trunc('minute', farm_now()) + interval '1 minute', 422, '/group', 2, 'Такой группы нет'
       from register_groups where id = $1`,
      [group?.id],
    );
    const { body: own } = await owner.get('/api/requests').expect(200);
    expect((own as RequestLogRow[])[0]).toMatchObject({
      code: 422,
      groupCode: null,
      field: '/group',
      times: 2,
    });
  });

  it('let settings of a group be changed by those who may', async () => {
    await owner
      .put('/api/groups/north/settings')
      .send({ senderEmail: 'a@b.example', buyerLetters: true })
      .expect(204);
    expect((await owner.get('/api/groups/north/settings').expect(200)).body).toEqual({
      senderEmail: 'a@b.example',
      buyerLetters: true,
    });
    await owner.put('/api/groups/nowhere/settings').send({ buyerLetters: true }).expect(404);
  });
});
