import type { FfdVersion, Kop } from '@kkt/contracts';
import type { OrderContent } from './basket';
import type { ItemWithoutOrder } from './types';

/** The order of a payment that nobody registered: one line for all of it, always the same for the same payment. */
export const mappedOrder = (item: ItemWithoutOrder, paidKop: Kop, ffd: FfdVersion): OrderContent => ({
  items: [
    {
      name: item.name,
      priceKop: paidKop,
      quantityMicro: 1_000_000,
      method: item.method,
      subject: item.subject,
      vat: item.vat,
      ...(ffd === 4 && { measure: 0 }),
    },
  ],
  taxSystem: item.taxSystem,
});
