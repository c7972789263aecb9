import { vatOf } from '@kkt/ffd';
import fc from 'fast-check';
import { formatKop, itemCostKop, kopToRoubles, quantityToMicro, roublesToKop, vatInsideKop } from './money';

/** The plain way: the shortest decimal text of the double, read digit by digit. */
function byText(value: number, digits: number): number | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value));
  if (!match) return undefined;
  const [, sign = '', whole = '', part = ''] = match;
  if (part.length > digits) return undefined;
  const count = BigInt(whole + part.padEnd(digits, '0'));
  return count > 999_999_999_999_999n ? undefined : Number(count) * (sign === '-' && count !== 0n ? -1 : 1);
}

describe('roubles to kopecks', () => {
  it.each([
    [0, 0],
    [-0, 0],
    [0.01, 1],
    [0.29, 29],
    [1.005, undefined],
    [1.1, 110],
    [100.5, 10_050],
    [0.1 + 0.2, undefined],
    [4.35, 435],
    [1e9 + 0.07, 100_000_000_007],
    [42_949_672.95, 4_294_967_295],
    [10_000_000_000, 1_000_000_000_000],
    [1e15, undefined],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [-1.5, -150],
  ])('%p is %p', (roubles, kop) => {
    expect(roublesToKop(roubles)).toBe(kop);
  });

  it('agrees with the decimal text for any double', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e13, max: 1e13, noNaN: true }), (value) => {
        if (String(value).includes('e')) return;
        expect(roublesToKop(value)).toBe(byText(value, 2));
      }),
      { numRuns: 5_000 },
    );
  });

  it('takes back every count of kopecks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999_999_999 }), (kop) => {
        expect(roublesToKop(kopToRoubles(kop))).toBe(kop);
        expect(byText(kopToRoubles(kop), 2)).toBe(kop);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('quantity to millionths', () => {
  it.each([
    [1, 1_000_000],
    [0.000001, 1],
    [0.0000001, undefined],
    [1.5, 1_500_000],
    [0.333, 333_000],
    [99_999.999, 99_999_999_000],
    [99_999_999.999999, 99_999_999_999_999],
  ])('%p is %p', (quantity, micro) => {
    expect(quantityToMicro(quantity)).toBe(micro);
  });
});

describe('price by quantity', () => {
  it.each([
    [10_050, 2_000_000, 20_100],
    [1, 500_000, 1],
    [1, 499_999, 0],
    [3_333, 3_000_000, 9_999],
    [12_345, 333_000, 4_111],
    [4_294_967_295, 99_999_999_000_000, 429_496_725_205_032_700],
  ])('%p kopecks by %p millionths is %p', (price, micro, cost) => {
    expect(itemCostKop(price, micro)).toBe(cost);
  });

  it('rounds half up exactly, whatever the sizes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000_000_000 }),
        fc.integer({ min: 1, max: 99_999_999_000_000 }),
        (price, micro) => {
          const exact = (BigInt(price) * BigInt(micro) * 2n + 1_000_000n) / 2_000_000n;
          expect(BigInt(itemCostKop(price, micro))).toBe(BigInt(Number(exact)));
        },
      ),
      { numRuns: 3_000 },
    );
  });
});

describe('VAT inside a sum', () => {
  it.each([
    [30_000, 18, 118, 4_576],
    [10_000, 10, 110, 909],
    [12_200, 22, 122, 2_200],
    [1, 22, 122, 0],
    [3, 20, 120, 1],
  ])('%p at %p/%p is %p', (sum, part, whole, vat) => {
    expect(vatInsideKop(sum, part, whole)).toBe(vat);
  });

  it('is what the document composer makes of the same sum', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000_000 }), (sum) => {
        expect(vatInsideKop(sum, 22, 122)).toBe(vatOf(sum, 11));
        expect(vatInsideKop(sum, 20, 120)).toBe(vatOf(sum, 1));
        expect(vatInsideKop(sum, 5, 105)).toBe(vatOf(sum, 7));
      }),
    );
  });
});

it('money for people has two decimals', () => {
  expect([0, 5, 100, 123_456, -7].map(formatKop)).toEqual(['0.00', '0.05', '1.00', '1234.56', '-0.07']);
});
