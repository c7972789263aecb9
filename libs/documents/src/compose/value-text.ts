import {
  enumerationOf,
  enumValues,
  fiscalSignToNumber,
  TAG,
  tagByNumber,
  vatRate,
  type TlvNode,
} from '@kkt/ffd';
import { capital, localDate, localTime, maskContact, money, quantity } from '../words';

/** Whether buyers' data are shown whole: anybody may look at a receipt by its QR, only its holder needs these. */
export type Personal = 'shown' | 'masked';

const CONTACTS = new Set<number>([TAG.buyerContact]);
const HIDDEN = new Set<number>([
  TAG.buyerName,
  TAG.buyerInn,
  TAG.buyerBirthdate,
  TAG.buyerCitizenship,
  TAG.buyerDocumentCode,
  TAG.buyerDocumentData,
  TAG.buyerAddress,
]);

/** VLNs that are no money: parts of a fraction. */
const NOT_MONEY = new Set<number>([TAG.markNumerator, TAG.markDenominator]);
/** Times whose hours mean nothing. */
const DATES = new Set<number>([TAG.unsentSince, TAG.correctionDate]);

/** Bits of the checks of a marking code, tags 2004, 2005 and 2106 (order ED-7-20/662@). */
const MARK_BITS = [
  'код проверен ФН',
  'проверка ФН положительна',
  'статус проверен в ОИСМ',
  'статус товара верен',
  'сформировано автономной ККТ',
];
const MARK_CHECKS = new Set<number>([TAG.fnMarkCheck, TAG.requestResult, TAG.goodsCheckResult]);

/** What a requisite is called in print; its number where the table does not know it. */
export const nameOf = (tag: number): string => capital(tagByNumber(tag)?.printName ?? `Реквизит ${tag}`);

/** Names of an enumeration's value, or of the set bits of a mask. */
export const enumText = (tag: number, code: number): string =>
  enumValues(tag, code)
    .map(({ printName }) => printName)
    .join(', ');

function numberText(tag: number, value: number): string {
  const type = tagByNumber(tag)?.type;
  if (type === 'fvln') return quantity(value);
  if (type === 'vln' && !NOT_MONEY.has(tag)) return money(value);
  if (tag === TAG.vatCode) return vatRate(value)?.printName ?? String(value);
  if (MARK_CHECKS.has(tag)) {
    const set = MARK_BITS.filter((_, bit) => (value >> bit) & 1);
    return set.length > 0 ? set.join(', ') : 'не проверено';
  }
  if (enumerationOf(tag)) return enumText(tag, value) || (value === 0 ? 'нет' : String(value));
  return String(value);
}

function bytesText(tag: number, value: Uint8Array): string {
  if (tag === TAG.fiscalSign && value.length >= 4) return String(fiscalSignToNumber(value));
  return Buffer.from(value).toString('hex').toUpperCase();
}

/** Value of a requisite without children, for people. */
export function valueText({ tag, value }: TlvNode, personal: Personal): string {
  if (personal === 'masked' && HIDDEN.has(tag)) return 'скрыто';
  if (Array.isArray(value)) return '';
  if (value instanceof Uint8Array) return bytesText(tag, value);
  if (typeof value === 'boolean') return value ? 'да' : 'нет';
  if (typeof value === 'number') return numberText(tag, value);
  if (tagByNumber(tag)?.type === 'unixtime') return DATES.has(tag) ? localDate(value) : localTime(value);
  if (personal === 'masked' && CONTACTS.has(tag)) return maskContact(value);
  return value.trim();
}
