import type { VatCode, VatTotals } from '@kkt/contracts';
import { VAT_RATES, vatOf, vatRate } from '../enums/vat';
import { TAG } from '../tags/tag-numbers';
import { allOf, childrenOf, numberOf, type TlvNode } from '../tlv/node';

/** VAT totals as requisites: 1102–1107 for the codes of 2019, 1115 {1119 {1199, 1120}} for the others. */
export function vatTotalNodes(totals: VatTotals): TlvNode[] {
  const nodes: TlvNode[] = [];
  const gathered: TlvNode[] = [];
  for (const rate of VAT_RATES) {
    const sumKop = totals[rate.code];
    if (sumKop === undefined) continue;
    if (rate.totalTag !== TAG.vatTotal) nodes.push({ tag: rate.totalTag, value: sumKop });
    else {
      gathered.push({
        tag: TAG.vatTotal,
        value: [
          { tag: TAG.vatCode, value: rate.code },
          { tag: TAG.vatTotalSum, value: sumKop },
        ],
      });
    }
  }
  if (gathered.length > 0) nodes.push({ tag: TAG.vatTotals, value: gathered });
  return nodes;
}

const codeByTag = new Map<number, VatCode>(
  VAT_RATES.filter((rate) => rate.totalTag !== TAG.vatTotal).map((rate) => [rate.totalTag, rate.code]),
);

/** VAT totals of a document's nodes, wherever they stand: some devices put the codes of 2019 into 1115 too. */
export function readVatTotals(nodes: readonly TlvNode[]): VatTotals {
  const totals: VatTotals = {};
  const add = (code: VatCode, sumKop: number) => (totals[code] = (totals[code] ?? 0) + sumKop);
  for (const node of nodes) {
    const code = codeByTag.get(node.tag);
    if (code !== undefined && typeof node.value === 'number') add(code, node.value);
  }
  for (const one of allOf(childrenOf(nodes, TAG.vatTotals) ?? [], TAG.vatTotal)) {
    if (!Array.isArray(one.value)) continue;
    const code = vatRate(numberOf(one.value, TAG.vatCode) ?? 0)?.code;
    if (code !== undefined) add(code, numberOf(one.value, TAG.vatTotalSum) ?? 0);
  }
  return totals;
}

/** Item as far as VAT is concerned. */
export interface VatItem {
  sumKop: number;
  vat?: VatCode;
  vatSumKop?: number;
}

/**
 * Totals a device makes of its items: VAT of each item (told, or taken out of its sum) added up by rate; the turnover
 * for codes 5 and 6. Items without a rate add nothing.
 */
export function vatTotalsOfItems(items: readonly VatItem[]): VatTotals {
  const totals: VatTotals = {};
  for (const item of items) {
    if (item.vat === undefined) continue;
    const turnover = vatRate(item.vat)?.totalIsTurnover ?? false;
    const add = turnover ? item.sumKop : (item.vatSumKop ?? vatOf(item.sumKop, item.vat));
    totals[item.vat] = (totals[item.vat] ?? 0) + add;
  }
  return totals;
}
