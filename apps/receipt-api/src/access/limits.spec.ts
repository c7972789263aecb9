import { VirtualClock } from '@kkt/testing';
import { Limits } from './limits';

const settings = { requestsPerS: 2, burst: 4, clientRequestsPerS: 3, clientBurst: 6, mostWaitMs: 250 };

/** A token's rate of one request in 10 ms, and a client that never runs dry. */
const lively = { requestsPerS: 100, clientRequestsPerS: 1_000, clientBurst: 1_000 };

function bench(changes: Partial<typeof settings> = {}) {
  const clock = new VirtualClock();
  const limits = new Limits(clock, { ...settings, ...changes });
  const many = async (count: number, token: string, client: string): Promise<number> => {
    let taken = 0;
    for (let n = 0; n < count; n += 1) if ((await limits.take(token, client)) === undefined) taken += 1;
    return taken;
  };
  return { clock, limits, many };
}

describe('limits of requests', () => {
  it('end a flood at its token, then at its client, and never at another', async () => {
    const { limits, many } = bench();
    expect(await many(100, 'a1', 'a')).toBe(4);
    expect(await limits.take('a1', 'a')).toEqual({ by: 'token', retryAfterS: 1 });
    expect(await many(100, 'a2', 'a')).toBe(2);
    expect(await limits.take('a3', 'a')).toEqual({ by: 'client', retryAfterS: 1 });
    expect(await many(4, 'b1', 'b')).toBe(4);
  });

  it('come back with time, as fast as they are set, and no further than their burst', async () => {
    const { clock, many } = bench();
    await many(100, 'a1', 'a');
    await clock.advance(1_000);
    expect(await many(100, 'a1', 'a')).toBe(2);
    await clock.advance(3_600_000);
    expect(await many(100, 'a1', 'a')).toBe(4);
  });

  it('cost nothing when they refuse', async () => {
    const { many } = bench();
    await many(1_000, 'a1', 'a');
    // 4 were spent of the client's 6, not a thousand.
    expect(await many(10, 'a2', 'a')).toBe(2);
  });

  it('let a client that is past its burst go on evenly at its rate, so many together, the rest refused', async () => {
    const { clock, limits } = bench({ ...lively, burst: 10 });
    const passedAtMs: number[] = [];
    let refused = 0;
    for (let n = 0; n < 50; n += 1)
      void limits.take('a1', 'a').then((limited) => {
        if (limited) refused += 1;
        else passedAtMs.push(clock.monotonicMs());
      });
    const sinceMs = clock.monotonicMs();
    await clock.advance(0);
    expect(passedAtMs).toHaveLength(10);
    for (let step = 0; step < 100; step += 1) await clock.advance(10);
    expect(refused).toBe(15);
    expect(passedAtMs.slice(10).map((atMs) => Math.round(atMs - sinceMs))).toEqual(
      Array.from({ length: 25 }, (_, n) => (n + 1) * 10),
    );
  });

  it('give senders that never pause their rate and no bursts, though they wait for nothing but the answers', async () => {
    const { clock, limits } = bench({ ...lively, burst: 300 });
    const perStep: number[] = [];
    let passed = 0;
    const sender = async (): Promise<void> => {
      for (;;) {
        if (await limits.take('a1', 'a')) return;
        passed += 1;
        // An answer takes a moment; a sender without one would spend the burst in one turn.
        await new Promise<void>((done) => void clock.setTimer(1, done));
      }
    };
    for (let n = 0; n < 16; n += 1) void sender();
    for (let step = 0; step < 300; step += 1) {
      const before = passed;
      await clock.advance(10);
      perStep.push(passed - before);
    }
    // The burst is over by then: one request in 10 ms, give or take one at the edges of a step.
    expect(Math.max(...perStep.slice(100))).toBeLessThanOrEqual(2);
    expect(perStep.slice(100).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(198);
  });
});
