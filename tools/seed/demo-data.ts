/** The demo tenant: what `npm start` makes on an empty database, so that a newcomer can send a receipt at once. */
export const demoClient = {
  id: '01900000-0000-7000-8000-000000000001',
  loginId: '01900000-0000-7000-8000-000000000002',
  name: 'ООО «Пример»',
  inn: '5544332219',
  login: 'demo',
  password: 'demo-password',
};

/** The reference operator of the demo world. Its INN has a right checksum and belongs to nobody. */
export const demoOperator = {
  inn: '7799999997',
  name: 'ПК ОФД (эталонный оператор)',
};

export interface DemoGroup {
  code: string;
  protocol: 4 | 5;
  /** FFD as in tag 1209. */
  ffd: 2 | 4;
  /** Share of the delivered modules that the group rents. */
  share: number;
}

export const demoGroups: readonly DemoGroup[] = [
  { code: 'demo-v4', protocol: 4, ffd: 2, share: 20 / 48 },
  { code: 'demo-v5', protocol: 5, ffd: 4, share: 20 / 48 },
];

export const demoShop = {
  paymentAddress: 'https://shop.example',
  address: '109316, г. Москва, Волгоградский проспект, д. 42, стр. 9, машинный зал 1',
  senderEmail: 'check@shop.example',
  /** OSN + USN income + USN income-expense: so that examples with any of them work. */
  taxSystems: 1 | 2 | 4 | 32,
};
