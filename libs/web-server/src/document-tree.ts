import {
  decodeTlv,
  enumerationOf,
  enumValues,
  fiscalSignToNumber,
  TAG,
  tagByNumber,
  type TlvNode,
} from '@kkt/ffd';
import type { TagView } from '@kkt/web-contract';

/** Requisites about the buyer (152-FZ). */
const personal = new Set<number>([
  TAG.buyerContact,
  TAG.buyerName,
  TAG.buyerInn,
  TAG.buyerBirthdate,
  TAG.buyerCitizenship,
  TAG.buyerDocumentCode,
  TAG.buyerDocumentData,
  TAG.buyerAddress,
]);

/** A requisite about the buyer, as a whole or with all inside it. */
export const isPersonal = (tag: number): boolean => personal.has(tag);

/** Whole numbers of any length that are not money: parts of a fraction. */
const notMoney = new Set<number>([TAG.markNumerator, TAG.markDenominator]);

export interface DocumentTreeOptions {
  /** How a buyer's requisite is shown to those who need not know it. Absent: as it is. */
  mask?: (value: string) => string;
}

/** All requisites of a document's inside in their order, down to the innermost. */
export function documentTree(tlv: Uint8Array, options: DocumentTreeOptions = {}): TagView[] {
  return viewsOf(decodeTlv(tlv), decodeTlv(tlv, { raw: true }), options);
}

const inner = (node: TlvNode | undefined): TlvNode[] => (Array.isArray(node?.value) ? node.value : []);

function viewsOf(
  nodes: readonly TlvNode[],
  raw: readonly TlvNode[],
  options: DocumentTreeOptions,
): TagView[] {
  return nodes.map((node, index): TagView => {
    const info = tagByNumber(node.tag);
    const names = { tag: node.tag, ru: info?.printName ?? '', en: info?.name ?? '' };
    if (Array.isArray(node.value)) {
      return {
        ...names,
        kind: 'group',
        value: null,
        inside: viewsOf(node.value, inner(raw[index]), options),
      };
    }
    if (options.mask && personal.has(node.tag)) {
      return {
        ...names,
        kind: 'text',
        value: typeof node.value === 'string' ? options.mask(node.value) : '***',
      };
    }
    const bytes = raw[index]?.value;
    const hex = bytes instanceof Uint8Array ? Buffer.from(bytes).toString('hex') : undefined;
    return { ...names, ...leaf(node), ...(hex !== undefined && { hex }) };
  });
}

function leaf({ tag, value }: TlvNode): Pick<TagView, 'kind' | 'value' | 'choices'> {
  const type = tagByNumber(tag)?.type;
  if (value instanceof Uint8Array) {
    return tag === TAG.fiscalSign && value.length >= 4
      ? { kind: 'number', value: fiscalSignToNumber(value) }
      : { kind: 'bytes', value: Buffer.from(value).toString('hex') };
  }
  if (typeof value === 'boolean') return { kind: 'flag', value };
  if (typeof value === 'number') {
    if (type === 'fvln') return { kind: 'quantity', value };
    if (type === 'vln' && !notMoney.has(tag)) return { kind: 'money', value };
    if (!enumerationOf(tag)) return { kind: 'number', value };
    const choices = enumValues(tag, value).map(({ printName, name }) => ({ ru: printName, en: name }));
    return { kind: 'choice', value, choices };
  }
  if (Array.isArray(value)) return { kind: 'group', value: null };
  return { kind: type === 'unixtime' ? 'time' : 'text', value };
}
