import { FarmError } from '@kkt/contracts';
import { fiscalSignToNumber, MESSAGE_SIGN_BYTES, messageSignToText } from '../signs/fiscal-sign';
import { TAG } from '../tags/tag-numbers';
import { tagByNumber } from '../tags/tags';
import { localTimeToSeconds } from '../tlv/local-time';
import type { TlvNode, TlvValue } from '../tlv/node';
import { documentHeader, type FiscalDocument } from './parse';
import { formByCode } from './forms';

/** How to write the JSON and what to add to it. */
export interface FnsJsonOptions {
  /** Document TLV followed by the 8-byte message fiscal sign: adds `rawData` and `messageFiscalSign`. */
  raw?: Uint8Array;
  /** Times as seconds (the operators' schemas, default) or as `YYYY-MM-DDTHH:MM:SS` (the public receipt check). */
  time?: 'unix' | 'iso';
}

export type JsonValue = string | number | JsonValue[] | { [key: string]: JsonValue };

/** Repeated tags that are an array in the JSON even when there is one of them. */
const ALWAYS_ARRAY = new Set<number>([
  TAG.item,
  TAG.itemIndustry,
  TAG.receiptIndustry,
  TAG.cashless,
  TAG.vatTotal,
  TAG.payingAgentPhone,
  TAG.receiveOperatorPhone,
  TAG.transferOperatorPhone,
  TAG.supplierPhone,
]);

/**
 * A document in the naming of the FNS and operators: `{ "receipt": { … } }`. Sums are kopecks, quantities decimal
 * numbers, flags 0 or 1, the fiscal sign its printed number, `messageFiscalSign` decimal text (it does not fit a JSON
 * number). Requisites without a JSON name, and unknown ones, are only in `rawData`.
 */
export function toFnsJson(document: FiscalDocument, options: FnsJsonOptions = {}): Record<string, JsonValue> {
  const form = formByCode(document.form);
  if (form === undefined)
    throw new FarmError('CLIENT-FFD-FORM', 'No such document form', { form: document.form });
  const body = objectOf(document.nodes, options.time ?? 'unix', document.form);
  const result: { [key: string]: JsonValue } = { code: document.form, ...body };
  if (options.raw !== undefined) {
    const { document: tlv, messageSign } = splitRawData(options.raw);
    result.rawData = rawData(tlv, messageSign);
    result.messageFiscalSign = messageSignToText(messageSign);
  }
  return { [form.json]: result };
}

/** `rawData` of the JSON: base64 of the document TLV and its message fiscal sign. */
export function rawData(documentTlv: Uint8Array, messageSign: Uint8Array): string {
  return Buffer.concat([documentTlv, messageSign]).toString('base64');
}

/** Splits the body of a container or decoded `rawData`: document, 8 bytes of message sign, padding. */
export function splitRawData(raw: Uint8Array): { document: Buffer; messageSign: Buffer; tail: Buffer } {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const end = 4 + documentHeader(bytes, 'OFD').length;
  if (bytes.length < end + MESSAGE_SIGN_BYTES) {
    throw new FarmError('OFD-TLV-TRUNCATED', 'No message fiscal sign behind the document', {
      bytes: bytes.length,
    });
  }
  return {
    document: bytes.subarray(0, end),
    messageSign: bytes.subarray(end, end + MESSAGE_SIGN_BYTES),
    tail: bytes.subarray(end + MESSAGE_SIGN_BYTES),
  };
}

function objectOf(
  nodes: readonly TlvNode[],
  time: 'unix' | 'iso',
  parent: number,
): { [key: string]: JsonValue } {
  const result: { [key: string]: JsonValue } = {};
  for (const node of nodes) {
    const key = jsonKey(node.tag, parent);
    if (key === undefined) continue;
    const value = jsonValue(node, time);
    const present = result[key];
    if (Array.isArray(present)) present.push(value);
    else if (present !== undefined) result[key] = [present, value];
    else result[key] = ALWAYS_ARRAY.has(node.tag) ? [value] : value;
  }
  return result;
}

function jsonKey(tag: number, parent: number): string | undefined {
  // Registration reports and the shift reports of FFD 1.1 call the days left otherwise than the settlements report.
  if (tag === TAG.fnKeyDaysLeft) return parent === 21 ? 'keyResource' : 'fdKeyResource';
  return tagByNumber(tag)?.json;
}

function jsonValue(node: TlvNode, time: 'unix' | 'iso'): JsonValue {
  const { tag, value } = node;
  if (tag === TAG.productCodes && Array.isArray(value)) return productCodeOf(value);
  if (Array.isArray(value)) return objectOf(value, time, tag);
  if (tag === TAG.fiscalSign && value instanceof Uint8Array && value.length >= 4)
    return fiscalSignToNumber(value);
  return leafOf(tag, value, time);
}

function leafOf(tag: number, value: Exclude<TlvValue, TlvNode[]>, time: 'unix' | 'iso'): JsonValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return tag === TAG.quantity ? value / 1_000_000 : value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex').toUpperCase();
  return time === 'unix' && tagByNumber(tag)?.type === 'unixtime' ? localTimeToSeconds(value) : value;
}

/** As the public receipt check shows it: `{ gs1m: { productIdType, rawProductCode, gtin, sernum } }`. */
function productCodeOf(nodes: readonly TlvNode[]): JsonValue {
  const result: { [key: string]: JsonValue } = {};
  for (const node of nodes) {
    const key = tagByNumber(node.tag)?.json;
    if (key === undefined || typeof node.value !== 'string') continue;
    const gs1 = /^01(\d{14})21(.+)$/s.exec(node.value);
    result[key] = {
      // Kinds are counted from 1 in the order of their tags.
      productIdType: node.tag - TAG.codeUnknown + 1,
      rawProductCode: node.value,
      ...(gs1 === null ? {} : { gtin: gs1[1]!, sernum: gs1[2]! }),
    };
  }
  return result;
}
