import type { Kop } from '@kkt/contracts';

const NBSP = '\u00a0';

/** `1 234,50`, no sign of the rouble: for columns. */
export function sum(kop: Kop): string {
  const whole = Math.floor(Math.abs(kop) / 100)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, NBSP);
  return `${kop < 0 ? '-' : ''}${whole},${String(Math.abs(kop) % 100).padStart(2, '0')}`;
}

/** `23.11.2026`. */
export const date = (day: string): string => day.split('-').reverse().join('.');

const months = [
  'января',
  'февраля',
  'марта',
  'апреля',
  'мая',
  'июня',
  'июля',
  'августа',
  'сентября',
  'октября',
  'ноября',
  'декабря',
];

/** `23 ноября 2026 г.` */
export function longDate(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return `${date}${NBSP}${months[(month ?? 1) - 1]} ${year}${NBSP}г.`;
}

type Forms = readonly [one: string, few: string, many: string];

/** The form of a noun after a number. */
export function plural(count: number, [one, few, many]: Forms): string {
  const tens = Math.abs(count) % 100;
  const units = tens % 10;
  if (tens > 10 && tens < 20) return many;
  return units === 1 ? one : units > 1 && units < 5 ? few : many;
}

const unitsMale = ['', 'один', 'два', 'три', 'четыре', 'пять', 'шесть', 'семь', 'восемь', 'девять'];
const unitsFemale = ['', 'одна', 'две', ...unitsMale.slice(3)];
const teens = [
  'десять',
  'одиннадцать',
  'двенадцать',
  'тринадцать',
  'четырнадцать',
  'пятнадцать',
  'шестнадцать',
  'семнадцать',
  'восемнадцать',
  'девятнадцать',
];
const tensWords = [
  '',
  '',
  'двадцать',
  'тридцать',
  'сорок',
  'пятьдесят',
  'шестьдесят',
  'семьдесят',
  'восемьдесят',
  'девяносто',
];
const hundreds = [
  '',
  'сто',
  'двести',
  'триста',
  'четыреста',
  'пятьсот',
  'шестьсот',
  'семьсот',
  'восемьсот',
  'девятьсот',
];

function triple(value: number, isFemale: boolean): string[] {
  const rest = value % 100;
  const words = [hundreds[Math.floor(value / 100)] ?? ''];
  if (rest >= 10 && rest < 20) words.push(teens[rest - 10] ?? '');
  else
    words.push(tensWords[Math.floor(rest / 10)] ?? '', (isFemale ? unitsFemale : unitsMale)[rest % 10] ?? '');
  return words.filter((word) => word !== '');
}

/** `Одна тысяча двести рублей 50 копеек`: how papers write their totals; up to a billion roubles. */
export function sumInWords(kop: Kop): string {
  const roubles = Math.floor(kop / 100);
  const groups: [number, boolean, Forms | undefined][] = [
    [Math.floor(roubles / 1_000_000_000) % 1_000, false, ['миллиард', 'миллиарда', 'миллиардов']],
    [Math.floor(roubles / 1_000_000) % 1_000, false, ['миллион', 'миллиона', 'миллионов']],
    [Math.floor(roubles / 1_000) % 1_000, true, ['тысяча', 'тысячи', 'тысяч']],
    [roubles % 1_000, false, undefined],
  ];
  const words = groups.flatMap(([value, isFemale, forms]) =>
    value === 0 ? [] : [...triple(value, isFemale), ...(forms ? [plural(value, forms)] : [])],
  );
  const text = words.length === 0 ? 'ноль' : words.join(' ');
  const pennies = kop % 100;
  return (
    `${text.charAt(0).toUpperCase()}${text.slice(1)} ${plural(roubles, ['рубль', 'рубля', 'рублей'])} ` +
    `${String(pennies).padStart(2, '0')} ${plural(pennies, ['копейка', 'копейки', 'копеек'])}`
  );
}

const letters: Readonly<Record<string, string>> = { СЧ: 'schet', АКТ: 'akt', СВ: 'akt-sverki', Д: 'dogovor' };

/** `СЧ-2026-000123` to `schet-2026-000123.pdf`. */
export function fileName(number: string): string {
  const [series = '', ...rest] = number.split('-');
  return `${[letters[series] ?? 'document', ...rest].join('-')}.pdf`;
}
