import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkFarm, Shop, TestFarm } from '@kkt/testing';

jest.setTimeout(240_000);

const receipts = 120;
const sleepMs = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What the shop heard about one receipt, as raw bodies. */
type Heard = Map<string, Set<string>>;

describe('killed relays, workers and operators', () => {
  let farm: TestFarm;
  let sink: Server;
  const heard: Heard = new Map();

  beforeAll(async () => {
    sink = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        const { uuid } = JSON.parse(body) as { uuid: string };
        heard.set(uuid, (heard.get(uuid) ?? new Set()).add(body));
        response.writeHead(200).end();
      });
    });
    await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
    farm = await TestFarm.start({ modules: 6, pace: '50' });
  });

  afterAll(async () => {
    await farm?.stop();
    sink.closeAllConnections();
    await new Promise((resolve) => sink.close(resolve));
  });

  it('leave no document without its confirmation and no shop without its answer', async () => {
    const shop = await Shop.open(farm);
    const callbackUrl = `http://127.0.0.1:${(sink.address() as AddressInfo).port}/`;
    const uuids: string[] = [];
    const selling = (async () => {
      for (let n = 0; n < receipts; n++) {
        const sold = await shop.sell({
          externalId: `kill-${n}`,
          group: n % 2 === 0 ? 'demo-v4' : 'demo-v5',
          priceRub: 10 + n,
          callbackUrl,
        });
        expect(sold.status).toBe(200);
        uuids.push(String(sold.body.uuid));
        await sleepMs(60);
      }
    })();
    for (const victim of ['ofd-relay', 'worker', 'ofd', 'ofd-relay', 'worker', 'ofd-relay'] as const) {
      await sleepMs(700);
      await farm.part(victim).kill('SIGKILL');
      await sleepMs(300);
      await farm.part(victim).start();
    }
    await selling;
    await farm.until('receipts are done', 60_000, async () => (await checkFarm(farm)).waiting === 0);
    // What a killed process held is due again when its lease ends, after 30 s.
    await farm.until('all shops have heard', 60_000, () =>
      Promise.resolve(uuids.every((uuid) => heard.has(uuid))),
    );
    await farm.until('all documents are confirmed', 90_000, async () => {
      const { faults } = await checkFarm(farm, { operator: true });
      return faults.length === 0;
    });
    const verdict = await checkFarm(farm, { operator: true });
    expect(verdict).toMatchObject({ accepted: receipts, done: receipts, failed: 0, faults: [] });
    for (const bodies of heard.values()) expect(bodies.size).toBe(1);
  });
});
