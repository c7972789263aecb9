import { FarmError, silentLog, sleep } from '@kkt/contracts';
import { callbackAuthority, type CallbackOutcome, type DueCallback, type ReceiptReport } from '@kkt/storage';
import { seededRandom, VirtualClock } from '@kkt/testing';
import { CallbackDeliverer, type DelivererPorts, delivererStandard } from './deliverer';
import { tryForS } from './schedule';

interface Row {
  receiptId: string;
  clientId: string;
  url: string;
  state: 'pending' | 'delivered' | 'gave_up';
  attempts: number;
  createdMs: number;
  nextMs: number;
  error?: string;
}

/** The callbacks table in memory, with the same rules. */
class FakeStore {
  readonly rows = new Map<string, Row>();
  claims = 0;
  isAway = false;

  constructor(private readonly clock: VirtualClock) {}

  /** Called as a wake-up would be, after something became due. */
  onAdd = (): void => undefined;

  add(receiptId: string, url: string, clientId = 'client-a'): void {
    queueMicrotask(() => this.onAdd());
    const nowMs = this.clock.nowMs();
    this.rows.set(receiptId, {
      receiptId,
      clientId,
      url,
      state: 'pending',
      attempts: 0,
      createdMs: nowMs,
      nextMs: nowMs,
    });
  }

  claimDue(
    limit: number,
    options: { leaseS: number; exceptAuthorities?: readonly string[]; exceptClients?: readonly string[] },
  ): Promise<DueCallback[]> {
    this.claims++;
    if (this.isAway) return Promise.reject(new Error('away'));
    const nowMs = this.clock.nowMs();
    const due = [...this.rows.values()]
      .filter(
        (row) =>
          row.state === 'pending' &&
          row.nextMs <= nowMs &&
          !options.exceptAuthorities?.includes(callbackAuthority(row.url)) &&
          !options.exceptClients?.includes(row.clientId),
      )
      .slice(0, limit);
    return Promise.resolve(
      due.map((row) => {
        row.nextMs = nowMs + options.leaseS * 1000;
        const { receiptId, clientId, url, attempts } = row;
        return { receiptId, clientId, url, attempts, ageS: (nowMs - row.createdMs) / 1000 };
      }),
    );
  }

  nextDueInMs(): Promise<number | undefined> {
    const times = [...this.rows.values()]
      .filter(({ state }) => state === 'pending')
      .map(({ nextMs }) => nextMs);
    return Promise.resolve(times.length === 0 ? undefined : Math.min(...times) - this.clock.nowMs());
  }

  record(batch: readonly CallbackOutcome[]): Promise<void> {
    if (this.isAway) return Promise.reject(new Error('away'));
    for (const outcome of batch) {
      const row = this.row(outcome.receiptId);
      row.state = outcome.state;
      row.attempts++;
      row.error = outcome.state === 'delivered' ? undefined : outcome.error;
      if (outcome.state === 'pending') row.nextMs = this.clock.nowMs() + outcome.retryInS * 1000;
    }
    return Promise.resolve();
  }

  giveBack(receiptIds: readonly string[]): Promise<void> {
    for (const id of receiptIds) this.row(id).nextMs = this.clock.nowMs();
    return Promise.resolve();
  }

  row(receiptId: string): Row {
    const row = this.rows.get(receiptId);
    if (!row) throw new Error(`no row ${receiptId}`);
    return row;
  }

  states(): string[] {
    return [...this.rows.values()].map(({ state }) => state);
  }
}

type Post = DelivererPorts['post'];

function world(post: Post, changed: Partial<typeof delivererStandard> = {}) {
  const clock = new VirtualClock();
  const store = new FakeStore(clock);
  const deliverer = new CallbackDeliverer(
    {
      clock,
      random: seededRandom(7),
      log: silentLog,
      store,
      receipts: { report: (id) => Promise.resolve(id === 'gone' ? undefined : ({ id } as ReceiptReport)) },
      post,
      body: (report) => ({ uuid: report.id }),
      secretsOf: () => [Buffer.alloc(32)],
    },
    { ...delivererStandard, ...changed },
  );
  deliverer.start();
  store.onAdd = () => deliverer.poke();
  const stop = async (): Promise<void> => {
    const stopped = deliverer.stop();
    await clock.advance(delivererStandard.stopWithinMs);
    await stopped;
  };
  return { clock, store, deliverer, stop };
}

const ok: Post = () => Promise.resolve({ status: 200 });

describe('CallbackDeliverer', () => {
  it('delivers soon after a poke, without one within its sweep', async () => {
    const { clock, store, deliverer, stop } = world(ok);
    await clock.advance(10);
    store.add('r1', 'https://shop.example/');
    await clock.advance(1);
    expect(store.row('r1').state).toBe('delivered');
    store.onAdd = () => undefined;
    store.add('r2', 'https://shop.example/');
    await clock.advance(delivererStandard.sweepMs);
    expect(store.row('r2').state).toBe('delivered');
    await stop();
    expect(deliverer.stats()).toEqual({ active: 0, delivered: 2, failed: 0, gaveUp: 0 });
  });

  it('sends the same body under the same id at each repeat, signed anew', async () => {
    const sent: { body: string; id?: string; at?: string; signature?: string }[] = [];
    const { clock, store, stop } = world(({ body, headers }) => {
      sent.push({
        body,
        id: headers['webhook-id'],
        at: headers['webhook-timestamp'],
        signature: headers['webhook-signature'],
      });
      return Promise.resolve({ status: sent.length < 3 ? 503 : 202 });
    });
    store.add('r1', 'https://shop.example/');
    await clock.advance(60_000);
    expect(store.row('r1')).toMatchObject({ state: 'delivered', attempts: 3 });
    expect(new Set(sent.map(({ body }) => body))).toEqual(new Set(['{"uuid":"r1"}']));
    expect(new Set(sent.map(({ id }) => id))).toEqual(new Set(['receipt_r1']));
    expect(sent[2]?.at).not.toBe(sent[0]?.at);
    expect(sent[2]?.signature).not.toBe(sent[0]?.signature);
    await stop();
  });

  it.each([
    ['a redirect', 302, /перенаправление/],
    ['a client error', 404, /HTTP 404/],
    ['a server error', 500, /HTTP 500/],
  ])('takes %s for a failure', async (_, status, text) => {
    const { clock, store, stop } = world(() => Promise.resolve({ status }));
    store.add('r1', 'https://shop.example/');
    await clock.advance(10);
    expect(store.row('r1')).toMatchObject({
      state: 'pending',
      attempts: 1,
      error: expect.stringMatching(text) as string,
    });
    await stop();
  });

  it('tries for three days, then gives up', async () => {
    const attemptsAtMs: number[] = [];
    const { clock, store, stop } = world(
      () => {
        attemptsAtMs.push(clock.nowMs());
        return Promise.reject(new FarmError('WIRE-CALLBACK', 'соединение отклонено (ECONNREFUSED)'));
      },
      { sweepMs: 60_000 },
    );
    store.add('r1', 'https://shop.example/');
    const startMs = clock.nowMs();
    await clock.advance((tryForS - 60) * 1000);
    expect(store.row('r1').state).toBe('pending');
    await clock.advance(3_600_000);
    expect(store.row('r1')).toMatchObject({ state: 'gave_up', error: 'соединение отклонено (ECONNREFUSED)' });
    expect(attemptsAtMs.length).toBeGreaterThan(12);
    expect((attemptsAtMs[1] ?? 0) - startMs).toBeLessThan(2_000);
    await stop();
  });

  it('gives up at once on an address that is never called, retries a name that leads inside today', async () => {
    const { clock, store, stop } = world(({ url }) =>
      Promise.reject(
        url.includes('never')
          ? new FarmError('CLIENT-CALLBACK-URL', 'порт 25 не разрешён')
          : new FarmError('CLIENT-CALLBACK-ADDRESS', 'The name leads into a private network'),
      ),
    );
    store.add('r1', 'https://never.example/');
    store.add('r2', 'https://inside.example/');
    store.add('gone', 'https://shop.example/');
    await clock.advance(10);
    expect(store.row('r1')).toMatchObject({ state: 'gave_up', error: 'порт 25 не разрешён' });
    expect(store.row('r2')).toMatchObject({ state: 'pending', error: 'адрес не в сети Интернет' });
    expect(store.row('gone').state).toBe('gave_up');
    await stop();
  });

  it('does not let a slow host delay the others, however much waits for it', async () => {
    let atOnce = 0;
    let mostAtOnce = 0;
    const { clock, store, stop } = world(
      async ({ url, signal }) => {
        if (!url.includes('slow')) return { status: 200 };
        mostAtOnce = Math.max(mostAtOnce, ++atOnce);
        await sleep(clock, 10_000, signal);
        atOnce--;
        throw new FarmError('WIRE-CALLBACK', 'нет ответа за 10 с');
      },
      { parallel: 64 },
    );
    for (let n = 0; n < 500; n++) store.add(`slow-${n}`, 'https://slow.example/');
    for (let n = 0; n < 100; n++) store.add(`fast-${n}`, `https://fast-${n % 10}.example/`);
    await clock.advance(500);
    for (let n = 0; n < 100; n++) expect(store.row(`fast-${n}`).state).toBe('delivered');
    await clock.advance(60_000);
    expect(mostAtOnce).toBeLessThanOrEqual(4);
    await stop();
  });

  it('sends more at once to a host that keeps up', async () => {
    let atOnce = 0;
    let mostAtOnce = 0;
    const { clock, store, stop } = world(async () => {
      mostAtOnce = Math.max(mostAtOnce, ++atOnce);
      await sleep(clock, 50);
      atOnce--;
      return { status: 200 };
    });
    for (let n = 0; n < 1_000; n++) store.add(`r${n}`, 'https://big-shop.example/');
    await clock.advance(5_000);
    expect(new Set(store.states())).toEqual(new Set(['delivered']));
    expect(mostAtOnce).toBeGreaterThan(16);
    expect(mostAtOnce).toBeLessThanOrEqual(32);
    await stop();
  });

  it('never has the same callback under way twice, also when a lane slows down under it', async () => {
    const underWay = new Set<string>();
    let doubles = 0;
    let isSlow = false;
    const { clock, store, stop } = world(async ({ body }) => {
      if (underWay.has(body)) doubles++;
      underWay.add(body);
      await sleep(clock, isSlow ? 10_000 : 20);
      underWay.delete(body);
      if (isSlow) throw new FarmError('WIRE-CALLBACK', 'нет ответа за 10 с');
      return { status: 200 };
    });
    for (let n = 0; n < 2_000; n++) store.add(`r${n}`, 'https://shop.example/');
    await clock.advance(300);
    isSlow = true;
    await clock.advance(120_000);
    isSlow = false;
    await clock.advance(3_600_000);
    expect(doubles).toBe(0);
    expect(new Set(store.states())).toEqual(new Set(['delivered']));
    await stop();
  });

  it('leaves room for others when one client has a thousand slow hosts', async () => {
    const { clock, store, stop } = world(
      async ({ url, signal }) => {
        if (url.includes('slow')) await sleep(clock, 10_000, signal);
        return { status: 200 };
      },
      { parallel: 64, parallelPerClient: 32 },
    );
    for (let n = 0; n < 1_000; n++) store.add(`slow-${n}`, `https://slow-${n}.example/`, 'client-slow');
    store.add('fast', 'https://fast.example/', 'client-fast');
    await clock.advance(100);
    expect(store.row('fast').state).toBe('delivered');
    await stop();
  });

  it('goes on when the database comes back; what it could not store is sent once more', async () => {
    let sent = 0;
    const { clock, store, stop } = world(async () => {
      sent++;
      await sleep(clock, 100);
      return { status: 200 };
    });
    store.add('r1', 'https://shop.example/');
    await clock.advance(50);
    store.isAway = true;
    await clock.advance(5_000);
    expect(store.row('r1').state).toBe('pending');
    store.isAway = false;
    await clock.advance(delivererStandard.leaseS * 1000);
    expect(store.row('r1').state).toBe('delivered');
    expect(sent).toBe(2);
    await stop();
  });

  it('asks the database about once a sweep when nothing happens', async () => {
    const { clock, store, stop } = world(ok);
    await clock.advance(60_000);
    expect(store.claims).toBeLessThan(70);
    await stop();
  });

  it('stops: lets what runs end, aborts what hangs, takes nothing new', async () => {
    const { clock, store, deliverer } = world(async ({ url, signal }) => {
      await sleep(clock, url.includes('hang') ? 3_600_000 : 1_000, signal);
      return { status: 200 };
    });
    store.add('short', 'https://shop.example/');
    store.add('hang', 'https://hang.example/');
    await clock.advance(10);
    let isStopped = false;
    const stopping = deliverer.stop().then(() => (isStopped = true));
    store.add('later', 'https://shop.example/');
    await clock.advance(2_000);
    expect(isStopped).toBe(false);
    await clock.advance(2_000);
    await stopping;
    expect(store.row('short').state).toBe('delivered');
    expect(store.row('hang')).toMatchObject({ state: 'pending', attempts: 0 });
    expect(store.row('later')).toMatchObject({ state: 'pending', attempts: 0 });
  });
});
