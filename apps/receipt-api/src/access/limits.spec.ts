import type { Clock } from '@kkt/contracts';
import { Limits } from './limits';

const settings = { requestsPerS: 2, burst: 4, clientRequestsPerS: 3, clientBurst: 6 };

function bench() {
  let nowMs = 0;
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs } as Clock;
  const limits = new Limits(clock, settings);
  const many = (count: number, token: string, client: string): number =>
    Array.from({ length: count }, () => limits.take(token, client)).filter((one) => one === undefined).length;
  return { limits, many, pass: (ms: number) => (nowMs += ms) };
}

describe('limits of requests', () => {
  it('end a flood at its token, then at its client, and never at another', () => {
    const { limits, many } = bench();
    expect(many(100, 'a1', 'a')).toBe(4);
    expect(limits.take('a1', 'a')).toEqual({ by: 'token', retryAfterS: 1 });
    expect(many(100, 'a2', 'a')).toBe(2);
    expect(limits.take('a3', 'a')).toEqual({ by: 'client', retryAfterS: 1 });
    expect(many(4, 'b1', 'b')).toBe(4);
  });

  it('come back with time, as fast as they are set, and no further than their burst', () => {
    const { many, pass } = bench();
    many(100, 'a1', 'a');
    pass(1_000);
    expect(many(100, 'a1', 'a')).toBe(2);
    pass(3_600_000);
    expect(many(100, 'a1', 'a')).toBe(4);
  });

  it('cost nothing when they refuse', () => {
    const { many } = bench();
    many(1_000, 'a1', 'a');
    // 4 were spent of the client's 6, not a thousand.
    expect(many(10, 'a2', 'a')).toBe(2);
  });
});
