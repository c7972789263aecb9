import type { Texts } from './texts';

const NBSP = '\u00a0';

/** `45000` kopecks as `450,00` (or `450.00` in English). */
export function money(kop: number, texts: Texts): string {
  const [rub = '0', rest = '00'] = (Math.abs(kop) / 100).toFixed(2).split('.');
  const grouped = rub.replace(/\B(?=(\d{3})+$)/g, NBSP);
  return `${kop < 0 ? '−' : ''}${grouped}${texts.language === 'ru' ? ',' : '.'}${rest}`;
}

/** Millionths of a unit as a decimal without needless zeros. */
export function quantity(micro: number, texts: Texts): string {
  const text = (micro / 1_000_000).toFixed(6).replace(/\.?0+$/, '');
  return texts.language === 'ru' ? text.replace('.', ',') : text;
}

/** `2026-11-23T10:15:00` as `23.11.2026 10:15`. */
export function localTime(at: string): string {
  const [date = '', time = ''] = at.split('T');
  const [hours = '00', minutes = '00', seconds = '00'] = time.split(':');
  const clock =
    time === '' ? '' : ` ${hours}:${minutes}${seconds.startsWith('00') ? '' : `:${seconds.slice(0, 2)}`}`;
  return date.split('-').reverse().join('.') + clock;
}

/** A moment on the operator's wall clock, `offsetMinutes` east of Greenwich. */
export function moment(at: Date | string, offsetMinutes: number): string {
  const local = new Date(new Date(at).getTime() + offsetMinutes * 60_000);
  return localTime(local.toISOString().slice(0, 19));
}

/** Enough of a contact to know one's own, too little to write to another's. */
export function maskContact(contact: string): string {
  const [name = '', host] = contact.split('@');
  if (host !== undefined) return `${name.slice(0, 1)}***@${host}`;
  return `${contact.slice(0, 2)}*****${contact.slice(-2)}`;
}

/** `5 документов`: the word in the form its number asks for. */
export function counted(
  count: number,
  forms: Texts['documents'],
  texts: Texts,
): { count: string; word: string } {
  const form = new Intl.PluralRules(texts.language).select(count);
  const word = form === 'one' || form === 'few' || form === 'many' ? forms[form] : forms.other;
  return { count: count.toLocaleString(texts.language), word };
}
