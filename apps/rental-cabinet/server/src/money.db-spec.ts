import type { Acquirer } from '@kkt/acquiring';
import { addDays, moscowDay, topUp } from '@kkt/billing';
import { FarmError, silentLog, systemClock, systemIds } from '@kkt/contracts';
import { isRnmFor, makeRnm } from '@kkt/ffd';
import { billingIn, CardRefundDesk } from '@kkt/rental-desk';
import { BillingStore, CardPaymentStore, RequisitesStore } from '@kkt/storage';
import { gostSignature, type TestClient } from '@kkt/testing';
import { startTestCabinet, type TestCabinet } from '../test/test-cabinet';

const operatorInn = '7799999997';
const today = moscowDay(Date.now());
let cabinet: TestCabinet;

beforeAll(async () => {
  cabinet = await startTestCabinet();
  const { database } = cabinet;
  await database.query(
    `insert into operators (inn, name, host, port, enabled) values ('${operatorInn}', 'Оператор', '127.0.0.1', 1, true)`,
  );
  await new RequisitesStore(database).setFarm({
    name: 'ООО «Ферма»',
    inn: '7799999980',
    kpp: '779901001',
    ogrn: '1267700000006',
    address: 'Москва',
    bankName: 'Банк',
    bik: '044525000',
    account: '40702810000000000001',
    correspondentAccount: '30101810000000000000',
    headPost: 'Директор',
    headName: 'Иванов И. И.',
    receiptsGroup: null,
  });
});
afterAll(() => cabinet?.stop());

let payments = 0;
let shops = 0;
const pay = (client: TestClient, amountKop: number, day = today) =>
  cabinet.database.transaction((sql) =>
    new BillingStore(sql).book(topUp(client.id, 'bank', `test-${++payments}`, amountKop, day)),
  );

/** A client with money, a group and so many free registers in stock. */
async function shop(kop: number, free: number) {
  const client = await cabinet.rows.client();
  const group = await cabinet.rows.group(client, `shop-${++shops}`, { ofdInn: operatorInn });
  if (kop > 0) await pay(client, kop, addDays(today, -40));
  for (let n = 0; n < free; n++) {
    const register = await cabinet.rows.register(null);
    await cabinet.database.query(`update fiscal_drives set model = 'fn-1.2-36' where fn_number = $1`, [
      register.fnNumber,
    ]);
  }
  return { client, group, agent: await cabinet.loggedIn(client) };
}

const wish = { tariffId: 'rent-2026', registers: 2, termDays: 30 };

describe('orders of registers', () => {
  it('takes nothing without money, and everything at once with it', async () => {
    const { client, group, agent } = await shop(0, 2);
    const order = { ...wish, groupCode: group.code, renewsItself: true, registeredBy: 'farm' };
    const { body: quoted } = await agent.post('/api/quote').send(wish).expect(200);
    expect(quoted).toMatchObject({ totalKop: 702_000, missingKop: 702_000, discountBp: 1_000 });
    const refused = await agent.post('/api/orders').send(order).expect(400);
    expect(refused.body.error.code).toBe('CLIENT-BALANCE');
    expect((await agent.get('/api/registers')).body.registers).toEqual([]);

    await pay(client, 800_000);
    const { body: made } = await agent.post('/api/orders').send(order).expect(201);
    const { body: seen } = await agent.get(`/api/orders/${made.id}`).expect(200);
    expect(seen).toMatchObject({ registers: 2, totalKop: 702_000, isReady: false });
    for (const item of seen.items) {
      expect(isRnmFor(item.rnm, client.inn, item.serial)).toBe(true);
      const states = item.steps.map(({ step, state }: { step: string; state: string }) => [step, state]);
      expect(states).toContainEqual(['paid', 'done']);
      expect(states).toContainEqual(['fn', 'now']);
      expect(states).toContainEqual(['operator', 'done']);
      expect(cabinet.announced.map(({ rnm }) => rnm)).toContain(item.rnm);
    }
    const { body: money } = await agent.get('/api/money').expect(200);
    expect(money).toMatchObject({
      balanceKop: 98_000,
      deferredKop: 702_000,
      stop: { day: addDays(today, 29), registers: 2, because: 'balance', missingKop: 604_000 },
    });
    const short = await agent.post('/api/orders').send(order).expect(409);
    expect(short.body.error.code).toBe('CLIENT-NO-STOCK');
    const strange = await (await shop(0, 0)).agent.get(`/api/orders/${made.id}`).expect(404);
    expect(strange.body.error.code).toBe('CLIENT-NOT-FOUND');
  });

  it('extends a rental after its last day, and lets the client choose whether it renews itself', async () => {
    const { group, agent } = await shop(1_000_000, 1);
    const order = { ...wish, registers: 1, groupCode: group.code, renewsItself: false, registeredBy: 'farm' };
    const { body: made } = await agent.post('/api/orders').send(order).expect(201);
    const { body: one } = await agent.get(`/api/orders/${made.id}`);
    const registerIds = [one.items[0].registerId];
    await agent
      .post('/api/rentals')
      .send({ ...wish, registers: undefined, registerIds, renewsItself: false })
      .expect(200);
    const { body: money } = await agent.get('/api/money');
    expect(
      money.rentals.map(({ firstDay, hasNext }: { firstDay: string; hasNext: boolean }) => [
        firstDay,
        hasNext,
      ]),
    ).toEqual([
      [today, true],
      [addDays(today, 30), false],
    ]);
    expect(money.stop).toMatchObject({ day: addDays(today, 59), because: 'not_renewed' });
    const last = money.rentals[1].id;
    await agent.put(`/api/money/rentals/${last}`).send({ renewsItself: true }).expect(204);
    const other = (await shop(0, 0)).agent;
    await other.put(`/api/money/rentals/${last}`).send({ renewsItself: false }).expect(404);
    await other
      .post('/api/rentals')
      .send({ ...wish, registers: undefined, registerIds, renewsItself: false })
      .expect(404);
    expect((await agent.get('/api/money')).body.rentals[1].renewsItself).toBe(true);
  });

  it('leaves the registration to the client: the application waits for an RNM of his', async () => {
    const { client, agent } = await shop(1_000_000, 1);
    const { body: made } = await agent
      .post('/api/orders')
      .send({
        ...wish,
        registers: 1,
        newGroup: { protocol: 4, site: 'https://own.example', taxSystems: 1 },
        renewsItself: true,
        registeredBy: 'client',
      })
      .expect(201);
    const { body: seen } = await agent.get(`/api/orders/${made.id}`).expect(200);
    const [item] = seen.items;
    expect(item.applicationId).toEqual(expect.any(String));
    const application = `/api/fn/applications/${item.applicationId}`;
    expect((await agent.get(application).expect(200)).body).toMatchObject({
      state: 'draft',
      kind: 'registration',
    });
    await agent.post(`${application}/state`).send({ state: 'sent' }).expect(200);
    const wrong = await agent
      .post(`${application}/state`)
      .send({ state: 'number_received', rnm: '0000000001000000' })
      .expect(400);
    expect(wrong.body.error.code).toBe('CLIENT-RNM');
    const rnm = makeRnm(77, client.inn, item.serial);
    await agent.post(`${application}/state`).send({ state: 'number_received', rnm }).expect(200);
    const [row] = await cabinet.database.query<{ state: string; rnm: string }>(
      'select state, rnm from registers where id = $1',
      [item.registerId],
    );
    expect(row).toEqual({ state: 'swap', rnm });
  });
});

describe('money', () => {
  it('numbers invoices, makes acts and reconciliation acts, and gives each as PDF to its owner only', async () => {
    const { group, agent } = await shop(1_000_000, 0);
    const { body: invoice } = await agent
      .post('/api/money/invoices')
      .send({ amountKop: 150_000 })
      .expect(201);
    const pdf = await agent
      .get(`/api/money/papers/${encodeURIComponent(invoice.number)}/file.pdf`)
      .expect(200);
    expect(pdf.headers['content-type']).toBe('application/pdf');
    expect(pdf.headers['content-disposition']).toMatch(/filename="schet-\d{4}-\d{6}\.pdf"/);
    const none = await agent.post('/api/money/acts').send({ month: '2026-01' }).expect(400);
    expect(none.body.error.fields.month).toHaveLength(1);
    await agent
      .post('/api/money/acts')
      .send({ month: today.slice(0, 7) })
      .expect(400);
    await agent
      .post('/api/money/reconciliations')
      .send({ from: addDays(today, -60), to: today })
      .expect(201);
    const { body: list } = await agent.get('/api/money/papers').expect(200);
    expect(list.papers.map(({ series }: { series: string }) => series).sort()).toEqual([
      'invoice',
      'reconciliation',
    ]);
    const { body: operations } = await agent
      .get(`/api/money/operations?from=${addDays(today, -60)}&to=${today}`)
      .expect(200);
    expect(operations).toMatchObject({ openingKop: 0, closingKop: 1_000_000 });
    const other = (await shop(0, 0)).agent;
    await other.get(`/api/money/papers/${encodeURIComponent(invoice.number)}/file.pdf`).expect(404);
    expect(group.code).toEqual(expect.any(String));
  });

  it('books a card payment once, by the bank’s word', async () => {
    const { agent } = await shop(0, 0);
    const tiny = await agent.post('/api/money/cards').send({ amountKop: 500, receiptEmail: 'a@b.example' });
    expect(tiny.body.error.fields).toHaveProperty('amountKop');
    const { body: begun } = await agent
      .post('/api/money/cards')
      .send({ amountKop: 250_000, receiptEmail: 'a@b.example' })
      .expect(201);
    expect(begun).toMatchObject({
      state: 'pending',
      payUrl: expect.stringContaining('https://bank.example/'),
    });
    const look = () => agent.get(`/api/money/cards/${begun.id}`).expect(200);
    expect((await look()).body.state).toBe('pending');
    const orderNo = begun.id.replaceAll('-', '');
    cabinet.verdicts.set(orderNo, { state: 'paid', reference: `bank-${orderNo}`, amountKop: 250_000 });
    const both = await Promise.all([look(), look()]);
    expect(both.map(({ body }) => body.state)).toContain('paid');
    expect((await look()).body).toMatchObject({ state: 'paid', receipt: 'awaited', receiptUrl: null });
    expect((await agent.get('/api/money')).body.balanceKop).toBe(250_000);
    await (await shop(0, 0)).agent.get(`/api/money/cards/${begun.id}`).expect(404);
  });

  it('is for those who may see money', async () => {
    const { client } = await shop(0, 0);
    const agent = await cabinet.loggedIn(client);
    await cabinet.database.query(
      `update client_people set role = 'viewer' where client_id = $1 and person_id = (select id from people where login = $2)`,
      [client.id, agent.login],
    );
    await agent.get('/api/money').expect(403);
    await agent.get('/api/money/papers').expect(403);
    await agent.post('/api/money/invoices').send({ amountKop: 1_000 }).expect(403);
    await agent
      .post('/api/orders')
      .send({ ...wish, groupCode: 'x', renewsItself: true, registeredBy: 'farm' })
      .expect(403);
    expect((await agent.post('/api/quote').send(wish).expect(200)).body.missingKop).toBe(0);
  });
});

describe('a register that closes before its time', () => {
  const cardPaid = async (client: TestClient, amountKop: number) => {
    const id = systemIds.uuid();
    const { database } = cabinet;
    await new CardPaymentStore(database).add({
      id,
      clientId: client.id,
      amountKop,
      receiptEmail: 'a@b.example',
    });
    await new CardPaymentStore(database).begun(id, `bank-${id}`, 'https://bank.example');
    await new CardPaymentStore(database).settle(id, 'paid', null);
    await database.transaction((sql) =>
      new BillingStore(sql).book(topUp(client.id, 'card', id, amountKop, today)),
    );
    return id;
  };
  /** Rented for 30 days of which this is the tenth, the next 30 days paid too. */
  async function rented(client: TestClient, registerId: number) {
    const { database } = cabinet;
    for (const [firstDay, termDays] of [
      [addDays(today, -9), 30],
      [addDays(today, 21), 30],
    ] as const)
      await database.transaction((sql) =>
        billingIn(sql, { ids: systemIds }).order(
          {
            clientId: client.id,
            tariffId: 'rent-2026',
            registerIds: [registerId],
            termDays,
            firstDay,
            renewsItself: true,
          },
          today,
        ),
      );
  }

  it('shows what comes back by the tariff, gives back exactly that, and makes a correction act', async () => {
    const { client, group, agent } = await shop(800_000, 0);
    const register = await cabinet.rows.register(group);
    await rented(client, register.id);
    const path = `/api/registers/${register.id}`;
    const { body: shown } = await agent.get(`${path}/closing`).expect(200);
    // 30 days were 351 000; ten of them cost 130 000 as a term of their own. The second term is not begun.
    expect(shown).toMatchObject({ backKop: 351_000 - 130_000 + 351_000, cardKop: 0 });
    expect(shown.rentals).toMatchObject([
      { usedDays: 10, unusedDays: 20, paidKop: 351_000, usedKop: 130_000, backKop: 221_000 },
      { usedDays: 0, unusedDays: 30, usedKop: 0, backKop: 351_000 },
    ]);
    const close = (expectedKop: number) =>
      agent
        .post(`${path}/close`)
        .send({ serial: register.serial, reason: 'закрываем', returnTo: 'balance', expectedKop });
    const changed = await close(1).expect(400);
    expect(changed.body.error.code).toBe('CLIENT-RETURN-CHANGED');
    expect((await agent.get('/api/fn/workflows')).body.workflows).toEqual([]);
    const { body: closed } = await close(572_000).expect(201);
    expect(closed).toMatchObject({ backKop: 572_000, cardKop: 0 });
    const { body: money } = await agent.get('/api/money').expect(200);
    expect(money).toMatchObject({ balanceKop: 800_000 - 130_000, deferredKop: 0 });
    expect(await new BillingStore(cabinet.database).sumOfEverythingKop()).toBe(0);
    const { body } = await agent.get('/api/money/papers').expect(200);
    expect(body.papers).toMatchObject([{ series: 'correction', number: closed.paper, totalKop: 572_000 }]);
    const pdf = await agent.get(`/api/money/papers/${encodeURIComponent(closed.paper)}/file.pdf`).expect(200);
    expect(pdf.headers['content-type']).toBe('application/pdf');
    expect((await agent.get(`${path}/closing`).expect(200)).body).toMatchObject({ rentals: [], backKop: 0 });
  });

  it('gives back to the card what the bank has given back, once, whatever answers are lost', async () => {
    const { client, group, agent } = await shop(0, 0);
    const old = await cardPaid(client, 400_000);
    const fresh = await cardPaid(client, 400_000);
    const register = await cabinet.rows.register(group);
    await rented(client, register.id);
    const { body: closed } = await agent
      .post(`/api/registers/${register.id}/close`)
      .send({ serial: register.serial, reason: 'закрываем', returnTo: 'card', expectedKop: 572_000 })
      .expect(201);
    expect(closed).toMatchObject({ backKop: 572_000, cardKop: 572_000 });
    expect((await agent.get('/api/money')).body.balanceKop).toBe(98_000);
    const given = new Map<string, number>();
    let lost = 1;
    let isRefused = false;
    const bank: Acquirer = {
      begin: () => Promise.reject(new Error('not asked')),
      ask: () => Promise.reject(new Error('not asked')),
      charge: () => Promise.reject(new Error('not asked')),
      forget: () => Promise.reject(new Error('not asked')),
      async refund({ reference, amountKop }) {
        const orderNo = reference.replace('bank-', '').replaceAll('-', '');
        if (isRefused) return { ok: false, note: 'карта закрыта' };
        given.set(orderNo, (given.get(orderNo) ?? 0) + amountKop);
        if (lost-- > 0) throw new FarmError('WIRE-ACQUIRER', 'the answer was lost');
        return { ok: true };
      },
      refundedKop: async (orderNo) => given.get(orderNo) ?? 0,
    };
    const { database } = cabinet;
    const desk = new CardRefundDesk({ database, clock: systemClock, ids: systemIds, log: silentLog }, bank);
    await desk.sweep();
    isRefused = true;
    await database.query('update card_refunds set ask_at = farm_now() where client_id = $1', [client.id]);
    await desk.sweep();
    const noOf = (id: string) => id.replaceAll('-', '');
    expect(Object.fromEntries(given)).toEqual({ [noOf(fresh)]: 400_000, [noOf(old)]: 172_000 });
    const { body } = await agent.get('/api/money/cards').expect(200);
    expect(body.refunds).toMatchObject([
      { state: 'done', receipt: 'awaited', reason: closed.paper },
      { state: 'done', receipt: 'awaited' },
    ]);
    expect(await new BillingStore(database).sumOfEverythingKop()).toBe(0);
  });

  it('puts money that the bank will not give back onto the balance again', async () => {
    const { client, group, agent } = await shop(0, 0);
    await cardPaid(client, 900_000);
    const register = await cabinet.rows.register(group);
    await rented(client, register.id);
    await agent
      .post(`/api/registers/${register.id}/close`)
      .send({ serial: register.serial, reason: 'закрываем', returnTo: 'card', expectedKop: 572_000 })
      .expect(201);
    const bank: Acquirer = {
      begin: () => Promise.reject(new Error('not asked')),
      ask: () => Promise.reject(new Error('not asked')),
      charge: () => Promise.reject(new Error('not asked')),
      forget: () => Promise.reject(new Error('not asked')),
      refund: async () => ({ ok: false, note: 'карта закрыта' }),
      refundedKop: async () => 0,
    };
    const { database } = cabinet;
    const desk = new CardRefundDesk({ database, clock: systemClock, ids: systemIds, log: silentLog }, bank);
    for (let times = 0; times < 2; times += 1) {
      await database.query('update card_refunds set ask_at = farm_now() where client_id = $1', [client.id]);
      await desk.sweep();
    }
    expect((await agent.get('/api/money')).body.balanceKop).toBe(900_000 - 130_000);
    expect((await agent.get('/api/money/cards')).body.refunds).toMatchObject([
      { state: 'failed', note: 'карта закрыта', receipt: null },
    ]);
  });
});

describe('contracts', () => {
  it('are made from the requisites and take only a signature of the company', async () => {
    const { agent } = await shop(0, 0);
    const early = await agent.post('/api/contracts').send({}).expect(400);
    expect(early.body.error.code).toBe('CLIENT-REQUISITES');
    const requisites = {
      fullName: 'ООО «Пример»',
      kpp: null,
      ogrn: null,
      address: 'Омск, ул. Примерная, 1',
      bankName: null,
      bik: null,
      account: null,
      headPost: 'Директор',
      headName: 'Примерова А. С.',
      actsOn: 'Устава',
    };
    const wrong = await agent
      .put('/api/money/requisites')
      .send({ ...requisites, kpp: '12' })
      .expect(400);
    expect(wrong.body.error.fields).toHaveProperty('kpp');
    await agent.put('/api/money/requisites').send(requisites).expect(204);
    const { body: made } = await agent.post('/api/contracts').send({}).expect(201);
    const pdf = await agent.get(`/api/contracts/${made.id}/contract.pdf`).expect(200);
    expect(pdf.headers['content-type']).toBe('application/pdf');
    const bad = await agent
      .post(`/api/contracts/${made.id}/signature`)
      .send({ signature: Buffer.from('no signature at all').toString('base64') })
      .expect(400);
    expect(bad.body.error.code).toBe('CLIENT-SIGNATURE');
    const [stored] = await cabinet.database.query<{ pdf: Buffer }>(
      'select pdf from client_documents where id = $1',
      [made.id],
    );
    const file = stored?.pdf ?? Buffer.alloc(0);
    const signed = (signature: Buffer) =>
      agent.post(`/api/contracts/${made.id}/signature`).send({ signature: signature.toString('base64') });
    const other = await signed(gostSignature(Buffer.from('другой файл'))).expect(400);
    expect(other.body.error.message).toContain('другого документа');
    const { body: taken } = await signed(gostSignature(file)).expect(200);
    const checks = {
      algorithm: 'streebog256',
      digest: 'matches',
      mathematics: 'not_checked',
      inns: ['5544332219'],
    };
    expect(taken).toMatchObject({ signer: 'Иванов Иван', checks });
    expect((await agent.get('/api/contracts')).body.contracts).toMatchObject([{ state: 'signed', checks }]);
    await signed(gostSignature(file)).expect(409);
    await cabinet.database.query(`update client_documents set state = 'rejected' where id = $1`, [made.id]);
    await (await shop(0, 0)).agent.get(`/api/contracts/${made.id}/contract.pdf`).expect(404);
    await agent.post(`/api/contracts/${made.id}/archive`).send({}).expect(204);
    const { body: list } = await agent.get('/api/contracts').expect(200);
    expect(list.contracts).toMatchObject([{ state: 'archived' }]);
  });
});

describe('registers from afar', () => {
  it('asks the driver, pauses for the client only what he paused himself', async () => {
    const { group, agent } = await shop(0, 0);
    const register = await cabinet.rows.register(group);
    const path = `/api/registers/${register.id}`;
    const { body: asked } = await agent.post(`${path}/tasks`).send({ kind: 'settlement' }).expect(201);
    expect((await agent.get(`${path}/tasks/${asked.task}`).expect(200)).body.state).toBe('waiting');
    const busy = await agent.post(`${path}/tasks`).send({ kind: 'open_shift' }).expect(409);
    expect(busy.body.error.code).toBe('CLIENT-STATE');
    await agent.post(`${path}/pause`).send({ reason: 'переезд склада' }).expect(204);
    expect((await agent.get('/api/registers')).body.registers[0]).toMatchObject({
      condition: 'paused',
      pausedBecause: 'переезд склада',
    });
    await agent.post(`${path}/resume`).send({}).expect(204);
    await cabinet.database.query(
      `update registers set state = 'paused', state_reason = 'engineer' where id = $1`,
      [register.id],
    );
    await agent.post(`${path}/resume`).send({}).expect(409);
    const other = (await shop(0, 0)).agent;
    await other.post(`${path}/pause`).send({ reason: 'чужая' }).expect(404);
    await other.get(`${path}/tasks/${asked.task}`).expect(404);
  });

  it('begins a de-registration only with the serial number typed, and renews its rent no more', async () => {
    const { group, agent } = await shop(0, 0);
    const register = await cabinet.rows.register(group);
    const renews = async (): Promise<object[]> =>
      cabinet.database.query('select renews_itself as renews from rentals where register_id = $1', [
        register.id,
      ]);
    await cabinet.database.query(
      `insert into rentals (id, client_id, register_id, tariff_id, first_day, term_days, price_kop, renews_itself, last_day)
       select gen_random_uuid(), client_id, id, 'rent-2026', current_date, 30, 0, true, current_date + 29
       from registers where id = $1`,
      [register.id],
    );
    const close = (serial: string) =>
      agent
        .post(`/api/registers/${register.id}/close`)
        .send({ serial, reason: 'закрываем магазин', returnTo: 'balance', expectedKop: 0 });
    expect((await close('0')).body.error.code).toBe('CLIENT-SERIAL');
    expect(await renews()).toEqual([{ renews: true }]);
    await close(register.serial).expect(201);
    expect(await renews()).toEqual([{ renews: false }]);
    const { body } = await agent.get('/api/fn/workflows').expect(200);
    expect(body.workflows).toMatchObject([{ kind: 'close', serial: register.serial }]);
  });
});

describe('the calculator', () => {
  it('answers with its arithmetic and names a field that cannot be', async () => {
    const { agent } = await shop(0, 0);
    const load = { receiptsPerDay: 10_000, peakPerMinute: 60, paceMs: 1_500, p99S: 10 };
    const { body } = await agent.post('/api/calculator').send(load).expect(200);
    expect(body.minimum).toBe(2);
    expect(body.arithmetic.length).toBeGreaterThan(3);
    const wrong = await agent
      .post('/api/calculator')
      .send({ ...load, peakPerMinute: 1 })
      .expect(400);
    expect(wrong.body.error.fields).toHaveProperty('peakPerMinute');
    expect((await agent.get('/api/load').expect(200)).body).toMatchObject({ receipts7d: 0, paceMs: null });
  });
});
