import { TAG, type TlvNode } from '@kkt/ffd';
import { RECEIPT_TYPE } from '@kkt/atol-protocol';
import type { SettlementSign } from '@kkt/contracts';

/** One finished item. */
export interface ReceiptItem {
  costKop: number;
  /** Tag 1199; absent when the host gave no tax. */
  vat?: number;
  vatSumKop: number;
  /** Inside of tag 1059. */
  nodes: TlvNode[];
}

/** Requisites of 1059, taken between EA and EB. */
export const ITEM_TAGS: ReadonlySet<number> = new Set([
  TAG.quantity,
  TAG.price,
  TAG.itemSum,
  TAG.productCode,
  TAG.productCodes,
  TAG.itemUserData,
  TAG.unit,
  TAG.unitVat,
  TAG.vatCode,
  TAG.itemVatSum,
  TAG.subject,
  TAG.method,
  TAG.itemAgentKind,
  TAG.agentData,
  TAG.supplierData,
  TAG.supplierInn,
  TAG.excise,
  TAG.originCountry,
  TAG.customsDeclaration,
  TAG.itemIndustry,
  TAG.markQuantity,
  TAG.markMode,
  TAG.goodsCheckResult,
  TAG.measure,
  TAG.plannedStatus,
  TAG.markingCode,
]);

/** Requisites that may stand several times in one document or item. */
export const REPEATABLE_TAGS: ReadonlySet<number> = new Set([
  TAG.payingAgentPhone,
  TAG.receiveOperatorPhone,
  TAG.transferOperatorPhone,
  TAG.supplierPhone,
  TAG.itemIndustry,
  TAG.receiptIndustry,
]);

const TYPE_FACTS: Readonly<Record<number, { sign: SettlementSign; correction: boolean }>> = {
  [RECEIPT_TYPE.sale]: { sign: 1, correction: false },
  [RECEIPT_TYPE.saleReturn]: { sign: 2, correction: false },
  [RECEIPT_TYPE.purchase]: { sign: 3, correction: false },
  [RECEIPT_TYPE.purchaseReturn]: { sign: 4, correction: false },
  [RECEIPT_TYPE.saleCorrection]: { sign: 1, correction: true },
  [RECEIPT_TYPE.saleReturnCorrection]: { sign: 2, correction: true },
  [RECEIPT_TYPE.purchaseCorrection]: { sign: 3, correction: true },
  [RECEIPT_TYPE.purchaseReturnCorrection]: { sign: 4, correction: true },
};

/** Sign and form of a receipt type of command 92; undefined for a type that does not exist. */
export const receiptTypeFacts = (type: number): { sign: SettlementSign; correction: boolean } | undefined =>
  TYPE_FACTS[type];

/** Receipt type of a document, for 3F and registers 51 and 52. */
export function receiptTypeOf(sign: SettlementSign, correction: boolean): number {
  const found = Object.entries(TYPE_FACTS).find(
    ([, facts]) => facts.sign === sign && facts.correction === correction,
  );
  return Number(found?.[0] ?? 0);
}

/** Payment types of 99 and 4A to tags 1031, 1081, 1215, 1216, 1217. */
export const PAYMENT_TAGS: readonly number[] = [TAG.cash, TAG.ecash, TAG.prepaid, TAG.credit, TAG.provision];

/** A receipt between 92 and 4A. Lives in the KKT; the FN hears of it at the closing. */
export class ReceiptInProgress {
  readonly items: ReceiptItem[] = [];
  readonly attributes: TlvNode[] = [];
  /** Attributes of the item begun by EA. */
  itemAttributes: TlvNode[] | undefined;
  /** By payment type − 1, kopecks; cash may exceed what is due. */
  readonly paidKop = [0, 0, 0, 0, 0];
  /** VAT sums of the whole receipt given by B8, by rate code. */
  readonly givenVat = new Map<number, number>();
  discountKop = 0;

  constructor(
    readonly type: number,
    readonly sign: SettlementSign,
    readonly correction: boolean,
  ) {}

  get itemsSumKop(): number {
    return this.items.reduce((sum, item) => sum + item.costKop, 0);
  }

  /** Tag 1020. A correction without items (FFD 1.05) is as large as its payments. */
  get totalKop(): number {
    if (this.items.length === 0 && this.correction) return this.paidSumKop;
    return this.itemsSumKop - this.discountKop;
  }

  get paidSumKop(): number {
    return this.paidKop.reduce((sum, paid) => sum + paid, 0);
  }

  get nonCashKop(): number {
    return this.paidSumKop - (this.paidKop[0] ?? 0);
  }
}

/** Tags of VAT sums by rate code (1199); the rest goes into 1115. */
const VAT_TAGS: Readonly<Record<number, number>> = {
  1: TAG.vat20,
  2: TAG.vat10,
  3: TAG.vat20of120,
  4: TAG.vat10of110,
  5: TAG.turnoverVat0,
  6: TAG.turnoverNoVat,
};

/** Rates as numerator and denominator of the tax inside a price: sum × n / d. */
const VAT_PARTS: Readonly<Record<number, readonly [number, number]>> = {
  1: [20, 120],
  2: [10, 110],
  3: [20, 120],
  4: [10, 110],
  7: [5, 105],
  8: [7, 107],
  9: [5, 105],
  10: [7, 107],
  11: [22, 122],
  12: [22, 122],
};

/** VAT inside a sum, rounded half up; 0 for codes 5 and 6. */
export function vatInside(code: number, sumKop: number): number {
  const part = VAT_PARTS[code];
  if (!part) return 0;
  const [numerator, denominator] = part;
  return Number((BigInt(sumKop) * BigInt(numerator) * 2n + BigInt(denominator)) / (2n * BigInt(denominator)));
}

/** VAT requisites of the document: from B8 when given, else from the items. */
export function vatNodes(receipt: ReceiptInProgress): TlvNode[] {
  const sums = new Map(receipt.givenVat);
  if (sums.size === 0) {
    for (const { vat, vatSumKop, costKop } of receipt.items) {
      if (vat === undefined) continue;
      sums.set(vat, (sums.get(vat) ?? 0) + (vat === 5 || vat === 6 ? costKop : vatSumKop));
    }
  }
  const nodes: TlvNode[] = [];
  const newer: TlvNode[] = [];
  for (const [code, sum] of [...sums].sort(([a], [b]) => a - b)) {
    const tag = VAT_TAGS[code];
    if (tag !== undefined) nodes.push({ tag, value: sum });
    else {
      newer.push({
        tag: TAG.vatTotal,
        value: [
          { tag: TAG.vatCode, value: code },
          { tag: TAG.vatTotalSum, value: sum },
        ],
      });
    }
  }
  return newer.length > 0 ? [...nodes, { tag: TAG.vatTotals, value: newer }] : nodes;
}
