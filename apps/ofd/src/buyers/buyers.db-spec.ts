import { silentLog, systemClock } from '@kkt/contracts';
import { HealthChecks } from '@kkt/observability';
import { farmMigrations, migrate } from '@kkt/storage';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Registry } from 'prom-client';
import { TestKkt, TestLink, type TestDocument } from '../../test/test-kkt';
import { register, startTestOperator, type TestOperator } from '../../test/test-operator';
import { createHttp } from '../http/create-http';
import { LookupLimit } from '../portal/lookup-limit';

const kkt = new TestKkt('9999078900000321');
let test: TestOperator;
let app: NestFastifyApplication;
let sale: TestDocument;

const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();

async function post(url: string, fields: Record<string, string>, cookie?: string) {
  return app.inject({
    method: 'POST',
    url,
    payload: form(fields),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...(cookie ? { cookie } : {}) },
  });
}

const history = async (cookie?: string) =>
  app.inject({ method: 'GET', url: '/history', ...(cookie ? { headers: { cookie } } : {}) });

/** The code in the newest message to this address. */
async function lastCode(address: string): Promise<string | undefined> {
  const [row] = await test.operator.database.query<{ subject: string }>(
    `select subject from public.notifications where address = $1 order by id desc limit 1`,
    [address],
  );
  return /\d{6}/.exec(row?.subject ?? '')?.[0];
}

beforeAll(async () => {
  test = await startTestOperator({ openPortal: false });
  await migrate({ url: test.database.url, migrations: farmMigrations });
  app = await createHttp(
    {
      operator: test.operator,
      health: new HealthChecks(),
      metrics: new Registry(),
      lookupLimit: new LookupLimit(systemClock, 10_000),
    },
    silentLog,
  );
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  await register(test.operator, kkt);
  const link = await TestLink.open(test.operator.server.port);
  sale = undefined as unknown as TestDocument;
  const documents = [
    kkt.registration(),
    kkt.shiftOpen(),
    (sale = kkt.sale(undefined, { contact: 'buyer@example.com' })),
    kkt.sale([{ name: 'Попкорн', priceKop: 30_000 }], { contact: '+79161234567' }),
  ];
  for (const document of documents) await link.exchange(kkt, document);
  link.close();
});

afterAll(async () => {
  await app.close();
  await test.close();
});

it('shows a buyer the receipts of his contact, and of no other, once he gave the code sent to it', async () => {
  expect((await history()).body).toContain('action="/history/code"');
  const asked = await post('/history/code', { contact: ' Buyer@Example.com ' });
  expect(asked.body).toContain('action="/history/enter"');
  const code = await lastCode('buyer@example.com');
  const wrong = await post('/history/enter', {
    contact: 'buyer@example.com',
    code: code === '000000' ? '1' : '000000',
  });
  expect(wrong.statusCode).toBe(403);
  expect(wrong.headers['set-cookie']).toBeUndefined();
  const entered = await post('/history/enter', { contact: 'buyer@example.com', code: code ?? '' });
  expect(entered.statusCode).toBe(303);
  const set = String(entered.headers['set-cookie']);
  expect(set).toMatch(/HttpOnly/);
  expect(set).toMatch(/SameSite=Strict/);
  const cookie = set.split(';')[0]!;
  const page = await history(cookie);
  expect(page.body).toContain(`/receipt/${kkt.fnNumber}/${sale.fdNumber}/${sale.fiscalSign}`);
  expect(page.body.match(/\/receipt\//g)).toHaveLength(1);
  expect(page.body).not.toContain('buyer@example.com');
  // A code works once.
  const again = await post('/history/enter', { contact: 'buyer@example.com', code: code ?? '' });
  expect(again.statusCode).toBe(403);
  await post('/history/leave', {}, cookie);
  expect((await history(cookie)).body).toContain('action="/history/code"');
});

it('sends codes to telephones by SMS, at most three in ten minutes', async () => {
  for (const status of [200, 200, 200, 429])
    expect((await post('/history/code', { contact: '8 916 123-45-67' })).statusCode).toBe(status);
  const [row] = await test.operator.database.query<{ channel: string; n: string }>(
    `select min(channel) as channel, count(*) as n from public.notifications where address = '+79161234567'`,
  );
  expect(row).toEqual({ channel: 'sms', n: '3' });
});

it('gives a code up after five wrong guesses', async () => {
  await post('/history/code', { contact: 'guess@example.com' });
  const code = await lastCode('guess@example.com');
  const other = code === '111111' ? '222222' : '111111';
  for (let n = 0; n < 5; n++) await post('/history/enter', { contact: 'guess@example.com', code: other });
  const late = await post('/history/enter', { contact: 'guess@example.com', code: code ?? '' });
  expect(late.statusCode).toBe(403);
});

it('refuses what is no contact', async () => {
  const { statusCode, body } = await post('/history/code', { contact: 'nobody' });
  expect(statusCode).toBe(400);
  expect(body).toContain('role="alert"');
});

it('hands out the printed form as PDF, with the buyer masked, to whoever knows the sign', async () => {
  const url = `/receipt/${kkt.fnNumber}/${sale.fdNumber}/${sale.fiscalSign}/pdf`;
  const { statusCode, headers, rawPayload } = await app.inject({ method: 'GET', url });
  expect(statusCode).toBe(200);
  expect(headers['content-type']).toBe('application/pdf');
  expect(rawPayload.subarray(0, 5).toString()).toBe('%PDF-');
  const foreign = `/receipt/${kkt.fnNumber}/${sale.fdNumber}/1/pdf`;
  expect((await app.inject({ method: 'GET', url: foreign })).statusCode).toBe(404);
});

it('serves the scanner and its decoder, and nothing else of the package', async () => {
  for (const url of ['/scan.js', '/qr/decode.js', '/qr/index.js']) {
    const { statusCode, headers } = await app.inject({ method: 'GET', url });
    expect([url, statusCode]).toEqual([url, 200]);
    expect(headers['content-type']).toContain('javascript');
  }
  expect((await app.inject({ method: 'GET', url: '/qr/package.json' })).statusCode).toBe(404);
});
