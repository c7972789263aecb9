import type { Kop, Payments, ReceiptContent, ReceiptItem } from '@kkt/contracts';
import type { VatRate } from './vat';

/** An item as the shop claims it: the sum may be left to us, the rate still has its own name. */
export interface DraftItem extends Omit<ReceiptItem, 'sumKop' | 'vat' | 'vatSumKop'> {
  sumKop?: Kop;
  vatRate?: VatRate;
  vatSumKop?: Kop;
}

/** One payment line; without a sum it takes what the others leave of the total. */
export interface DraftPayment {
  kind: keyof Payments;
  sumKop?: Kop;
}

/** One VAT line of the whole receipt. */
export interface DraftVat {
  rate: VatRate;
  sumKop?: Kop;
}

/**
 * A receipt as a door has read it: right types and lengths, money already integer, but nothing compared with
 * anything. `acceptReceipt` turns it into a `ReceiptContent` or says what is wrong.
 */
export interface ReceiptDraft extends Omit<ReceiptContent, 'items' | 'payments' | 'vatTotals' | 'totalKop'> {
  items: DraftItem[];
  payments: DraftPayment[];
  vatTotals: DraftVat[];
  /** What the shop says the total is; a correction by FFD 1.05 has none. */
  statedTotalKop?: Kop;
}
