import { DOCUMENT_FORMS } from '../document/forms';
import { TAG } from './tag-numbers';
import { TAG_ROWS } from './tag-table';
import type { TagInfo, TagType } from './tag-types';

/** Types as small numbers, for the codec's switches. 0 is a tag the table does not know. */
export const TYPE_CODE: Record<TagType, number> = {
  string: 1,
  u8: 2,
  u16: 3,
  u32: 4,
  bool: 5,
  bits8: 6,
  bits32: 7,
  vln: 8,
  fvln: 9,
  unixtime: 10,
  bytes: 11,
  stlv: 12,
};

/** Highest tag number of the table; arrays below are indexed by tag. */
export const HIGHEST_TAG = 2116;

/** Type code by tag. */
export const typeOfTag = new Uint8Array(HIGHEST_TAG + 1);
/** Longest value by tag, bytes. */
export const maxLengthOfTag = new Uint16Array(HIGHEST_TAG + 1);
/** 1 where the value always takes its longest length. */
export const fixedTag = new Uint8Array(HIGHEST_TAG + 1);

const keyOfTag = new Map<number, string>(Object.entries(TAG).map(([key, tag]) => [tag, key]));

function parseRow(line: string): TagInfo {
  const [number = '', json = '', type = '', length = '', name = '', printName = ''] = line.split('|');
  const tag = Number(number);
  const [modern = '-', old] = json.split(',');
  return {
    tag,
    key: keyOfTag.get(tag) ?? `tag${tag}`,
    name,
    printName,
    ...(modern === '-' ? {} : { json: modern }),
    ...(old === undefined ? {} : { jsonOld: old }),
    type: type as TagType,
    maxLength: Number(length.replace(/[=*]/g, '')),
    fixed: length.startsWith('='),
    repeats: length.endsWith('*'),
  };
}

const forms: TagInfo[] = DOCUMENT_FORMS.map((form) => ({
  tag: form.code,
  key: `form${form.code}`,
  name: form.name,
  printName: form.printName,
  json: form.json,
  type: 'stlv',
  maxLength: form.maxLength,
  fixed: false,
  repeats: false,
}));

/** Every known tag, document forms first, then by number. */
export const TAGS: readonly TagInfo[] = [...forms, ...TAG_ROWS.trim().split('\n').map(parseRow)];

const byNumber = new Map<number, TagInfo>();
const byName = new Map<string, TagInfo[]>();

for (const info of TAGS) {
  byNumber.set(info.tag, info);
  typeOfTag[info.tag] = TYPE_CODE[info.type];
  maxLengthOfTag[info.tag] = info.maxLength;
  fixedTag[info.tag] = info.fixed ? 1 : 0;
  for (const name of new Set([info.key, info.json, info.jsonOld])) {
    if (name !== undefined) byName.set(name, [...(byName.get(name) ?? []), info]);
  }
}

export const tagByNumber = (tag: number): TagInfo | undefined => byNumber.get(tag);

/** Parents whose children are counters: there `totalSum` is 1201, not 1020, and so on. */
const COUNTER_PARENTS = new Set<number>([
  TAG.countersIncome,
  TAG.countersIncomeReturn,
  TAG.countersExpense,
  TAG.countersExpenseReturn,
  TAG.correctionsIncome,
  TAG.correctionsExpense,
  TAG.correctionsIncomeReturn,
  TAG.correctionsExpenseReturn,
]);
const COUNTERS = new Set<number>([
  TAG.countBySign,
  TAG.totalCash,
  TAG.totalEcash,
  TAG.totalOfReceipts,
  TAG.totalPrepaid,
  TAG.totalCredit,
  TAG.totalProvision,
]);

/**
 * By name in code (`fdNumber`), by JSON key, or by the JSON key of the FFD 1.0 era. Several JSON keys name different
 * tags in different parents (`totalSum`, `prepaidSum`, `ndsSum`, `dateTime`…): give the parent to tell them apart.
 */
export function tagByName(name: string, parentTag?: number): TagInfo | undefined {
  const found = byName.get(name);
  if (found === undefined || found.length === 1) return found?.[0];
  // Name in code first: it is the only one that is unique.
  const exact = found.find((info) => info.key === name);
  if (exact !== undefined && parentTag === undefined) return exact;
  const counters = parentTag !== undefined && COUNTER_PARENTS.has(parentTag);
  if (parentTag === TAG.vatTotal) return found.find((info) => info.tag === TAG.vatTotalSum) ?? found[0];
  if (parentTag === TAG.item) return found.find((info) => info.tag === TAG.itemVatSum) ?? found[0];
  if (parentTag === TAG.operationalProps)
    return found.find((info) => info.tag === TAG.operationDateTime) ?? found[0];
  if (parentTag === TAG.cashless) return found.find((info) => info.tag === TAG.cashlessSum) ?? found[0];
  return found.find((info) => COUNTERS.has(info.tag) === counters) ?? found[0];
}
