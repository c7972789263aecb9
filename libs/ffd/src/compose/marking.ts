import type { MarkKind } from '@kkt/contracts';
import { TAG } from '../tags/tag-numbers';

/** Group separator of GS1 codes. */
const GS = '\u001d';

/** Tag inside 1163 (FFD 1.2) by kind of code. */
export const MARK_TAG: Readonly<Record<MarkKind, number>> = {
  unknown: TAG.codeUnknown,
  ean8: TAG.codeEan8,
  ean13: TAG.codeEan13,
  itf14: TAG.codeItf14,
  gs10: TAG.codeGs10,
  gs1m: TAG.codeGs1m,
  short: TAG.codeShort,
  fur: TAG.codeFur,
  egais20: TAG.codeEgais20,
  egais30: TAG.codeEgais30,
};

/** A product code: kind and text as scanned. */
export interface ProductMark {
  kind: MarkKind;
  code: string;
}

/** Parts of a GS1 code `01` GTIN `21` serial … */
export interface Gs1Parts {
  gtin: string;
  serial: string;
  /** AI 8005: unit price printed on tobacco blocks. */
  price?: string;
}

/** What scanners put before a code: symbology identifiers and FNC1. */
const PREFIXES = [']C1', ']d2', ']Q3', GS, '\u00e8'];

function bareCode(code: string): string {
  const prefix = PREFIXES.find((one) => code.startsWith(one));
  return prefix === undefined ? code : bareCode(code.slice(prefix.length));
}

/** GTIN, serial and price of a GS1 code; undefined when it does not begin with AI 01 and 21. */
export function gs1Parts(code: string): Gs1Parts | undefined {
  const [head = '', ...rest] = bareCode(code).split(GS);
  const match = /^01(\d{14})21(.{1,20})/s.exec(head);
  if (match === null) return undefined;
  const price = rest.map((part) => /^8005(\d{6})/.exec(part)?.[1]).find((found) => found !== undefined);
  return { gtin: match[1]!, serial: match[2]!, ...(price === undefined ? {} : { price }) };
}

/** Tobacco packs: GTIN (14), serial (7), maximum price (4), check code (4). */
const SHORT_CODE = /^(\d{14})(.{7})(?:(.{4})(.{4})?)?$/s;
const MAX_CODE = 38;

/**
 * Text of the tag inside 1163 by what was scanned: the identifier without key and crypto tail.
 * Undefined when the code cannot be of its kind.
 */
export function markIdentifier(mark: ProductMark): string | undefined {
  const code = bareCode(mark.code);
  switch (mark.kind) {
    case 'gs1m': {
      const parts = gs1Parts(code);
      if (parts === undefined) return undefined;
      const identifier = `01${parts.gtin}21${parts.serial}`;
      return (parts.price === undefined ? identifier : `${identifier}8005${parts.price}`).slice(0, MAX_CODE);
    }
    case 'short': {
      const match = SHORT_CODE.exec(code);
      return match === null ? code.slice(0, MAX_CODE) || undefined : `${match[1]}${match[2]}`;
    }
    case 'unknown':
      return code.slice(0, 32) || undefined;
    case 'gs10':
      return code.length > 0 && code.length <= MAX_CODE ? code : undefined;
    case 'ean8':
      return exactDigits(code, 8);
    case 'ean13':
      return exactDigits(code, 13);
    case 'itf14':
      return exactDigits(code, 14);
    case 'fur':
      return code.length === 20 ? code : undefined;
    case 'egais20':
      return code.length === 23 ? code : undefined;
    case 'egais30':
      return code.length === 14 ? code : undefined;
  }
}

const exactDigits = (code: string, length: number): string | undefined =>
  code.length === length && /^\d+$/.test(code) ? code : undefined;

/** Kind of code at the start of tag 1162 (FFD 1.05, 1.1), two bytes big endian. */
const CODE_1162 = {
  unknown: 0x0000,
  ean8: 0x4508,
  ean13: 0x450d,
  itf14: 0x490e,
  dataMatrix: 0x444d,
  fur: 0x5246,
  egais20: 0xc514,
  egais30: 0xc51e,
};
const MAX_1162 = 32;

const asDigits = (digits: string): Buffer => {
  const bytes = Buffer.alloc(6);
  bytes.writeUIntBE(Number(digits), 0, 6);
  return bytes;
};

function code1162(kind: number, ...parts: Buffer[]): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(kind);
  return Buffer.concat([head, ...parts]).subarray(0, MAX_1162);
}

/**
 * Bytes of tag 1162 (FFD 1.05 and 1.1) by the same code: two bytes of kind, then the GTIN as a 6-byte number and the
 * serial, or the code itself. Tobacco packs carry their maximum price too. Undefined when the code cannot be of its
 * kind. Codes without a kind of their own (GS1 that is not marked) go as "not recognised".
 */
export function productCode1162(mark: ProductMark): Buffer | undefined {
  const code = bareCode(mark.code);
  if (mark.kind === 'gs1m') {
    const parts = gs1Parts(code);
    return parts && code1162(CODE_1162.dataMatrix, asDigits(parts.gtin), latin(parts.serial));
  }
  if (mark.kind === 'short') {
    const match = SHORT_CODE.exec(code);
    if (match === null) return code1162(CODE_1162.unknown, latin(code));
    return code1162(CODE_1162.dataMatrix, asDigits(match[1]!), latin(match[2]! + (match[3] ?? '')));
  }
  const identifier = markIdentifier(mark);
  if (identifier === undefined) return undefined;
  switch (mark.kind) {
    case 'ean8':
    case 'ean13':
    case 'itf14':
      return code1162(CODE_1162[mark.kind], asDigits(identifier));
    case 'fur':
    case 'egais20':
    case 'egais30':
      return code1162(CODE_1162[mark.kind], latin(identifier));
    default:
      return code1162(CODE_1162.unknown, latin(identifier));
  }
}

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
