/** Rules a receipt must keep before it may be accepted. The name goes to the shop, so it is stable. */
export type RefusalRule =
  | 'InnOfAnotherTaxpayer'
  | 'InnChecksum'
  | 'TaxSystemRequired'
  | 'TaxSystemNotRegistered'
  | 'ContactRequired'
  | 'ContactNotSafe'
  | 'ItemsRequired'
  | 'TooManyItems'
  | 'TextNotPrintable'
  | 'SubjectNotInFormat'
  | 'ItemSumMismatch'
  | 'ItemSumTooBig'
  | 'TotalMismatch'
  | 'TotalTooBig'
  | 'CashlessAboveTotal'
  | 'NotFullyPaid'
  | 'CashlessListMismatch'
  | 'VatRateNotInForce'
  | 'VatSumMismatch'
  | 'VatSumRequired'
  | 'SupplierRequired'
  | 'SupplierIncomplete'
  | 'MarkRequired'
  | 'MarkNotAllowed'
  | 'MarkQuantity'
  | 'MarkFraction'
  | 'WholesaleIncomplete'
  | 'CorrectionRequired'
  | 'CorrectionNumberRequired'
  | 'CorrectionDateInFuture'
  | 'CorrectionSign'
  | 'TooLong'
  | 'FormatNotAllowed';

/** One thing wrong with a receipt, addressed so that a program can find the field. */
export interface Refusal {
  /** Field inside the receipt, in the words of the outer API: `items[2].sum`. */
  path: string;
  rule: RefusalRule;
  /** FFD tag of the requisite, 0 when the rule is not about one. */
  ffdTag: number;
  /** What is wrong and what would be right, Russian, for the shop's people. Never holds buyers' data. */
  text: string;
}

/** Collects refusals of one receipt. */
export class Refusals {
  readonly list: Refusal[] = [];

  add(rule: RefusalRule, path: string, ffdTag: number, text: string): void {
    this.list.push({ path, rule, ffdTag, text });
  }

  /** A text of which nothing is left once it holds only what a register can print. */
  addUnprintable(path: string, ffdTag: number): void {
    this.add(
      'TextNotPrintable',
      path,
      ffdTag,
      'в тексте нет ни одного символа, который касса может напечатать',
    );
  }
}
