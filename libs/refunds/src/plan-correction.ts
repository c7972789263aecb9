import type { FfdVersion, ReceiptContent } from '@kkt/contracts';
import type { DraftItem, ReceiptDraft } from '@kkt/domain';
import { draftOf, hasReceiptVat, opposite, paymentsFor, vatTotalsFor } from './original';

/** What is known of the document that is wrong. */
export interface WrongDocument {
  content: ReceiptContent;
  /** Fiscal sign (tag 1077): the new document names it in tag 1192. */
  fiscalSign: number;
  /** Local day, `YYYY-MM-DD`. */
  day: string;
}

/** How a document of this FFD corrects: FFD 1.05 by ordinary receipts, later ones by correction receipts. */
const formOf = (ffd: FfdVersion): ReceiptContent['form'] => (ffd === 2 ? 'receipt' : 'correction');

function base(wrong: WrongDocument, ffd: FfdVersion, basis: ReceiptDraft['correction']): ReceiptDraft {
  const { content, fiscalSign, day } = wrong;
  const items: DraftItem[] = content.items.map((item) => ({
    ...draftOf(item, day),
    sumKop: item.sumKop,
    vatSumKop: item.vatSumKop,
  }));
  return {
    ...content,
    form: formOf(ffd),
    items,
    payments: paymentsFor(content.payments, content.totalKop),
    vatTotals: hasReceiptVat(content) ? vatTotalsFor(content, content.totalKop, day) : [],
    statedTotalKop: undefined,
    checkProps: String(fiscalSign),
    correction: formOf(ffd) === 'correction' ? (basis ?? { type: 0, date: day }) : undefined,
  };
}

/** Takes a wrong document back whole: the same content with the opposite sign. */
export const undoOf = (
  wrong: WrongDocument,
  ffd: FfdVersion,
  basis: ReceiptDraft['correction'],
): ReceiptDraft => ({
  ...base(wrong, ffd, basis),
  sign: opposite(wrong.content.sign),
});

/** Registers a wrong document as it should have been: the same sign, with what is said to be right. */
export function redoOf(
  wrong: WrongDocument,
  ffd: FfdVersion,
  basis: ReceiptDraft['correction'],
  right: Partial<Pick<ReceiptDraft, 'items' | 'payments' | 'vatTotals' | 'company'>>,
): ReceiptDraft {
  const same = base(wrong, ffd, basis);
  return {
    ...same,
    cashless: right.payments ? undefined : same.cashless,
    company: right.company ?? same.company,
    payments: right.payments ?? same.payments,
    items: right.items ?? same.items,
    // New items bring their own VAT.
    vatTotals: right.vatTotals ?? (right.items ? [] : same.vatTotals),
  };
}
