import { FarmError } from '@kkt/contracts';
import { enumerationOf, enumValues } from '../enums/enumerations';
import { vatRate } from '../enums/vat';
import { TAG } from '../tags/tag-numbers';
import type { TagInfo } from '../tags/tag-types';
import { tagByNumber } from '../tags/tags';
import { decodeTlv } from '../tlv/decode';
import { childrenOf, findNode, numberOf, type TlvNode } from '../tlv/node';
import { formByCode, maxDocumentLength } from './forms';
import { documentHeader, isReceiptForm, parseDocument, type DocumentReceipt } from './parse';
import { documentRules, type RuledFfd } from './rules';

/** One breach of the format. */
export interface Violation {
  /** Where: `3/1059[0]/1030`. */
  path: string;
  tag: number;
  problem: 'missing' | 'unexpected' | 'repeated' | 'length' | 'value' | 'arithmetic' | 'structure';
  message: string;
}

/**
 * Format-logic control of a document: mandatory requisites are there, none stands where its version has no place for
 * it, lengths and values are those of the tags, sums agree. Tags the table does not know are passed over: a newer
 * order may have added them. Bytes that are no TLV give one `structure` violation; nothing is thrown.
 * `ffd` is the version to judge by, default tag 1209; documents of FFD 1.0 have no rules of requisites here.
 */
export function checkDocument(tlv: Uint8Array, ffd?: number): Violation[] {
  const violations: Violation[] = [];
  const report = (path: string, tag: number, problem: Violation['problem'], message: string) =>
    violations.push({ path, tag, problem, message });
  try {
    const { form, length } = documentHeader(tlv);
    const bytes = tlv.subarray(0, 4 + length);
    const document = parseDocument(bytes);
    const version = ffd ?? document.ffd ?? 1;
    const ruled = version === 2 || version === 3 || version === 4 ? version : undefined;
    if (ffd !== undefined && document.ffd !== undefined && ffd !== document.ffd) {
      report(`${form}/${TAG.ffd}`, TAG.ffd, 'value', `version ${document.ffd}, expected ${ffd}`);
    }
    const known = formByCode(form)!;
    const max = maxDocumentLength(known, ruled ?? 1);
    if (length > max) report(String(form), form, 'length', `${length} bytes, at most ${max}`);
    const raw = childrenOf(decodeTlv(bytes, { raw: true }), form) ?? [];
    checkNodes(document.nodes, raw, form, String(form), ruled, report);
    if (document.receipt && isReceiptForm(form)) checkSums(document.receipt, String(form), report);
  } catch (error) {
    if (!(error instanceof FarmError)) throw error;
    report('', 0, 'structure', error.message);
  }
  return violations;
}

type Report = (path: string, tag: number, problem: Violation['problem'], message: string) => void;

function checkNodes(
  nodes: readonly TlvNode[],
  raw: readonly TlvNode[],
  parent: number,
  path: string,
  ffd: RuledFfd | undefined,
  report: Report,
): void {
  const rules = ffd === undefined ? undefined : documentRules(ffd, parent);
  if (rules !== undefined) {
    for (const rule of rules.values()) {
      if (rule.presence === 'mandatory' && rule.form !== 'printed' && !findNode(nodes, rule.tag)) {
        report(`${path}/${rule.tag}`, rule.tag, 'missing', `${nameOf(rule.tag)} is missing`);
      }
    }
  }
  const seen = new Map<number, number>();
  nodes.forEach((node, index) => {
    const info = tagByNumber(node.tag);
    if (info === undefined) return;
    const count = seen.get(node.tag) ?? 0;
    seen.set(node.tag, count + 1);
    const at = info.repeats ? `${path}/${node.tag}[${count}]` : `${path}/${node.tag}`;
    if (rules !== undefined && !rules.has(node.tag)) {
      report(at, node.tag, 'unexpected', `${info.name} has no place here`);
    }
    if (count === 1 && !info.repeats) report(at, node.tag, 'repeated', `${info.name} stands more than once`);
    const rawValue = raw[index]?.value;
    if (Array.isArray(node.value)) {
      const children = Array.isArray(rawValue) ? rawValue : [];
      checkNodes(node.value, children, node.tag, at, ffd, report);
    } else {
      if (rawValue instanceof Uint8Array) checkLength(info, rawValue.length, at, report);
      checkValue(info, node, at, report);
    }
  });
  if (ffd === 4 && parent === TAG.productCodes) checkProductCode(nodes, path, report);
}

function checkLength(info: TagInfo, length: number, path: string, report: Report): void {
  if (length > info.maxLength) {
    report(path, info.tag, 'length', `${length} bytes, at most ${info.maxLength}`);
  } else if (info.fixed && length !== info.maxLength) {
    report(path, info.tag, 'length', `${length} bytes, must be ${info.maxLength}`);
  }
}

/** Masks in which exactly one bit must be set. */
const ONE_BIT = new Set<number>([TAG.taxSystem]);

function checkValue(info: TagInfo, node: TlvNode, path: string, report: Report): void {
  const { tag, value } = node;
  if (typeof value !== 'number') return;
  if (tag === TAG.vatCode) {
    if (vatRate(value) === undefined) report(path, tag, 'value', `no VAT rate ${value}`);
    return;
  }
  const enumeration = enumerationOf(tag);
  if (enumeration === undefined) return;
  const values = enumValues(tag, value);
  const wrong = enumeration.mask
    ? values.reduce((sum, one) => sum + one.code, 0) !== value || (ONE_BIT.has(tag) && values.length !== 1)
    : values.length === 0;
  if (wrong) report(path, tag, 'value', `${info.name} has no value ${value}`);
}

/** Exactly one product code proper; F.1–F.6 may stand beside it. */
function checkProductCode(nodes: readonly TlvNode[], path: string, report: Report): void {
  const codes = nodes.filter((node) => node.tag >= TAG.codeUnknown && node.tag <= TAG.codeEgais30);
  if (codes.length !== 1)
    report(path, TAG.productCodes, 'structure', `${codes.length} product codes, must be one`);
}

/** Price by quantity is rounded to kopecks; devices differ in halves, so one kopeck apart is no breach. */
const ROUNDING_KOP = 1;

function checkSums(receipt: DocumentReceipt, path: string, report: Report): void {
  const { cashKop, ecashKop, prepaidKop, creditKop, provisionKop } = receipt.payments;
  const paid = cashKop + ecashKop + prepaidKop + creditKop + provisionKop;
  if (paid !== receipt.totalKop) {
    report(
      `${path}/${TAG.total}`,
      TAG.total,
      'arithmetic',
      `payments make ${paid}, total is ${receipt.totalKop}`,
    );
  }
  if (receipt.items.length === 0) return;
  const items = receipt.items.reduce((sum, item) => sum + item.sumKop, 0);
  if (receipt.totalKop > items || Math.floor(items / 100) !== Math.floor(receipt.totalKop / 100)) {
    report(
      `${path}/${TAG.total}`,
      TAG.total,
      'arithmetic',
      `items make ${items}, total is ${receipt.totalKop}`,
    );
  }
  receipt.items.forEach((item, index) => {
    if (findNode(item.nodes, TAG.markQuantity) || numberOf(item.nodes, TAG.quantity) === undefined) return;
    // Both factors may be large: compare in whole numbers of millionths of a kopeck.
    const exact = BigInt(item.priceKop) * BigInt(item.quantityMicro);
    const difference = exact - BigInt(item.sumKop) * 1_000_000n;
    const limit = BigInt(ROUNDING_KOP) * 1_000_000n;
    if (difference > limit || difference < -limit) {
      const at = `${path}/${TAG.item}[${index}]/${TAG.itemSum}`;
      report(at, TAG.itemSum, 'arithmetic', `price by quantity is not ${item.sumKop}`);
    }
  });
}

const nameOf = (tag: number): string => tagByNumber(tag)?.name ?? `tag ${tag}`;
