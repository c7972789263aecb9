import {
  decodeTlv,
  enumerationOf,
  enumValues,
  fiscalSignToNumber,
  TAG,
  tagByNumber,
  vatRate,
  type TlvNode,
} from '@kkt/ffd';
import { localTime, money, quantity } from './format';
import type { Texts } from './texts';

/** One requisite as a row of the table; children follow their parent one level deeper. */
export interface TagRow {
  depth: number;
  tag: number;
  name: string;
  value: string;
  /** Bytes of the value; absent for structures and hidden values. */
  hex?: string;
}

/** Data of buyers: anybody may look at a receipt, nobody but its holder needs these. */
const PERSONAL = new Set<number>([
  TAG.buyerContact,
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

/** All requisites of a document in their order, down to the innermost. */
export function tagRows(tlv: Uint8Array, texts: Texts): TagRow[] {
  const [document] = decodeTlv(tlv, { origin: 'OFD' });
  const [raw] = decodeTlv(tlv, { origin: 'OFD', raw: true });
  return document && raw ? rowsOf(childNodes(document), childNodes(raw), 0, texts) : [];
}

const childNodes = (node: TlvNode): TlvNode[] => (Array.isArray(node.value) ? node.value : []);

function rowsOf(nodes: readonly TlvNode[], raw: readonly TlvNode[], depth: number, texts: Texts): TagRow[] {
  return nodes.flatMap((node, index) => {
    const name = tagName(node.tag, texts);
    const rawNode = raw[index];
    if (Array.isArray(node.value)) {
      const inside = rowsOf(node.value, rawNode ? childNodes(rawNode) : [], depth + 1, texts);
      return [{ depth, tag: node.tag, name, value: '' }, ...inside];
    }
    if (PERSONAL.has(node.tag)) return [{ depth, tag: node.tag, name, value: texts.hidden }];
    const bytes = rawNode?.value;
    const hex = bytes instanceof Uint8Array ? Buffer.from(bytes).toString('hex') : undefined;
    return [{ depth, tag: node.tag, name, value: valueText(node, texts), hex }];
  });
}

/** What a requisite is called; its number where the table does not know it. */
export function tagName(tag: number, texts: Texts): string {
  const info = tagByNumber(tag);
  return info ? (texts.language === 'ru' ? info.printName : info.name) : String(tag);
}

/** A leaf's value for people. */
export function valueText({ tag, value }: TlvNode, texts: Texts): string {
  const type = tagByNumber(tag)?.type;
  if (value instanceof Uint8Array) {
    const hex = Buffer.from(value).toString('hex').toUpperCase();
    return tag === TAG.fiscalSign && value.length >= 4 ? String(fiscalSignToNumber(value)) : hex;
  }
  if (typeof value === 'boolean') return value ? texts.yes : texts.no;
  if (typeof value === 'number') {
    if (type === 'fvln') return quantity(value, texts);
    if (type === 'vln' && !NOT_MONEY.has(tag)) return `${money(value, texts)} ₽`;
    if (tag === TAG.vatCode) return `${value} — ${vatRate(value)?.printName ?? '?'}`;
    if (enumerationOf(tag)) {
      const names = enumValues(tag, value).map((entry) =>
        texts.language === 'ru' ? entry.printName : entry.name,
      );
      if (names.length > 0) return `${value} — ${names.join(', ')}`;
    }
    return String(value);
  }
  if (Array.isArray(value)) return '';
  return type === 'unixtime' ? localTime(value) : value;
}
