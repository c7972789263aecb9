import type { Server } from 'node:http';
import { silentLog, systemClock, systemIds } from '@kkt/contracts';
import { receiptCode } from '@kkt/security';
import { receipt35 } from './receipt-35';
import request from 'supertest';
import { createReceiptApi, type ReceiptApi } from '../src/create-receipt-api';
import { defaultSettings } from '../src/settings';
import { createWorld, type World } from './world';

const secretKey = Buffer.alloc(32, 5);
const fnNumber = '9999078900005488';
const code = receiptCode(secretKey, { fnNumber, fdNumber: 35 });

let world: World;
let api: ReceiptApi;
let server: Server;

beforeAll(async () => {
  world = await createWorld();
  await world.database.query(
    `insert into documents (fn_number, fd_number, form, register_id, fiscal_sign, document_at, total_kop, tlv)
     values ($1, 35, 3, 1, 2573726889, '2026-11-23T10:15:00', 15000, $2), ($1, 36, 2, 1, 1, '2026-11-23T10:16:00', null, '')`,
    [fnNumber, receipt35],
  );
  api = await createReceiptApi({
    database: world.database,
    wakeBus: { wake: () => Promise.resolve() },
    clock: systemClock,
    ids: systemIds,
    log: silentLog,
    settings: defaultSettings,
    payments: { secretKey, publicBaseUrl: 'https://kkt.example' },
  });
  await api.app.listen(0, '127.0.0.1');
  server = api.app.getHttpServer() as Server;
});

afterAll(async () => {
  await api.stop();
  await world.close();
});

it('shows the receipt with its QR code and how far it has come, and keeps the buyer to himself', async () => {
  const waiting = await request(server).get(`/r/${code}`).expect(200);
  expect(waiting.text).toContain('КАССОВЫЙ ЧЕК');
  expect(waiting.text).toContain('<svg');
  expect(waiting.text).toContain('Ждёт оператора: ОФД');
  expect(waiting.text).not.toContain('buyer@example.com');
  expect(waiting.headers['content-security-policy']).toContain("default-src 'none'");
  await world.database.query('update documents set confirmed_at = now() where fd_number = 35');
  const confirmed = await request(server).get(`/r/${code}`).expect(200);
  expect(confirmed.text).toContain('Принят оператором: ОФД');
});

it('hands it out as PDF', async () => {
  const { headers, body } = await request(server).get(`/r/${code}/pdf`).buffer(true).expect(200);
  expect(headers['content-type']).toBe('application/pdf');
  expect((body as Buffer).subarray(0, 5).toString()).toBe('%PDF-');
});

it('opens nothing without its signature, and no reports', async () => {
  const foreign = receiptCode(Buffer.alloc(32, 6), { fnNumber, fdNumber: 35 });
  const report = receiptCode(secretKey, { fnNumber, fdNumber: 36 });
  const absent = receiptCode(secretKey, { fnNumber, fdNumber: 99 });
  for (const wrong of [foreign, report, absent, 'x', `${code}A`, `${fnNumber}`]) {
    const { text } = await request(server).get(`/r/${wrong}`).expect(404);
    expect(text).toContain('Такого чека нет');
    await request(server).get(`/r/${wrong}/pdf`).expect(404);
  }
});
