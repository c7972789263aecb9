import { formatsOf, readMoney } from './formats';

const ru = formatsOf('ru');
const en = formatsOf('en');
const nb = (text: string): string => text.replaceAll('_', '\u00a0');

describe('Russian formats', () => {
  it.each([
    [123_456_750, '1_234_567,50_₽'],
    [-500, '-5,00_₽'],
    [-7, '-0,07_₽'],
    [0, '0,00_₽'],
    [9_007_199_254_740_991, '90_071_992_547_409,91_₽'],
  ])('writes %s kopecks', (kop, text) => expect(ru.money(kop)).toBe(nb(text)));

  it('writes whole roubles for axes in both languages', () => {
    expect(ru.roubles(400_000)).toBe(nb('4_000_₽'));
    expect(en.roubles(400_000)).toBe(nb('4,000_₽'));
    expect(en.roubles(383_850)).toBe(nb('3,839_₽'));
  });

  it('writes shares, quantities and numbers', () => {
    expect(ru.percent(0.153, 1)).toBe(nb('15,3_%'));
    expect(ru.quantity(1_500_000)).toBe('1,5');
    expect(ru.quantity(2_000_000)).toBe('2');
    expect(ru.quantity(1)).toBe('0,000001');
    expect(ru.number(17_280)).toBe(nb('17_280'));
  });

  it('shows moments in Moscow and says so', () => {
    expect(ru.dateTime('2026-11-23T11:05:09Z')).toBe(nb('23.11.2026, 14:05:09_МСК'));
    expect(ru.date('2026-11-23T22:30:00Z')).toBe('24.11.2026');
    expect(ru.date('2026-12-01')).toBe('01.12.2026');
    expect(ru.time('2026-11-23T11:05:09Z', Date.parse('2026-11-23T20:59:00Z'))).toBe('14:05:09');
    expect(ru.time('2026-11-23T11:05:09Z', Date.parse('2026-11-23T21:01:00Z'))).toBe(nb('23.11_14:05:09'));
    expect(ru.clock(Date.parse('2026-11-23T11:05:09Z') / 1000)).toBe('14:05');
  });

  it('shows a document’s own time as it stands, without a zone', () => {
    expect(ru.local('2026-11-23T14:05:09')).toBe(nb('23.11.2026_14:05:09'));
  });

  it.each([
    [7, '7_мс'],
    [1_234, '1,2_с'],
    [59_400, '59_с'],
    [300_000, '5_мин'],
    [12_000_000, '3_ч_20_мин'],
    [187_200_000, '2_дн_4_ч'],
    [-1_500, '-1,5_с'],
  ])('writes %s ms', (ms, text) => expect(ru.duration(ms)).toBe(nb(text)));
});

describe('English formats', () => {
  it('differs in words and points, not in dates', () => {
    expect(en.money(123_456_750)).toBe(nb('1,234,567.50_₽'));
    expect(en.percent(0.5)).toBe('50%');
    expect(en.dateTime('2026-11-23T11:05:09Z')).toBe(nb('23.11.2026, 14:05:09_MSK'));
  });
});

describe('a sum typed by a person', () => {
  it.each([
    ['1 234,5', 123_450],
    ['1234.50', 123_450],
    ['5', 500],
    [nb('1_000,00_₽'), 100_000],
    ['', undefined],
    ['1,234.5', undefined],
    ['12,345', undefined],
    ['-5', undefined],
  ])('reads %j', (text, kop) => expect(readMoney(text)).toBe(kop));
});
