import fc from 'fast-check';
import { VirtualClock } from '@kkt/testing';
import { counted, localTime, maskContact, moment, money, quantity } from './format';
import { html, Html } from '@kkt/web-server';
import { LookupLimit } from './lookup-limit';
import { readSearch } from './search-query';
import { textsOf } from './texts';

const ru = textsOf('ru');
const en = textsOf('en');

describe('html', () => {
  it('escapes whatever is put in, in text and in attributes', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const made = html`<p title="${text}">${text}</p>`.text;
        const inside = made.slice('<p title="'.length, -'</p>'.length).replace('">', '');
        expect(inside).not.toMatch(/[<>"']/);
      }),
    );
  });

  it('joins lists, leaves out nothing values, keeps Html', () => {
    expect(html`${[1, html`<b>2</b>`, null, undefined, false, ['<']]}${0}`.text).toBe('1<b>2</b>&lt;0');
    expect(html`${new Html('<i></i>')}`.text).toBe('<i></i>');
  });
});

describe('format', () => {
  it.each([
    [0, '0,00'],
    [5, '0,05'],
    [45_000, '450,00'],
    [123_456_789, '1\u00a0234\u00a0567,89'],
    [-45_000, '−450,00'],
  ])('%d kopecks', (kop, text) => {
    expect(money(kop, ru)).toBe(text);
  });

  it('quantities, times, contacts, counts', () => {
    expect(quantity(1_000_000, ru)).toBe('1');
    expect(quantity(345_000, ru)).toBe('0,345');
    expect(quantity(10_000_000, en)).toBe('10');
    expect(localTime('2026-11-23T10:15:00')).toBe('23.11.2026 10:15');
    expect(localTime('2026-11-23T10:15:42')).toBe('23.11.2026 10:15:42');
    expect(localTime('2026-11-23')).toBe('23.11.2026');
    expect(moment('2026-11-23T22:00:00Z', 180)).toBe('24.11.2026 01:00');
    expect(maskContact('buyer@example.com')).toBe('b***@example.com');
    expect(maskContact('+79161234567')).toBe('+7*****67');
    expect(counted(1, ru.kkts, ru).word).toBe('касса');
    expect(counted(22, ru.kkts, ru).word).toBe('кассы');
    expect(counted(11, ru.documents, ru).word).toBe('документов');
  });
});

describe('readSearch', () => {
  const read = (query: Record<string, string>, isOpen = true) => readSearch(query, ru, isOpen);

  it('nothing filled in is not a search', () => {
    expect(read({ fn: ' ' })).toMatchObject({ isEmpty: true, problems: {} });
  });

  it.each([
    [
      { fn: '9999078900005488', fd: '35' },
      { fnNumber: '9999078900005488', fdNumber: 35 },
    ],
    [{ fp: '2573726889' }, { fiscalSign: 2_573_726_889 }],
    [
      { date: '2026-12-31', sum: '1 450,5 ₽' },
      { from: '2026-12-31', to: '2027-01-01', totalKop: 145_050 },
    ],
    [
      { date: '2026-02-28', sum: '450' },
      { from: '2026-02-28', to: '2026-03-01', totalKop: 45_000 },
    ],
  ])('%j', (query, filter) => {
    expect(read(query as unknown as Record<string, string>)).toMatchObject({ problems: {}, filter });
  });

  it.each([
    [{ fn: '123' }, 'fn'],
    [{ fd: '0', fn: '9999078900005488' }, 'fd'],
    [{ fp: '4294967296' }, 'fp'],
    [{ date: '2026-02-30', sum: '1' }, 'date'],
    [{ sum: '1,234', date: '2026-02-03' }, 'sum'],
    [{ fd: '35' }, 'all'],
    [{ sum: '450' }, 'all'],
  ])('%j is told at %s', (query, field) => {
    const search = read(query as unknown as Record<string, string>);
    expect(Object.keys(search.problems)).toEqual([field]);
    expect(search.filter).toBeUndefined();
  });

  it('a closed portal wants what only the holder of the receipt knows', () => {
    expect(read({ fn: '9999078900005488', fd: '35' }, false).problems.all).toBeDefined();
    expect(read({ date: '2026-11-23', sum: '450' }, false).problems.all).toBeDefined();
    expect(read({ fp: '2573726889' }, false).filter).toBeDefined();
    expect(read({ fn: '9999078900005488', date: '2026-11-23', sum: '450' }, false).filter).toBeDefined();
  });

  it('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.string(),
        fc.string(),
        fc.string(),
        (fn, fd, fp, date, sum) => {
          const search = read({ fn, fd, fp, date, sum });
          expect(search.filter === undefined || Object.keys(search.problems).length === 0).toBe(true);
        },
      ),
    );
  });
});

describe('LookupLimit', () => {
  it('counts by address and begins anew each minute', async () => {
    const clock = new VirtualClock();
    const limit = new LookupLimit(clock, 2);
    expect([1, 2, 3].map(() => limit.allows('a'))).toEqual([true, true, false]);
    expect(limit.allows('b')).toBe(true);
    await clock.advance(60_000);
    expect(limit.allows('a')).toBe(true);
  });
});

describe('texts', () => {
  it('both languages say everything', () => {
    const empty = (texts: object): string[] =>
      Object.entries(texts).flatMap(([key, value]: [string, unknown]) =>
        typeof value === 'object' && value !== null ? empty(value) : value === '' ? [key] : [],
      );
    expect(empty(ru)).toEqual([]);
    expect(empty(en)).toEqual([]);
  });
});
