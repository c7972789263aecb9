import { VirtualClock } from '@kkt/testing';
import { FloodGate } from './flood-gate';

const settings = { inFlight: 3, refusalsPerS: 2, refusalBurst: 4, holdMs: 1_000, turnWaitMs: 2_000 };

describe('the gate against floods', () => {
  it('lets so many of a token in at once, and others beside it', () => {
    const gate = new FloodGate(new VirtualClock(), settings);
    expect([1, 2, 3, 4].map(() => gate.enter('a'))).toEqual([true, true, true, false]);
    expect(gate.enter('b')).toBe(true);
    gate.leave('a');
    expect([gate.enter('a'), gate.enter('a')]).toEqual([true, false]);
  });

  it('tells the first refusals at once, those of a flood late, another client’s at once', async () => {
    const clock = new VirtualClock();
    const gate = new FloodGate(clock, settings);
    const told: string[] = [];
    const refuse = (token: string): void => void gate.beforeRefusal(token, {}).then(() => told.push(token));
    for (let n = 0; n < 10; n += 1) refuse('a');
    refuse('b');
    await clock.advance(1);
    expect(told).toEqual(['a', 'a', 'a', 'a', 'b']);
    await clock.advance(settings.holdMs);
    expect(told.filter((token) => token === 'a')).toHaveLength(10);
  });

  it('keeps a flood of any appetite to its connections over the delay', async () => {
    const clock = new VirtualClock();
    const gate = new FloodGate(clock, settings);
    let refused = 0;
    const sender = async (): Promise<void> => {
      for (;;) {
        if (!gate.enter('a')) return;
        await gate.beforeRefusal('a', {});
        refused += 1;
        gate.leave('a');
      }
    };
    for (let n = 0; n < 20; n += 1) void sender();
    await clock.advance(10_000);
    // Three at once, a second each, and the two a second that are told promptly.
    expect(refused).toBeLessThan(3 * 10 + 2 * 10 + settings.refusalBurst + 3);
  });
});
