import type { Kop, Payments, ReceiptItem, VatCode, VatTotals } from '@kkt/contracts';
import type { DraftPayment, DraftVat, ReceiptDraft } from '../draft';
import { formatKop, vatInsideKop } from '../money';
import type { Refusals } from '../refusal';
import { fiscalText, maybeText } from '../texts';
import { maxSumKop } from './items';

/** A stated total may differ from the items by less than a rouble: shops drop kopecks. The register adds the items up itself. */
const totalToleranceKop = 99;

const noPayments: Readonly<Payments> = {
  cashKop: 0,
  ecashKop: 0,
  prepaidKop: 0,
  creditKop: 0,
  provisionKop: 0,
};

/** Tag of each payment kind. */
const paymentTag: Readonly<Record<keyof Payments, number>> = {
  cashKop: 1031,
  ecashKop: 1081,
  prepaidKop: 1215,
  creditKop: 1216,
  provisionKop: 1217,
};

const sumOfLines = (lines: readonly DraftPayment[]): Kop =>
  lines.reduce((sum, line) => sum + (line.sumKop ?? 0), 0);

/** Total of the document (tag 1020): what the items come to; for a correction without items, what was paid. */
export function totalOf(draft: ReceiptDraft, items: readonly ReceiptItem[], refusals: Refusals): Kop {
  const total =
    items.length === 0
      ? (draft.statedTotalKop ?? sumOfLines(draft.payments))
      : sumOfItems(draft, items, refusals);
  if (total > maxSumKop)
    refusals.add(
      'TotalTooBig',
      'total',
      1020,
      `итог ${formatKop(total)}, касса берёт не больше ${formatKop(maxSumKop)}`,
    );
  return total;
}

function sumOfItems(draft: ReceiptDraft, items: readonly ReceiptItem[], refusals: Refusals): Kop {
  const total = items.reduce((sum, item) => sum + item.sumKop, 0);
  const stated = draft.statedTotalKop;
  if (stated !== undefined && Math.abs(stated - total) > totalToleranceKop)
    refusals.add(
      'TotalMismatch',
      'total',
      1020,
      `итог ${formatKop(stated)}, сумма позиций ${formatKop(total)}`,
    );
  return total;
}

/**
 * Payments by kind. A line without a sum takes the rest of the total as cashless. Change is given only from cash, so
 * the other kinds together may not exceed the total; the requisite 1031 is net of change.
 */
export function paymentsOf(lines: readonly DraftPayment[], totalKop: Kop, refusals: Refusals): Payments {
  const payments: Payments = { ...noPayments };
  let paid = 0;
  let hasOpenLine = false;
  for (const line of lines) {
    if (line.sumKop === undefined) {
      hasOpenLine = true;
      continue;
    }
    payments[line.kind] += line.sumKop;
    paid += line.sumKop;
  }
  if (hasOpenLine && paid < totalKop) {
    payments.ecashKop += totalKop - paid;
    paid = totalKop;
  }
  const notCash = paid - payments.cashKop;
  if (notCash > totalKop)
    refusals.add(
      'CashlessAboveTotal',
      'payments',
      paymentTag.ecashKop,
      `безналичными ${formatKop(notCash)}, итог ${formatKop(totalKop)}`,
    );
  else if (paid < totalKop)
    refusals.add(
      'NotFullyPaid',
      'payments',
      paymentTag.cashKop,
      `оплачено ${formatKop(paid)}, итог ${formatKop(totalKop)}`,
    );
  else payments.cashKop -= paid - totalKop;
  return payments;
}

/**
 * VAT of the document as the shop states it. A single line without a sum is computed from the total; so is a
 * single line of turnover stated as zero, which shops send for "without VAT".
 */
export function statedVatTotals(lines: readonly DraftVat[], totalKop: Kop, refusals: Refusals): VatTotals {
  const totals: VatTotals = {};
  const isSingle = lines.length === 1;
  lines.forEach(({ rate, sumKop }, index) => {
    const { part, whole } = rate;
    const isTurnover = part === null || whole === null;
    let sum = isTurnover && isSingle && sumKop === 0 ? undefined : sumKop;
    if (sum === undefined && isSingle) sum = isTurnover ? totalKop : vatInsideKop(totalKop, part, whole);
    if (sum === undefined) {
      refusals.add('VatSumRequired', `vats[${index}].sum`, 1199, 'при нескольких ставках нужна сумма каждой');
      return;
    }
    const limit = isTurnover ? totalKop : vatInsideKop(totalKop, part, whole) + 1 + totalToleranceKop;
    if (sum > limit)
      refusals.add(
        'VatSumMismatch',
        `vats[${index}].sum`,
        1199,
        `${formatKop(sum)} больше возможного ${formatKop(limit)}`,
      );
    const code: VatCode = rate.code;
    totals[code] = (totals[code] ?? 0) + sum;
  });
  return totals;
}

/** Details of cashless payments with texts as the document can hold them (tags 1237, 1238). */
export function cashlessOf(draft: ReceiptDraft, refusals: Refusals): ReceiptDraft['cashless'] {
  return draft.cashless?.map((line, index) => {
    const id = fiscalText(line.id, 256);
    if (id === '') refusals.addUnprintable(`cashless_payments[${index}].id`, 1237);
    return { ...line, id, info: maybeText(line.info, 256) };
  });
}

/** Details of cashless payments (tag 1235) must not exceed what was paid cashless. */
export function checkCashless(draft: ReceiptDraft, payments: Payments, refusals: Refusals): void {
  if (!draft.cashless?.length) return;
  const detailed = draft.cashless.reduce((sum, line) => sum + line.sumKop, 0);
  if (detailed > payments.ecashKop)
    refusals.add(
      'CashlessListMismatch',
      'cashless_payments',
      1235,
      `сведения о безналичных на ${formatKop(detailed)}, безналичными ${formatKop(payments.ecashKop)}`,
    );
}
