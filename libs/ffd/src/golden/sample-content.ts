import type { ReceiptContent } from '@kkt/contracts';
import type { FnFacts } from '../compose/receipt-document';
import type { RegisterFacts } from '../compose/requisites';

/** Samples for tests: a whole receipt of two items, a register, what an FN adds. */
export const sampleContent = (changes: Partial<ReceiptContent> = {}): ReceiptContent => ({
  form: 'receipt',
  sign: 1,
  company: {
    inn: '7704358518',
    taxSystem: 1,
    email: 'no-reply@shop.example.ru',
    place: 'https://shop.example.ru',
  },
  client: { email: 'buyer@example.com', name: 'Иванов Иван Иванович', inn: '504404744207' },
  items: [
    {
      name: 'Кофе «Арабика» — зерно',
      priceKop: 9990,
      quantityMicro: 1_500_000,
      sumKop: 14985,
      measure: 11,
      unit: 'кг',
      method: 4,
      subject: 1,
      vat: 11,
    },
    {
      name: 'Доставка',
      priceKop: 30000,
      quantityMicro: 1_000_000,
      sumKop: 30000,
      method: 4,
      subject: 4,
      vat: 6,
    },
  ],
  payments: { cashKop: 0, ecashKop: 44985, prepaidKop: 0, creditKop: 0, provisionKop: 0 },
  vatTotals: { 11: 2702, 6: 30000 },
  totalKop: 44985,
  cashier: { name: 'Иванова И.И.', inn: '504404744207' },
  ...changes,
});

export const sampleRegister = (changes: Partial<RegisterFacts> = {}): RegisterFacts => ({
  ffd: 4,
  inn: '7704358518',
  rnm: '0000000005008570',
  place: 'Центр обработки данных',
  address: '101000, Москва, ул. Тестовая, 1',
  fnsSite: 'www.nalog.gov.ru',
  userName: 'ООО Ромашка',
  sellerEmail: 'kkt@farm.example.ru',
  ...changes,
});

export const sampleFacts = (changes: Partial<FnFacts> = {}): FnFacts => ({
  fnNumber: '9999078900005488',
  fdNumber: 35,
  at: '2026-03-01T12:13:14',
  fiscalSign: 2573726889,
  shiftNumber: 4,
  receiptNumber: 3,
  ...changes,
});
