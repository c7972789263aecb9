import type { Language } from '../i18n/texts';
import { browserNow } from '../live/browser-clock';

const NBSP = '\u00a0';
/** The zone of the farm's people and of its documents unless a shop says otherwise. */
const zone = 'Europe/Moscow';

/** Everything that is written differently in different languages. Input: kopecks, millionths, ISO moments. */
export interface Formats {
  /** `1 234 567,50 ₽`. */
  money(kop: number): string;
  /** As `money` without the sign of the rouble, for columns. */
  sum(kop: number): string;
  /** To the nearest whole rouble, `1 234 568 ₽`: for axes of charts. */
  roubles(kop: number): string;
  number(value: number, digits?: number): string;
  /** 0.153 → `15,3 %`. */
  percent(share: number, digits?: number): string;
  /** Millionths of a unit without needless zeros. */
  quantity(micro: number): string;
  /** `23.11.2026`, of a moment (Moscow) or a date text. */
  date(at: string): string;
  /** `23.11.2026, 14:05:09 МСК`. */
  dateTime(at: string): string;
  /** `14:05:09`; with the date when it is not of today. */
  time(at: string, now?: number): string;
  /** `14:05` of Unix seconds. */
  clock(unixS: number): string;
  /** Wall clock of a document, no zone: `23.11.2026 14:05:09`. */
  local(at: string): string;
  /** A moment on the reader's own clock with its zone. */
  ownZone(at: string): string;
  /** `850 мс`, `12,3 с`, `5 мин`, `3 ч 20 мин`, `2 дн 4 ч`. */
  duration(ms: number): string;
}

const words = {
  ru: { ms: 'мс', s: 'с', min: 'мин', h: 'ч', d: 'дн', zone: 'МСК' },
  en: { ms: 'ms', s: 's', min: 'min', h: 'h', d: 'd', zone: 'MSK' },
} as const;

function build(language: Language): Formats {
  const locale = language === 'ru' ? 'ru-RU' : 'en-GB';
  const word = words[language];
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const date = new Intl.DateTimeFormat('ru-RU', {
    timeZone: zone,
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
  });
  const time = new Intl.DateTimeFormat('ru-RU', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const clock = new Intl.DateTimeFormat('ru-RU', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
  const own = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'long' });

  const byDigits = new Map<number, Intl.NumberFormat>();
  const number = (value: number, digits = 0): string => {
    let format = byDigits.get(digits);
    if (!format) {
      format = new Intl.NumberFormat(locale, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      });
      byDigits.set(digits, format);
    }
    return format.format(value);
  };

  const sum = (kop: number): string => {
    const rest = String(Math.abs(kop) % 100).padStart(2, '0');
    const roubles = Math.floor(Math.abs(kop) / 100);
    return `${kop < 0 ? '-' : ''}${whole.format(roubles)}${language === 'ru' ? ',' : '.'}${rest}`;
  };

  const dateOf = (at: string): string =>
    /^\d{4}-\d{2}-\d{2}$/.test(at) ? at.split('-').reverse().join('.') : date.format(new Date(at));

  return {
    money: (kop) => `${sum(kop)}${NBSP}₽`,
    sum,
    number,
    roubles: (kop) => `${whole.format(Math.round(kop / 100))}${NBSP}₽`,
    percent: (share, digits = 0) => `${number(share * 100, digits)}${language === 'ru' ? NBSP : ''}%`,
    quantity(micro) {
      const [units = '0', rest = ''] = (micro / 1_000_000).toFixed(6).split('.');
      const digits = rest.replace(/0+$/, '');
      return digits === ''
        ? whole.format(Number(units))
        : `${whole.format(Number(units))}${language === 'ru' ? ',' : '.'}${digits}`;
    },
    date: dateOf,
    dateTime: (at) => `${date.format(new Date(at))}, ${time.format(new Date(at))}${NBSP}${word.zone}`,
    time(at, now = browserNow()) {
      const isToday = date.format(new Date(at)) === date.format(new Date(now));
      return `${isToday ? '' : `${date.format(new Date(at)).slice(0, 5)}${NBSP}`}${time.format(new Date(at))}`;
    },
    clock: (unixS) => clock.format(new Date(unixS * 1000)),
    local(at) {
      const [day = '', rest = ''] = at.split('T');
      return rest === '' ? dateOf(day) : `${dateOf(day)}${NBSP}${rest.slice(0, 8)}`;
    },
    ownZone: (at) => own.format(new Date(at)),
    duration(ms) {
      const s = Math.abs(ms) / 1000;
      const sign = ms < 0 ? '-' : '';
      const join = (...parts: [number, string][]): string =>
        sign +
        parts
          .filter(([value], index) => index === 0 || value > 0)
          .map(([value, unit]) => `${whole.format(value)}${NBSP}${unit}`)
          .join(NBSP);
      if (s < 1) return `${sign}${whole.format(Math.round(s * 1000))}${NBSP}${word.ms}`;
      if (s < 60) return `${sign}${number(s, s < 10 ? 1 : 0)}${NBSP}${word.s}`;
      if (s < 3_600) return join([Math.floor(s / 60), word.min]);
      if (s < 86_400) return join([Math.floor(s / 3_600), word.h], [Math.floor((s % 3_600) / 60), word.min]);
      return join([Math.floor(s / 86_400), word.d], [Math.floor((s % 86_400) / 3_600), word.h]);
    },
  };
}

const known = new Map<Language, Formats>();

/** The formats of a language; made once. */
export function formatsOf(language: Language): Formats {
  let formats = known.get(language);
  if (!formats) known.set(language, (formats = build(language)));
  return formats;
}

/** Reads a sum as people write it, `1 234,5` or `1234.50`, into kopecks; undefined when it is none. */
export function readMoney(text: string): number | undefined {
  const match = /^(\d{1,12})(?:[.,](\d{1,2}))?$/.exec(text.replace(/[\s\u00a0₽]/g, ''));
  if (!match) return undefined;
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
}
