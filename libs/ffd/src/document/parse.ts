import { FarmError, type Payments, type SettlementSign, type VatTotals } from '@kkt/contracts';
import { readVatTotals } from '../compose/vat-totals';
import { fiscalSignToNumber } from '../signs/fiscal-sign';
import { TAG } from '../tags/tag-numbers';
import { decodeTlv, type DecodeOptions } from '../tlv/decode';
import { allOf, bytesOf, numberOf, textOf, type TlvNode } from '../tlv/node';
import { formByCode } from './forms';

/** One item of a registered receipt (tag 1059). */
export interface DocumentItem {
  name: string;
  priceKop: number;
  quantityMicro: number;
  sumKop: number;
  /** Tag 1199. */
  vat?: number;
  /** Tag 1200. */
  vatSumKop?: number;
  /** Tag 1212. */
  subject?: number;
  /** Tag 1214. */
  method?: number;
  /** All requisites of the item. */
  nodes: TlvNode[];
}

/** What a receipt, a form or their corrections hold beyond any document. */
export interface DocumentReceipt {
  sign: SettlementSign;
  totalKop: number;
  payments: Payments;
  vatTotals: VatTotals;
  items: DocumentItem[];
  /** Tag 1008. */
  buyerContact?: string;
  /** Tag 1055. */
  taxSystem?: number;
  /** Tag 1021. */
  cashier?: string;
}

/** A fiscal document: the requisites every form has by name, everything in `nodes`. */
export interface FiscalDocument {
  /** Form code: 1, 2, 3, 5, 6, 7, 11, 21, 31… */
  form: number;
  /** Every requisite with its value by the type of its tag. */
  nodes: TlvNode[];
  /** FFD code, tag 1209; absent in FFD 1.0. */
  ffd?: number;
  /** Tag 1041. */
  fnNumber?: string;
  /** Tag 1040. */
  fdNumber?: number;
  /** Tag 1077, printed form. */
  fiscalSign?: number;
  /** Tag 1012, local wall clock. */
  at?: string;
  /** Tag 1018. */
  inn?: string;
  /** Tag 1037. */
  rnm?: string;
  /** Tag 1038. */
  shiftNumber?: number;
  /** Tag 1042. */
  receiptNumber?: number;
  /** Tag 1054. */
  sign?: SettlementSign;
  /** Tag 1020. */
  totalKop?: number;
  /** Forms 3, 4, 31 and 41. */
  receipt?: DocumentReceipt;
}

/** Forms that are receipts. */
export const isReceiptForm = (form: number): boolean =>
  form === 3 || form === 4 || form === 31 || form === 41;
/** Forms that are corrections. */
export const isCorrectionForm = (form: number): boolean => form === 31 || form === 41;

/**
 * Reads a document. `form` is given when the bytes are the inside of the document, as FN commands 45 and 46 hand it;
 * otherwise they begin with the form's own header, and what follows the document (message fiscal sign, padding) is
 * left alone. Throws the codes of `decodeTlv` and `<origin>-TLV-FORM` when the first tag is no document form.
 */
export function parseDocument(tlv: Uint8Array, form?: number, options: DecodeOptions = {}): FiscalDocument {
  if (form !== undefined) return documentOf(form, decodeTlv(tlv, options));
  const { form: code, length } = documentHeader(tlv, options.origin ?? 'DEVICE');
  const [node] = decodeTlv(tlv.subarray(0, 4 + length), options);
  return documentOf(code, node?.value as TlvNode[]);
}

/** Form code and length of the document that stands at the beginning of the bytes. */
export function documentHeader(
  bytes: Uint8Array,
  origin: 'CLIENT' | 'DEVICE' | 'OFD' = 'DEVICE',
): { form: number; length: number } {
  const form = bytes.length < 4 ? -1 : bytes[0]! | (bytes[1]! << 8);
  const length = bytes.length < 4 ? 0 : bytes[2]! | (bytes[3]! << 8);
  if (formByCode(form) === undefined) {
    throw new FarmError(`${origin}-TLV-FORM`, 'The bytes do not begin with a fiscal document', { form });
  }
  if (4 + length > bytes.length) {
    throw new FarmError(`${origin}-TLV-TRUNCATED`, 'The document is cut off', {
      form,
      length,
      bytes: bytes.length,
    });
  }
  return { form, length };
}

function documentOf(form: number, nodes: TlvNode[]): FiscalDocument {
  const sign = bytesOf(nodes, TAG.fiscalSign);
  const document: FiscalDocument = {
    form,
    nodes,
    ffd: numberOf(nodes, TAG.ffd),
    fnNumber: textOf(nodes, TAG.fnNumber),
    fdNumber: numberOf(nodes, TAG.fdNumber),
    fiscalSign: sign && sign.length >= 4 ? fiscalSignToNumber(sign) : undefined,
    at: textOf(nodes, TAG.dateTime),
    inn: textOf(nodes, TAG.userInn),
    rnm: textOf(nodes, TAG.rnm),
    shiftNumber: numberOf(nodes, TAG.shiftNumber),
    receiptNumber: numberOf(nodes, TAG.receiptNumber),
  };
  if (isReceiptForm(form)) {
    document.receipt = receiptOf(nodes);
    document.sign = document.receipt.sign;
    document.totalKop = document.receipt.totalKop;
  }
  return document;
}

function receiptOf(nodes: readonly TlvNode[]): DocumentReceipt {
  return {
    sign: (numberOf(nodes, TAG.settlementSign) ?? 1) as SettlementSign,
    totalKop: numberOf(nodes, TAG.total) ?? 0,
    payments: {
      cashKop: numberOf(nodes, TAG.cash) ?? 0,
      ecashKop: numberOf(nodes, TAG.ecash) ?? 0,
      prepaidKop: numberOf(nodes, TAG.prepaid) ?? 0,
      creditKop: numberOf(nodes, TAG.credit) ?? 0,
      provisionKop: numberOf(nodes, TAG.provision) ?? 0,
    },
    vatTotals: readVatTotals(nodes),
    items: allOf(nodes, TAG.item).map(itemOf),
    buyerContact: textOf(nodes, TAG.buyerContact),
    taxSystem: numberOf(nodes, TAG.taxSystem),
    cashier: textOf(nodes, TAG.cashier),
  };
}

function itemOf(node: TlvNode): DocumentItem {
  const nodes = Array.isArray(node.value) ? node.value : [];
  return {
    name: textOf(nodes, TAG.itemName) ?? '',
    priceKop: numberOf(nodes, TAG.price) ?? 0,
    quantityMicro: numberOf(nodes, TAG.quantity) ?? 0,
    sumKop: numberOf(nodes, TAG.itemSum) ?? 0,
    vat: numberOf(nodes, TAG.vatCode),
    vatSumKop: numberOf(nodes, TAG.itemVatSum),
    subject: numberOf(nodes, TAG.subject),
    method: numberOf(nodes, TAG.method),
    nodes,
  };
}
