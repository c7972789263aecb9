import type { Clock } from '@kkt/contracts';
import { KeyedRunner } from './keyed-runner';
import { LocalWakeBus } from './local-wake-bus';

/** Time that only moves when told; timers run in the order of their times. */
function handClock(): Clock & { advance(ms: number): Promise<void> } {
  let nowMs = 1_000_000;
  const timers = new Set<{ atMs: number; run: () => void }>();
  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    setTimer(delayMs, run) {
      const timer = { atMs: nowMs + Math.max(0, delayMs), run };
      timers.add(timer);
      return { cancel: () => timers.delete(timer) };
    },
    async advance(ms) {
      const untilMs = nowMs + ms;
      for (;;) {
        const next = [...timers].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (!next) break;
        timers.delete(next);
        nowMs = next.atMs;
        next.run();
        await new Promise(setImmediate);
      }
      nowMs = untilMs;
      await new Promise(setImmediate);
    },
  };
}

/** A handler that waits for permission to end, and what it saw. */
function gate(): { seen: string[]; handler: (key: string) => Promise<void>; open(): Promise<void> } {
  const seen: string[] = [];
  const waiting: (() => void)[] = [];
  return {
    seen,
    handler: (key) => {
      seen.push(key);
      return new Promise((resolve) => waiting.push(resolve));
    },
    async open() {
      waiting.shift()?.();
      await new Promise(setImmediate);
    },
  };
}

describe('KeyedRunner', () => {
  it('runs once more, and only once, for triggers that come while it runs', async () => {
    const { seen, handler, open } = gate();
    const runner = new KeyedRunner(handler, () => undefined);
    for (let n = 0; n < 5; n++) runner.trigger('a');
    expect(seen).toEqual(['a']);
    await open();
    expect(seen).toEqual(['a', 'a']);
    await open();
    expect(seen).toEqual(['a', 'a']);
    runner.trigger('a');
    expect(seen).toHaveLength(3);
    await open();
    await runner.stop();
  });

  it('does not let one key wait for another', async () => {
    const { seen, handler, open } = gate();
    const runner = new KeyedRunner(handler, () => undefined);
    runner.trigger('a');
    runner.trigger('b');
    expect(seen).toEqual(['a', 'b']);
    await open();
    await open();
    await runner.stop();
  });

  it('goes on after a handler that throws, and counts it', async () => {
    const failures: string[] = [];
    const runner = new KeyedRunner(
      () => {
        throw new Error('no');
      },
      (key) => failures.push(key),
    );
    runner.trigger('a');
    await new Promise(setImmediate);
    runner.trigger('a');
    await runner.stop();
    expect(failures).toEqual(['a', 'a']);
    expect(runner).toMatchObject({ runs: 2, failures: 2 });
  });

  it('stops only after the handler that runs', async () => {
    const { seen, handler, open } = gate();
    const runner = new KeyedRunner(handler, () => undefined);
    runner.trigger('a');
    runner.trigger('a');
    let isStopped = false;
    const stopping = runner.stop().then(() => (isStopped = true));
    await new Promise(setImmediate);
    expect(isStopped).toBe(false);
    await open();
    await stopping;
    runner.trigger('a');
    expect(seen).toEqual(['a']);
  });
});

describe('LocalWakeBus', () => {
  it('merges wake-ups of a key and keeps channels apart', async () => {
    const clock = handClock();
    const bus = new LocalWakeBus({ clock, latencyMs: 3 });
    const seen: string[] = [];
    await bus.onWake('x', (key) => void seen.push(`x:${key}`));
    await bus.onWake('y', (key) => void seen.push(`y:${key}`));
    for (let n = 0; n < 10; n++) await bus.wake('x', '1');
    await bus.wake('y', '1');
    expect(seen).toEqual([]);
    await clock.advance(3);
    expect(seen).toEqual(['x:1', 'y:1']);
  });

  it('keeps wake-ups for a listener that comes later', async () => {
    const clock = handClock();
    const bus = new LocalWakeBus({ clock });
    await bus.wake('x', '1');
    await clock.advance(100);
    const seen: string[] = [];
    await bus.onWake('x', (key) => void seen.push(key));
    await clock.advance(0);
    expect(seen).toEqual(['1']);
  });

  it('fires a timer at the earliest time asked for, once', async () => {
    const clock = handClock();
    const bus = new LocalWakeBus({ clock });
    const firedAtMs: number[] = [];
    await bus.onWake('x', () => void firedAtMs.push(clock.nowMs()));
    const startMs = clock.nowMs();
    await bus.wakeAt('x', '1', startMs + 500);
    await bus.wakeAt('x', '1', startMs + 200);
    await bus.wakeAt('x', '1', startMs + 900);
    await clock.advance(2_000);
    expect(firedAtMs).toEqual([startMs + 200]);
    await bus.wakeAt('x', '1', startMs);
    await clock.advance(0);
    expect(firedAtMs).toHaveLength(2);
  });

  it('loses what it is told to lose', async () => {
    const clock = handClock();
    const bus = new LocalWakeBus({ clock, isLost: (_, key) => key === '1' });
    const seen: string[] = [];
    await bus.onWake('x', (key) => void seen.push(key));
    await bus.wake('x', '1');
    await bus.wake('x', '2');
    await clock.advance(10);
    expect(seen).toEqual(['2']);
  });

  it('says nothing after it is closed', async () => {
    const clock = handClock();
    const bus = new LocalWakeBus({ clock });
    const seen: string[] = [];
    await bus.onWake('x', (key) => void seen.push(key));
    await bus.wake('x', '1');
    await bus.wakeAt('x', '2', clock.nowMs() + 5);
    await bus.close();
    await clock.advance(10);
    expect(seen).toEqual([]);
  });
});
