import { type Field, fieldsOf, itemCostKop, type Place, receiptFields, vatRates } from '@kkt/domain';
import type { Dice } from './dice';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Body = { [key: string]: Json };

/** Operation and body of one request. */
export interface Sample {
  version: 4 | 5;
  group: string;
  operation: string;
  body: Body;
}

export const shopInn = '5544332219';
export const shopPlace = 'https://shop.example';

const letters = [...'абвгдеёжзийклмнопрстуфхцчшщъыьэюяАЯЁ abcXYZ0123456789.,-«»"№—/%&<>()🙂\t'];
const inns = [shopInn, '7704358518', '7702203276', '504404744207', '500100732259'];

/** Texts for fields whose pattern or meaning a chance text would not meet. */
const known: readonly (readonly [RegExp, (dice: Dice) => string])[] = [
  [/cashier_inn$/, () => '504404744207'],
  [/inn$/, (dice) => dice.pick(inns)],
  [/\.timestamp$/, () => '03.11.2026 14:35:00'],
  [/(birthdate|date)$/, () => '21.11.2023'],
  [/phones\[\]$/, (dice) => `+7926${dice.int(1_000_000, 9_999_999)}`],
  [/citizenship$/, () => '643'],
  [/document_code$/, (dice) => dice.pick(['21', '22', '32'])],
  [/federal_id$/, (dice) => dice.pick(['030', '001', '072'])],
  [/country_code$/, (dice) => dice.pick(['643', '156', '051'])],
  [/operating_check_props\.name$/, () => '0'],
  [/email$/, (dice) => `buyer${dice.int(1, 99)}@example.com`],
  [/client\.phone$/, (dice) => `+7926${dice.int(1_000_000, 9_999_999)}`],
];

function text(dice: Dice, from: number, to: number): string {
  const length = dice.chance(0.1) ? to : dice.int(from, Math.min(to, 40));
  return Array.from({ length: Math.max(1, length) }, () => dice.pick(letters)).join('');
}

function valueOf(row: Field, place: Place, dice: Dice): Json | undefined {
  if (row.values) return dice.pick(row.values);
  switch (row.type) {
    case 'boolean':
      return dice.chance(0.5);
    case 'integer':
      return dice.int(row.minimum ?? 0, Math.min(row.maximum ?? 100, 1000));
    case 'number':
      return dice.int(0, 10_000) / 100;
    case 'string': {
      const way = known.find(([end]) => end.test(row.path));
      return way ? way[1](dice) : text(dice, row.minLength ?? 1, row.maxLength ?? 30);
    }
    case 'array': {
      const element = fieldsOf(receiptFields, place).find(({ path }) => path === `${row.path}[]`);
      if (!element) return [];
      return Array.from({ length: dice.int(1, 2) }, () => filled(element, place, dice));
    }
    case 'object':
      return filled(row, place, dice);
  }
}

const childrenOf = (path: string, place: Place): Field[] =>
  fieldsOf(receiptFields, place).filter(
    (row) => row.path.startsWith(`${path}.`) && !/[.[]/.test(row.path.slice(path.length + 1)),
  );

/** An object with its required fields and some of the others. */
function filled(row: Field, place: Place, dice: Dice): Json {
  if (row.type !== 'object') return valueOf(row, place, dice) ?? null;
  const holder: Body = {};
  for (const child of childrenOf(row.path, place)) {
    if (!child.required?.includes(place) && !dice.chance(0.4)) continue;
    const value = valueOf(child, place, dice);
    if (value !== undefined) holder[child.path.slice(row.path.length + 1)] = value;
  }
  return holder;
}

/** Fields whose chance values break rules that stand between fields; they get values of their own. */
const handled = new Set([
  'items',
  'payments',
  'vats',
  'total',
  'client',
  'company',
  'correction_info',
  'cashless_payments',
  'timezone',
]);

const newRates = vatRates.filter(({ name }) => !name.endsWith('18')).map(({ name }) => name);

const markTexts: Readonly<Record<string, string>> = {
  ean8: '46198488',
  ean13: '4606203090785',
  itf14: '14601234567890',
  gs10: '0104607174577013',
  gs1m: Buffer.from('0104600000000017215abc\u001d91KF01\u001d92dGFpbA==', 'latin1').toString('base64'),
  short: '04600000000017AbCdEfG',
  fur: 'RU-430301-ABC1234567',
  egais20: 'AB123456789012345678901',
  egais30: '12345678901234',
  unknown: 'код 123',
};

interface Priced {
  item: Body;
  sumKop: number;
}

function itemOf(version: 4 | 5, place: Place, dice: Dice): Priced {
  const priceKop = dice.chance(0.05) ? dice.int(1, 4_000_000_000) : dice.int(0, 200_000);
  const micro = dice.pick([
    1_000_000,
    1_000_000,
    2_000_000,
    dice.int(1, 99) * 1_000_000,
    dice.int(1, 5_000_000),
    dice.int(1, 9999) * 1000,
  ]);
  const sumKop = itemCostKop(priceKop, micro);
  const item: Body = {
    name: text(dice, 1, 128),
    price: priceKop / 100,
    quantity: micro / 1_000_000,
    sum: dice.chance(0.05) ? null : sumKop / 100,
    payment_method: dice.pick([
      'full_prepayment',
      'prepayment',
      'advance',
      'full_payment',
      'partial_payment',
      'credit',
      'credit_payment',
    ]),
    payment_object:
      version === 4
        ? dice.pick(['commodity', 'service', 'job', 'payment', 'excise', 'another'])
        : dice.pick([1, 2, 3, 4, 10, 13, 26, 27]),
    vat: { type: dice.pick(newRates) },
    ...(version === 5 && { measure: dice.pick([0, 0, 11, 41, 255]) }),
  };
  for (const row of childrenOf('items[]', place)) {
    const name = row.path.slice('items[].'.length);
    if (name in item || name === 'mark_code' || !dice.chance(0.12)) continue;
    const value = valueOf(row, place, dice);
    if (value !== undefined) item[name] = value;
  }
  if (item['agent_info'] && !item['supplier_info'])
    item['supplier_info'] = { phones: ['+79261234567'], name: 'Поставщик', inn: '7704358518' };
  if (version === 5 && dice.chance(0.2)) {
    const kind = dice.pick(Object.keys(markTexts));
    item['mark_code'] = { [kind]: markTexts[kind] ?? '' };
    item['payment_object'] = dice.pick([1, 31, 33]);
    item['mark_processing_mode'] = '0';
    if (item['measure'] === 0) {
      item['quantity'] = 1;
      item['sum'] = priceKop / 100;
      return { item, sumKop: priceKop };
    }
  } else {
    delete item['mark_quantity'];
    delete item['wholesale'];
  }
  return { item, sumKop };
}

function paymentsOf(totalKop: number, dice: Dice): Json {
  const parts = dice.int(1, 3);
  let left = totalKop;
  return Array.from({ length: parts }, (_, index) => {
    const sumKop = index === parts - 1 ? left : dice.int(0, left);
    left -= sumKop;
    return { type: dice.pick([0, 1, 1, 1, 2, 3, 4, 5]), sum: sumKop / 100 };
  });
}

let lastId = 0;

/** A body that keeps the protocol's rules as far as they can be kept by chance: most are accepted. */
export function goodSample(dice: Dice): Sample {
  const version = dice.pick([4, 5] as const);
  const isCorrection = dice.chance(0.2);
  const place: Place = `${isCorrection ? 'c' : 'r'}${version}`;
  const document: Body = {
    company: {
      email: 'kassa@shop.example',
      sno: dice.pick(['osn', 'usn_income']),
      inn: shopInn,
      payment_address: dice.pick([shopPlace, 'Москва, киоск № 5']),
    },
    client: dice.pick<Json>([
      { email: 'buyer@example.com' },
      { phone: '+79261234567' },
      filled({ path: 'client', type: 'object', in: [place], ru: '', en: '' }, place, dice),
    ]),
  };
  const client = document['client'] as Body;
  if (!client['email'] && !client['phone']) client['email'] = 'buyer@example.com';
  if (place !== 'c4') {
    const items = Array.from({ length: dice.chance(0.03) ? dice.int(50, 100) : dice.int(1, 4) }, () =>
      itemOf(version, place, dice),
    );
    const totalKop = items.reduce((sum, { sumKop }) => sum + sumKop, 0);
    document['items'] = items.map(({ item }) => item);
    document['payments'] = paymentsOf(totalKop, dice);
    document['total'] = (dice.chance(0.05) ? totalKop - (totalKop % 100) : totalKop) / 100;
    if (dice.chance(0.1)) document['vats'] = [{ type: dice.pick(newRates), sum: 0 }];
  } else {
    document['payments'] = paymentsOf(dice.int(1, 1_000_000), dice);
    document['vats'] = [{ type: dice.pick(newRates), sum: 0 }];
  }
  if (isCorrection)
    document['correction_info'] = {
      type: dice.pick(['self', 'instruction']),
      base_date: '13.03.2026',
      base_number: String(dice.int(1, 999)),
    };
  for (const row of fieldsOf(receiptFields, place)) {
    if (/[.[]/.test(row.path) || handled.has(row.path) || !dice.chance(0.15)) continue;
    const value = valueOf(row, place, dice);
    if (value !== undefined) document[row.path] = value;
  }
  if (document['agent_info'] && !document['supplier_info'])
    document['supplier_info'] = { phones: ['+79261234567'], name: 'Поставщик', inn: '7704358518' };
  if (version === 5 && dice.chance(0.1)) document['timezone'] = dice.int(1, 11);
  const words = isCorrection
    ? version === 4
      ? ['sell_correction', 'buy_correction']
      : ['sell_correction', 'buy_correction', 'sell_refund_correction', 'buy_refund_correction']
    : ['sell', 'sell_refund', 'buy', 'buy_refund'];
  return {
    version,
    group: `g${version}`,
    operation: dice.pick(words),
    body: {
      timestamp: '23.11.2026 12:00:00',
      external_id: `fuzz-${++lastId}`,
      ...(dice.chance(0.1) && {
        service: { callback_url: dice.pick(['https://shop.example/cb', 'no address', '']) },
      }),
      ...(version === 5 && dice.chance(0.2) && { ism_optional: dice.chance(0.5) }),
      [isCorrection ? 'correction' : 'receipt']: document,
    },
  };
}
