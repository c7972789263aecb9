import type { ReceiptContent, ReceiptItem } from '@kkt/contracts';

const item = (over: Partial<ReceiptItem>): ReceiptItem => ({
  name: 'Чай зелёный 100 г',
  priceKop: 12_345,
  quantityMicro: 2_000_000,
  sumKop: 24_690,
  method: 4,
  subject: 1,
  vat: 1,
  ...over,
});

/** Three items of three rates, one of them by weight: the receipt by which the driver is measured. */
export function threeItems(inn: string): ReceiptContent {
  const items = [
    item({}),
    item({
      name: 'Доставка курьером',
      priceKop: 29_900,
      quantityMicro: 1_000_000,
      sumKop: 29_900,
      subject: 4,
      vat: 2,
    }),
    item({
      name: 'Сыр на вес',
      priceKop: 89_990,
      quantityMicro: 375_000,
      sumKop: 33_746,
      vat: 6,
      measure: 11,
    }),
  ];
  const totalKop = items.reduce((sum, { sumKop }) => sum + sumKop, 0);
  return {
    form: 'receipt',
    sign: 1,
    company: { inn, taxSystem: 1, email: 'no-reply@shop.example', place: 'https://shop.example' },
    client: { email: 'buyer@example.com' },
    items,
    payments: { cashKop: 0, ecashKop: totalKop, prepaidKop: 0, creditKop: 0, provisionKop: 0 },
    vatTotals: {},
    totalKop,
  };
}
