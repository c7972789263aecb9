import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkFarm, Shop, TestFarm } from '../index';

jest.setTimeout(900_000);

describe('The way of a receipt, real processes', () => {
  let farm: TestFarm;
  let shop: Shop;
  let sink: Server;
  const calls: Record<string, unknown>[] = [];
  let sinkUrl: string;

  beforeAll(async () => {
    sink = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        calls.push(JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>);
        response.writeHead(200).end('ok');
      });
    });
    await new Promise<void>((listening) => sink.listen(0, '127.0.0.1', listening));
    sinkUrl = `http://127.0.0.1:${(sink.address() as AddressInfo).port}/callback`;
    farm = await TestFarm.start({ modules: 8, pace: '30' });
    shop = await Shop.open(farm);
  });

  afterAll(async () => {
    await farm?.stop();
    await new Promise((closed) => sink.close(closed));
  });

  it.each(['demo-v4', 'demo-v5'] as const)('%s: sale → FN → report → callback → operator', async (group) => {
    const sold = await shop.sell({
      externalId: `one-${group}`,
      group,
      callbackUrl: sinkUrl,
      priceRub: 1234.56,
    });
    expect(sold.status).toBe(200);
    expect(sold.body).toMatchObject({
      uuid: expect.any(String),
      status: 'wait',
      error: null,
      timestamp: expect.stringMatching(/^\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d$/),
    });
    const uuid = String(sold.body.uuid);
    const report = await shop.settled(uuid, group);
    expect(report).toMatchObject({
      status: 'done',
      error: null,
      external_id: `one-${group}`,
      group_code: group,
    });
    const { payload } = report;
    expect(payload).toMatchObject({
      total: 1234.56,
      fns_site: 'www.nalog.gov.ru',
      ofd_inn: '7799999997',
      receipt_datetime: expect.stringMatching(/^\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d$/),
    });
    const module = (await farm.modules()).find((each) => each.fnNumber === payload?.fn_number);
    const document = (await farm.fnDocuments(module?.serial ?? '')).find(
      (each) => each.fd === payload?.fiscal_document_number,
    );
    expect(document).toMatchObject({
      form: 3,
      total: 123_456,
      fiscalSign: payload?.fiscal_document_attribute,
      shift: payload?.shift_number,
      receipt: payload?.fiscal_receipt_number,
    });
    await farm.until('callback', 10_000, async () => calls.some((call) => call.uuid === uuid));
    const call = calls.find((each) => each.uuid === uuid);
    expect(call).toMatchObject({ status: 'done', payload, external_id: `one-${group}` });
    await farm.until('operator', 20_000, async () => {
      const rows = await farm.database.query(
        `select 1 from documents where receipt_id = $1 and confirmed_at is not null`,
        [uuid],
      );
      return rows.length === 1;
    });
    const kept = await farm.database.query<{ sign: number; total: number }>(
      `select fiscal_sign::float8 as sign, total_kop::float8 as total from ofd.documents where fn_number = $1 and fd_number = $2`,
      [payload?.fn_number, payload?.fiscal_document_number],
    );
    expect(kept).toEqual([{ sign: payload?.fiscal_document_attribute, total: 123_456 }]);
  });

  it('answers a repeat with code 33 and the first uuid, and makes no second document', async () => {
    const first = await shop.sell({ externalId: 'twice' });
    const before = await shop.settled(String(first.body.uuid));
    const repeat = await shop.sell({ externalId: 'twice', priceRub: 7 });
    expect(repeat.status).toBe(400);
    expect(repeat.body).toMatchObject({ uuid: first.body.uuid, status: 'wait', error: { code: 33 } });
    expect((await shop.report(String(first.body.uuid))).payload).toEqual(before.payload);
  });

  it('fails a receipt of another INN with the agent’s error, and tells the shop', async () => {
    const sold = await shop.sell({ externalId: 'wrong-inn', inn: '7702203276', callbackUrl: sinkUrl });
    expect(sold.status).toBe(200);
    const report = await shop.settled(String(sold.body.uuid));
    expect(report).toMatchObject({ status: 'fail', payload: null, error: { type: 'agent' } });
    await farm.until('callback', 10_000, async () =>
      calls.some((call) => call.uuid === sold.body.uuid && call.status === 'fail'),
    );
  });

  it('makes 200 documents of 200 receipts sent at once over two groups', async () => {
    const sold = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        shop.sell({ externalId: `burst-${n}`, group: n % 2 ? 'demo-v5' : 'demo-v4', priceRub: 10 + n }),
      ),
    );
    expect(sold.filter(({ status }) => status !== 200)).toEqual([]);
    await farm.until('all settled', 90_000, async () => (await checkFarm(farm)).waiting === 0);
    await farm.until(
      'operator has all',
      90_000,
      async () => (await checkFarm(farm, { operator: true })).faults.length === 0,
    );
    const verdict = await checkFarm(farm, { operator: true });
    expect(verdict).toMatchObject({ faults: [], failed: 1, waiting: 0, done: verdict.fnReceipts });
  });

  it('keeps one document per receipt when the driver is killed again and again', async () => {
    const sold = await Promise.all(
      Array.from({ length: 120 }, (_, n) => shop.sell({ externalId: `kill-${n}`, priceRub: 5 + n })),
    );
    expect(sold.every(({ status }) => status === 200)).toBe(true);
    const driver = farm.part('hardware-driver');
    for (let round = 0; round < 4; round += 1) {
      await new Promise((go) => setTimeout(go, 250));
      await driver.kill('SIGKILL');
      await driver.start();
    }
    await farm.until('all settled', 90_000, async () => (await checkFarm(farm)).waiting === 0);
    const verdict = await checkFarm(farm);
    expect(verdict).toMatchObject({ faults: [], failed: 1, waiting: 0, done: verdict.fnReceipts });
  });
});
