import { vatOf, vatRate } from '../enums/vat';
import { fiscalSignToWire } from '../signs/fiscal-sign';
import { TAG } from '../tags/tag-numbers';
import { findNode, type TlvNode } from '../tlv/node';
import { Fields } from './fields';
import type { ItemRequisites, ReceiptRequisites, RegisterFacts } from './requisites';

/** What the FN and the device add to a receipt. */
export interface FnFacts {
  /** Tag 1041. */
  fnNumber: string;
  /** Tag 1040. */
  fdNumber: number;
  /** Tag 1012, local wall clock, `YYYY-MM-DDTHH:MM:SS`. */
  at: string;
  /** Tag 1077, printed form. */
  fiscalSign: number;
  /** Tag 1038. */
  shiftNumber: number;
  /** Tag 1042. */
  receiptNumber: number;
}

/** Tag 1059 of one item: position fields with its attributes behind them. */
export function itemNode(item: Pick<ItemRequisites, 'attributes' | 'position'>): TlvNode {
  const { position } = item;
  const fields = new Fields()
    .number(TAG.method, position.method)
    .number(TAG.subject, position.subject)
    .exact(TAG.itemName, position.name)
    .number(TAG.price, position.priceKop)
    .number(TAG.quantity, position.quantityMicro)
    .number(TAG.itemSum, position.sumKop);
  if (position.vat !== undefined) {
    fields.number(TAG.vatCode, position.vat);
    // 0 % and "without VAT" have no tax to name.
    if (!vatRate(position.vat)?.totalIsTurnover) {
      fields.number(TAG.itemVatSum, position.vatSumKop ?? vatOf(position.sumKop, position.vat));
    }
  }
  // 1292 is for paper only, though devices are told it.
  return { tag: TAG.item, value: fields.add(item.attributes.map(withoutPrinted)).nodes };
}

function withoutPrinted(node: TlvNode): TlvNode {
  if (node.tag !== TAG.markQuantity || !Array.isArray(node.value)) return node;
  return { tag: node.tag, value: node.value.filter((child) => child.tag !== TAG.markQuantityText) };
}

/**
 * All requisites of a form 3 or 31 document as it stands in the FN, ready for `buildDocument`: what the FN adds, what
 * the device repeats from its registration unless the receipt says otherwise, then what was told.
 * Tag 1011 is left out: it belongs to notifications of marked goods, not to receipts.
 */
export function receiptDocumentFields(
  requisites: ReceiptRequisites,
  register: RegisterFacts,
  facts: FnFacts,
): TlvNode[] {
  const told = requisites.receipt.filter((node) => node.tag !== TAG.timezone);
  const own = (tag: number, value: string | undefined) => (findNode(told, tag) ? undefined : value);
  const fields = new Fields()
    .text(TAG.fnNumber, facts.fnNumber)
    .text(TAG.rnm, register.rnm)
    .text(TAG.userInn, register.inn)
    .number(TAG.fdNumber, facts.fdNumber)
    .exact(TAG.dateTime, facts.at)
    .bytes(TAG.fiscalSign, fiscalSignToWire(facts.fiscalSign))
    .number(TAG.ffd, register.ffd)
    .number(TAG.shiftNumber, facts.shiftNumber)
    .number(TAG.receiptNumber, facts.receiptNumber)
    .number(TAG.settlementSign, requisites.sign)
    .text(TAG.userName, register.userName)
    .text(TAG.place, own(TAG.place, register.place))
    .text(TAG.placeAddress, own(TAG.placeAddress, register.address))
    .text(TAG.fnsSite, register.fnsSite)
    .text(TAG.sellerEmail, own(TAG.sellerEmail, register.sellerEmail))
    .add(told)
    .add(requisites.items.map(itemNode))
    .number(TAG.total, requisites.totalKop);
  for (const payment of requisites.payments) fields.number(payment.tag, payment.sumKop);
  return fields.add(requisites.vatTotals).nodes;
}
