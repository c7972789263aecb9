import type { ReceiptContent } from '@kkt/contracts';

/**
 * Place of a kind of receipt in its group's queue, lower first: a buyer waits at the checkout, refunds can wait a
 * little, corrections come in bulk and wait for both. 50 is also what the compatible doors give.
 */
export const priorityOf = ({ form, sign }: Pick<ReceiptContent, 'form' | 'sign'>): number =>
  form === 'correction' ? 70 : sign === 2 || sign === 4 ? 60 : 50;
