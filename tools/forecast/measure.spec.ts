import { families } from './families';
import { measureFamily } from './measure';

// One life of each family; `npm run forecast:backtest` measures hundreds.
describe.each(families.map((family) => [family.name, family] as const))(
  'lives of the family %s',
  (_, family) => {
    it('end near the day foretold 60 days ahead, and none is warned of late', () => {
      const result = measureFamily(family, [0.04], [2]);
      if (family.hasSeasonOrGrowth) expect(result.error).toBeLessThan(0.5 * result.lineError + 0.5);
      expect(result.error).toBeLessThan(4);
      expect(result.warnedLate).toBe(0);
    });
  },
);
