import type { Kop } from '@kkt/contracts';
import type { Day } from './days';
import { balanced, type LedgerTransaction } from './ledger';
import { ownVatKop } from './quote';

/** What a payment is booked under. */
export const topUpKey = (by: 'bank' | 'card', reference: string): string => `top-up:${by}:${reference}`;

/** Money came from a client. `reference` is the bank's or the acquirer's own number of it: it is booked once. */
export const topUp = (
  clientId: string,
  by: 'bank' | 'card',
  reference: string,
  amountKop: Kop,
  day: Day,
): LedgerTransaction =>
  balanced({
    key: topUpKey(by, reference),
    kind: 'top_up',
    day,
    text: by === 'bank' ? `Оплата по счёту, платёжное поручение ${reference}` : 'Оплата картой',
    postings: [
      { account: by, amountKop: -amountKop },
      { account: `client:${clientId}`, amountKop },
    ],
  });

/** Money goes back to a client who asked for it. */
export const payOut = (clientId: string, reference: string, amountKop: Kop, day: Day): LedgerTransaction =>
  balanced({
    key: `paid-out:${reference}`,
    kind: 'paid_out',
    day,
    text: 'Возврат средств',
    postings: [
      { account: `client:${clientId}`, amountKop: -amountKop },
      { account: 'bank', amountKop },
    ],
  });

/** Money goes back to the card it was paid with. */
export const toCard = (clientId: string, refundId: string, amountKop: Kop, day: Day): LedgerTransaction =>
  balanced({
    key: `card-refund:${refundId}`,
    kind: 'paid_out',
    day,
    text: 'Возврат на карту',
    postings: [
      { account: `client:${clientId}`, amountKop: -amountKop },
      { account: 'card', amountKop },
    ],
  });

/** A fiscal drive becomes the client's. */
export function sellDrive(
  clientId: string,
  fnNumber: string,
  model: string,
  priceKop: Kop,
  day: Day,
): LedgerTransaction {
  const vatKop = ownVatKop(priceKop, day);
  return balanced({
    key: `drive-sold:${fnNumber}`,
    kind: 'drive_sold',
    day,
    text: `Фискальный накопитель ${model} № ${fnNumber}`,
    postings: [
      { account: `client:${clientId}`, amountKop: -priceKop },
      { account: 'revenue', amountKop: priceKop - vatKop },
      { account: 'vat', amountKop: vatKop },
    ],
  });
}

/** A partner earned a bonus with a client's payment. */
export const partnerBonus = (
  partnerId: string,
  paymentKey: string,
  amountKop: Kop,
  day: Day,
): LedgerTransaction =>
  balanced({
    key: `partner-bonus:${paymentKey}`,
    kind: 'partner_bonus',
    day,
    text: 'Вознаграждение партнёра',
    postings: [
      { account: 'partner-cost', amountKop: -amountKop },
      { account: `partner:${partnerId}`, amountKop },
    ],
  });
