import * as fc from 'fast-check';
import type { VatCode } from '@kkt/contracts';
import { TAG } from '../tags/tag-numbers';
import { tagByNumber } from '../tags/tags';
import { ENUMERATIONS, enumerationOf, enumValues, MEASURES, SUBJECTS } from './enumerations';
import { isVatAllowedOn, VAT_RATES, vatOf, vatRate } from './vat';

describe('VAT rates', () => {
  it('are the twelve codes in order', () => {
    expect(VAT_RATES.map((rate) => rate.code)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(vatRate(13)).toBeUndefined();
  });

  it.each<[VatCode, number]>([
    [1, 1102],
    [2, 1103],
    [3, 1106],
    [4, 1107],
    [5, 1104],
    [6, 1105],
    [7, 1119],
    [12, 1119],
  ])('code %d goes to tag %d', (code, tag) => expect(vatRate(code)?.totalTag).toBe(tag));

  it.each<[VatCode, number, number]>([
    // 149.85 at 20 % in the sample receipt of FN 9999078900005488.
    [1, 14985, 2498],
    [3, 14985, 2498],
    [2, 11000, 1000],
    [11, 12200, 2200],
    [12, 12200, 2200],
    [7, 10500, 500],
    [10, 10700, 700],
    [5, 10000, 0],
    [6, 10000, 0],
    // Half a kopeck goes up: 3 × 20 / 120 = 0.5.
    [1, 3, 1],
    [1, 2, 0],
  ])('code %d of %d is %d', (code, sum, vat) => expect(vatOf(sum, code)).toBe(vat));

  it('is exact for any sum', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.constantFrom(...VAT_RATES), (sum, rate) => {
        const [n, d] = rate.fraction.map(BigInt) as [bigint, bigint];
        const exact = (2n * BigInt(sum) * n + d) / (2n * d);
        expect(BigInt(vatOf(sum, rate.code))).toBe(exact);
      }),
    );
  });

  it('refuses what is no sum', () => {
    expect(() => vatOf(-1, 1)).toThrow('CLIENT-FFD-MONEY');
    expect(() => vatOf(0.5, 1)).toThrow('CLIENT-FFD-MONEY');
  });

  it.each<[VatCode, string, boolean]>([
    [1, '2025-12-31T23:59:59', true],
    [1, '2026-01-01T00:00:00', false],
    [11, '2025-12-31', false],
    [11, '2026-01-01', true],
    [7, '2024-12-31', false],
    [7, '2025-01-01', true],
    [2, '2030-01-01', true],
  ])('code %d on %s: %s', (code, date, allowed) => expect(isVatAllowedOn(code, date)).toBe(allowed));
});

describe('enumerations', () => {
  it('belong to known tags, have each code once and a name in both languages', () => {
    for (const { tag, values } of ENUMERATIONS) {
      expect(tagByNumber(tag)).toBeDefined();
      expect(new Set(values.map((value) => value.code)).size).toBe(values.length);
      for (const value of values) {
        expect(Number.isInteger(value.code)).toBe(true);
        expect(value.name).not.toBe('');
        expect(value.printName).not.toBe('');
      }
    }
  });

  it('masks are made of single bits', () => {
    for (const { mask, values } of ENUMERATIONS) {
      if (mask) for (const { code } of values) expect(Number.isInteger(Math.log2(code))).toBe(true);
    }
  });

  it('tell values and bits', () => {
    expect(enumValues(TAG.settlementSign, 2).map((value) => value.name)).toEqual(['income return']);
    expect(enumValues(TAG.settlementSign, 5)).toEqual([]);
    expect(enumValues(TAG.taxSystems, 33).map((value) => value.printName)).toEqual(['ОСН', 'ПСН']);
    expect(enumValues(TAG.changeReasons, 0x80000001).map((value) => value.name)).toEqual([
      'FN change',
      'other',
    ]);
    expect(enumValues(TAG.fdNumber, 1)).toEqual([]);
    expect(enumerationOf(TAG.fdNumber)).toBeUndefined();
  });

  it('keep marked goods for FFD 1.2', () => {
    expect(SUBJECTS.values.filter((value) => value.minFfd === 4).map((value) => value.code)).toEqual([
      30, 31, 32, 33,
    ]);
    expect(SUBJECTS.values).toHaveLength(31);
    expect(MEASURES.values).toHaveLength(24);
  });
});
