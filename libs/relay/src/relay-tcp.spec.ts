import { silentLog, systemClock, systemRandom } from '@kkt/contracts';
import { decodeContainer, orThrow } from '@kkt/ofd-protocol';
import { until } from '@kkt/testing';
import type { RelayCause } from './causes';
import { Relay, relayStandard, type RelaySettings } from './relay';
import { type Behaviour, FakeOperator } from './test/fake-operator';
import { MemoryStore } from './test/memory-store';
import { dialTcp } from './wire';

const fn = (n: number): string => `9999${String(n).padStart(12, '0')}`;

describe('the relay over TCP', () => {
  let operator: FakeOperator;
  const relays: Relay[] = [];

  beforeEach(async () => {
    operator = await FakeOperator.start();
  });
  afterEach(async () => {
    await Promise.all(relays.splice(0).map((relay) => relay.stop()));
    await operator.stop();
  });

  function start(lastFd: number, changed: Partial<RelaySettings> = {}) {
    const alerts: string[] = [];
    const wakes: string[] = [];
    const store = new MemoryStore(systemClock, lastFd, () => relay.poke());
    const relay: Relay = new Relay(
      {
        clock: systemClock,
        random: systemRandom,
        log: silentLog,
        dial: dialTcp,
        store,
        alerts: {
          raise: ({ class: name }) => Promise.resolve(void alerts.push(`raise ${name}`)),
          close: (name) => Promise.resolve(void alerts.push(`close ${name}`)),
        },
        wake: (channel, key) => {
          wakes.push(`${channel} ${key}`);
          store.takeAnswer(Number(key.slice('ofd:'.length)));
          return Promise.resolve();
        },
      },
      {
        ...relayStandard,
        sweepMs: 50,
        connectTimeoutMs: 500,
        answerTimeoutMs: 400,
        stopWithinMs: 50,
        ...changed,
      },
    );
    relays.push(relay);
    relay.start();
    return { store, relay, alerts, wakes };
  }

  const here = () => ({ host: '127.0.0.1', port: operator.port });

  it('carries documents of many FNs, each in its order, over few connections', async () => {
    const { store, relay, wakes } = start(20, { parallelPerOperator: 8 });
    for (let n = 1; n <= 30; n++) store.put(fn(n), 1, here());
    await until(() => store.confirmed.length === 600, 'all are confirmed');
    for (let n = 1; n <= 30; n++) {
      const order = operator.seen
        .filter(({ fnNumber }) => fnNumber === fn(n))
        .map(({ fdNumber }) => fdNumber);
      expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    }
    expect(operator.connections).toBeLessThanOrEqual(8);
    expect(operator.openAtOnce).toBeLessThanOrEqual(8);
    expect(wakes[0]).toMatch(/^driver:d1 ofd:\d+$/);
    expect(relay.stats()).toMatchObject({ answered: 600, failed: 0, operatorsDown: 0 });
  });

  it('stores the answer container as it came, ready for the FN', async () => {
    const { store } = start(1);
    store.takeAnswer = () => undefined;
    store.put(fn(1), 7, here());
    await until(() => store.messages.get(fn(1))?.state === 'answered', 'answered');
    const container = orThrow(decodeContainer(store.messages.get(fn(1))?.answer ?? Buffer.alloc(0)));
    expect(container).toMatchObject({ documentCode: 7, fnNumber: fn(1), fdNumber: 7 });
  });

  it('tolerates an operator that closes after each answer, and loses no time by it', async () => {
    operator.behaviour = () => 'confirm-and-close';
    const { store, relay } = start(10);
    for (let n = 1; n <= 10; n++) store.put(fn(n), 1, here());
    await until(() => store.confirmed.length === 100, 'all are confirmed');
    expect(relay.stats().failed).toBe(0);
    expect(store.failures).toEqual([]);
  });

  it.each<[Behaviour, RelayCause]>([
    ['close-silently', 'operator_unavailable'],
    ['reset', 'network'],
    ['half-open', 'timeout'],
    ['drip', 'timeout'],
    ['garbage', 'timeout'],
    ['bad-crc', 'timeout'],
    ['wrong-fd', 'garbage'],
    ['wrong-fn', 'garbage'],
    ['half-an-answer', 'garbage'],
    ['not-a-confirmation', 'garbage'],
    [{ refuse: 'unknownKkt' }, 'not_registered'],
    [{ refuse: 'notActivated' }, 'not_activated'],
    [{ refuse: 'unpaid' }, 'unpaid'],
    [{ refuse: 'wrongFn' }, 'wrong_fn'],
    [{ refuse: 'closed' }, 'wrong_fn'],
    [{ refuse: 'notRecognised' }, 'refused_document'],
    [{ refuse: 'outOfOrder' }, 'refused_document'],
    [{ refuse: 'conflict' }, 'refused_document'],
    [{ refuse: 'tryLater' }, 'operator_unavailable'],
  ])('%p: nothing is confirmed, the cause is %s', async (behaviour, cause) => {
    operator.behaviour = () => behaviour;
    const { store } = start(1);
    store.put(fn(1), 5, here());
    await until(() => store.failures.length > 0, 'a failure is stored');
    expect(store.failures[0]).toMatchObject({ fnNumber: fn(1), fdNumber: 5, cause });
    expect(store.failures[0]?.causeText).toMatch(/[а-я]/);
    expect(store.failures[0]?.retryInS).toBeGreaterThan(0.5);
    expect(store.confirmed).toEqual([]);
  });

  it.each<[Behaviour]>([['garbage'], ['bad-crc']])(
    '%p is called so when there is time to see it',
    async (behaviour) => {
      operator.behaviour = () => behaviour;
      const { store } = start(1, { answerTimeoutMs: 10_000 });
      store.put(fn(1), 5, here());
      await until(() => store.failures.length > 0, 'a failure is stored');
      expect(store.failures[0]?.cause).toBe('garbage');
    },
  );

  it.each<[Behaviour]>([['noise-then-confirm'], ['late-repeat-then-confirm'], ['confirm-twice']])(
    '%p: the right answer is found and no other is taken',
    async (behaviour) => {
      operator.behaviour = () => behaviour;
      const { store } = start(5);
      store.put(fn(1), 1, here());
      await until(() => store.confirmed.length === 5, 'all are confirmed');
      expect(store.failures).toEqual([]);
    },
  );

  it('sends again after each fault until it is confirmed, without a gap or a change of order', async () => {
    const faults: Behaviour[] = [
      'reset',
      'wrong-fd',
      'close-silently',
      'half-an-answer',
      'confirm-and-close',
    ];
    operator.behaviour = (_, nth) => (nth % 2 === 0 ? 'confirm' : (faults[nth % faults.length] ?? 'confirm'));
    const { store, relay } = start(6);
    const wait = store.failed.bind(store);
    // The waits between attempts are proven elsewhere.
    store.failed = (batch) => wait(batch.map((one) => ({ ...one, retryInS: 0 })));
    for (let n = 1; n <= 5; n++) store.put(fn(n), 1, here());
    await until(() => store.confirmed.length === 30, 'all are confirmed');
    expect(relay.stats().failed).toBeGreaterThan(0);
    for (let n = 1; n <= 5; n++) {
      const order = store.confirmed
        .filter(({ fnNumber }) => fnNumber === fn(n))
        .map(({ fdNumber }) => fdNumber);
      expect(order).toEqual([1, 2, 3, 4, 5, 6]);
    }
  });

  it('finds an operator again that was away, and tells about both', async () => {
    const { port } = operator;
    await operator.stop();
    const { store, alerts, relay } = start(2);
    const wait = store.failed.bind(store);
    store.failed = (batch) => wait(batch.map((one) => ({ ...one, retryInS: 0.01 })));
    for (let n = 1; n <= 20; n++) store.put(fn(n), 1, { host: '127.0.0.1', port });
    await until(() => alerts.includes('raise operator_down'), 'the alert');
    expect(relay.stats().operatorsDown).toBe(1);
    expect(store.failures.every(({ cause }) => cause === 'network')).toBe(true);
    const failedBefore = store.failures.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(store.failures.length).toBe(failedBefore);
    operator = await FakeOperator.start(port);
    await until(() => store.confirmed.length === 40, 'all are confirmed');
    expect(alerts).toContain('close operator_down');
    expect(relay.stats().operatorsDown).toBe(0);
  });

  it('does not let one operator delay another', async () => {
    const slow = await FakeOperator.start();
    slow.behaviour = () => 'half-open';
    const { store } = start(10, { answerTimeoutMs: 60_000 });
    for (let n = 1; n <= 400; n++) store.put(fn(1000 + n), 1, { host: '127.0.0.1', port: slow.port });
    for (let n = 1; n <= 10; n++) store.put(fn(n), 1, here());
    await until(() => store.confirmed.length === 100, 'the other operator’s documents');
    await slow.stop();
  });

  it('raises an alert for what a person must settle, and closes it when it is', async () => {
    operator.behaviour = (_, nth) => (nth === 1 ? { refuse: 'notActivated' } : 'confirm');
    const { store, alerts } = start(1);
    const wait = store.failed.bind(store);
    store.failed = (batch) => wait(batch.map((one) => ({ ...one, retryInS: 0 })));
    store.put(fn(1), 1, here());
    await until(() => alerts.includes('close operator_refused'), 'both alerts');
    expect(alerts.filter((one) => one.endsWith('operator_refused'))).toEqual([
      'raise operator_refused',
      'close operator_refused',
    ]);
  });

  it('gives back what it holds when it stops', async () => {
    operator.behaviour = () => 'half-open';
    const { store, relay } = start(1, { answerTimeoutMs: 60_000, parallelPerOperator: 2 });
    for (let n = 1; n <= 4; n++) store.put(fn(n), 1, here());
    await until(() => operator.seen.length === 2, 'two are under way');
    await relay.stop();
    for (const message of store.messages.values()) {
      expect(message).toMatchObject({ state: 'ready', attempts: 0 });
      expect(message.nextMs).toBeLessThanOrEqual(Date.now());
    }
  });
});
