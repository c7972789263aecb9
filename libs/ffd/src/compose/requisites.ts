import type { FfdVersion, SettlementSign, VatCode } from '@kkt/contracts';
import type { TlvNode } from '../tlv/node';

/** What a register says of itself: the part of its registration that receipts repeat. */
export interface RegisterFacts {
  /** Tag 1209. */
  ffd: FfdVersion;
  /** Tag 1018. */
  inn: string;
  /** Tag 1037. */
  rnm: string;
  /** Tag 1187. */
  place: string;
  /** Tag 1009. */
  address: string;
  /** Tag 1060. */
  fnsSite?: string;
  /** Tag 1048. */
  userName?: string;
  /** Tag 1117. */
  sellerEmail?: string;
  /** Tag 1017. */
  ofdInn?: string;
}

/** What the device takes as fields of its own "position" command, not as attributes. */
export interface PositionFields {
  /** Tag 1030, plain characters, at most 128. */
  name: string;
  /** Tag 1079. */
  priceKop: number;
  /** Tag 1023, millionths. */
  quantityMicro: number;
  /** Tag 1043. */
  sumKop: number;
  /** Tag 1199. */
  vat?: VatCode;
  /** Tag 1200. */
  vatSumKop?: number;
  /** Tag 1212. */
  subject: number;
  /** Tag 1214. */
  method: number;
}

/** One item as the device takes it. */
export interface ItemRequisites {
  /** Attributes written between the beginning and the end of the position. */
  attributes: TlvNode[];
  position: PositionFields;
  /** Full marking code (tag 2000), to be checked before the receipt is registered (FFD 1.2). */
  markingCode?: string;
  /** Tag 2003. */
  plannedStatus?: number;
}

/** A receipt as the device takes it: what the KKT is told, not what the FN adds. */
export interface ReceiptRequisites {
  form: 3 | 31;
  sign: SettlementSign;
  /** Receipt-level attributes, to be written after the receipt is opened and before its first item. */
  receipt: TlvNode[];
  items: ItemRequisites[];
  /** Tags 1031, 1081, 1215, 1216, 1217 in this order, zero ones too. */
  payments: { tag: number; sumKop: number }[];
  totalKop: number;
  /** Tags 1102–1107 and 1115: what the device makes of the items, or is told when items carry no VAT. */
  vatTotals: TlvNode[];
  /** Tags the shop gave for which this FFD has no place. */
  omitted: number[];
}
