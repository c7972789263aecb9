const NBSP = '\u00a0';

/** 123450 kopecks as `1 234,50`, with a space that does not break. */
export function money(kop: number): string {
  const digits = String(Math.abs(kop)).padStart(3, '0');
  const rub = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, NBSP);
  return `${kop < 0 ? '−' : ''}${rub},${digits.slice(-2)}`;
}

/** Millionths of a unit as a decimal without needless zeros: 1500000 is `1,5`. */
export function quantity(micro: number): string {
  const digits = String(micro).padStart(7, '0');
  const rest = digits.slice(-6).replace(/0+$/, '');
  return digits.slice(0, -6) + (rest && `,${rest}`);
}

/** `2026-11-23T10:15:00` as `23.11.2026 10:15`; seconds only when they are not zero, no time at midnight of a date. */
export function localTime(at: string): string {
  const [date = '', time = ''] = at.split('T');
  const [hours = '', minutes = '', seconds = '00'] = time.split(':');
  const clock = time === '' ? '' : ` ${hours}:${minutes}${seconds.startsWith('00') ? '' : `:${seconds}`}`;
  return date.split('-').reverse().join('.') + clock;
}

/** `2026-11-23T00:00:00` as `23.11.2026`. */
export const localDate = (at: string): string => localTime(at.slice(0, 10));

/** Enough of a contact to know one's own, too little to write to another's: `i***@mail.ru`, `+7*****45`. */
export function maskContact(contact: string): string {
  const [name = '', host] = contact.split('@');
  if (host !== undefined) return `${name.slice(0, 1)}***@${host}`;
  return contact.length < 7 ? '***' : `${contact.slice(0, 2)}*****${contact.slice(-2)}`;
}

/** First letter large: names of requisites stand at the beginning of a line. */
export const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
