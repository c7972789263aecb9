import type { Payments, ReceiptContent, ReceiptItem, SettlementSign, VatCode } from '@kkt/contracts';
import {
  type DraftItem,
  type DraftPayment,
  type DraftVat,
  splitKop,
  vatRates,
  type VatRate,
} from '@kkt/domain';

/** Income and its return, expense and its return. */
const oppositeOf: Readonly<Record<SettlementSign, SettlementSign>> = { 1: 2, 2: 1, 3: 4, 4: 3 };
export const opposite = (sign: SettlementSign): SettlementSign => oppositeOf[sign];

const words = { 1: 'sell', 2: 'sell_refund', 3: 'buy', 4: 'buy_refund' } as const;

/** The operation's word of a form and sign. */
export const operationWord = (form: ReceiptContent['form'], sign: SettlementSign): string =>
  form === 'receipt' ? words[sign] : `${words[sign]}_correction`;

/** The rate a registered item carried: codes outlive rates (18 % and 20 % share one), so its day decides. */
export function rateOf(code: VatCode, day: string): VatRate | undefined {
  const same = vatRates.filter((rate) => rate.code === code);
  return same.find(({ from, to }) => from <= day && (to === null || day <= to)) ?? same.at(-1);
}

/** The tax was told for the whole receipt, not by item. */
export const hasReceiptVat = ({ items }: Pick<ReceiptContent, 'items'>): boolean =>
  items.some(
    ({ vat, vatSumKop }) => vat === undefined || (vat !== 5 && vat !== 6 && vatSumKop === undefined),
  );

/** An item of a registered receipt as a new draft's; its sums are left to the draft. */
export function draftOf(item: ReceiptItem, day: string): DraftItem {
  const { vat, vatSumKop: _, sumKop: __, ...rest } = item;
  return { ...rest, vatRate: vat === undefined ? undefined : rateOf(vat, day) };
}

/** VAT of the whole receipt, as much of it as `partKop` is of the total. */
export function vatTotalsFor(content: ReceiptContent, partKop: number, day: string): DraftVat[] {
  return Object.entries(content.vatTotals).flatMap(([code, kop]): DraftVat[] => {
    const rate = rateOf(Number(code) as VatCode, day);
    const sumKop = splitKop(partKop, [kop, Math.max(0, content.totalKop - kop)])[0] ?? 0;
    return rate ? [{ rate, sumKop }] : [];
  });
}

const kinds: readonly (keyof Payments)[] = ['cashKop', 'ecashKop', 'prepaidKop', 'creditKop', 'provisionKop'];

/** The sum paid back in the proportion of the original's payments. */
export function paymentsFor(payments: Payments, sumKop: number): DraftPayment[] {
  const parts = splitKop(
    sumKop,
    kinds.map((kind) => payments[kind]),
  );
  return kinds.flatMap((kind, index) => (parts[index] ? [{ kind, sumKop: parts[index] }] : []));
}

/** Goods that were sold come back (tag 2003); other statuses stay. */
export const returnedStatus = (status: number | undefined): number | undefined =>
  status === 1 ? 3 : status === 2 ? 4 : status;
