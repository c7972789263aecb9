import { silentLog } from '@kkt/contracts';
import { seededRandom, VirtualClock } from '@kkt/testing';
import { Relay, relayStandard } from './relay';
import { MemoryStore } from './test/memory-store';
import { fnTakes, type Strike, STRIKES, StruckOperator } from './test/struck-operator';

const documentsPerFn = 3;
const struckFd = 2;
/** Longer than any request or answer of these documents: positions behind the end strike nothing. */
const positions = 230;
const operator = { host: 'ofd.example', port: 1 };

const fn = (n: number): string => `9999${String(n).padStart(12, '0')}`;

/** FN number n is struck at byte n of its second exchange, all in one virtual day. */
async function strikeEveryByte(strike: Strike) {
  const clock = new VirtualClock();
  const peer = new StruckOperator(clock, strike, (fnNumber) => Number(fnNumber.slice(-6)), struckFd);
  const store = new MemoryStore(
    clock,
    documentsPerFn,
    () => relay.poke(),
    (answer, { fnNumber, fdNumber }) => fnTakes(answer, fnNumber, fdNumber),
  );
  const relay: Relay = new Relay(
    {
      clock,
      random: seededRandom(7),
      log: silentLog,
      dial: peer.dial,
      store,
      alerts: { raise: () => Promise.resolve(), close: () => Promise.resolve() },
      wake: (_, key) => Promise.resolve(store.takeAnswer(Number(key.slice('ofd:'.length)))),
    },
    { ...relayStandard, parallelPerOperator: positions },
  );
  relay.start();
  for (let n = 0; n < positions; n++) store.put(fn(n), 1, operator);
  for (let hour = 0; hour < 24 && store.messages.size > 0; hour++) await clock.advance(3_600_000);
  const stopped = relay.stop();
  await clock.advance(relayStandard.stopWithinMs);
  await stopped;
  return { store, peer };
}

describe.each(STRIKES)('%s, at every byte of the exchange', (strike) => {
  it('leaves no document missing, none double, and their order', async () => {
    const { store, peer } = await strikeEveryByte(strike);
    // A request of these documents has 82 bytes, an answer more.
    expect(peer.strikes).toBeGreaterThanOrEqual(82);
    expect(peer.breaches).toEqual([]);
    expect(store.confirmed).toHaveLength(positions * documentsPerFn);
    for (let n = 0; n < positions; n++) {
      const inOrder = store.confirmed.filter(({ fnNumber }) => fnNumber === fn(n));
      expect(inOrder.map(({ fdNumber }) => fdNumber)).toEqual([1, 2, 3]);
      expect(peer.kept.get(fn(n))).toEqual([1, 2, 3]);
    }
  });
});
