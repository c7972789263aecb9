import type { FfdVersion, ReceiptContent, ReceiptItem } from '@kkt/contracts';
import { makeRnm } from '@kkt/ffd';
import type { ReceiptContext, RegistrationData } from '../device';

export const INN = '7704358518';
export const OFD_INN = '7709364346';
const PLACE = 'https://shop.example';
const ADDRESS = '127006, Москва, ул. Тверская, 1';

export const rnmOf = (serial: string): string => makeRnm(1, INN, serial);

export const registrationOf = (serial: string, ffd: FfdVersion): RegistrationData => ({
  kind: 'new',
  ffd,
  inn: INN,
  rnm: rnmOf(serial),
  userName: 'ООО "Ромашка"',
  taxSystems: 0b11,
  address: ADDRESS,
  place: PLACE,
  ofdInn: OFD_INN,
  ofdName: 'ООО "Оператор"',
  senderEmail: 'no-reply@shop.example',
  fnsSite: 'www.nalog.gov.ru',
  automaticMode: false,
  internetOnly: true,
  services: false,
  excise: false,
  marking: false,
  cashier: { name: 'Инженер Петров' },
});

export const contextOf = (serial: string, ffd: FfdVersion): ReceiptContext => ({
  ffd,
  inn: INN,
  rnm: rnmOf(serial),
  place: PLACE,
  address: ADDRESS,
  fnsSite: 'www.nalog.gov.ru',
  ofdInn: OFD_INN,
  senderEmail: 'no-reply@shop.example',
  taxSystems: 0b11,
});

export const item = (over: Partial<ReceiptItem> = {}): ReceiptItem => ({
  name: 'Чай зелёный 100 г',
  priceKop: 12_345,
  quantityMicro: 2_000_000,
  sumKop: 24_690,
  method: 4,
  subject: 1,
  vat: 1,
  ...over,
});

/** A receipt of these items, paid by card unless told otherwise. */
export function receiptOf(items: ReceiptItem[], over: Partial<ReceiptContent> = {}): ReceiptContent {
  const totalKop = items.reduce((sum, { sumKop }) => sum + sumKop, 0);
  return {
    form: 'receipt',
    sign: 1,
    company: { inn: INN, taxSystem: 1, email: 'no-reply@shop.example', place: PLACE },
    client: { email: 'buyer@example.com' },
    items,
    payments: { cashKop: 0, ecashKop: totalKop, prepaidKop: 0, creditKop: 0, provisionKop: 0 },
    vatTotals: {},
    totalKop,
    cashier: { name: 'Кассир Иванова', inn: '500100732259' },
    ...over,
  };
}

/** Three items of three rates: the receipt by which the driver is measured. */
export const threeItems = (tail = ''): ReceiptContent =>
  receiptOf([
    item({ name: `Чай зелёный 100 г${tail}` }),
    item({
      name: `Доставка курьером${tail}`,
      priceKop: 29_900,
      quantityMicro: 1_000_000,
      sumKop: 29_900,
      subject: 4,
      vat: 2,
    }),
    item({
      name: `Сыр на вес${tail}`,
      priceKop: 89_990,
      quantityMicro: 375_000,
      sumKop: 33_746,
      vat: 6,
      measure: 11,
    }),
  ]);
