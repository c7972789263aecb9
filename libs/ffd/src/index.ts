/** Fiscal documents (FFD 1.0–1.2): tags as data, TLV, composing, reading, checking and comparing documents. */
export { TAG, type TagKey } from './tags/tag-numbers';
export type { TagInfo, TagType } from './tags/tag-types';
export { TAGS, tagByName, tagByNumber } from './tags/tags';

export { allOf, bytesOf, childrenOf, findNode, flagOf, numberOf, textOf } from './tlv/node';
export type { TlvNode, TlvValue } from './tlv/node';
export { encodeTlv } from './tlv/encode';
export { decodeTlv, type DecodeOptions } from './tlv/decode';
export type { TlvFault, TlvOrigin } from './tlv/tlv-error';
export { fromCp866, plainText, toCp866, type Cp866Result } from './tlv/cp866';
export { localTimeToSeconds, secondsToLocalTime } from './tlv/local-time';

export * from './enums/enumerations';
export { isVatAllowedOn, VAT_RATES, vatOf, vatRate, type VatRate } from './enums/vat';

export {
  DOCUMENT_FORMS,
  formByCode,
  formByJson,
  maxDocumentLength,
  type DocumentForm,
} from './document/forms';
export { buildDocument, wrapDocument } from './document/build';
export {
  documentHeader,
  isCorrectionForm,
  isReceiptForm,
  parseDocument,
  type DocumentItem,
  type DocumentReceipt,
  type FiscalDocument,
} from './document/parse';
export { rawData, splitRawData, toFnsJson, type FnsJsonOptions, type JsonValue } from './document/fns-json';
export { documentRules, type DocumentRule, type Presence, type RuledFfd } from './document/rules';
export { checkDocument, type Violation } from './document/check';

export type { ItemRequisites, PositionFields, ReceiptRequisites, RegisterFacts } from './compose/requisites';
export { buyerContact, measureByUnit, receiptRequisites } from './compose/receipt-requisites';
export { contentProblems, type ContentProblem } from './compose/content-problems';
export { textProblems, type TextProblem } from './compose/text-problems';
export { fitText } from './compose/fields';
export { itemNode, receiptDocumentFields, type FnFacts } from './compose/receipt-document';
export {
  gs1Parts,
  markIdentifier,
  productCode1162,
  type Gs1Parts,
  type ProductMark,
} from './compose/marking';
export { readVatTotals, vatTotalNodes, vatTotalsOfItems, type VatItem } from './compose/vat-totals';

export { crc16 } from './signs/crc16';
export {
  fiscalSignToNumber,
  fiscalSignToWire,
  MESSAGE_SIGN_BYTES,
  messageSignToText,
} from './signs/fiscal-sign';
export { buildQr, parseQr, type QrFields } from './signs/qr';
export { isRnmFor, looksLikeRnm, makeRnm, rnmCheck } from './signs/rnm';
export { isInn, plainInn } from './signs/inn';

export { contentDigest, digestOfDocument, explainDifference } from './compare/digest';
