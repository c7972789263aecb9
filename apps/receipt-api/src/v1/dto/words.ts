import type { Payments } from '@kkt/contracts';
import { paymentObjectWords } from '@kkt/domain';

/** Kinds of payment (tags 1031, 1081, 1215, 1216, 1217). */
export const paymentWords: Readonly<Record<string, keyof Payments>> = {
  cash: 'cashKop',
  electronic: 'ecashKop',
  prepaid: 'prepaidKop',
  credit: 'creditKop',
  other: 'provisionKop',
};

/** Words of tag 1212: those of the compatible protocol, and the marked kinds of FFD 1.2. */
export const objectWords: Readonly<Record<string, number>> = {
  ...Object.fromEntries(Object.entries(paymentObjectWords).filter(([word]) => word !== 'composite')),
  excise_without_mark: 30,
  excise_with_mark: 31,
  commodity_without_mark: 32,
  commodity_with_mark: 33,
};

/** What a receipt is about; the words of the compatible protocol. */
export const operationWords = [
  'sell',
  'sell_refund',
  'buy',
  'buy_refund',
  'sell_correction',
  'sell_refund_correction',
  'buy_correction',
  'buy_refund_correction',
] as const;

export const stateWords = ['queued', 'working', 'in_doubt', 'done', 'failed'] as const;
