import { seededRandom } from '@kkt/testing';
import { nextAttemptInS, tryForS } from './schedule';

describe('the schedule of repeats', () => {
  it('begins within seconds, ends after three days, with about fifteen attempts', () => {
    const random = seededRandom(1);
    const atS: number[] = [0];
    for (let ageS = 0, attempts = 0; ; attempts++) {
      const delayS = nextAttemptInS(attempts, ageS, random);
      if (delayS === undefined) break;
      ageS += delayS;
      atS.push(ageS);
    }
    expect(atS[1]).toBeLessThan(1.2);
    expect(atS[2]).toBeLessThan(7);
    expect(atS.length).toBeGreaterThan(12);
    expect(atS.length).toBeLessThan(20);
    expect(Math.abs((atS.at(-1) ?? 0) - tryForS)).toBeLessThan(2);
    expect([...atS].sort((a, b) => a - b)).toEqual(atS);
  });

  it('spreads those that failed together', () => {
    const random = seededRandom(2);
    const delays = new Set(Array.from({ length: 20 }, () => nextAttemptInS(3, 100, random)));
    expect(delays.size).toBe(20);
  });
});
