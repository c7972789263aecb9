import { allEndedSince, ratePerS } from './steps';

const every = (stepMs: number, untilMs: number, firstMs = 0): number[] =>
  Array.from({ length: Math.floor((untilMs - firstMs) / stepMs) + 1 }, (_, n) => firstMs + n * stepMs);

test('registers in step give their own pace, however the window lies', () => {
  const steps = new Map([1, 2, 3, 4].map((id) => [id, every(350, 10_000)]));
  for (const fromMs of [0, 100, 349, 350, 351, 600])
    expect(ratePerS(steps, fromMs, fromMs + 800, 10_000)).toBeCloseTo(4_000 / 350, 6);
});

test('registers out of step and of different paces add up', () => {
  const steps = new Map([
    [1, every(350, 5_000, 17)],
    [2, every(700, 5_000, 230)],
  ]);
  expect(ratePerS(steps, 500, 2_500, 5_000)).toBeCloseTo(1_000 / 350 + 1_000 / 700, 6);
});

test('a register that stands still counts for what it made, one that never ended for nothing', () => {
  const steps = new Map([
    [1, [100, 200, 300]],
    [2, [] as number[]],
    [3, [5_000]],
  ]);
  // Two receipts from 100 until now, 1100.
  expect(ratePerS(steps, 50, 1_000, 1_100)).toBeCloseTo(2, 6);
});

test('tells when every register has ended another receipt', () => {
  const steps = new Map([
    [1, [100, 900]],
    [2, [800]],
  ]);
  expect(allEndedSince(steps, [1, 2], 800)).toBe(true);
  expect(allEndedSince(steps, [1, 2], 801)).toBe(false);
  expect(allEndedSince(steps, [1, 2, 3], 0)).toBe(false);
});
