import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import { type ReceiptContent, silentLog, systemClock, systemIds } from '@kkt/contracts';
import { createPayments, type Payments } from '@kkt/payments';
import {
  accounts,
  type EmulatedCallback,
  type EmulatedPayment,
  type EmulatedProvider,
  emulatedProviders,
  PaymentEmulator,
  stripeSigned,
} from '../../../hardware/payment-emulator/src';
import { createReceiptApi, type ReceiptApi } from '../src/create-receipt-api';
import { defaultSettings } from '../src/settings';
import request, { type Response } from 'supertest';
import { checkAnswer } from './answer-check';
import { Caller as OwnCaller, makeKey } from './own-api';
import { clientId, createWorld, otherClientId, type World } from './world';

const secretKey = Buffer.alloc(32, 9);
const emulator = new PaymentEmulator();
let world: World;
let api: ReceiptApi;
let shop: Caller;
let base: string;
let worker: Payments;
const woken: number[] = [];
const connections = new Map<string, { id: string; url: string }>();

interface Receipt {
  operation: string;
  total: number;
  content: ReceiptContent;
  external_id: string;
}

class Caller extends OwnCaller {
  put(path: string, body: object): Promise<Response> {
    return this.changed('put', path, body);
  }

  patch(path: string, body: object): Promise<Response> {
    return this.changed('patch', path, body);
  }

  private async changed(method: 'put' | 'patch', path: string, body: object): Promise<Response> {
    const answer = await request(this.server)
      [method](path)
      .set('authorization', `Bearer ${this.key}`)
      .send(body);
    checkAnswer(method, path, answer);
    return answer;
  }
}

let last = 0;
const freshOrder = (): string => `A-${++last}`;

const item = (changes: object = {}) => ({
  name: 'Чай',
  price: '100.00',
  quantity: '3',
  payment_method: 'full_prepayment',
  payment_object: 'commodity',
  measure: 0,
  vat: { type: 'vat22' },
  ...changes,
});

const order = (changes: object = {}) => ({
  group: 'g5',
  client: { email: 'buyer@example.com' },
  company: { sno: 'osn' },
  items: [item(), item({ name: 'Кофе', price: '690.00', quantity: '1' })],
  total: '990.00',
  ...changes,
});
const totalKop = 99_000;

const putOrder = (orderNo: string, body: object = order()) =>
  shop.put(`/v1/payments/orders/${encodeURIComponent(orderNo)}`, body);

async function connect(
  provider: EmulatedProvider,
  settings: object = {},
): Promise<{ id: string; url: string }> {
  const made = await shop.post('/v1/payments/connections', {
    provider,
    group: 'g5',
    name: provider,
    secrets: accounts[provider],
    settings: { mode: 'test', addresses: ['127.0.0.1'], ...settings },
  });
  expect([made.status, made.body]).toEqual([201, expect.objectContaining({ provider, state: 'active' })]);
  const { id, callback_url } = made.body as { id: string; callback_url: string };
  return { id, url: callback_url.replace('https://farm.example', base) };
}

async function send(url: string, callback: EmulatedCallback): Promise<{ status: number; body: string }> {
  const answer = await fetch(url + callback.suffix, {
    method: callback.method,
    headers: callback.headers,
    ...(callback.method === 'POST' && { body: callback.body }),
  });
  return { status: answer.status, body: await answer.text() };
}

const urlOf = (provider: string): string => connections.get(provider)?.url ?? '';

/** Sends the callback of a payment to its provider's connection and waits until it is applied. */
async function tell(payment: EmulatedPayment, what: 'paid' | 'refunded' = 'paid') {
  const answer = await send(urlOf(payment.provider), emulator.callback(payment, what));
  await settled();
  return answer;
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) {
    const rows = await world.database.query(
      `select 1 from payment_events where state = 'new' and attempts = 0 limit 1`,
    );
    if (rows.length === 0) break;
    await new Promise((go) => setTimeout(go, 10));
  }
  // What is under way holds its event, then its payment.
  for (let turn = 0; turn < 200; turn += 1) {
    const rows = await world.database.query(
      `select 1 from payment_events where state = 'new' and note is null limit 1`,
    );
    if (rows.length === 0) return;
    await new Promise((go) => setTimeout(go, 10));
  }
  throw new Error('events are still under way');
}

const receiptsOf = (payment: Pick<EmulatedPayment, 'id'>): Promise<Receipt[]> =>
  world.database.query<Receipt>(
    `select r.operation, r.total_kop::float8 as total, r.content, r.external_id
     from payments p join payment_receipts b on b.payment_id = p.id join receipts r on r.id = b.receipt_id
     where p.provider_payment_id = $1 order by r.queue_no`,
    [payment.id],
  );

const briefly = async (payment: Pick<EmulatedPayment, 'id'>): Promise<[string, number][]> =>
  (await receiptsOf(payment)).map(({ operation, total }) => [operation, total]);

const paymentOf = async (payment: Pick<EmulatedPayment, 'id'>) =>
  (
    await world.database.query<{ id: string; park_reason: string | null; waits_for_payment: boolean }>(
      'select id, park_reason, waits_for_payment from payments where provider_payment_id = $1',
      [payment.id],
    )
  )[0];

const eventsOf = (connectionId: string, state: string) =>
  world.database.query<{ verdict: string; note: string | null; times: number }>(
    'select verdict, note, times from payment_events where connection_id = $1 and state = $2 order by id',
    [connectionId, state],
  );

const receiptCount = async (): Promise<number> =>
  Number((await world.database.query<{ n: string }>('select count(*) as n from receipts'))[0]?.n);

beforeAll(async () => {
  world = await createWorld();
  const emulatorUrl = await emulator.start();
  api = await createReceiptApi({
    database: world.database,
    wakeBus: { wake: () => Promise.resolve() },
    clock: systemClock,
    ids: systemIds,
    log: silentLog,
    settings: defaultSettings,
    payments: { secretKey, emulatorUrl, publicBaseUrl: 'https://farm.example' },
  });
  await api.app.listen(0, '127.0.0.1');
  const server = api.app.getHttpServer();
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  shop = new Caller(server, await makeKey(world));
  worker = createPayments({
    database: world.database,
    secretKey,
    clock: systemClock,
    ids: systemIds,
    log: silentLog,
    wakeGroup: (id) => woken.push(id),
    emulatorUrl,
  });
  for (const provider of emulatedProviders)
    connections.set(
      provider,
      await connect(provider, provider === 'tbank' ? { amount_is_what_is_left: true } : {}),
    );
});

afterAll(async () => {
  await api.stop();
  await emulator.stop();
  await world.close();
});

describe.each(emulatedProviders)('%s', (provider) => {
  const tellsRefunds = provider !== 'robokassa';

  it('a payment makes one income receipt of the registered order, repeats make none', async () => {
    const orderNo = freshOrder();
    expect((await putOrder(orderNo)).status).toBe(200);
    const payment = emulator.pay(provider, orderNo, totalKop);
    const callback = emulator.callback(payment);
    const answers = [];
    for (let time = 0; time < 3; time += 1) answers.push(await send(urlOf(provider), callback));
    await settled();
    const acks: Partial<Record<EmulatedProvider, string>> = {
      tbank: 'OK',
      cloudpayments: '{"code":0}',
      robokassa: `OK${payment.id}`,
    };
    for (const answer of answers) expect(answer).toEqual({ status: 200, body: acks[provider] ?? '' });
    // The same payment in other bytes: another event, a resend, a replay at another time.
    await tell(payment);
    expect(await briefly(payment)).toEqual([['sell', totalKop]]);
    const [receipt] = await receiptsOf(payment);
    expect(receipt?.content).toMatchObject({
      sign: 1,
      client: { email: 'buyer@example.com' },
      payments: { ecashKop: totalKop, cashKop: 0 },
      items: [
        { name: 'Чай', priceKop: 10_000, quantityMicro: 3_000_000, method: 1, vat: 11 },
        { name: 'Кофе', sumKop: 69_000 },
      ],
    });
    expect(receipt?.external_id).toBe(
      `pay:${connections.get(provider)?.id}:${payment.id}:income:0-${totalKop}`,
    );
  });

  it('one payment told many times at once makes one receipt', async () => {
    const orderNo = freshOrder();
    await putOrder(orderNo);
    const payment = emulator.pay(provider, orderNo, totalKop);
    const told = Array.from({ length: 12 }, (_, n) => (n % 3 === 0 ? emulator.callback(payment) : undefined));
    const first = emulator.callback(payment);
    await Promise.all(told.map((callback) => send(urlOf(provider), callback ?? first)));
    await Promise.all([worker.reconciler.sweep(), worker.reconciler.sweep()]);
    await settled();
    expect(await briefly(payment)).toEqual([['sell', totalKop]]);
  });

  it('an altered callback makes no receipt and leaves a row', async () => {
    const orderNo = freshOrder();
    await putOrder(orderNo);
    const payment = emulator.pay(provider, orderNo, totalKop);
    const callback = emulator.callback(payment);
    const id = connections.get(provider)?.id ?? '';
    const before = (await eventsOf(id, 'rejected')).length;
    const altered = {
      ...callback,
      body: callback.body.replace(/990\.00|99000/, (text) => text.replace('99', '98')),
      suffix: callback.suffix.replace('99000', '98000'),
    };
    expect(altered).not.toEqual(callback);
    const answer = await send(urlOf(provider), altered);
    await settled();
    // What carries no signature is stored, answered, and then not borne out by the provider.
    const isUnsigned = provider === 'yookassa' || provider === 'paypal-ipn';
    expect(answer.status).toBe(isUnsigned ? 200 : 401);
    expect(await receiptsOf(payment)).toEqual([]);
    expect((await eventsOf(id, 'rejected')).length).toBe(before + 1);
    // The genuine one is not hindered by the forged one before it.
    await tell(payment);
    expect(await briefly(payment)).toEqual([['sell', totalKop]]);
  });

  it('a payment that the provider does not know makes no receipt', async () => {
    const orderNo = freshOrder();
    await putOrder(orderNo);
    const payment = emulator.pay(provider, orderNo, totalKop);
    const callback = emulator.callback(payment);
    payment.paid = false;
    const isAsked = !['stripe', 'robokassa', 'paypal-ipn'].includes(provider);
    if (!isAsked) return;
    await send(urlOf(provider), callback);
    await settled();
    expect(await receiptsOf(payment)).toEqual([]);
    const rejected = await eventsOf(connections.get(provider)?.id ?? '', 'rejected');
    expect(rejected.at(-1)?.note).toMatch(/provider/);
  });

  it('partial refunds add up to the payment, each once', async () => {
    const orderNo = freshOrder();
    await putOrder(orderNo);
    const payment = emulator.pay(provider, orderNo, totalKop);
    await tell(payment);
    if (!tellsRefunds) return;
    for (const amountKop of [100_01, 299_99, 590_00]) {
      emulator.refund(payment, amountKop);
      await tell(payment, 'refunded');
      await tell(payment, 'refunded');
    }
    expect(await briefly(payment)).toEqual([
      ['sell', totalKop],
      ['sell_refund', 100_01],
      ['sell_refund', 299_99],
      ['sell_refund', 590_00],
    ]);
    const returns = (await receiptsOf(payment)).slice(1);
    for (const { content } of returns) {
      expect(content.sign).toBe(2);
      for (const line of content.items) expect(line).toMatchObject({ vat: 11, method: 1, subject: 1 });
    }
    const byName = (name: string): number =>
      returns
        .flatMap(({ content }) => content.items)
        .filter((line) => line.name === name)
        .reduce((sum, line) => sum + line.sumKop, 0);
    expect([byName('Чай'), byName('Кофе')]).toEqual([30_000, 69_000]);
  });

  it('a refund before its payment waits, and both come right', async () => {
    if (!tellsRefunds) return;
    const orderNo = freshOrder();
    await putOrder(orderNo);
    const payment = emulator.pay(provider, orderNo, totalKop);
    emulator.refund(payment, 30_000);
    await tell(payment, 'refunded');
    // A provider that is asked tells the payment together with the refund.
    const isToldTogether = provider === 'yookassa' || provider === 'sber';
    if (!isToldTogether) expect(await receiptsOf(payment)).toEqual([]);
    await tell(payment);
    expect(await briefly(payment)).toEqual([
      ['sell', totalKop],
      ['sell_refund', 30_000],
    ]);
    expect((await receiptsOf(payment))[1]?.content.items).toMatchObject([
      { name: 'Чай', quantityMicro: 3_000_000 },
    ]);
  });
});

describe('what waits for a person', () => {
  const park = async (payment: EmulatedPayment, reason: string | null) => {
    await tell(payment);
    expect((await paymentOf(payment))?.park_reason ?? null).toBe(reason);
  };

  it('an unknown order is parked, listed, and settled when the order comes', async () => {
    const orderNo = freshOrder();
    const payment = emulator.pay('yookassa', orderNo, totalKop);
    await park(payment, 'unknown-order');
    const parked = (await shop.get('/v1/payments/parked')).body as {
      items: { order_no: string; parked: object }[];
    };
    expect(parked.items.find(({ order_no }) => order_no === orderNo)?.parked).toMatchObject({
      reason: 'unknown-order',
      text: expect.stringContaining(orderNo) as unknown,
    });
    expect(await receiptsOf(payment)).toEqual([]);
    await putOrder(orderNo);
    expect(await briefly(payment)).toEqual([['sell', totalKop]]);
    expect((await paymentOf(payment))?.park_reason).toBeNull();
  });

  it('the worker settles what an order’s registration could not', async () => {
    const orderNo = freshOrder();
    await putOrder(orderNo);
    const [stored] = await world.database.query<{ json: string }>(
      `delete from payment_orders where order_no = $1 returning row_to_json(payment_orders)::text as json`,
      [orderNo],
    );
    const payment = emulator.pay('stripe', orderNo, totalKop);
    await park(payment, 'unknown-order');
    await world.database.query(
      'insert into payment_orders select * from json_populate_record(null::payment_orders, $1::json)',
      [stored?.json],
    );
    await worker.reconciler.sweep();
    expect(await briefly(payment)).toEqual([['sell', totalKop]]);
  });

  it('another amount, another currency, a second payment of one order', async () => {
    const orderNo = freshOrder();
    await putOrder(orderNo);
    await park(emulator.pay('yookassa', orderNo, totalKop - 1), 'amount-mismatch');
    await park(emulator.pay('paypal', orderNo, totalKop, { currency: 'EUR' }), 'currency');
    await park(emulator.pay('stripe', orderNo, totalKop), null);
    await park(emulator.pay('yookassa', orderNo, totalKop), 'order-paid-twice');
  });

  it('two payments of one order at once: one receipt', async () => {
    const orderNo = freshOrder();
    await putOrder(orderNo);
    const payments = (['yookassa', 'stripe', 'sber', 'tbank'] as const).map((provider) =>
      emulator.pay(provider, orderNo, totalKop),
    );
    await Promise.all(payments.map((payment) => send(urlOf(payment.provider), emulator.callback(payment))));
    await settled();
    const all = (await Promise.all(payments.map(briefly))).flat();
    expect(all).toEqual([['sell', totalKop]]);
  });

  it('no contact anywhere is refused with a reason; a contact of the provider is taken', async () => {
    const without = order({ client: undefined });
    const [first, second] = [freshOrder(), freshOrder()];
    expect((await putOrder(first, without)).body).toMatchObject({
      warnings: [expect.any(String) as unknown],
    });
    await park(emulator.pay('stripe', first, totalKop), 'receipt-refused');
    await putOrder(second, without);
    const payment = emulator.pay('stripe', second, totalKop, { email: 'from@provider.example' });
    await park(payment, null);
    expect((await receiptsOf(payment))[0]?.content.client).toEqual({ email: 'from@provider.example' });
  });

  it('a receipt that failed is told, and made anew when a person asks', async () => {
    const orderNo = freshOrder();
    await putOrder(orderNo);
    const payment = emulator.pay('yookassa', orderNo, totalKop);
    await tell(payment);
    await world.database.query(
      `update receipts r set state = 'failed', finished_at = farm_now(), error_code = 1, error_type = 'timeout', error_text = 'поздно'
       from payment_receipts b join payments p on p.id = b.payment_id
       where r.id = b.receipt_id and p.provider_payment_id = $1`,
      [payment.id],
    );
    await worker.reconciler.sweep();
    const parked = await paymentOf(payment);
    expect(parked?.park_reason).toBe('receipt-failed');
    const again = await shop.post(`/v1/payments/${parked?.id}/retry`, {});
    expect(again.body).toMatchObject({ parked: null, receipts: [{ state: 'failed' }, { state: 'queued' }] });
    const receipts = await receiptsOf(payment);
    expect(receipts[1]?.external_id).toBe(`${receipts[0]?.external_id}:2`);
    await shop.post(`/v1/payments/${parked?.id}/retry`, {});
    expect(await receiptsOf(payment)).toHaveLength(2);
  });

  it('a provider that issues receipts itself suspends its connection', async () => {
    const { url, id } = await connect('tbank');
    const payment = emulator.pay('tbank', freshOrder(), totalKop, { fiscalizes: true });
    await putOrder(payment.orderNo);
    expect((await send(url, emulator.callback(payment))).body).toBe('OK');
    await settled();
    const list = (await shop.get('/v1/payments/connections')).body as {
      items: { id: string; state: string }[];
    };
    expect(list.items.find((one) => one.id === id)?.state).toBe('suspended');
    const next = emulator.pay('tbank', freshOrder(), totalKop);
    await putOrder(next.orderNo);
    await send(url, emulator.callback(next));
    await settled();
    expect((await paymentOf(next))?.park_reason).toBe('provider-fiscalizes');
    const alerts = await world.database.query(
      `select 1 from alerts where class = 'payment_provider_fiscalizes'`,
    );
    expect(alerts).toHaveLength(1);
    expect((await shop.patch(`/v1/payments/connections/${id}`, { state: 'active' })).body).toMatchObject({
      state: 'active',
    });
    const { id: paymentId } = (await paymentOf(next)) ?? { id: '' };
    await shop.post(`/v1/payments/${paymentId}/retry`, {});
    expect(await briefly(next)).toEqual([['sell', totalKop]]);
  });

  it('T-Bank’s partial refund of an unknown sum is left to the shop, which tells it', async () => {
    const { url } = await connect('tbank');
    const payment = emulator.pay('tbank', freshOrder(), totalKop);
    await putOrder(payment.orderNo);
    await send(url, emulator.callback(payment));
    await settled();
    emulator.refund(payment, 30_000);
    await send(url, emulator.callback(payment, 'refunded'));
    await settled();
    const parked = await paymentOf(payment);
    expect(parked?.park_reason).toBe('refund-unclear');
    const refund = { id: 'r-1', sum: '300.00' };
    expect((await shop.post(`/v1/payments/${parked?.id}/refunds`, refund)).status).toBe(200);
    await shop.post(`/v1/payments/${parked?.id}/refunds`, refund);
    expect(await briefly(payment)).toEqual([
      ['sell', totalKop],
      ['sell_refund', 30_000],
    ]);
    const above = await shop.post(`/v1/payments/${parked?.id}/refunds`, { id: 'r-2', sum: '700.00' });
    expect(above.status).toBe(409);
  });

  it('is dismissed by a person with a reason', async () => {
    const payment = emulator.pay('yookassa', freshOrder(), totalKop);
    await park(payment, 'unknown-order');
    const { id } = (await paymentOf(payment)) ?? { id: '' };
    expect((await shop.post(`/v1/payments/${id}/dismiss`, { reason: 'пробит вручную' })).status).toBe(200);
    const parked = (await shop.get('/v1/payments/parked')).body as { items: { id: string }[] };
    expect(parked.items.some((one) => one.id === id)).toBe(false);
  });
});

describe('Stripe tells one payment by several events', () => {
  const event = (type: string, object: object) =>
    stripeSigned(JSON.stringify({ id: `evt_${randomUUID()}`, livemode: false, type, data: { object } }));

  it('and one receipt is made; refunds told singly and in all are returned once', async () => {
    const orderNo = freshOrder();
    await putOrder(orderNo);
    const payment = emulator.pay('stripe', orderNo, totalKop);
    const of = { payment_intent: payment.id, currency: 'rub' };
    const deliver = async (callback: EmulatedCallback) => {
      expect((await send(urlOf('stripe'), callback)).status).toBe(200);
      await settled();
    };
    await deliver(event('charge.succeeded', { id: 'ch_1', amount: totalKop, ...of }));
    await deliver(event('checkout.session.completed', { id: 'cs_1', amount_total: totalKop, ...of }));
    await tell(payment);
    await deliver(event('charge.refunded', { id: 'ch_1', amount_refunded: 10_000, ...of }));
    await deliver(event('refund.created', { id: 're_1', amount: 10_000, status: 'succeeded', ...of }));
    await deliver(event('refund.updated', { id: 're_1', amount: 10_000, status: 'succeeded', ...of }));
    await deliver(event('refund.created', { id: 're_2', amount: 89_000, status: 'succeeded', ...of }));
    await deliver(event('charge.refunded', { id: 'ch_1', amount_refunded: totalKop, ...of }));
    expect(await briefly(payment)).toEqual([
      ['sell', totalKop],
      ['sell_refund', 10_000],
      ['sell_refund', 89_000],
    ]);
  });

  it('an old callback is not played again', async () => {
    const payment = emulator.pay('stripe', freshOrder(), totalKop);
    const { body } = emulator.callback(payment);
    expect((await send(urlOf('stripe'), stripeSigned(body, Date.now() - 400_000))).status).toBe(401);
    expect((await eventsOf(connections.get('stripe')?.id ?? '', 'rejected')).at(-1)?.verdict).toBe('stale');
  });
});

describe('the addresses', () => {
  it('know only their own provider and key', async () => {
    const payment = emulator.pay('tbank', freshOrder(), totalKop);
    const callback = emulator.callback(payment);
    expect((await send(urlOf('tbank').replace('/tbank/', '/sber/'), callback)).status).toBe(404);
    expect((await send(`${base}/cb/tbank/${'x'.repeat(32)}`, callback)).status).toBe(404);
    expect((await send(`${base}/cb/nobody/${'x'.repeat(32)}`, callback)).status).toBe(404);
    expect((await fetch(urlOf('tbank'), { method: 'DELETE' })).status).toBe(404);
  });

  it('survive whatever comes', async () => {
    const before = await receiptCount();
    for (const provider of emulatedProviders)
      for (const body of [
        '',
        '{',
        '[]',
        'null',
        '{"object":null}',
        '\u0000',
        '%',
        'a=%zz',
        'x'.repeat(70_000),
      ]) {
        const answer = await send(urlOf(provider), { method: 'POST', suffix: '', headers: {}, body });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
      }
    const large = await send(urlOf('stripe'), {
      method: 'POST',
      suffix: '',
      headers: {},
      body: 'x'.repeat(300_000),
    });
    expect(large.status).toBe(413);
    expect(await receiptCount()).toBe(before);
  });

  it('count a forged callback that comes again in one row', async () => {
    const id = connections.get('sber')?.id ?? '';
    const forged = { method: 'GET' as const, suffix: '?mdOrder=1&checksum=00', headers: {}, body: '' };
    for (let time = 0; time < 3; time += 1) await send(urlOf('sber'), forged);
    expect((await eventsOf(id, 'rejected')).at(-1)).toMatchObject({ verdict: 'bad-signature', times: 3 });
  });
});

describe('providers that do not answer', () => {
  it('put the event off; it is applied when they do', async () => {
    const orderNo = freshOrder();
    await putOrder(orderNo);
    const payment = emulator.pay('yookassa', orderNo, totalKop);
    emulator.isAway = true;
    try {
      expect((await tell(payment)).status).toBe(200);
      expect(await receiptsOf(payment)).toEqual([]);
    } finally {
      emulator.isAway = false;
    }
    await world.database.query(`update payment_events set next_at = farm_now() where state = 'new'`);
    await worker.reconciler.sweep();
    expect(await briefly(payment)).toEqual([['sell', totalKop]]);
  });
});

describe('asking finds what no callback told', () => {
  const askAgain = async (): Promise<void> => {
    await world.database.query(`update payment_orders set next_poll_at = farm_now() - interval '1 minute'`);
    await world.database.query(
      `update payment_connections set next_poll_at = farm_now() - interval '1 minute', created_at = farm_now() - interval '1 day'`,
    );
    await world.database.query(`update payments set next_poll_at = farm_now() - interval '1 minute'`);
    for (let turn = 0; turn < 100 && (await worker.reconciler.poll()); turn += 1);
  };

  it.each(['tbank', 'cloudpayments', 'sber', 'yookassa', 'stripe'] as const)(
    'a payment of %s',
    async (provider) => {
      const orderNo = freshOrder();
      await putOrder(orderNo);
      const payment = emulator.pay(provider, orderNo, totalKop);
      await askAgain();
      expect(await briefly(payment)).toEqual([['sell', totalKop]]);
      await tell(payment);
      await askAgain();
      expect(await briefly(payment)).toEqual([['sell', totalKop]]);
    },
  );

  it('a payment of Robokassa, by its invoice, and the refund that has no callback', async () => {
    const payment = emulator.pay('robokassa', '', totalKop);
    payment.orderNo = payment.id;
    await putOrder(payment.id);
    await askAgain();
    emulator.refund(payment, totalKop);
    await askAgain();
    expect(await briefly(payment)).toEqual([
      ['sell', totalKop],
      ['sell_refund', totalKop],
    ]);
  });

  it('wakes the group whose receipts it made', () => {
    expect(new Set(woken)).toEqual(new Set([2]));
  });
});

describe('set-up', () => {
  it('keeps secrets sealed and never shows them', async () => {
    const rows = await world.database.query<{ secrets: Buffer }>('select secrets from payment_connections');
    for (const { secrets } of rows)
      for (const secret of ['tb_password', 'cp_api_secret', 'whsec_test_secret'])
        expect(secrets.includes(Buffer.from(secret))).toBe(false);
    const shown = JSON.stringify((await shop.get('/v1/payments/connections')).body);
    expect(shown).not.toMatch(/tb_password|cp_api_secret|whsec_test_secret/);
    expect(shown).toContain('https://farm.example/cb/tbank/');
  });

  it.each([
    ['a secret missing', { secrets: { terminal_key: 'x' } }, '/secrets'],
    ['a secret of another provider', { secrets: { ...accounts.tbank, api_key: 'x' } }, '/secrets'],
    ['a network that is none', { settings: { addresses: ['10.0.0.0/99'] } }, '/settings/addresses'],
    ['an unknown provider', { provider: 'bank' }, '/provider'],
    ['a weak hash', { settings: { hash: 'md5' } }, '/settings/hash'],
  ])('refuses %s', async (_what, changes, pointer) => {
    const body = { provider: 'tbank', group: 'g5', name: 'x', secrets: accounts.tbank, ...changes };
    const answer = await shop.post('/v1/payments/connections', body);
    expect(answer.status).toBe(422);
    expect((answer.body as { errors: { pointer: string }[] }).errors[0]?.pointer).toBe(pointer);
  });

  it.each([
    ['a wrong total', { total: '990.01' }, '/total'],
    ['a wrong sum of an item', { items: [item({ sum: '299.99' })], total: '300.00' }, '/items/0/sum'],
    ['an item that no register takes', { items: [item({ name: '   ' })], total: '300.00' }, '/items/0/name'],
    ['a field that is none', { sum: '1.00' }, '/sum'],
  ])('tells before the payment: %s', async (_what, changes, pointer) => {
    const answer = await putOrder(freshOrder(), order(changes));
    expect(answer.status).toBe(422);
    expect((answer.body as { errors: { pointer: string }[] }).errors.map((one) => one.pointer)).toContain(
      pointer,
    );
  });

  it('shares a discount out to the kopeck', async () => {
    const orderNo = freshOrder();
    const body = order({
      items: [item(), item({ price: '0.50', quantity: '1' })],
      discount: '0.67',
      total: '299.83',
    });
    expect((await putOrder(orderNo, body)).body).toMatchObject({ total: '299.83', lines: 3 });
    const payment = emulator.pay('yookassa', orderNo, 299_83);
    await tell(payment);
    expect(await briefly(payment)).toEqual([['sell', 299_83]]);
  });

  it('does not let an order change once it has its receipt', async () => {
    const orderNo = freshOrder();
    await putOrder(orderNo);
    expect((await putOrder(orderNo, order({ discount: '90.00', total: '900.00' }))).status).toBe(200);
    await tell(emulator.pay('yookassa', orderNo, 90_000));
    expect((await putOrder(orderNo)).status).toBe(409);
    expect((await putOrder(orderNo, order({ discount: '90.00', total: '900.00' }))).body).toMatchObject({
      state: 'unchanged',
    });
  });

  it('lists payments and events page by page, each once, and finds those of an order', async () => {
    for (const [path, size] of [
      ['/v1/payments', 7],
      ['/v1/payments/events', 11],
    ] as const) {
      const all = ((await shop.get(`${path}?limit=200`)).body as { items: { id: string }[] }).items;
      expect(all.length).toBeGreaterThan(2 * size);
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Response = await shop.get(`${path}?limit=${size}${cursor ? `&cursor=${cursor}` : ''}`);
        const body = page.body as { items: { id: string }[]; next: string | null };
        seen.push(...body.items.map(({ id }) => id));
        cursor = body.next;
      } while (cursor !== null);
      // The one big page ends where its limit does.
      expect(seen.slice(0, all.length)).toEqual(all.map(({ id }) => id));
      expect(new Set(seen).size).toBe(seen.length);
      expect((await shop.get(`${path}?cursor=x`)).status).toBe(400);
    }
    const orderNo = freshOrder();
    await putOrder(orderNo);
    await tell(emulator.pay('yookassa', orderNo, 99_000));
    const found = (await shop.get(`/v1/payments?order_no=${orderNo}`)).body as { items: { id: string }[] };
    expect(found.items).toHaveLength(1);
    expect((await shop.get(`/v1/payments?order_no=${orderNo}&provider=stripe`)).body).toMatchObject({
      items: [],
    });
    expect((await shop.get(`/v1/payments/orders/${orderNo}?group=g5`)).body).toMatchObject({
      order_no: orderNo,
      total: '990.00',
      payments: [found.items[0]?.id],
    });
    expect((await shop.get(`/v1/payments/orders/nobody?group=g5`)).status).toBe(404);
  });

  it('shows nothing of one client to another, and asks for rights', async () => {
    const server = api.app.getHttpServer();
    const stranger = new Caller(server, await makeKey(world, { client: otherClientId }));
    const known = (await shop.get('/v1/payments')).body as { items: { id: string }[] };
    const id = known.items[0]?.id ?? '';
    expect((await stranger.get(`/v1/payments/${id}`)).status).toBe(404);
    expect((await stranger.post(`/v1/payments/${id}/retry`, {})).status).toBe(404);
    expect((await stranger.get('/v1/payments')).body).toEqual({ items: [], next: null });
    expect((await stranger.get('/v1/payments/events')).body).toEqual({ items: [], next: null });
    const connection = connections.get('tbank')?.id ?? '';
    expect((await stranger.patch(`/v1/payments/connections/${connection}`, { name: 'x' })).status).toBe(404);
    expect((await stranger.put('/v1/payments/orders/X-1', order())).status).toBe(404);
    const reader = new Caller(server, await makeKey(world, { client: clientId, scopes: ['payment:read'] }));
    expect((await reader.get('/v1/payments')).status).toBe(200);
    expect((await reader.put('/v1/payments/orders/X-1', order())).status).toBe(403);
  });
});
