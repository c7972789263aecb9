import type { FfdVersion, ReceiptContent, VatTotals } from '@kkt/contracts';
import { fitText } from '../compose/fields';
import { buyerContact, isSumOnly, NO_ORDER_NUMBER } from '../compose/receipt-requisites';
import { isCorrectionForm, type DocumentReceipt, type FiscalDocument } from '../document/parse';
import { TAG } from '../tags/tag-numbers';
import { childrenOf, numberOf, textOf } from '../tlv/node';

/** One compared fact: where it is in the document and what it says. */
export interface Fact {
  /** `1020`, `1059[0].1030`, `1059.count`. */
  readonly path: string;
  readonly value: string;
}

const fact = (path: string, value: string | number | undefined): Fact => ({
  path,
  value: value === undefined ? '-' : String(value),
});

interface ItemFacts {
  name: string;
  priceKop: number;
  quantityMicro: number;
  sumKop: number;
  vat?: number;
  subject?: number;
  method?: number;
}

interface ReceiptFacts extends Pick<DocumentReceipt, 'sign' | 'totalKop' | 'payments' | 'vatTotals'> {
  correction: boolean;
  items: readonly ItemFacts[];
  buyerContact?: string;
  correctionType?: number;
  correctionDate?: string;
  correctionNumber?: string;
}

/**
 * The facts by which a document is recognised as made from some content: those the device cannot change on its way.
 * Left out on purpose: VAT sums of items and, when every item has its rate, VAT totals (devices compute them and may
 * round otherwise than the shop); tax system, cashier, place (devices fill them in when they were not told).
 */
function factsOf(receipt: ReceiptFacts): Fact[] {
  const { payments } = receipt;
  const facts: Fact[] = [
    fact('form', receipt.correction ? 'correction' : 'receipt'),
    fact('1054', receipt.sign),
    fact('1020', receipt.totalKop),
    fact('1031', payments.cashKop),
    fact('1081', payments.ecashKop),
    fact('1215', payments.prepaidKop),
    fact('1216', payments.creditKop),
    fact('1217', payments.provisionKop),
    fact('1008', receipt.buyerContact || undefined),
  ];
  if (receipt.correction) {
    facts.push(
      fact('1173', receipt.correctionType),
      fact('1174.1178', receipt.correctionDate?.slice(0, 10)),
      // "Without number" and no number are the same fact.
      fact('1174.1179', orderNumber(receipt.correctionNumber)),
    );
  }
  facts.push(fact('1059.count', receipt.items.length));
  receipt.items.forEach((item, index) => {
    const at = `1059[${index}]`;
    facts.push(
      fact(`${at}.1030`, item.name),
      fact(`${at}.1079`, item.priceKop),
      fact(`${at}.1023`, item.quantityMicro),
      fact(`${at}.1043`, item.sumKop),
      fact(`${at}.1199`, item.vat),
      fact(`${at}.1212`, item.subject),
      fact(`${at}.1214`, item.method),
    );
  });
  if (receipt.items.length === 0 || receipt.items.some((item) => item.vat === undefined)) {
    facts.push(...vatFacts(receipt.vatTotals));
  }
  return facts;
}

const orderNumber = (number: string | undefined): string | undefined =>
  number === NO_ORDER_NUMBER ? undefined : number || undefined;

/** Totals by rate code; zero ones are left out, as some devices write them and some do not. */
function vatFacts(totals: VatTotals): Fact[] {
  return Object.entries(totals)
    .filter(([, sumKop]) => sumKop !== 0)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([code, sumKop]) => fact(`vat[${code}]`, sumKop));
}

/** Facts of a document to be made from this content by this FFD. */
export function factsOfContent(content: ReceiptContent, ffd: FfdVersion): Fact[] {
  const correction = content.form === 'correction';
  return factsOf({
    correction,
    sign: content.sign,
    totalKop: content.totalKop,
    payments: content.payments,
    vatTotals: content.vatTotals,
    buyerContact: buyerContact(content),
    items: isSumOnly(content, ffd)
      ? []
      : content.items.map((item) => ({ ...item, name: fitText(TAG.itemName, item.name) })),
    correctionType: content.correction?.type,
    correctionDate: content.correction?.date,
    correctionNumber: content.correction?.number && fitText(TAG.correctionNumber, content.correction.number),
  });
}

/** Facts of a registered document; undefined when it is no receipt at all. */
export function factsOfDocument(document: FiscalDocument): Fact[] | undefined {
  const { receipt, nodes, form } = document;
  if (receipt === undefined) return undefined;
  const base = childrenOf(nodes, TAG.correctionBase) ?? [];
  const correction = isCorrectionForm(form);
  const sumOnly = correction && (document.ffd ?? 1) <= 2;
  return factsOf({
    ...receipt,
    correction,
    buyerContact: receipt.buyerContact && fitText(TAG.buyerContact, receipt.buyerContact),
    items: sumOnly ? [] : receipt.items.map((item) => ({ ...item, name: fitText(TAG.itemName, item.name) })),
    correctionType: numberOf(nodes, TAG.correctionType),
    correctionDate: textOf(base, TAG.correctionDate),
    correctionNumber: textOf(base, TAG.correctionNumber)?.trim(),
  });
}
