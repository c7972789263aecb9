import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fnNumberOf, MAX_SERIES, ownSeries, serialOf, spareFnNumberOf } from './series';

describe('numbers of modules and FNs', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'kkt-series-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('are those of the examples in series 0', () => {
    expect([serialOf(0), fnNumberOf(0), spareFnNumberOf(0)]).toEqual([
      '00106000000001',
      '9999078900000001',
      '9999078950000001',
    ]);
  });

  it('differ between series, to the last of them, and never meet the spare ones', () => {
    expect(serialOf(0, 7)).toBe('00106007000001');
    expect(fnNumberOf(99_999, 6) < fnNumberOf(0, 7)).toBe(true);
    expect(fnNumberOf(99_999, MAX_SERIES) < spareFnNumberOf(0)).toBe(true);
    expect(spareFnNumberOf(99_999, MAX_SERIES)).toHaveLength(16);
    expect(serialOf(999_999, MAX_SERIES)).toHaveLength(14);
  });

  it('are of a series that a data folder draws once', () => {
    expect(ownSeries(dir, { next: () => 0.5 })).toBe(250);
    expect(ownSeries(dir, { next: () => 0.1 })).toBe(250);
    expect(ownSeries(join(dir, 'a', 'b'), { next: () => 0.9999 })).toBe(MAX_SERIES);
  });

  it('stay as they are in a folder from before', () => {
    mkdirSync(join(dir, 'kkt'));
    expect(ownSeries(dir, { next: () => 0.5 })).toBe(0);
  });

  it('are not guessed when the folder holds nonsense', () => {
    writeFileSync(join(dir, 'series'), 'many');
    expect(() => ownSeries(dir, { next: () => 0.5 })).toThrow('SYS-SERIES-FILE');
  });
});
