import fc from 'fast-check';
import { preparedShapes } from './kernels';
import { select, SortedWindow, sortFew } from './order';

const few = fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 1, maxLength: 40 });

describe('order statistics', () => {
  it('sort and select as the built-in sort does', () => {
    fc.assert(
      fc.property(few, (numbers) => {
        const sorted = [...numbers].sort((a, b) => a - b);
        const own = Float64Array.from(numbers);
        sortFew(own, own.length);
        expect([...own]).toEqual(sorted);
        const rank = numbers.length >> 1;
        expect(select(Float64Array.from(numbers), numbers.length, rank)).toBe(sorted[rank]);
      }),
    );
  });

  it('a window that replaces holds what one that takes and puts holds', () => {
    fc.assert(
      fc.property(few, few, (first, later) => {
        const [one, two] = [new SortedWindow(64), new SortedWindow(64)];
        for (const value of first) {
          one.put(value);
          two.put(value);
        }
        const inside = [...first];
        for (const value of later) {
          const goes = inside.shift() as number;
          inside.push(value);
          one.replace(goes, value);
          two.take(goes);
          two.put(value);
          const sorted = [...inside].sort((a, b) => a - b);
          const at = sorted.length >> 1;
          const middle =
            sorted.length & 1
              ? (sorted[at] as number)
              : ((sorted[at] as number) + (sorted[at - 1] as number)) / 2;
          expect([one.middle(), two.middle()]).toEqual([middle, middle]);
        }
      }),
    );
  });
});

describe('shapes with few degrees of freedom', () => {
  it('say by their few vectors what their whole inverse says', () => {
    const n = 52;
    const shapes = preparedShapes(n, 7);
    const levels = Float64Array.from({ length: n }, (_, at) => Math.sin(at) * 5 + at / 7);
    const withFew = shapes.filter(({ few: vectors }) => vectors);
    expect(withFew.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['flat', 'slope', 'line', 'launch', 'year']),
    );
    for (const { inverse, few: found } of withFew) {
      const { rank, vectors } = found ?? { rank: 0, vectors: new Float64Array(0) };
      for (let i = 0; i < n; i++) {
        let whole = 0;
        for (let j = 0; j < n; j++) whole += (inverse[i * n + j] as number) * (levels[j] as number);
        let byFew = levels[i] as number;
        for (let r = 0; r < rank; r++) {
          let along = 0;
          for (let j = 0; j < n; j++) along += (vectors[r * n + j] as number) * (levels[j] as number);
          byFew -= along * (vectors[r * n + i] as number);
        }
        expect(byFew).toBeCloseTo(whole, 4);
      }
    }
  });
});
