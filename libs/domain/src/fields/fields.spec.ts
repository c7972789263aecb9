import { tagByNumber } from '@kkt/ffd';
import { VAT_RATES } from '@kkt/ffd';
import { isVatRateValid, vatRateByName, vatRates } from '../vat';
import { envelopeFields, fieldsOf, receiptFields, type Place } from './index';
import { bodySchema } from './json-schema';

const places: readonly Place[] = ['r4', 'c4', 'r5', 'c5'];

describe('the field table', () => {
  it('names only tags that the format has, and texts no longer than their tag', () => {
    const spaciousByDesign = new Set(['items[].nomenclature_code', 'correction_info.base_date']);
    for (const row of receiptFields) {
      if (row.tag === undefined) continue;
      const info = tagByNumber(row.tag);
      expect([row.path, info?.tag]).toEqual([row.path, row.tag]);
      if (row.type === 'string' && row.maxLength !== undefined && !spaciousByDesign.has(row.path))
        expect([row.path, row.maxLength <= (info?.maxLength ?? 0)]).toEqual([row.path, true]);
    }
  });

  it.each(places)('has each path once in %s', (place) => {
    const paths = fieldsOf([...envelopeFields, ...receiptFields], place).map((row) => row.path);
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths.length).toBeGreaterThan(20);
  });

  it.each(places)('makes a schema for %s in which every field stands', (place) => {
    const schema = bodySchema(place);
    const document = schema.properties?.[place.startsWith('r') ? 'receipt' : 'correction'];
    const count = (node: typeof schema): number =>
      Object.values(node.properties ?? {}).reduce((sum, child) => sum + 1 + count(child), 0) +
      (node.items ? 1 + count(node.items) : 0);
    expect(count(document ?? {})).toBe(fieldsOf(receiptFields, place).length);
  });

  it('describes every field in both languages', () => {
    for (const row of [...envelopeFields, ...receiptFields]) {
      expect(row.ru).toMatch(/[А-Яа-яA-Z]/);
      expect(row.en).toMatch(/^[A-Z]/);
    }
  });
});

describe('VAT rates', () => {
  it('take the parts that the document composer takes', () => {
    for (const rate of vatRates) {
      const known = VAT_RATES.find(({ code }) => code === rate.code);
      if (rate.name.endsWith('18')) continue;
      expect([rate.name, [rate.part ?? 0, rate.whole ?? 1]]).toEqual([rate.name, known?.fraction]);
      expect([rate.name, rate.from <= (known?.from ?? '')]).toEqual([rate.name, true]);
    }
  });

  it.each([
    ['vat18', '2019-03-31', true],
    ['vat18', '2019-04-01', false],
    ['vat118', '2026-11-23', false],
    ['vat5', '2024-12-31', false],
    ['vat5', '2025-01-01', true],
    ['vat22', '2025-12-31', false],
    ['vat22', '2026-01-01', true],
    ['vat122', '2025-12-31', false],
    ['vat20', '2026-11-23', true],
    ['none', '2026-11-23', true],
  ])('%s on %s: %p', (name, date, isValid) => {
    const rate = vatRateByName(name);
    expect(rate && isVatRateValid(rate, date)).toBe(isValid);
  });
});
