import {
  childrenOf,
  enumValues,
  formByCode,
  numberOf,
  parseDocument,
  TAG,
  textOf,
  type TlvNode,
  vatRate,
  findNode,
} from '@kkt/ffd';
import type { StoredDocument } from '@kkt/storage';
import type { PaperView } from '@kkt/web-contract';

const nameOf = (tag: number, code: number | undefined): string | null =>
  code === undefined ? null : (enumValues(tag, code)[0]?.printName ?? String(code));

/** Tags 1102–1107 and 1115 by VAT code, with the names of the rates. */
const vatTotals = (totals: Partial<Record<number, number>>): PaperView['vatTotals'] =>
  Object.entries(totals).map(([code, sumKop]) => ({
    name: vatRate(Number(code))?.printName ?? code,
    sumKop: sumKop ?? 0,
  }));

function correctionOf(nodes: readonly TlvNode[]): PaperView['correction'] {
  const basis = childrenOf(nodes, TAG.correctionBase);
  const type = numberOf(nodes, TAG.correctionType);
  if (type === undefined || !basis) return null;
  return {
    type: nameOf(TAG.correctionType, type) ?? '',
    date: (textOf(basis, TAG.correctionDate) ?? '').slice(0, 10),
    number: textOf(basis, TAG.correctionNumber) ?? null,
  };
}

/** A receipt as the buyer sees it; undefined for documents that are no receipts, and while the text is not read yet. */
export function paperOf(document: StoredDocument): PaperView | undefined {
  if (document.tlv.length === 0) return undefined;
  const { receipt, nodes, sign, ffd } = parseDocument(document.tlv, document.form);
  if (!receipt || !formByCode(document.form)) return undefined;
  const text = (tag: number): string => textOf(nodes, tag) ?? '';
  return {
    form: document.form,
    userName: text(TAG.userName),
    inn: text(TAG.userInn),
    address: text(TAG.placeAddress),
    place: text(TAG.place),
    sign: sign ?? 1,
    at: document.at,
    shiftNumber: document.shiftNumber ?? 0,
    receiptNumber: document.receiptNumber ?? 0,
    items: receipt.items.map((item) => ({
      name: item.name,
      priceKop: item.priceKop,
      quantityMicro: item.quantityMicro,
      sumKop: item.sumKop,
      vat:
        item.vat === undefined
          ? null
          : (vatRate(item.vat as Parameters<typeof vatRate>[0])?.printName ?? null),
      vatSumKop: item.vatSumKop ?? null,
      unit: nameOf(TAG.measure, numberOf(item.nodes, TAG.measure)) ?? textOf(item.nodes, TAG.unit) ?? null,
      isMarked: findNode(item.nodes, TAG.productCode) !== undefined,
    })),
    payments: receipt.payments,
    vatTotals: vatTotals(receipt.vatTotals),
    totalKop: receipt.totalKop,
    cashier: receipt.cashier ?? null,
    taxSystem: nameOf(TAG.taxSystem, receipt.taxSystem),
    buyerContact: receipt.buyerContact ?? null,
    senderEmail: textOf(nodes, TAG.sellerEmail) ?? null,
    fnsSite: text(TAG.fnsSite),
    rnm: document.rnm ?? '',
    fnNumber: document.fnNumber,
    fdNumber: document.fdNumber,
    fiscalSign: document.fiscalSign,
    ffd: nameOf(TAG.ffd, ffd) ?? '',
    correction: correctionOf(nodes),
  };
}
