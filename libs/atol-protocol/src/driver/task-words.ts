import type { FfdVersion, ReceiptContent, VatCode } from '@kkt/contracts';

/**
 * The words of the ATOL driver's JSON tasks (v10) for codes of the FFD.
 *
 * Public (atol-protocol facts, section 6; the driver's own scripts; client libraries): everything below that is not
 * named here. Ours, for want of a public source: `vat5` … `vat122` for the rates of 2025 and 2026, by the pattern of the
 * older ones; `cashlessPayments` and its fields (tags 1234, 1235); `timeZone` as a number (tag 1011); codes of re-
 * registration reasons given as numbers of bits of tag 1205.
 */
const OPERATIONS = ['sell', 'sellReturn', 'buy', 'buyReturn'] as const;

export type ReceiptTaskType = (typeof OPERATIONS)[number] | `${(typeof OPERATIONS)[number]}Correction`;

/** Task by form and settlement sign (tag 1054). */
export function receiptTaskOf({ form, sign }: Pick<ReceiptContent, 'form' | 'sign'>): ReceiptTaskType {
  const operation = OPERATIONS[sign - 1] ?? 'sell';
  return form === 'receipt' ? operation : `${operation}Correction`;
}

/** Tags 1055 and 1062, by bit. */
export const TAXATION_WORDS: Readonly<Record<number, string>> = {
  1: 'osn',
  2: 'usnIncome',
  4: 'usnIncomeOutcome',
  8: 'envd',
  16: 'esn',
  32: 'patent',
};

/** Tags 1057 and 1222, by bit. */
export const AGENT_WORDS: Readonly<Record<number, string>> = {
  1: 'bankPayingAgent',
  2: 'bankPayingSubagent',
  4: 'payingAgent',
  8: 'payingSubagent',
  16: 'attorney',
  32: 'commissionAgent',
  64: 'another',
};

/** Tag 1199. */
export const TAX_WORDS: Readonly<Record<VatCode, string>> = {
  1: 'vat20',
  2: 'vat10',
  3: 'vat120',
  4: 'vat110',
  5: 'vat0',
  6: 'none',
  7: 'vat5',
  8: 'vat7',
  9: 'vat105',
  10: 'vat107',
  11: 'vat22',
  12: 'vat122',
};

/** Tag 1214, from 1. */
export const METHOD_WORDS = [
  'fullPrepayment',
  'prepayment',
  'advance',
  'fullPayment',
  'partialPayment',
  'credit',
  'creditPayment',
] as const;

/** Tag 1212. */
export const OBJECT_WORDS: Readonly<Record<number, string>> = {
  1: 'commodity',
  2: 'excise',
  3: 'job',
  4: 'service',
  5: 'gamblingBet',
  6: 'gamblingPrize',
  7: 'lottery',
  8: 'lotteryPrize',
  9: 'intellectualActivity',
  10: 'payment',
  11: 'agentCommission',
  12: 'pay',
  13: 'another',
  14: 'proprietaryLaw',
  15: 'nonOperatingIncome',
  16: 'otherContributions',
  17: 'merchantTax',
  18: 'resortFee',
  19: 'deposit',
  20: 'consumption',
  21: 'soleProprietorCPIContributions',
  22: 'cpiContributions',
  23: 'soleProprietorCMIContributions',
  24: 'cmiContributions',
  25: 'csiContributions',
  26: 'casinoPayment',
  27: 'fundsIssuance',
  30: 'exciseWithoutMarking',
  31: 'exciseWithMarking',
  32: 'commodityWithoutMarking',
  33: 'commodityWithMarking',
};

/** Tag 2108 (FFD 1.2). Earlier formats have the unit in words. */
export const MEASURE_WORDS: Readonly<Record<number, string>> = {
  0: 'piece',
  10: 'gram',
  11: 'kilogram',
  12: 'ton',
  20: 'centimeter',
  21: 'decimeter',
  22: 'meter',
  30: 'squareCentimeter',
  31: 'squareDecimeter',
  32: 'squareMeter',
  40: 'milliliter',
  41: 'liter',
  42: 'cubicMeter',
  50: 'kilowattHour',
  51: 'gkal',
  70: 'day',
  71: 'hour',
  72: 'minute',
  73: 'second',
  80: 'kilobyte',
  81: 'megabyte',
  82: 'gigabyte',
  83: 'terabyte',
  255: 'otherUnits',
};

/** Payments by tag: cash, electronic, prepaid, credit, other provision. */
export const PAYMENT_WORDS: Readonly<Record<number, string>> = {
  1031: 'cash',
  1081: 'electronically',
  1215: 'prepaid',
  1216: 'credit',
  1217: 'other',
};

/** Product codes (inside tag 1163) by tag. */
export const PRODUCT_CODE_WORDS: Readonly<Record<number, string>> = {
  1300: 'undefined',
  1301: 'ean8',
  1302: 'ean13',
  1303: 'itf14',
  1304: 'gs10',
  1305: 'gs1m',
  1306: 'short',
  1307: 'furs',
  1308: 'egais20',
  1309: 'egais30',
};

/** Tag 2003. Newer statuses are told by number. */
export const MARK_STATUS_WORDS: Readonly<Record<number, string>> = {
  1: 'itemPieceSold',
  2: 'itemDryForSale',
  3: 'itemPieceReturn',
  4: 'itemDryReturn',
  255: 'itemStatusUnchanged',
};

/** Tag 1173. */
export const CORRECTION_WORDS = ['self', 'instruction'] as const;

export const FFD_BY_WORD: Readonly<Record<string, FfdVersion>> = { '1.05': 2, '1.1': 3, '1.2': 4 };
export const FFD_WORDS: Readonly<Record<FfdVersion, string>> = { 2: '1.05', 3: '1.1', 4: '1.2' };

/** `livePhase` of getFnInfo. An unknown one counts as setup: nothing is sold there. */
export const PHASE_BY_WORD: Readonly<Record<string, 1 | 3 | 7 | 15>> = {
  configured: 1,
  fiscalMode: 3,
  postFiscalMode: 7,
  accessArchive: 15,
};

/** Documents as getFnDocument calls them: form of the FFD, and code of the document as in the FN's archive (command 40). */
export const DOCUMENT_BY_WORD: Readonly<Record<string, { form: number; type: number }>> = {
  registration: { form: 1, type: 0x01 },
  // The driver does not tell a change of the FN (12) from a change of parameters (13).
  changeRegistrationParameters: { form: 11, type: 0x13 },
  openShift: { form: 2, type: 0x02 },
  receipt: { form: 3, type: 0x04 },
  receiptCorrection: { form: 31, type: 0x14 },
  bso: { form: 4, type: 0x11 },
  bsoCorrection: { form: 41, type: 0x15 },
  closeShift: { form: 5, type: 0x08 },
  ofdExchangeStatus: { form: 21, type: 0x17 },
  closeArchive: { form: 6, type: 0x10 },
};

/** Words of the bits that are set. */
export const wordsOf = (mask: number, words: Readonly<Record<number, string>>): string[] =>
  Object.entries(words).flatMap(([bit, word]) => ((mask & Number(bit)) !== 0 ? [word] : []));
