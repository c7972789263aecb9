import fc from 'fast-check';
import { itemCostKop } from './money';
import { priceLines, shareKop, splitKop } from './splitting';

const kop = fc.integer({ min: 0, max: 10_000_000_00 });

describe('splitting to the kopeck', () => {
  it('parts add up, and none exceeds its weight', () => {
    fc.assert(
      fc.property(
        fc.array(kop, { minLength: 1, maxLength: 100 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (weights, share) => {
          const whole = weights.reduce((sum, weight) => sum + weight, 0);
          const amount = Math.floor(whole * share);
          const parts = splitKop(amount, weights);
          expect(parts.reduce((sum, part) => sum + part, 0)).toBe(amount);
          parts.forEach((part, index) => {
            expect(part).toBeGreaterThanOrEqual(0);
            expect(part).toBeLessThanOrEqual(weights[index] ?? 0);
          });
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('is as near to the proportion as a kopeck allows', () => {
    expect(splitKop(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(splitKop(1, [5, 95])).toEqual([0, 1]);
    expect(splitKop(0, [0, 0])).toEqual([0, 0]);
    fc.assert(
      fc.property(fc.array(kop, { minLength: 1, maxLength: 20 }), kop, (weights, amount) => {
        const whole = weights.reduce((sum, weight) => sum + weight, 0);
        fc.pre(whole > 0);
        splitKop(amount, weights).forEach((part, index) =>
          expect(Math.abs(part - (amount * (weights[index] ?? 0)) / whole)).toBeLessThan(1 + 1e-6),
        );
      }),
    );
  });

  it('lines hold the quantity, come to the sum, and each is price times quantity', () => {
    const quantity = fc.oneof(
      fc.integer({ min: 1, max: 1_000 }).map((pieces) => pieces * 1_000_000),
      fc.integer({ min: 1_000_000, max: 500_000_000 }),
    );
    fc.assert(
      fc.property(kop, quantity, (sum, micro) => {
        const lines = priceLines(sum, micro);
        expect(lines.length).toBeLessThanOrEqual(2);
        expect(lines.reduce((total, line) => total + line.sumKop, 0)).toBe(sum);
        expect(lines.reduce((total, line) => total + line.quantityMicro, 0)).toBe(micro);
        for (const line of lines) {
          expect(line.quantityMicro).toBeGreaterThan(0);
          expect(line.priceKop).toBeGreaterThanOrEqual(0);
          expect(itemCostKop(line.priceKop, line.quantityMicro)).toBe(line.sumKop);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('needs one line only for less than a whole unit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.integer({ min: 1, max: 999_999 }),
        (sum, micro) => {
          const lines = priceLines(sum, micro);
          expect(lines).toHaveLength(1);
          expect(itemCostKop(lines[0]?.priceKop ?? -1, micro)).toBe(sum);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('rounds a share half up', () => {
    expect([shareKop(5, 1, 2), shareKop(1, 1, 3), shareKop(10_000_000_00, 999_999, 1_000_000)]).toEqual([
      3, 0, 999_999_000,
    ]);
  });
});
