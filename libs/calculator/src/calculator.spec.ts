import type { Random } from '@kkt/contracts';
import { calculate, CalculatorError, calculatorFaults, loadShapes, shapeCheck } from './index';

/** Chance with a seed (mulberry32). */
function seeded(seed: number): Random {
  let state = seed;
  return {
    next: () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    },
  };
}

const shop = { receiptsPerDay: 20_000, peakPerMinute: 50, paceMs: 2000, p99S: 4 };

describe('calculator', () => {
  it('reckons registers and FNs of a load, with its arithmetic', () => {
    const result = calculate(shop);
    // 50 ÷ 60 × 2 s = 1.67 registers busy: two bear it, more keep the wanted time.
    expect(result.minimum).toBe(2);
    expect(result.optimal).toBeGreaterThan(2);
    expect(result.predictedP99S).toBeLessThanOrEqual(4);
    const oneLess = result.options.find(({ registers }) => registers === result.optimal - 1);
    expect(oneLess?.predictedP99S).toBeGreaterThan(4);
    const days = 250_000 / (20_000 / result.optimal + 2);
    expect(result.fnDays).toBe(Math.floor(days));
    expect(result.fnsPerYear).toBe(Math.ceil((result.optimal * 365.25) / days));
    const words = result.arithmetic.map(({ en }) => en).join('\n');
    expect(words).toContain('50 ÷ 60 × 2 = 1.667');
    expect(words).toContain(`Optimal: ${result.optimal}`);
    expect(result.arithmetic.every(({ ru }) => /[а-я]/i.test(ru))).toBe(true);
  });

  it('needs more for growth, longer receipts and a shorter time, never less', () => {
    const { optimal } = calculate(shop);
    expect(calculate({ ...shop, growthPerMonth: 0.1 }).optimal).toBeGreaterThan(optimal);
    expect(calculate({ ...shop, itemsPerReceipt: 10, itemMs: 150 }).minimum).toBeGreaterThan(2);
    expect(calculate({ ...shop, p99S: 2.5 }).optimal).toBeGreaterThanOrEqual(optimal);
    expect(calculate({ ...shop, paceVariation: 1, p99S: 12 }).optimal).toBeGreaterThanOrEqual(2);
  });

  it('gives a small shop one register and one FN for its term', () => {
    const result = calculate({ receiptsPerDay: 40, peakPerMinute: 1, paceMs: 2000, p99S: 10 });
    expect([result.minimum, result.optimal, result.fnsPerYear]).toEqual([1, 1, 1]);
  });

  it('reckons a load that fills an FN in a day', () => {
    const { optimal, fnDays, fnsPerYear } = calculate({
      receiptsPerDay: 250_000,
      peakPerMinute: 180,
      paceMs: 300,
      p99S: 10,
    });
    expect(optimal).toBe(1);
    expect(fnDays).toBe(0);
    expect(fnsPerYear).toBe(366);
  });

  it('names every broken rule', () => {
    expect(
      calculatorFaults({ receiptsPerDay: -1, peakPerMinute: 5, paceMs: NaN }).map(({ field }) => field),
    ).toEqual(['receiptsPerDay', 'paceMs', 'p99S']);
    expect(() => calculate({ ...shop, peakPerMinute: 1 })).toThrow(
      /peakPerMinute must be at least the day's mean of 13.89/,
    );
    expect(() => calculate({ ...shop, p99S: 1 })).toThrow(CalculatorError);
    expect(() => calculate({ ...shop, peakPerMinute: 100_000, paceMs: 60_000, p99S: 60 })).toThrow(
      /half a farm/,
    );
  });
});

describe.each(loadShapes.map((shape, at) => [shape.name, shape, at + 1] as const))(
  'load: %s',
  (_, shape, seed) => {
    it('has the p99 that was predicted, within 20 %', () => {
      const { difference } = shapeCheck(shape, seeded(seed), 60_000);
      expect(Math.abs(difference)).toBeLessThan(0.2);
    });
  },
);
