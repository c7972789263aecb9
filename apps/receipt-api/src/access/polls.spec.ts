import type { Clock } from '@kkt/contracts';
import { Polls } from './polls';

function bench(perRegisterPerS: number) {
  let nowMs = 0;
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs } as Clock;
  const polls = new Polls(clock, { perRegisterPerS, burstS: 10 });
  const allowed = (groupId: number, registers: number, asked: number): number =>
    Array.from({ length: asked }, () => polls.take(groupId, registers)).filter((waitS) => waitS === 0).length;
  return { polls, allowed, pass: (ms: number) => (nowMs += ms) };
}

describe('requests for reports', () => {
  it('are one a second for each register of the group once the pause is used up', () => {
    const { polls, allowed, pass } = bench(1);
    expect(allowed(1, 1, 100)).toBe(10);
    expect(polls.take(1, 1)).toBe(1);
    expect(allowed(2, 3, 100)).toBe(30);
    pass(4_000);
    expect(allowed(1, 1, 100)).toBe(4);
    expect(allowed(2, 3, 100)).toBe(12);
  });

  it('of a group whose registers are away are those of one register', () => {
    expect(bench(1).allowed(1, 0, 100)).toBe(10);
  });

  it('are not counted when there is no limit', () => {
    expect(bench(0).allowed(1, 1, 10_000)).toBe(10_000);
  });
});
