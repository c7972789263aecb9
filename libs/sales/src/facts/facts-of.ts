import type { Payments } from '@kkt/contracts';
import { contactHash } from '@kkt/security';
import { type FreshReceipt, type GoodsOfReceipt, paymentBits, type ReceiptFactsRow } from '@kkt/storage';

/** Receipts that people of the cabinet make have external ids that begin so. */
export const cabinetPrefix = 'cabinet:';
/** Those of payment providers begin so. */
const paymentPrefix = 'pay:';

const bitOf: Readonly<Record<keyof Payments, number>> = {
  cashKop: paymentBits.cash,
  ecashKop: paymentBits.electronic,
  prepaidKop: paymentBits.prepaid,
  creditKop: paymentBits.credit,
  provisionKop: paymentBits.other,
};

function channelOf({
  api,
  externalId,
}: Pick<FreshReceipt, 'api' | 'externalId'>): ReceiptFactsRow['channel'] {
  if (api !== 'v1') return 1;
  if (externalId.startsWith(paymentPrefix)) return 3;
  return externalId.startsWith(cabinetPrefix) ? 4 : 2;
}

/** What a receipt is looked up by. @param key of contacts' hashes */
export function factsOf(receipt: FreshReceipt, key: Buffer): ReceiptFactsRow {
  const { content } = receipt;
  const contact = content.client?.email ?? content.client?.phone;
  return {
    id: receipt.id,
    channel: channelOf(receipt),
    payments: (Object.keys(bitOf) as (keyof Payments)[]).reduce(
      (mask, kind) => (content.payments[kind] > 0 ? mask | bitOf[kind] : mask),
      0,
    ),
    contactHash: contact ? contactHash(key, contact).toString('hex') : null,
    words: content.items.map(({ name }) => name).join('\n'),
  };
}

/** Goods of a receipt, one row for each name. */
export function goodsOf({ id, content }: FreshReceipt): GoodsOfReceipt[] {
  const rows = new Map<string, GoodsOfReceipt>();
  for (const { name, subject, sumKop, quantityMicro } of content.items) {
    const key = `${subject}|${name}`;
    const known = rows.get(key);
    if (known) {
      known.sumKop += sumKop;
      known.quantityMicro += quantityMicro;
    } else rows.set(key, { id, name, subject, sumKop, quantityMicro });
  }
  return [...rows.values()];
}
