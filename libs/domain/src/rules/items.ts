import type { FfdVersion, Kop, ReceiptItem } from '@kkt/contracts';
import type { DraftItem, ReceiptDraft } from '../draft';
import { formatKop, itemCostKop, vatInsideKop } from '../money';
import type { Refusals } from '../refusal';
import { fiscalText, maybeText } from '../texts';
import { cleanSectoral } from './sectoral';
import { isVatRateValid, vatRateByName, type VatRate } from '../vat';
import { checkAgent, cleanAgent, cleanSupplier } from './agents';
import { checkMark } from './marks';

/** Most items of one receipt. */
export const maxItems = 100;

/** Largest sum of an item and of a document: payments have ten digits at the registers (ATOL commands 4A, 99). */
export const maxSumKop = 9_999_999_999;

const withoutVat = vatRateByName('none');

/** Tax of one item: as the shop says when that is near the arithmetic, otherwise a refusal; our own when not said. */
function vatSumOf(
  item: DraftItem,
  rate: VatRate,
  sumKop: Kop,
  at: string,
  refusals: Refusals,
): Kop | undefined {
  if (rate.part === null || rate.whole === null) return undefined;
  const exact = vatInsideKop(sumKop, rate.part, rate.whole);
  const stated = item.vatSumKop;
  if (stated === undefined) return exact;
  // Shops that round the tax of each piece drift by up to half a kopeck a piece.
  const drift = 1 + Math.ceil(item.quantityMicro / 2_000_000);
  if (Math.abs(stated - exact) > drift)
    refusals.add(
      'VatSumMismatch',
      `${at}.vat.sum`,
      1200,
      `НДС ${formatKop(stated)}, по ставке выходит ${formatKop(exact)}`,
    );
  return stated;
}

/** A new sale or purchase carries only rates in force today; returns and corrections may carry any. */
export function checkVatDate(
  rate: VatRate,
  path: string,
  draft: ReceiptDraft,
  today: string,
  refusals: Refusals,
): void {
  const isNewSale = draft.form === 'receipt' && (draft.sign === 1 || draft.sign === 3);
  if (isNewSale && !isVatRateValid(rate, today))
    refusals.add('VatRateNotInForce', path, 1199, `ставка ${rate.name} сегодня не действует`);
}

function sumOf(item: DraftItem, at: string, refusals: Refusals): Kop {
  const cost = itemCostKop(item.priceKop, item.quantityMicro);
  const sum = item.sumKop ?? cost;
  if (sum !== cost)
    refusals.add(
      'ItemSumMismatch',
      `${at}.sum`,
      1043,
      `сумма ${formatKop(sum)}, цена на количество ${formatKop(cost)}`,
    );
  if (cost > maxSumKop)
    refusals.add(
      'ItemSumTooBig',
      `${at}.sum`,
      1043,
      `сумма позиции ${formatKop(cost)}, касса берёт не больше ${formatKop(maxSumKop)}`,
    );
  return sum;
}

/** What the items of one receipt are judged by. */
export interface ItemsContext {
  draft: ReceiptDraft;
  ffd: FfdVersion;
  /** Local date, `YYYY-MM-DD`. */
  today: string;
  /** The shop gave VAT for the whole receipt: then only that counts, and an item keeps just its rate. */
  hasReceiptVat: boolean;
  refusals: Refusals;
}

/** One settlement item (tag 1059) with its sum and VAT settled. */
export function itemOf(item: DraftItem, index: number, context: ItemsContext): ReceiptItem {
  const { draft, ffd, today, hasReceiptVat, refusals } = context;
  const at = `items[${index}]`;
  const name = fiscalText(item.name, 128);
  if (name === '') refusals.addUnprintable(`${at}.name`, 1030);
  const sumKop = sumOf(item, at, refusals);
  // An item for which the shop named no rate anywhere is registered without VAT; no source says what else to do.
  const rate = item.vatRate ?? (hasReceiptVat ? undefined : withoutVat);
  if (rate) checkVatDate(rate, `${at}.vat.type`, draft, today, refusals);
  // A supplier named once for the whole receipt serves its items too.
  checkAgent(item.agent, item.supplier ?? draft.supplier, `${at}.`, ffd, refusals);
  checkMark(item, at, ffd, refusals);
  // Written out: copying with a rest pattern was most of the cost of a decision.
  return {
    name,
    priceKop: item.priceKop,
    quantityMicro: item.quantityMicro,
    sumKop,
    measure: item.measure,
    unit: maybeText(item.unit, 16),
    method: item.method,
    subject: item.subject,
    vat: rate?.code,
    vatSumKop: rate && !hasReceiptVat ? vatSumOf(item, rate, sumKop, at, refusals) : undefined,
    agent: item.agent && cleanAgent(item.agent, `${at}.agent_info`, refusals),
    supplier: item.supplier && cleanSupplier(item.supplier, `${at}.supplier_info`, refusals),
    userData: maybeText(item.userData, 64),
    exciseKop: item.exciseKop,
    countryCode: item.countryCode,
    declaration: maybeText(item.declaration, 32),
    nomenclatureHex: item.nomenclatureHex,
    mark: item.mark,
    markMode: item.markMode,
    markQuantity: item.markQuantity,
    plannedStatus: item.plannedStatus,
    sectoral: item.sectoral && cleanSectoral(item.sectoral, `${at}.sectoral_item_props`, refusals),
    wholesale: item.wholesale,
  };
}
