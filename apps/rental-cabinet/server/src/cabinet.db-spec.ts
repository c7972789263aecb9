import type {
  ClientReceipt,
  ClientRegisterPage,
  ClientRegisters,
  HomeView,
  IntegrationView,
  Page,
  ReceiptBrief,
  ReceiptTotals,
} from '@kkt/web-contract';
import type { TestClient, TestGroup, TestRegister } from '@kkt/testing';
import { personPassword, startTestCabinet, type TestCabinet } from '../test/test-cabinet';

jest.setTimeout(60_000);

/** A client with one register and receipts in every state. */
interface Tenant {
  client: TestClient;
  group: TestGroup;
  register: TestRegister;
  doneId: string;
  failedId: string;
}

let farm: TestCabinet;
let ours: Tenant;
let theirs: Tenant;

async function makeTenant(name: string, inn: string, code: string): Promise<Tenant> {
  const client = await farm.rows.client({ name, inn });
  const group = await farm.rows.group(client, code);
  const register = await farm.rows.register(group, { documentsLeft: 62_500 });
  const doneId = await farm.rows.done(register, 5, {
    externalId: 'same-order',
    callbackUrl: 'https://shop.example/cb',
    ageS: 20,
  });
  const failedId = await farm.rows.failed(group, { ageS: 15, code: 32, text: 'items[0].sum: не сходится' });
  await farm.rows.queued(group, { ageS: 5 });
  return { client, group, register, doneId, failedId };
}

beforeAll(async () => {
  farm = await startTestCabinet();
  ours = await makeTenant('ООО «Наши»', '5544332219', 'ours');
  theirs = await makeTenant('ООО «Чужие»', '7707083893', 'theirs');
});

afterAll(() => farm?.stop());

describe('the door', () => {
  it('lets nobody in without a session', async () => {
    for (const path of [
      'session',
      'home',
      'receipts',
      'receipts/totals',
      `receipts/${ours.doneId}`,
      `receipts/${ours.doneId}/qr.svg`,
      'registers',
      `registers/${ours.register.id}`,
      `documents/${ours.register.fnNumber}/5`,
      'integration',
      'live?topics=home',
    ])
      await farm.agent().get(`/api/${path}`).expect(401);
  });

  it('does not take a session of the console', async () => {
    const person = await farm.loggedIn(ours.client);
    const login = await farm
      .agent()
      .post('/api/session')
      .send({ login: person.login, password: personPassword })
      .expect(200);
    const cookie = (login.get('set-cookie') ?? [])[0]?.split(';')[0] ?? '';
    await farm.agent().get('/api/home').set('cookie', cookie).expect(200);
    await farm.database.query(
      `insert into staff (id, login, password_hash, name, role) values ($1, 'stray', '', 'x', 'lead')`,
      [ours.client.id],
    );
    await farm.database.query(
      `update web_sessions set realm = 'console', staff_id = $1, person_id = null, client_id = null`,
      [ours.client.id],
    );
    await farm.agent().get('/api/home').set('cookie', cookie).expect(401);
  });

  it('ends with the right to the client', async () => {
    const person = await farm.loggedIn(ours.client);
    await person.get('/api/home').expect(200);
    await farm.database.query(
      'delete from client_people p using people q where q.id = p.person_id and q.login = $1',
      [person.login],
    );
    await person.get('/api/home').expect(409);
    expect((await person.get('/api/session').expect(200)).body.client).toBeNull();
  });

  it('lets a person of no company in only to add one, and writes every log-in down', async () => {
    const person = await farm.loggedIn(ours.client);
    await farm.database.query(
      'delete from client_people p using people q where q.id = p.person_id and q.login = $1',
      [person.login],
    );
    const again = farm.agent();
    await again.post('/api/session').send({ login: person.login, password: personPassword }).expect(200);
    await again.get('/api/receipts').expect(409);
    await farm.agent().post('/api/session').send({ login: person.login, password: 'wrong' }).expect(401);
    const journal = await farm.database.query<{ outcome: string }>(
      `select outcome from login_journal j join people p on p.id = j.who where p.login = $1 order by j.id`,
      [person.login],
    );
    expect(journal.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'wrong']);
  });

  it('lets a person of two companies change between them, and to no third', async () => {
    const person = await farm.loggedIn(ours.client, theirs.client);
    const clientOf = async () => (await person.get('/api/session').expect(200)).body.client.name as string;
    const first = await clientOf();
    expect(first).toBe('ООО «Наши»');
    await person.put('/api/session/client').send({ clientId: theirs.client.id }).expect(204);
    expect(await clientOf()).toBe('ООО «Чужие»');
    await person.get(`/api/receipts/${ours.doneId}`).expect(404);
    await person.get(`/api/receipts/${theirs.doneId}`).expect(200);
    const third = await farm.rows.client();
    await person.put('/api/session/client').send({ clientId: third.id }).expect(404);
    expect(await clientOf()).toBe('ООО «Чужие»');
  });
});

describe('tenant isolation', () => {
  it('answers another client’s ids as if they did not exist', async () => {
    const person = await farm.loggedIn(ours.client);
    for (const path of [
      `receipts/${theirs.doneId}`,
      `receipts/${theirs.failedId}`,
      `receipts/${theirs.doneId}/qr.svg`,
      `registers/${theirs.register.id}`,
      `documents/${theirs.register.fnNumber}/5`,
    ]) {
      const { body } = await person.get(`/api/${path}`).expect(404);
      expect(body.error.code).toBe('CLIENT-NOT-FOUND');
    }
  });

  it('finds nothing of another client by any filter', async () => {
    const person = await farm.loggedIn(ours.client);
    const [theirDocument] = await farm.database.query<{ fiscal_sign: string }>(
      'select fiscal_sign from documents where receipt_id = $1',
      [theirs.doneId],
    );
    for (const filter of [
      { group: 'theirs' },
      { fn: theirs.register.fnNumber },
      { fp: theirDocument?.fiscal_sign },
    ]) {
      const { body } = await person.get('/api/receipts').query(filter).expect(200);
      expect(body.rows).toEqual([]);
      const totals = await person.get('/api/receipts/totals').query(filter).expect(200);
      expect(totals.body).toEqual({ receipts: 0, done: 0, doneKop: 0, failed: 0 });
    }
    const same = (await person.get('/api/receipts').query({ externalId: 'same-order' }).expect(200))
      .body as Page<ReceiptBrief>;
    expect(same.rows.map(({ id }) => id)).toEqual([ours.doneId]);
  });

  it('names nothing of another client on any screen', async () => {
    const person = await farm.loggedIn(ours.client);
    const secrets = [
      theirs.client.name,
      theirs.client.inn,
      theirs.client.id,
      'theirs',
      theirs.register.serial,
      theirs.register.fnNumber,
      theirs.register.rnm,
      theirs.doneId,
      theirs.failedId,
    ];
    for (const path of [
      'session',
      'home',
      'receipts',
      'receipts/totals',
      'registers',
      `registers/${ours.register.id}`,
      'integration',
    ]) {
      const { text } = await person.get(`/api/${path}`).expect(200);
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
  });

  it('keeps live topics of different clients apart', async () => {
    const read = async (tenant: Tenant): Promise<string> => {
      const person = await farm.loggedIn(tenant.client);
      const login = await farm
        .agent()
        .post('/api/session')
        .send({ login: person.login, password: personPassword })
        .expect(200);
      const cookie = (login.get('set-cookie') ?? [])[0]?.split(';')[0] ?? '';
      const abort = new AbortController();
      const response = await fetch(`${farm.url}/api/live?topics=home,registers,receipt:${ours.doneId}`, {
        headers: { cookie },
        signal: abort.signal,
      });
      const reader = response.body?.getReader();
      let text = '';
      while ((text.match(/event: full/g) ?? []).length < 3) {
        const { value, done } = (await reader?.read()) ?? { done: true };
        if (done) break;
        text += Buffer.from(value as Uint8Array).toString('utf8');
      }
      abort.abort();
      return text;
    };
    const [mine, others] = await Promise.all([read(ours), read(theirs)]);
    expect(mine).toContain(ours.register.serial);
    expect(mine).not.toContain(theirs.register.serial);
    expect(others).toContain(theirs.register.serial);
    expect(others).not.toContain(ours.register.serial);
    expect(others).toMatch(new RegExp(`"topic":"receipt:${ours.doneId}","at":[0-9]+,"data":null`));
  });
});

describe('home', () => {
  it('shows the day and the checks as the rows are', async () => {
    const client = await farm.rows.client();
    const group = await farm.rows.group(client, 'home-group');
    const good = await farm.rows.register(group);
    const silent = await farm.rows.register(group, { leaseEndedS: 10 });
    const old = await farm.rows.register(group, {
      validUntil: '2026-12-10',
      unsent: 3,
      unsentAgeS: 2 * 86_400,
    });
    await farm.rows.done(good, 1, { ageS: 1, items: [{ priceKop: 10_000, sumKop: 10_000 }] });
    await farm.rows.done(good, 2, { ageS: 1, items: [{ priceKop: 30_000, sumKop: 30_000 }] });
    await farm.rows.done(good, 3, { ageS: 1, sign: 2, items: [{ priceKop: 5_000, sumKop: 5_000 }] });
    await farm.rows.done(good, 4, { ageS: 2 * 86_400 });
    const person = await farm.loggedIn(client);
    const home = (await person.get('/api/home').expect(200)).body as HomeView;
    expect(home.today).toEqual({
      receipts: 3,
      failed: 0,
      revenueKop: 35_000,
      averageKop: 20_000,
      returnsKop: 5_000,
    });
    expect(home.yesterday.receipts).toBe(0);
    expect(home.hours.reduce((sum, { revenueKop }) => sum + revenueKop, 0)).toBe(35_000);
    expect(home.lastReceipt?.fdNumber).toBeLessThanOrEqual(3);
    expect(home.registers).toEqual({ total: 3, working: 2 });
    expect(home.health).toBe('trouble');
    const check = (code: string) => home.checks.find((one) => one.code === code);
    expect(check('online')).toMatchObject({ state: 'trouble', count: 1, total: 3 });
    expect(check('sending')).toMatchObject({ state: 'trouble', count: 1 });
    expect(check('fn')).toMatchObject({ state: 'warning', count: 1 });
    expect(check('shift')).toMatchObject({ state: 'ok' });
    expect(home.todo.map(({ code, serial }) => [code, serial])).toEqual(
      expect.arrayContaining([
        ['offline', silent.serial],
        ['unsent_old', old.serial],
        ['fn_term', old.serial],
      ]),
    );
  });

  it('is empty and says so for a client without registers', async () => {
    const person = await farm.loggedIn(await farm.rows.client());
    const home = (await person.get('/api/home').expect(200)).body as HomeView;
    expect(home).toMatchObject({ health: 'empty', todo: [], lastReceipt: null, registers: { total: 0 } });
  });
});

describe('receipts', () => {
  it('filters by day, sum, state and fiscal numbers, and totals the same rows', async () => {
    const client = await farm.rows.client();
    const group = await farm.rows.group(client, 'filters');
    const register = await farm.rows.register(group);
    const make = (fd: number, kop: number, ageS: number) =>
      farm.rows.done(register, fd, { ageS, items: [{ priceKop: kop, sumKop: kop }] });
    const cheap = await make(1, 100, 5);
    const dear = await make(2, 500_000, 4);
    const old = await make(3, 700, 40 * 86_400);
    const failed = await farm.rows.failed(group, { ageS: 3 });
    const person = await farm.loggedIn(client);
    const ids = async (query: object) =>
      ((await person.get('/api/receipts').query(query).expect(200)).body as Page<ReceiptBrief>).rows.map(
        ({ id }) => id,
      );
    const today = new Date(Date.now() + 3 * 3_600_000).toISOString().slice(0, 10);
    expect(await ids({})).toEqual([failed, dear, cheap, old]);
    expect(await ids({ from: today, to: today })).toEqual([failed, dear, cheap]);
    expect(await ids({ minKop: 100, maxKop: 700 })).toEqual([cheap, old]);
    expect(await ids({ state: 'failed' })).toEqual([failed]);
    expect(await ids({ fn: register.fnNumber, fd: 2 })).toEqual([dear]);
    const [document] = await farm.database.query<{ sign: string }>(
      'select fiscal_sign as sign from documents where receipt_id = $1',
      [old],
    );
    expect(await ids({ fp: document?.sign })).toEqual([old]);
    const totals = (await person.get('/api/receipts/totals').expect(200)).body as ReceiptTotals;
    expect(totals).toEqual({ receipts: 4, done: 3, doneKop: 500_800, failed: 1 });
    await person.get('/api/receipts').query({ from: '2026-13-40' }).expect(400);
    await person.get('/api/receipts').query({ from: '2026-02-31' }).expect(200);
    await person.get('/api/receipts').query({ after: 'damaged' }).expect(400);
    await person.get('/api/receipts').query({ clientId: theirs.client.id }).expect(400);
  });

  it('shows a receipt as the buyer sees it, with its life and the shop’s answer', async () => {
    await farm.database.query(
      `update register_groups set ofd_receipt_url = 'https://ofd.example/{fn}/{fd}/{fpd}' where code = 'ours'`,
    );
    const person = await farm.loggedIn(ours.client);
    const view = (await person.get(`/api/receipts/${ours.doneId}`).expect(200)).body as ClientReceipt;
    expect(view.paper).toMatchObject({
      // CP866 has no guillemets.
      userName: 'ООО "Наши"',
      inn: ours.client.inn,
      sign: 1,
      totalKop: 123_450,
      fdNumber: 5,
      ffd: '1.05',
      buyerContact: 'ivanov@mail.example',
      items: [{ name: 'Кофе в зёрнах, 1 кг', priceKop: 123_450, quantityMicro: 1_000_000, vat: 'НДС 22%' }],
    });
    expect(view.answer).toMatchObject({ status: 'done', payload: { fiscal_document_number: 5 } });
    expect(view.timeline.map(({ kind }) => kind)).toContain('callback_delivered');
    expect(JSON.stringify(view.timeline)).not.toContain('fence');
    expect(view.operatorPage?.url).toBe(
      `https://ofd.example/${ours.register.fnNumber}/5/${view.paper?.fiscalSign}`,
    );
    const qr = await person
      .get(`/api/receipts/${ours.doneId}/qr.svg`)
      .expect(200)
      .expect('content-type', /svg/);
    expect(Buffer.from(qr.body as Uint8Array).toString('utf8')).toContain('<svg');
    await person.get(`/api/receipts/${ours.failedId}/qr.svg`).expect(404);
  });
});

describe('registers and integration', () => {
  it('shows registers with groups, and a register with its documents and totals', async () => {
    const person = await farm.loggedIn(ours.client);
    const list = (await person.get('/api/registers').expect(200)).body as ClientRegisters;
    expect(list.groups).toEqual([
      expect.objectContaining({ code: 'ours', registers: 1, working: 1, waiting: 1 }),
    ]);
    expect(list.registers[0]).toMatchObject({
      serial: ours.register.serial,
      condition: 'works',
      fn: { documentsLeft: 62_500 },
    });
    const page = (await person.get(`/api/registers/${ours.register.id}`).expect(200))
      .body as ClientRegisterPage;
    expect(page.totals).toEqual([{ sign: 1, documents: 1, totalKop: 123_450 }]);
    expect(page.documents.map(({ fdNumber }) => fdNumber)).toEqual([5]);
    const document = await person.get(`/api/documents/${ours.register.fnNumber}/5`).expect(200);
    expect(document.body.tags.length).toBeGreaterThan(10);
  });

  it('says where to point a shop and what failed', async () => {
    const person = await farm.loggedIn(ours.client);
    const view = (await person.get('/api/integration').expect(200)).body as IntegrationView;
    expect(view).toMatchObject({
      apiUrl: 'https://api.farm.example',
      groups: [{ code: 'ours', protocol: 4, inn: ours.client.inn }],
      failures: [{ id: ours.failedId, code: 32, text: 'items[0].sum: не сходится' }],
      topErrors: [{ code: 32, receipts: 1 }],
      callbacks: [{ host: 'shop.example', delivered: 1, pending: 0, gaveUp: 0 }],
    });
  });
});
