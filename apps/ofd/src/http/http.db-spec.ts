import { silentLog, systemClock, type FarmError } from '@kkt/contracts';
import { HealthChecks } from '@kkt/observability';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Registry } from 'prom-client';
import { TestKkt, TestLink, type TestDocument } from '../../test/test-kkt';
import { register, startTestOperator, type TestOperator } from '../../test/test-operator';
import { LookupLimit } from '../portal/lookup-limit';
import type { OperatorSettings } from '../settings';
import { createHttp } from './create-http';

const KEY = 'a-key-of-the-operator';

interface Door {
  test: TestOperator;
  app: NestFastifyApplication;
  close(): Promise<void>;
}

async function openDoor(changes: Partial<OperatorSettings> = {}, lookupsPerMinute = 10_000): Promise<Door> {
  const test = await startTestOperator(changes);
  const app = await createHttp(
    {
      operator: test.operator,
      health: new HealthChecks(),
      metrics: new Registry(),
      // Time stands still: a slow machine must not begin a new minute in the middle of a test.
      lookupLimit: new LookupLimit({ ...systemClock, monotonicMs: () => 0 }, lookupsPerMinute),
    },
    silentLog,
  );
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return {
    test,
    app,
    close: async () => {
      await app.close();
      await test.close();
    },
  };
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

async function call(
  door: Door,
  method: Method,
  url: string,
  options: { body?: object; key?: string; from?: string; headers?: Record<string, string> } = {},
) {
  const response = await door.app.inject({
    method,
    url,
    payload: options.body,
    remoteAddress: options.from ?? '127.0.0.1',
    headers: { ...(options.key ? { 'x-api-key': options.key } : {}), ...options.headers },
  });
  const isJson = String(response.headers['content-type']).includes('json');
  return {
    status: response.statusCode,
    headers: response.headers,
    text: response.body,
    json: (isJson ? response.json() : {}) as Record<string, unknown>,
  };
}

const kktBody = (kkt: TestKkt) => ({
  rnm: kkt.rnm,
  fnNumber: kkt.fnNumber,
  inn: kkt.inn,
  enterpriseName: 'ООО "Ромашка"',
  place: 'Магазин 1',
  address: 'г. Москва',
});

async function deliver(door: Door, kkt: TestKkt, documents: readonly TestDocument[]): Promise<void> {
  const link = await TestLink.open(door.test.operator.server.port);
  for (const document of documents) {
    const answer = await link.exchange(kkt, document);
    if (answer?.kind !== 'confirmation')
      throw new Error(`FD ${document.fdNumber}: ${answer?.kind ?? 'closed'}`);
  }
  link.close();
}

let serial = 100;
const newKkt = (): TestKkt => new TestKkt(`9999078900${String((serial += 1)).padStart(6, '0')}`);

describe('an open operator on this machine', () => {
  let door: Door;
  beforeAll(async () => {
    door = await openDoor();
  });
  afterAll(() => door.close());

  it('is alive, ready and measured', async () => {
    expect((await call(door, 'GET', '/health/live')).status).toBe(200);
    expect((await call(door, 'GET', '/health/ready')).json).toMatchObject({
      ok: true,
      checks: { database: { ok: true }, exchange: { ok: true } },
    });
    expect((await call(door, 'GET', '/metrics')).status).toBe(200);
  });

  it('is not ready while its port is closed', async () => {
    await call(door, 'PUT', '/internal/faults', { body: { mode: 'refuse' } });
    expect((await call(door, 'GET', '/health/ready')).status).toBe(503);
    await call(door, 'DELETE', '/internal/faults');
    expect((await call(door, 'GET', '/health/ready')).status).toBe(200);
  });

  it('registers a KKT once, changes it, swaps its FN, shows its state', async () => {
    const kkt = newKkt();
    const first = await call(door, 'POST', '/api/kkts', { body: kktBody(kkt) });
    expect(first).toMatchObject({
      status: 201,
      json: { rnm: kkt.rnm, state: 'active', enterprise: 'ООО "Ромашка"' },
    });
    expect((await call(door, 'POST', '/api/kkts', { body: kktBody(kkt) })).status).toBe(200);

    const fresh = newKkt();
    await call(door, 'POST', '/api/kkts', {
      body: { ...kktBody(kkt), fnNumber: fresh.fnNumber, place: 'Магазин 2' },
    });
    await call(door, 'PATCH', `/api/kkts/${kkt.rnm}/state`, { body: { state: 'unpaid' } });
    const { json } = await call(door, 'GET', `/api/kkts/${kkt.rnm}/state`);
    expect(json).toMatchObject({ rnm: kkt.rnm, state: 'unpaid' });
    expect((json.drives as { fnNumber: string }[]).map((drive) => drive.fnNumber)).toEqual(
      expect.arrayContaining([kkt.fnNumber, fresh.fnNumber]),
    );
    expect((await call(door, 'GET', `/api/kkts/${kkt.rnm}`)).json).toMatchObject({
      outlet: { name: 'Магазин 2' },
    });
    expect((await call(door, 'GET', '/api/kkts?state=unpaid')).json.kkts).toHaveLength(1);
  });

  it('never gives an FN to two KKTs or a KKT to two enterprises', async () => {
    const [kkt, other] = [newKkt(), newKkt()];
    await call(door, 'POST', '/api/kkts', { body: kktBody(kkt) });
    expect(
      await call(door, 'POST', '/api/kkts', { body: { ...kktBody(other), fnNumber: kkt.fnNumber } }),
    ).toMatchObject({ status: 409, json: { error: { code: 'CLIENT-FN-TAKEN' } } });
    expect((await call(door, 'GET', `/api/kkts/${other.rnm}`)).status).toBe(404);
    expect(
      await call(door, 'POST', '/api/kkts', { body: { ...kktBody(kkt), inn: '504404744207' } }),
    ).toMatchObject({ status: 409, json: { error: { code: 'CLIENT-KKT-TAKEN' } } });
  });

  it('names every wrong field', async () => {
    const answer = await call(door, 'POST', '/api/kkts', {
      body: { rnm: '1', fnNumber: 'x', inn: '7702203277', place: '', address: 'г. Москва', extra: 1 },
    });
    expect(answer).toMatchObject({ status: 400, json: { error: { code: 'CLIENT-FIELDS' } } });
    const { fields } = answer.json.error as { fields: Record<string, string[]> };
    expect(Object.keys(fields).sort()).toEqual(['extra', 'fnNumber', 'inn', 'place', 'rnm']);
    expect((await call(door, 'GET', '/api/documents?limit=0')).status).toBe(400);
    expect((await call(door, 'GET', '/api/reports/colours?from=2026-01-01&to=2027-01-01')).status).toBe(400);
    expect((await call(door, 'GET', '/api/nothing')).json).toMatchObject({
      error: { code: 'CLIENT-HTTP-404' },
    });
  });

  it('finds documents by what is known of them', async () => {
    const kkt = newKkt();
    await register(door.test.operator, kkt);
    const documents = [
      kkt.registration(),
      kkt.shiftOpen(),
      kkt.sale([{ name: 'Редкость', priceKop: 123_457 }]),
    ];
    await deliver(door, kkt, documents);
    const sale = documents[2] as TestDocument;
    for (const query of [
      `fn=${kkt.fnNumber}&fd=3`,
      `fp=${sale.fiscalSign}`,
      `totalKop=123457&from=2026-11-23&to=2026-11-24`,
      `rnm=${kkt.rnm}&form=3`,
    ]) {
      const { json } = await call(door, 'GET', `/api/documents?${query}`);
      expect(json.documents).toMatchObject([
        { fnNumber: kkt.fnNumber, fdNumber: 3, totalKop: 123_457, formName: 'receipt' },
      ]);
    }
    expect(
      (await call(door, 'GET', '/api/documents?totalKop=123457&from=2026-11-24')).json.documents,
    ).toEqual([]);

    const { json } = await call(door, 'GET', `/api/documents/${kkt.fnNumber}/3`);
    expect(json).toMatchObject({
      qr: `t=20261123T1015&s=1234.57&fn=${kkt.fnNumber}&i=3&fp=${sale.fiscalSign}&n=1`,
      raw: { tlv: sale.tlv.toString('hex'), container: sale.container.toString('hex') },
      document: { receipt: { totalSum: 123_457, buyerPhoneOrAddress: 'buyer@example.com' } },
    });
    expect((await call(door, 'GET', `/api/documents/${kkt.fnNumber}/4`)).status).toBe(404);
  });

  it('reports are the sums of the documents', async () => {
    const [kkt, other] = [newKkt(), newKkt()];
    const period = 'from=2026-11-23&to=2026-11-24';
    for (const one of [kkt, other]) {
      await call(door, 'POST', '/api/kkts', { body: { ...kktBody(one), place: `Точка ${one.fnNumber}` } });
    }
    await deliver(door, kkt, [
      kkt.registration(),
      kkt.shiftOpen(),
      kkt.sale(
        [
          { name: 'Чай', priceKop: 10_000, quantityMicro: 2_000_000 },
          { name: 'Сахар', priceKop: 5_000 },
        ],
        { cashier: 'Анна' },
      ),
      kkt.sale([{ name: 'Чай', priceKop: 10_000 }], { cashier: 'Борис' }),
      kkt.sale([{ name: 'Чай', priceKop: 10_000 }], { cashier: 'Борис', sign: 2 }),
      kkt.sale([{ name: 'Чай', priceKop: 99_900 }], { at: '2026-11-24T00:00:00' }),
    ]);
    await call(door, 'PUT', '/api/categories', {
      body: { inn: kkt.inn, items: [{ itemName: 'Чай', category: 'Напитки' }] },
    });
    const rows = async (kind: string, filter = `rnm=${kkt.rnm}`) =>
      (await call(door, 'GET', `/api/reports/${kind}?${period}&${filter}`)).json.rows as unknown as Record<
        string,
        unknown
      >[];
    expect(await rows('kkts')).toEqual([
      expect.objectContaining({
        key: kkt.rnm,
        receipts: 3,
        incomeKop: 35_000,
        incomeReturnKop: 10_000,
        revenueKop: 25_000,
        ecashKop: 25_000,
        cashKop: 0,
      }),
    ]);
    expect(await rows('cashiers')).toEqual([
      expect.objectContaining({ key: 'Анна', receipts: 1, revenueKop: 25_000 }),
      expect.objectContaining({ key: 'Борис', receipts: 2, revenueKop: 0 }),
    ]);
    expect(await rows('goods')).toEqual([
      expect.objectContaining({
        key: 'Чай',
        receipts: 3,
        incomeKop: 30_000,
        revenueKop: 20_000,
        quantityMicro: 2_000_000,
      }),
      expect.objectContaining({ key: 'Сахар', receipts: 1, revenueKop: 5_000, quantityMicro: 1_000_000 }),
    ]);
    expect(await rows('categories')).toEqual([
      expect.objectContaining({ key: 'Напитки', revenueKop: 20_000 }),
      expect.objectContaining({ key: '', revenueKop: 5_000 }),
    ]);
    expect(await rows('outlets')).toEqual([
      expect.objectContaining({ label: `Точка ${kkt.fnNumber}, г. Москва`, revenueKop: 25_000 }),
    ]);
    expect(await rows('shifts')).toEqual([
      expect.objectContaining({ key: `${kkt.fnNumber}/1`, revenueKop: 25_000 }),
    ]);
    expect(await rows('enterprises', `rnm=${other.rnm}`)).toEqual([]);
    expect(await rows('days')).toEqual([expect.objectContaining({ key: '2026-11-23', revenueKop: 25_000 })]);

    const page = async (query: string) => (await call(door, 'GET', `/business?${query}&inn=${kkt.inn}`)).text;
    const goods = await page('kind=goods&from=2026-11-23&to=2026-11-23');
    expect(goods).toMatch(/Чай[^]*200,00[^]*Сахар[^]*50,00/);
    // One column of one day: its sum is in the chart too.
    expect(goods).toMatch(/<title>23\.11\.2026: [\d\u00a0]+,\d\d ₽<\/title>/);
    expect(await page('kind=registry')).toContain(kkt.rnm);
    expect(await page('kind=goods&from=2020-01-01&to=2020-01-31')).toContain('документов нет');
    expect(await page('kind=goods&from=2026-11-24&to=2026-11-23')).toContain('начало не позже конца');
  });

  it('tells what it is doing', async () => {
    expect((await call(door, 'GET', '/api/state')).json).toMatchObject({
      operator: { inn: '7709364346' },
      exchange: { isListening: true },
      tax: { isUp: true },
    });
  });
});

describe('a closed operator', () => {
  let door: Door;
  let kkt: TestKkt;
  let sale: TestDocument;
  beforeAll(async () => {
    door = await openDoor({ apiKey: KEY, openPortal: false, faults: false });
    kkt = newKkt();
    await register(door.test.operator, kkt);
    const documents = [kkt.registration(), kkt.shiftOpen(), kkt.sale()];
    await deliver(door, kkt, documents);
    sale = documents[2] as TestDocument;
  });
  afterAll(() => door.close());

  it.each([
    ['GET', '/api/kkts'],
    ['GET', '/api/documents'],
    ['GET', '/api/state'],
    ['GET', '/api/reports/kkts?from=2026-01-01&to=2027-01-01'],
    ['GET', '/api/enterprises'],
  ] as [Method, string][])('%s %s wants the key, even from this machine', async (method, url) => {
    expect((await call(door, method, url)).status).toBe(401);
    expect((await call(door, method, url, { key: `${KEY}x` })).status).toBe(401);
    expect((await call(door, method, url, { key: KEY, from: '203.0.113.5' })).status).toBe(200);
  });

  it('shows a document to whoever knows its fiscal sign, without the buyer', async () => {
    const url = `/api/documents/${kkt.fnNumber}/3`;
    expect((await call(door, 'GET', url)).status).toBe(401);
    expect((await call(door, 'GET', `${url}?fp=1`)).status).toBe(404);
    const shown = await call(door, 'GET', `${url}?fp=${sale.fiscalSign}`);
    expect(shown.json).toMatchObject({ fdNumber: 3, document: { receipt: { totalSum: 45_000 } } });
    expect(shown.text).not.toContain('buyer@example.com');
    expect(shown.text).not.toContain(Buffer.from('buyer@example.com').toString('hex'));
    expect(shown.text).not.toContain(Buffer.from('buyer@example.com').toString('base64').slice(4, 16));
  });

  it('opens reports to whoever enters with the key, and to nobody else', async () => {
    expect((await call(door, 'GET', '/business')).text).toContain('Вход для предприятий');
    const enter = (key: string) => call(door, 'POST', '/business/enter', { body: { key } });
    expect((await enter('wrong')).status).toBe(403);
    const entered = await enter(KEY);
    const pass = /business=[^;]+/.exec(String(entered.headers['set-cookie']))?.[0] ?? '';
    expect([entered.status, pass]).toEqual([303, expect.stringMatching(/^business=\d+\.[0-9a-f]{64}$/)]);
    const seen = (cookie: string) => call(door, 'GET', '/business', { headers: { cookie } });
    expect((await seen(pass)).text).toContain('Отчёты предприятий');
    expect((await seen(pass.replace(/\d+\./, '9999999999.'))).text).toContain('Вход для предприятий');
  });

  it('has no door for faults', async () => {
    expect((await call(door, 'GET', '/internal/faults', { key: KEY })).status).toBe(404);
    expect(() => door.test.operator.faults.set({ mode: 'hang' })).toThrow(
      expect.objectContaining({ code: 'CLIENT-FAULTS-OFF' }) as FarmError,
    );
  });

  it('the portal lists nothing and finds nothing by guessable numbers', async () => {
    const home = await call(door, 'GET', '/');
    expect(home.text).not.toContain('Последние документы');
    const guessed = await call(door, 'GET', `/?fn=${kkt.fnNumber}&fd=3`);
    expect(guessed.text).toContain('Укажите ФП с чека');
    expect(guessed.text).not.toContain('/receipt/');
    const known = await call(door, 'GET', `/?fp=${sale.fiscalSign}`);
    expect(known).toMatchObject({
      status: 303,
      headers: { location: `/receipt/${kkt.fnNumber}/3/${sale.fiscalSign}` },
    });
    expect((await call(door, 'GET', `/receipt/${kkt.fnNumber}/3`)).status).toBe(404);
    const byDate = await call(door, 'GET', `/?fn=${kkt.fnNumber}&date=2026-11-23&sum=450,00`);
    expect(byDate.status).toBe(303);
  });
});

describe('an operator without a key', () => {
  it('answers its API to this machine only', async () => {
    const door = await openDoor();
    try {
      expect((await call(door, 'GET', '/api/kkts', { from: '203.0.113.5' })).status).toBe(403);
      expect((await call(door, 'GET', '/api/kkts')).status).toBe(200);
      const handedOn = { headers: { 'x-forwarded-for': '203.0.113.5' } };
      expect((await call(door, 'GET', '/api/kkts', handedOn)).status).toBe(403);
      expect((await call(door, 'GET', '/business', { from: '203.0.113.5' })).status).toBe(403);
    } finally {
      await door.close();
    }
  });
});

describe('the portal', () => {
  let door: Door;
  let kkt: TestKkt;
  let sale: TestDocument;
  beforeAll(async () => {
    door = await openDoor({}, 30);
    kkt = newKkt();
  });
  afterAll(() => door.close());

  it('empty, it says what to do', async () => {
    const { text, headers } = await call(door, 'GET', '/');
    expect(text).toContain('Документов ещё нет');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    const ownScript = '<script type="module" src="/scan.js"></script>';
    expect(text.replace(ownScript, '')).not.toMatch(/<script|<style| style=| on[a-z]+=|https?:\/\//);
  });

  it('shows a receipt with its QR, its way and its requisites, and nothing of the buyer', async () => {
    await register(door.test.operator, kkt);
    const documents = [
      kkt.registration(),
      kkt.shiftOpen(),
      kkt.sale([{ name: 'Книга <b onmouseover=alert(1)>"Код"</b>', priceKop: 55_000 }]),
    ];
    await deliver(door, kkt, documents);
    sale = documents[2] as TestDocument;
    const { status, text } = await call(door, 'GET', `/receipt/${kkt.fnNumber}/3/${sale.fiscalSign}`);
    expect(status).toBe(200);
    expect(text).toContain('КАССОВЫЙ ЧЕК');
    expect(text).toContain('550,00');
    expect(text).toContain('<svg');
    expect(text).toContain('Принят оператором');
    expect(text).toContain('1030');
    expect(text).toContain('Книга &lt;b onmouseover=alert(1)&gt;&quot;Код&quot;&lt;/b&gt;');
    expect(text).not.toContain('<b onmouseover');
    expect(text).toContain('b***@example.com');
    expect(text).not.toContain('buyer@example.com');
    expect(text).not.toContain(Buffer.from('buyer@example.com').toString('hex'));
  });

  it('open, it leads from a document number to the page', async () => {
    expect((await call(door, 'GET', `/receipt/${kkt.fnNumber}/3`)).headers.location).toBe(
      `/receipt/${kkt.fnNumber}/3/${sale.fiscalSign}`,
    );
    expect((await call(door, 'GET', `/receipt/${kkt.fnNumber}/99`)).status).toBe(404);
  });

  it('shows every kind of document', async () => {
    const [report] = await door.test.operator.documents.search({ fnNumber: kkt.fnNumber, fdNumber: 1 }, 1);
    const { status, text } = await call(door, 'GET', `/receipt/${kkt.fnNumber}/1/${report?.fiscalSign ?? 0}`);
    expect(status).toBe(200);
    expect(text).toContain('ОТЧЕТ О РЕГИСТРАЦИИ');
  });

  it('a QR text behind its address leads to the receipt', async () => {
    const { status, headers } = await call(
      door,
      'GET',
      `/?t=20261123T1015&s=550.00&fn=${kkt.fnNumber}&i=3&fp=${sale.fiscalSign}&n=1`,
    );
    expect({ status, location: headers.location }).toEqual({
      status: 303,
      location: `/receipt/${kkt.fnNumber}/3/${sale.fiscalSign}`,
    });
    expect((await call(door, 'GET', '/?i=1&fn=2')).status).toBe(404);
  });

  it('speaks English when asked, and remembers', async () => {
    const asked = await call(door, 'GET', '/?lang=en');
    expect(asked.text).toContain('Receipt check');
    expect(asked.headers['set-cookie']).toContain('lang=en');
    expect((await call(door, 'GET', '/', { headers: { cookie: 'a=b; lang=en' } })).text).toContain(
      'Receipt check',
    );
  });

  it('a wrong sign shows no document', async () => {
    const { status, text } = await call(door, 'GET', `/receipt/${kkt.fnNumber}/3/${sale.fiscalSign ^ 1}`);
    expect(status).toBe(404);
    expect(text).toContain('Такого чека у оператора нет');
    expect((await call(door, 'GET', '/receipt/x/y/z')).status).toBe(404);
  });

  it('stops an address that tries numbers', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 31; n++) {
      statuses.push(
        (await call(door, 'GET', `/receipt/${kkt.fnNumber}/3/${n}`, { from: '203.0.113.9' })).status,
      );
    }
    expect(statuses.slice(0, 30).every((status) => status === 404)).toBe(true);
    expect(statuses[30]).toBe(429);
  });
});
