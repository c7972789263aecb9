/** Fiscal documents (FFD 1.0–1.2): tags as data, TLV, composing, checking and comparing documents. */
import {
  FarmError,
  type FfdVersion,
  type ReceiptContent,
  type SettlementSign,
  type VatCode,
} from '@kkt/contracts';
import type { TagInfo } from './tags/tag-types';
import type { TlvNode } from './tlv/node';

export { TAG, type TagKey } from './tags/tag-numbers';
export type { TagInfo, TagType } from './tags/tag-types';
export type { TlvNode, TlvValue } from './tlv/node';

const soon = (): never => {
  throw new FarmError('SYS-FFD-NOT-READY', 'Being written');
};

// --- tags
export const tagByNumber = (_tag: number): TagInfo | undefined => soon();
/** By name in code (`fdNumber`) or JSON key. */
export const tagByName = (_name: string): TagInfo | undefined => soon();

// --- TLV
export interface DecodeOptions {
  /** Leaf values stay bytes: encoding the result gives the same bytes back. */
  raw?: boolean;
  maxBytes?: number;
  maxDepth?: number;
  maxNodes?: number;
  /** Block of error codes: who sent the bytes. Default DEVICE. */
  origin?: 'CLIENT' | 'DEVICE' | 'OFD';
}
export const encodeTlv = (_nodes: readonly TlvNode[]): Buffer => soon();
export const decodeTlv = (_bytes: Uint8Array, _options?: DecodeOptions): TlvNode[] => soon();
export const findNode = (_nodes: readonly TlvNode[], _tag: number): TlvNode | undefined => soon();
export const textOf = (_nodes: readonly TlvNode[], _tag: number): string | undefined => soon();
export const numberOf = (_nodes: readonly TlvNode[], _tag: number): number | undefined => soon();
export const flagOf = (_nodes: readonly TlvNode[], _tag: number): boolean | undefined => soon();
export const bytesOf = (_nodes: readonly TlvNode[], _tag: number): Uint8Array | undefined => soon();
export const childrenOf = (_nodes: readonly TlvNode[], _tag: number): TlvNode[] | undefined => soon();
/** All nodes of a repeated tag. */
export const allOf = (_nodes: readonly TlvNode[], _tag: number): TlvNode[] => soon();

export interface Cp866Result {
  bytes: Buffer;
  /** Characters that CP866 cannot hold; each became `?`. */
  replaced: string[];
}
export const toCp866 = (_text: string, _maxBytes?: number): Cp866Result => soon();
export const fromCp866 = (_bytes: Uint8Array): string => soon();
/** `YYYY-MM-DD[THH:MM:SS]` to seconds of the local wall clock, and back. */
export const localTimeToSeconds = (_at: string): number => soon();
export const secondsToLocalTime = (_seconds: number): string => soon();

// --- documents
export interface RegisterFacts {
  ffd: FfdVersion;
  inn: string;
  rnm: string;
  place: string;
  address: string;
  fnsSite?: string;
  ofdInn?: string;
}
export interface PositionFields {
  name: string;
  priceKop: number;
  quantityMicro: number;
  sumKop: number;
  vat?: VatCode;
  vatSumKop?: number;
  subject: number;
  method: number;
}
export interface ItemRequisites {
  attributes: TlvNode[];
  position: PositionFields;
  /** Full marking code to be checked before the receipt (FFD 1.2). */
  markingCode?: string;
  plannedStatus?: number;
}
export interface ReceiptRequisites {
  form: 3 | 31;
  sign: SettlementSign;
  /** In the order the device takes them, before the first item. */
  receipt: TlvNode[];
  items: ItemRequisites[];
  /** In the order of 1031, 1081, 1215, 1216, 1217. */
  payments: { tag: number; sumKop: number }[];
  totalKop: number;
  /** 1102–1107 and 1115: what the device makes from the items, or is told when there are none. */
  vatTotals: TlvNode[];
  /** Tags the shop gave that this FFD has no place for. */
  omitted: number[];
}
export const receiptRequisites = (_content: ReceiptContent, _register: RegisterFacts): ReceiptRequisites =>
  soon();

/** Form 1, 2, 3, 5, 6, 11, 21, 31… as one STLV. */
export const buildDocument = (_form: number, _fields: readonly TlvNode[]): Buffer => soon();
/** What the FN and the device add to a receipt. */
export interface FnFacts {
  fnNumber: string;
  fdNumber: number;
  /** Local wall clock. */
  at: string;
  fiscalSign: number;
  shiftNumber: number;
  receiptNumber: number;
}
/** All requisites of a form 3 or 31 document, ready for `buildDocument`. */
export const receiptDocumentFields = (
  _requisites: ReceiptRequisites,
  _register: RegisterFacts,
  _facts: FnFacts,
): TlvNode[] => soon();

export interface FiscalDocument {
  form: number;
  nodes: TlvNode[];
  /** FFD code, tag 1209. */
  ffd?: number;
  fnNumber?: string;
  fdNumber?: number;
  /** Printed form of 1077. */
  fiscalSign?: number;
  at?: string;
  inn?: string;
  rnm?: string;
  shiftNumber?: number;
  receiptNumber?: number;
  sign?: SettlementSign;
  totalKop?: number;
}
/** `form` is given when the bytes are the inside of the document, as FN command 46 hands it. */
export const parseDocument = (_tlv: Uint8Array, _form?: number): FiscalDocument => soon();
export interface FnsJsonOptions {
  messageSign?: Uint8Array;
  rawTlv?: Uint8Array;
}
/** `{ receipt: { … } }` in the naming of the FNS and operators. */
export const toFnsJson = (_document: FiscalDocument, _options?: FnsJsonOptions): Record<string, unknown> =>
  soon();

export interface Violation {
  /** For example `3/1059[0]/1030`. */
  path: string;
  tag: number;
  problem: 'missing' | 'unexpected' | 'repeated' | 'length' | 'value' | 'arithmetic' | 'structure';
  message: string;
}
/** Format-logic control; `ffd` defaults to tag 1209. */
export const checkDocument = (_tlv: Uint8Array, _ffd?: number): Violation[] => soon();

// --- signs and numbers
/** Six bytes of 1077 to the printed unsigned number, and back. */
export const fiscalSignToNumber = (_wire: Uint8Array): number => soon();
export const fiscalSignToWire = (_value: number): Buffer => soon();
export interface QrFields {
  at: string;
  totalKop: number;
  fnNumber: string;
  fdNumber: number;
  fiscalSign: number;
  sign: SettlementSign;
}
export const buildQr = (_fields: QrFields): string => soon();
export const parseQr = (_text: string): QrFields => soon();
export const makeRnm = (_order: string | number, _inn: string, _factoryNumber: string): string => soon();
export const isRnmFor = (_rnm: string, _inn: string, _factoryNumber: string): boolean => soon();
export const isInn = (_inn: string): boolean => soon();
/** CRC-16/CCITT-FALSE; pass a previous result as `seed` to go on. */
export const crc16 = (_bytes: Uint8Array, _start?: number, _end?: number, _seed?: number): number => soon();

// --- comparing
export const contentDigest = (_content: ReceiptContent, _ffd: FfdVersion): string => soon();
export const digestOfDocument = (_tlv: Uint8Array, _form?: number): string => soon();
export const explainDifference = (_content: ReceiptContent, _tlv: Uint8Array, _form?: number): string[] =>
  soon();
