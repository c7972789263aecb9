import { isMet, median, quantile, row, toJson } from './row';

describe('rows of the bench', () => {
  it('takes the middle, of an even number the mean of the middle two', () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('takes quantiles without going past the end', () => {
    expect(quantile([3, 1, 2], 1)).toBe(3);
    expect(quantile([3, 1, 2], 0)).toBe(1);
  });

  it('reckons the ratio and judges by the direction of the goal', () => {
    const fast = row({ what: 'a', value: 60, unit: '/s', beside: 100, goal: 0.6 });
    expect(fast.ratio).toBe(0.6);
    expect(isMet(fast)).toBe(true);
    expect(isMet({ ...fast, ratio: 0.59 })).toBe(false);
    const dear = row({ what: 'b', value: 5, unit: 'ms', beside: 1, goal: 4, goalIs: 'most' });
    expect(isMet(dear)).toBe(false);
    expect(isMet({ ...dear, goalOf: 'value', goal: 5 })).toBe(true);
  });

  it('judges nothing that was not measured', () => {
    expect(isMet(row({ what: 'c', value: null, unit: 'ms', goal: 1 }))).toBeUndefined();
  });

  it('writes exactly the six fields', () => {
    const told = row({ what: 'd', value: 1, unit: 'ms', note: 'n', goalIs: 'most' });
    expect(toJson(told)).toEqual({
      what: 'd',
      value: 1,
      unit: 'ms',
      beside: null,
      ratio: null,
      goal: null,
    });
  });
});
