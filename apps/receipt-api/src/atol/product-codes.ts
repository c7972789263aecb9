import type { MarkKind, ReceiptItem } from '@kkt/contracts';
import type { Violation } from './violation';
import type { WireItem } from './wire-body';

type ProductCode = Pick<ReceiptItem, 'nomenclatureHex' | 'mark'>;

const none: ProductCode = {};

const groupSeparator = String.fromCharCode(0x1d);

/** Codes are ASCII with group separators; anything else cannot have come from a scanner. */
const isScanned = (code: string): boolean => /^[\x20-\x7e]+$/.test(code.replaceAll(groupSeparator, ''));

/** What scanners put in front of a GS1 code. */
const gs1Prefixes = [groupSeparator, ']C1', ']d2', ''];

const isGs1 = (code: string): boolean => {
  const prefix = gs1Prefixes.find((one) => code.startsWith(one)) ?? '';
  return /^01[0-9]{14}21/.test(code.slice(prefix.length, prefix.length + 18));
};

/**
 * `nomenclature_code` of version 4: bytes of tag 1162 in hex with spaces (up to 32), a bare EAN-13, or a GS1
 * DataMatrix code as scanned. Each test is a single pass, whatever was sent.
 */
export function readNomenclature(
  code: string | null | undefined,
  path: string,
  violations: Violation[],
): ProductCode {
  const text = code?.trim();
  if (!text) return none;
  if (/^[0-9]{13}$/.test(text)) return { mark: { kind: 'ean13', code: text } };
  if (/^[0-9a-fA-F]{2}( [0-9a-fA-F]{2}){0,31}$/.test(text))
    return { nomenclatureHex: text.replaceAll(' ', '').toLowerCase() };
  if (isScanned(text) && isGs1(text)) return { mark: { kind: 'gs1m', code: text } };
  violations.push({ kind: 'PatternMismatch', path: `${path}.nomenclature_code` });
  return none;
}

const markKinds: readonly MarkKind[] = [
  'unknown',
  'ean8',
  'ean13',
  'itf14',
  'gs10',
  'gs1m',
  'short',
  'fur',
  'egais20',
  'egais30',
];

/** Strict Base64: Node's decoder would pass over foreign characters. */
function fromBase64(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 === 1) return undefined;
  return Buffer.from(text, 'base64').toString('latin1');
}

/** `mark_code` of version 5: exactly one kind; `gs1m` comes in Base64 because of its group separators. */
export function readMarkCode(
  codes: WireItem['mark_code'],
  path: string,
  violations: Violation[],
): ProductCode {
  if (!codes) return none;
  const given = markKinds.filter((kind) => codes[kind]);
  const [kind] = given;
  if (kind === undefined && Object.values(codes).every((code) => !code)) return none;
  if (kind === undefined || given.length !== 1) {
    violations.push({ kind: 'NotOneOf', path: `${path}.mark_code` });
    return none;
  }
  const text = codes[kind] ?? '';
  const code = kind === 'gs1m' ? fromBase64(text) : text;
  if (code === undefined || (kind !== 'fur' && kind !== 'unknown' && !isScanned(code))) {
    violations.push({ kind: 'PatternMismatch', path: `${path}.mark_code.${kind}` });
    return none;
  }
  return { mark: { kind, code } };
}
