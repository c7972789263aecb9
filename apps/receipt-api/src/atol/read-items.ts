import {
  paymentMethodWords,
  paymentObjectWords,
  quantityToMicro,
  roublesToKop,
  vatRateByName,
  type DraftItem,
} from '@kkt/domain';
import { readMarkCode, readNomenclature } from './product-codes';
import { readAgent, readSectoral, readSupplier } from './read-parties';
import type { Violation } from './violation';
import { textOf, valueOf, type WireItem } from './wire-body';

/** Kopecks of a number the schema has passed; a size beyond exactness is a violation. */
export function kopOf(roubles: number, path: string, violations: Violation[]): number {
  const kop = roublesToKop(roubles);
  if (kop === undefined) violations.push({ kind: 'NumberTooBig', path });
  return kop ?? 0;
}

const maybeKop = (
  roubles: number | null | undefined,
  path: string,
  violations: Violation[],
): number | undefined =>
  roubles === null || roubles === undefined ? undefined : kopOf(roubles, path, violations);

/** What an item without these fields means, by the protocol's document. */
const defaultMethod = 'full_prepayment';
const defaultObject = 'commodity';

const subjectOf = (object: WireItem['payment_object']): number =>
  typeof object === 'number' ? object : (paymentObjectWords[object || defaultObject] ?? 0);

/** One item of either version. `path` is from the body's root. */
export function readItem(item: WireItem, path: string, violations: Violation[]): DraftItem {
  const micro = quantityToMicro(item.quantity);
  if (micro === undefined) violations.push({ kind: 'NumberTooBig', path: `${path}.quantity` });
  const markMode = valueOf(item.mark_processing_mode);
  return {
    name: item.name,
    priceKop: kopOf(item.price, `${path}.price`, violations),
    quantityMicro: micro ?? 0,
    sumKop: maybeKop(item.sum, `${path}.sum`, violations),
    measure: valueOf(item.measure),
    unit: textOf(item.measurement_unit),
    method: paymentMethodWords.findIndex((word) => word === (item.payment_method || defaultMethod)) + 1,
    subject: subjectOf(item.payment_object),
    vatRate: item.vat ? vatRateByName(item.vat.type) : undefined,
    vatSumKop: maybeKop(item.vat?.sum, `${path}.vat.sum`, violations),
    agent: readAgent(item.agent_info),
    supplier: readSupplier(item.supplier_info),
    userData: textOf(item.user_data),
    exciseKop: maybeKop(item.excise, `${path}.excise`, violations),
    countryCode: textOf(item.country_code),
    declaration: textOf(item.declaration_number),
    ...readNomenclature(item.nomenclature_code, path, violations),
    ...readMarkCode(item.mark_code, path, violations),
    markMode: markMode === undefined || markMode === '' ? undefined : Number(markMode),
    markQuantity: valueOf(item.mark_quantity),
    plannedStatus: valueOf(item.planned_status),
    sectoral: readSectoral(item.sectoral_item_props, `${path}.sectoral_item_props`, violations),
    wholesale: valueOf(item.wholesale),
  };
}
