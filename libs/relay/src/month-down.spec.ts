import { silentLog } from '@kkt/contracts';
import { OfdStreamParser } from '@kkt/ofd-protocol';
import type { LateRegister, OpenAlert } from '@kkt/storage';
import { seededRandom, VirtualClock } from '@kkt/testing';
import { Relay, relayStandard } from './relay';
import { behave } from './test/fake-operator';
import { MemoryStore } from './test/memory-store';
import { UnsentWatch } from './unsent-watch';
import type { Dial } from './wire';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const registers = 5;
const operator = { host: 'ofd.example', port: 1 };
const fn = (n: number): string => `9999${String(n).padStart(12, '0')}`;

/** An FN as the law wants it: no document while one has waited for 30 days. Dispatch gives it none from day 29 on. */
class Drive {
  readonly madeAtMs: number[] = [];
  confirmed = 0;
  refusals = 0;

  ageMs(nowMs: number): number {
    const oldest = this.madeAtMs[this.confirmed];
    return oldest === undefined ? 0 : nowMs - oldest;
  }

  /** True when a document was made. */
  sell(nowMs: number): boolean {
    if (this.ageMs(nowMs) >= 29 * DAY_MS) return false;
    return this.make(nowMs);
  }

  make(nowMs: number): boolean {
    if (this.ageMs(nowMs) >= 30 * DAY_MS) {
      this.refusals++;
      return false;
    }
    this.madeAtMs.push(nowMs);
    return true;
  }
}

/** A farm of some registers that sell every hour, an operator that goes away, and people who are warned. */
function world() {
  const clock = new VirtualClock();
  const drives = new Map(Array.from({ length: registers }, (_, n) => [fn(n), new Drive()]));
  const state = { isUp: true, sentAtMs: [] as number[], kept: new Map<string, number[]>() };
  const dial: Dial = (_to, events) => {
    if (!state.isUp) return Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    const parser = new OfdStreamParser();
    return Promise.resolve({
      write: (bytes: Buffer) => {
        for (const event of parser.push(bytes)) {
          if (event.kind !== 'message' || !event.message.container) continue;
          const { message } = event;
          const { fnNumber, fdNumber } = event.message.container;
          state.sentAtMs.push(clock.nowMs());
          state.kept.set(fnNumber, [...(state.kept.get(fnNumber) ?? []), fdNumber]);
          clock.setTimer(20, () =>
            behave(
              'confirm',
              message,
              { write: (answer) => events.data(answer), end: () => undefined, reset: () => undefined },
              (ms, run) => void clock.setTimer(ms, run),
            ),
          );
        }
      },
      destroy: () => undefined,
    });
  };
  const store = new MemoryStore(clock, 0, () => relay.poke());
  /** The driver's part: the FN's next message becomes a row when the one before it is confirmed. */
  const handOut = (fnNumber: string): void => {
    const drive = drives.get(fnNumber)!;
    if (!store.messages.has(fnNumber) && drive.confirmed < drive.madeAtMs.length)
      store.put(fnNumber, drive.confirmed + 1, operator);
  };
  const relay: Relay = new Relay(
    {
      clock,
      random: seededRandom(5),
      log: silentLog,
      dial,
      store,
      alerts: { raise: () => Promise.resolve(), close: () => Promise.resolve() },
      wake: (_, key) => {
        store.takeAnswer(Number(key.slice('ofd:'.length)));
        for (const { fnNumber, fdNumber } of store.confirmed.slice(-1)) {
          drives.get(fnNumber)!.confirmed = fdNumber;
          handOut(fnNumber);
        }
        return Promise.resolve();
      },
    },
    { ...relayStandard, ratePerOperatorS: 20, sweepMs: 1_800_000, leaseS: 36_000 },
  );
  const journal: string[] = [];
  const open = new Map<string, OpenAlert>();
  const late = (minAgeS: number): LateRegister[] =>
    [...drives].flatMap(([fnNumber, drive], n) =>
      drive.ageMs(clock.nowMs()) >= minAgeS * 1000
        ? [
            {
              registerId: n,
              serial: String(n),
              fnNumber,
              operatorName: 'ОФД',
              unsent: drive.madeAtMs.length - drive.confirmed,
              ageS: drive.ageMs(clock.nowMs()) / 1000,
            },
          ]
        : [],
    );
  const watch = new UnsentWatch({
    operators: { late: (minAgeS) => Promise.resolve(late(minAgeS)) },
    alerts: {
      raise: (alert) => {
        journal.push(alert.class);
        open.set(`${alert.class} ${alert.objectId}`, {
          ...alert,
          objectId: String(alert.objectId),
        } as OpenAlert);
        return Promise.resolve();
      },
      close: (name, _, id) => Promise.resolve(void open.delete(`${name} ${id}`)),
      open: () => Promise.resolve([...open.values()]),
    },
  });
  let sold = 0;
  /** Every register sells, people are warned of what is old, an hour passes. */
  const hours = async (count: number): Promise<number> => {
    const before = sold;
    for (let hour = 0; hour < count; hour++) {
      for (const [fnNumber, drive] of drives) {
        if (drive.sell(clock.nowMs())) sold++;
        handOut(fnNumber);
      }
      await watch.look();
      await clock.advance(HOUR_MS);
    }
    return sold - before;
  };
  relay.start();
  return { clock, drives, state, store, relay, journal, open, hours };
}

it('an operator that is away for 30 days: nothing missing, nothing double, warned in time, left before the block', async () => {
  const { clock, drives, state, store, relay, journal, open, hours } = world();
  const soldWhileUp = await hours(24);
  state.isUp = false;
  const soldWhileDown = await hours(24);
  expect(soldWhileDown).toBe(soldWhileUp);
  await hours(27 * 24);
  const soldOnDay29 = await hours(24);
  expect(soldOnDay29).toBe(soldWhileUp);
  // Day 30: dispatch has left, so no receipt ever meets the block.
  expect(await hours(24)).toBe(0);
  expect(new Set(journal)).toEqual(new Set(['unsent_1d', 'unsent_3d', 'unsent_20d', 'unsent_29d']));
  expect(journal).toHaveLength(4 * registers);
  expect([...drives.values()].map(({ refusals }) => refusals)).toEqual(Array(registers).fill(0));
  expect(drives.get(fn(0))!.make(clock.nowMs())).toBe(false);

  state.isUp = true;
  state.sentAtMs.length = 0;
  const waiting = [...drives.values()].reduce(
    (sum, { madeAtMs, confirmed }) => sum + madeAtMs.length - confirmed,
    0,
  );
  await clock.advance(HOUR_MS);
  expect(state.sentAtMs).toHaveLength(waiting);
  const tookS = (state.sentAtMs.at(-1)! - state.sentAtMs[0]!) / 1000;
  // 20 a second, and what the first second lets through at once.
  expect(tookS).toBeGreaterThan((waiting - 40) / 20);
  for (const [fnNumber, drive] of drives) {
    const all = drive.madeAtMs.map((_, index) => index + 1);
    expect(state.kept.get(fnNumber)).toEqual(all);
    expect(store.confirmed.filter((one) => one.fnNumber === fnNumber).map((one) => one.fdNumber)).toEqual(
      all,
    );
  }
  expect(await hours(1)).toBe(registers);
  expect([...open]).toEqual([]);
  const stopped = relay.stop();
  await clock.advance(relayStandard.stopWithinMs);
  await stopped;
});
