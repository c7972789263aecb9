import { makeMarkCode } from '@hardware/emulator';
import { Shop, TestFarm } from '../index';
import type { AtolReport } from './shop';

jest.setTimeout(180_000);

const base64 = (code: string): string => Buffer.from(code, 'latin1').toString('base64');
const gtin = '04600000000017';
/** Sealed with a key that no emulated FN holds. */
const foreignCode = (serial: string): string => `01${gtin}21${serial}\u001d91ABCD\u001d92c2VhbGVk`;

interface MarkResult {
  position: number;
  mark_code: string;
  result: number;
}

describe('Marked goods, real processes', () => {
  let farm: TestFarm;
  let shop: Shop;
  let lastId = 0;

  beforeAll(async () => {
    farm = await TestFarm.start({ modules: 4, pace: '5', env: { OFD_FAULTS: 'on' } });
    shop = await Shop.open(farm);
  });
  afterAll(() => farm?.stop());

  const operator = (path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${farm.ports.portal}${path}`, {
      ...init,
      headers: { 'content-type': 'application/json' },
    });
  const behave = async (behaviour: object): Promise<void> => {
    const reply = await operator('/internal/marking', { method: 'PUT', body: JSON.stringify(behaviour) });
    expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining('mode') as unknown]);
  };
  const counters = async (): Promise<{ requests: number; notifications: number }> =>
    ((await (await operator('/internal/marking')).json()) as { counters: never }).counters;

  /** A receipt of marked items and one plain item in front, to its end. */
  async function sell(codes: readonly string[], more: object = {}, operation = 'sell'): Promise<AtolReport> {
    const externalId = `mark-${++lastId}`;
    const body = shop.body({ externalId, group: 'demo-v5' }) as {
      receipt: { items: object[]; payments: object[] };
    };
    const [plain] = body.receipt.items;
    const items = [
      { ...plain },
      ...codes.map((code) => ({
        ...plain,
        payment_object: 33,
        mark_processing_mode: '0',
        mark_code: { gs1m: base64(code) },
      })),
    ];
    const total = 100.5 * items.length;
    const { status, body: answer } = await farm.api(`/possystem/v5/demo-v5/${operation}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', token: shop.token },
      body: JSON.stringify({
        ...body,
        ...more,
        receipt: { ...body.receipt, items, payments: [{ type: 1, sum: total }], total },
      }),
    });
    expect([status, answer]).toEqual([200, expect.objectContaining({ status: 'wait' })]);
    return shop.settled(String(answer.uuid), 'demo-v5');
  }

  const resultsOf = (report: AtolReport): MarkResult[] =>
    (report.payload as unknown as { marks_result?: MarkResult[] } | null)?.marks_result ?? [];

  it('the FN’s check and the marking system’s answer become tag 2106, and the shop is told of each code', async () => {
    const own = makeMarkCode(gtin, 'A1');
    const report = await sell([own, foreignCode('B1')]);
    expect(report).toMatchObject({ status: 'done', error: null });
    expect(resultsOf(report)).toEqual([
      { position: 1, mark_code: base64(own), result: 15 },
      { position: 2, mark_code: base64(foreignCode('B1')), result: 15 },
    ]);
    expect((await counters()).requests).toBe(2);
  });

  it('the notification of the sale reaches the marking system: the same code cannot be sold again, but returned', async () => {
    await farm.until('notified', 30_000, async () => (await counters()).notifications > 0);
    const own = makeMarkCode(gtin, 'A1');
    const again = await sell([own]);
    expect([again.status, resultsOf(again)[0]?.result]).toEqual(['done', 7]);
    const returned = await sell([own], {}, 'sell_refund');
    expect([returned.status, resultsOf(returned)[0]?.result]).toEqual(['done', 15]);
    const plain = await sell([]);
    expect(plain.payload).not.toHaveProperty('marks_result');
  });

  it('a system that says no is told of in the report; the document is made all the same', async () => {
    await behave({ mode: 'ok', denied: [`01${gtin}21C`] });
    const report = await sell([makeMarkCode(gtin, 'C1', true), makeMarkCode(gtin, 'D1')]);
    expect(report.status).toBe('done');
    expect(resultsOf(report).map(({ result }) => result)).toEqual([5, 15]);
  });

  it('a system that is slow is waited for', async () => {
    await behave({ mode: 'slow', delayMs: 700 });
    const report = await sell([makeMarkCode(gtin, 'E1')]);
    expect([report.status, resultsOf(report)[0]?.result]).toEqual(['done', 15]);
  });

  it('without the system a receipt fails with 421 and no document, or goes on where the shop allows it', async () => {
    await behave({ mode: 'down' });
    const refused = await sell([makeMarkCode(gtin, 'F1')]);
    expect(refused).toMatchObject({
      status: 'fail',
      payload: null,
      error: { code: 421, type: 'driver', text: expect.stringContaining('таймаут') as unknown },
    });
    const optional = await sell([makeMarkCode(gtin, 'F1'), foreignCode('G1')], { ism_optional: true });
    expect([optional.status, resultsOf(optional).map(({ result }) => result)]).toEqual(['done', [3, 0]]);
  });

  it('notifications outlive the system’s absence and the death of the driver and the module', async () => {
    await farm.kill('hardware-driver');
    await farm.kill('emulator');
    await behave({ mode: 'ok' });
    await farm.restart('emulator');
    await farm.restart('hardware-driver');
    // One for each receipt with marked goods so far; one whose receipt was lost with the driver comes twice.
    await farm.until('notified', 60_000, async () => (await counters()).notifications >= 6);
    const again = await sell([foreignCode('G1')]);
    expect([again.status, resultsOf(again)[0]?.result]).toEqual(['done', 7]);
  });
});
