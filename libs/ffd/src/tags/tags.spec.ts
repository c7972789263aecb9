import { TAG } from './tag-numbers';
import { HIGHEST_TAG, tagByName, tagByNumber, TAGS, TYPE_CODE } from './tags';

describe('tags', () => {
  it('every name in code has a row and every row a name in code', () => {
    const numbers = Object.values(TAG);
    expect(new Set(numbers).size).toBe(numbers.length);
    const rows = TAGS.filter((info) => info.tag >= 1000);
    expect(rows.map((info) => info.tag).sort((a, b) => a - b)).toEqual([...numbers].sort((a, b) => a - b));
    for (const info of rows) expect(info.key).not.toMatch(/^tag/);
  });

  it('every row is whole', () => {
    for (const info of TAGS) {
      expect(TYPE_CODE[info.type]).toBeGreaterThan(0);
      expect(info.maxLength).toBeGreaterThan(0);
      expect(info.name).not.toBe('');
      expect(info.printName).toMatch(/[А-Яа-яA-Z]/);
      expect(info.name).toMatch(/^[\x20-\x7e]+$/);
      expect(info.json ?? 'x').toMatch(/^[A-Za-z0-9]+$/);
      expect(info.tag).toBeLessThanOrEqual(HIGHEST_TAG);
    }
  });

  it('numbers of fixed size say so', () => {
    const size: Record<string, number> = { u8: 1, bool: 1, bits8: 1, u16: 2, u32: 4, bits32: 4, unixtime: 4 };
    for (const info of TAGS) {
      const bytes = size[info.type];
      if (bytes !== undefined)
        expect([info.tag, info.fixed, info.maxLength]).toEqual([info.tag, true, bytes]);
    }
  });

  it('finds by number, by name in code and by JSON key of both eras', () => {
    expect(tagByNumber(1040)).toMatchObject({ key: 'fdNumber', json: 'fiscalDocumentNumber', type: 'u32' });
    expect(tagByNumber(3)).toMatchObject({ json: 'receipt', type: 'stlv' });
    expect(tagByNumber(1499)).toBeUndefined();
    expect(tagByName('fdNumber')?.tag).toBe(1040);
    expect(tagByName('ndsCalculated10')?.tag).toBe(1107);
    expect(tagByName('noSuchTag')).toBeUndefined();
  });

  it.each([
    ['totalSum', undefined, 1020],
    ['totalSum', 3, 1020],
    ['totalSum', 1129, 1201],
    ['prepaidSum', 3, 1215],
    ['prepaidSum', 1145, 1218],
    ['ecashSum', 1130, 1138],
    ['ecashSum', 1235, 1082],
    ['ndsSum', 1059, 1200],
    ['ndsSum', 1119, 1120],
    ['dateTime', 3, 1012],
    ['dateTime', 1270, 1273],
  ])('tells %s in %s as %d', (name, parent, tag) => expect(tagByName(name, parent)?.tag).toBe(tag));
});
