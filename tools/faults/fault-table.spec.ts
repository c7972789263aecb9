import { resolve } from 'node:path';
import { faultKinds } from '../sim/fault-kinds';
import { coverageOf } from './coverage';
import { faults } from './fault-table';

const root = resolve(__dirname, '..', '..');

describe('the table of sixty faults', () => {
  it('has each number once', () => {
    expect(faults.map(({ number }) => number)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
  });

  it.each(faults.map((fault) => [fault.number, fault.what, fault] as const))(
    '%d %s: is covered by tests that exist, or says why not',
    (_number, _what, fault) => {
      expect(coverageOf(fault, root)).toMatchObject({ gone: [], isBare: false });
    },
  );

  it('knows every number that a kind of the simulation carries', () => {
    const known = new Set(faults.map(({ number }) => number));
    expect(faultKinds.flatMap(({ numbers }) => numbers).filter((number) => !known.has(number))).toEqual([]);
  });

  it('notices a test that is gone and a fault without cover', () => {
    const tests = [{ file: 'tools/faults/fault-table.spec.ts', title: `no such ${'title'}` }];
    expect(coverageOf({ number: 61, what: 'none', tests }, root).gone).toEqual(tests);
    expect(coverageOf({ number: 61, what: 'none', tests: [] }, root).isBare).toBe(true);
  });
});
