import { silentLog } from '@kkt/contracts';
import { OfdStreamParser } from '@kkt/ofd-protocol';
import { seededRandom, VirtualClock } from '@kkt/testing';
import { type RelayCause, retryInS } from './causes';
import { Relay, relayStandard, type RelaySettings } from './relay';
import { behave, type Behaviour } from './test/fake-operator';
import { MemoryStore } from './test/memory-store';
import type { Dial } from './wire';

const fn = (n: number): string => `9999${String(n).padStart(12, '0')}`;
const operatorA = { host: 'a.example', port: 1 };
const operatorB = { host: 'b.example', port: 1 };

/** The relay on a clock of its own, with operators in memory. */
function world(options: { lastFd?: number; settings?: Partial<RelaySettings> } = {}) {
  const clock = new VirtualClock();
  const alerts: string[] = [];
  const state = {
    dials: 0,
    isReachable: true,
    behaviour: ((): Behaviour => 'confirm') as (host: string) => Behaviour,
    answerInMs: 20,
    sentAtMs: [] as number[],
  };
  const dial: Dial = ({ host }, events) => {
    state.dials++;
    if (!state.isReachable)
      return Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    const parser = new OfdStreamParser();
    let isOpen = true;
    const close = (error?: Error): void => {
      if (isOpen) events.closed(error);
      isOpen = false;
    };
    return Promise.resolve({
      write: (bytes: Buffer) => {
        for (const event of parser.push(bytes)) {
          if (event.kind !== 'message') continue;
          state.sentAtMs.push(clock.monotonicMs());
          const { message } = event;
          clock.setTimer(state.answerInMs, () =>
            behave(
              state.behaviour(host),
              message,
              {
                write: (answer) => isOpen && events.data(answer),
                end: () => close(),
                reset: () => close(Object.assign(new Error('reset'), { code: 'ECONNRESET' })),
              },
              (ms, run) => void clock.setTimer(ms, run),
            ),
          );
        }
      },
      destroy: () => (isOpen = false),
    });
  };
  const store = new MemoryStore(clock, options.lastFd ?? 1, () => relay.poke());
  const relay: Relay = new Relay(
    {
      clock,
      random: seededRandom(3),
      log: silentLog,
      dial,
      store,
      alerts: {
        raise: ({ class: name, objectId }) => Promise.resolve(void alerts.push(`raise ${name} ${objectId}`)),
        close: (name, _, id) => Promise.resolve(void alerts.push(`close ${name} ${id}`)),
      },
      wake: (_, key) => Promise.resolve(store.takeAnswer(Number(key.slice('ofd:'.length)))),
    },
    { ...relayStandard, ...options.settings },
  );
  relay.start();
  const stop = async (): Promise<void> => {
    const stopped = relay.stop();
    await clock.advance(relayStandard.stopWithinMs);
    await stopped;
  };
  return { clock, store, relay, state, alerts, stop };
}

describe('the relay in time', () => {
  it('waits for an answer as long as the protocol says, not longer', async () => {
    const { clock, store, state, stop } = world();
    state.behaviour = () => 'half-open';
    store.put(fn(1), 1, operatorA);
    await clock.advance(299_000);
    expect(store.failures).toEqual([]);
    await clock.advance(2_000);
    expect(store.failures).toMatchObject([{ cause: 'timeout', causeText: 'нет ответа оператора за 300 с' }]);
    await stop();
  });

  it('keeps its claim on a message that is being sent, however long that takes', async () => {
    const { clock, store, state, stop } = world();
    state.behaviour = () => 'half-open';
    store.put(fn(1), 1, operatorA);
    for (let n = 0; n < 25; n++) {
      await clock.advance(10_000);
      expect((store.messages.get(fn(1))?.nextMs ?? 0) - clock.nowMs()).toBeGreaterThan(0);
    }
    expect(state.sentAtMs).toHaveLength(1);
    await stop();
  });

  it('a drip of a byte a second does not stretch the limit', async () => {
    const { clock, store, state, stop } = world({ settings: { answerTimeoutMs: 60_000 } });
    state.behaviour = () => 'drip';
    store.put(fn(1), 1, operatorA);
    await clock.advance(61_000);
    expect(store.failures).toMatchObject([{ cause: 'timeout' }]);
    await stop();
  });

  it('spares an operator that is down: its FNs do not each knock, and a probe finds it again', async () => {
    const { clock, store, state, relay, alerts, stop } = world({ lastFd: 3 });
    state.isReachable = false;
    for (let n = 1; n <= 300; n++) store.put(fn(n), 1, operatorA);
    await clock.advance(3_600_000);
    // Without the circuit 300 FNs at a minute each would have made 18,000.
    expect(state.dials).toBeLessThan(600);
    expect(relay.stats().operatorsDown).toBe(1);
    expect(alerts).toEqual(['raise operator_down a.example:1']);
    expect(store.messages.size).toBe(300);
    state.isReachable = true;
    await clock.advance(180_000);
    expect(store.confirmed).toHaveLength(900);
    expect(alerts.at(1)).toBe('close operator_down a.example:1');
    await stop();
  });

  it('catches up at a bounded pace', async () => {
    const { clock, store, state, stop } = world({
      lastFd: 100,
      settings: { ratePerOperatorS: 50, parallelPerOperator: 64 },
    });
    state.answerInMs = 1;
    for (let n = 1; n <= 40; n++) store.put(fn(n), 1, operatorA);
    await clock.advance(30_000);
    for (let second = 1; second < 29; second++) {
      const inSecond = state.sentAtMs.filter((ms) => ms >= second * 1000 && ms < (second + 1) * 1000).length;
      expect(inSecond).toBeLessThanOrEqual(51);
      expect(inSecond).toBeGreaterThan(40);
    }
    await stop();
  });

  it('keeps what operators said while the database is away', async () => {
    const { clock, store, state, stop } = world();
    store.put(fn(1), 1, operatorA);
    await clock.advance(5);
    store.isAway = true;
    await clock.advance(20_000);
    expect(store.confirmed).toEqual([]);
    store.isAway = false;
    await clock.advance(10_000);
    expect(store.confirmed).toEqual([{ fnNumber: fn(1), fdNumber: 1 }]);
    expect(state.sentAtMs).toHaveLength(1);
    await stop();
  });

  it('does not open a new connection for each document, nor keep idle ones for ever', async () => {
    const { clock, store, state, stop } = world({ lastFd: 50 });
    store.put(fn(1), 1, operatorA);
    await clock.advance(5_000);
    expect(store.confirmed).toHaveLength(50);
    expect(state.dials).toBe(1);
    await clock.advance(relayStandard.idleMs + 1_000);
    store.put(fn(2), 50, operatorA);
    await clock.advance(1_000);
    expect(state.dials).toBe(2);
    await stop();
  });

  it('lets one operator’s silence leave the others alone', async () => {
    const { clock, store, state, stop } = world({ lastFd: 5 });
    state.behaviour = (host) => (host === operatorA.host ? 'half-open' : 'confirm');
    for (let n = 1; n <= 1_000; n++) store.put(fn(n), 1, operatorA);
    for (let n = 2_001; n <= 2_050; n++) store.put(fn(n), 1, operatorB);
    await clock.advance(2_000);
    expect(store.confirmed).toHaveLength(250);
    await stop();
  });

  it('finds messages without being woken, and rests when there are none', async () => {
    const { clock, store, relay, stop } = world();
    await clock.advance(60_000);
    expect(store.claims).toBeLessThan(70);
    jest.spyOn(relay, 'poke').mockImplementation(() => undefined);
    store.put(fn(1), 1, operatorA);
    await clock.advance(1_200);
    expect(store.confirmed).toHaveLength(1);
    jest.restoreAllMocks();
    await stop();
  });
});

describe('waits between attempts', () => {
  it.each<[RelayCause, number, number]>([
    ['network', 1, 60],
    ['operator_unavailable', 2, 120],
    ['timeout', 5, 300],
    ['garbage', 5, 300],
    ['unpaid', 30, 300],
    ['refused_document', 30, 600],
  ])('%s: from about %i s to about %i s', (cause, first, last) => {
    const random = seededRandom(1);
    const waits = Array.from({ length: 30 }, (_, attempts) => retryInS(cause, attempts, random));
    expect(waits[0]).toBeGreaterThanOrEqual(first * 0.75);
    expect(waits[0]).toBeLessThanOrEqual(first * 1.25);
    for (const waitS of waits) expect(waitS).toBeLessThanOrEqual(last * 1.25);
    expect(waits[29]).toBeGreaterThanOrEqual(last * 0.75);
    expect(new Set(waits).size).toBe(30);
  });
});
