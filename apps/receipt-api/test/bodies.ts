/** INN of the test groups, and another that can exist. */
export const inn = '5544332219';
export const otherInn = '7704358518';

type Json = Record<string, unknown>;

let lastId = 0;
/** An external id nobody used. */
export const freshId = (): string => `order-${++lastId}`;

const company = { email: 'kassa@shop.example', sno: 'osn', inn, payment_address: 'https://shop.example' };
const envelope = (externalId: string) => ({ timestamp: '23.11.2026 12:00:00', external_id: externalId });

const item4 = {
  name: 'Чай «Улун» — 100 г',
  price: 100.5,
  quantity: 2,
  sum: 201,
  measurement_unit: 'шт',
  payment_method: 'full_payment',
  payment_object: 'commodity',
  vat: { type: 'vat22', sum: 36.25 },
};

const item5 = {
  name: 'Чай',
  price: 100.5,
  quantity: 2,
  sum: 201,
  measure: 0,
  payment_method: 'full_payment',
  payment_object: 1,
  vat: { type: 'vat22' },
};

const paid = { payments: [{ type: 1, sum: 201 }], total: 201 };
const correction_info = { type: 'self', base_date: '13.03.2026', base_number: '1' };

/** A plain sale of version 4. `changes` go into its `receipt`. */
export const sale4 = (changes: Json = {}, externalId: string = freshId()): Json => ({
  ...envelope(externalId),
  receipt: {
    client: { email: 'buyer@example.com' },
    company: { ...company },
    items: [structuredClone(item4)],
    ...structuredClone(paid),
    ...changes,
  },
});

/** A plain sale of version 5. */
export const sale5 = (changes: Json = {}, externalId: string = freshId()): Json => ({
  ...envelope(externalId),
  receipt: {
    client: { email: 'buyer@example.com' },
    company: { ...company },
    items: [structuredClone(item5)],
    ...structuredClone(paid),
    ...changes,
  },
});

/** A correction of version 4: sums only. */
export const correction4 = (changes: Json = {}, externalId: string = freshId()): Json => ({
  ...envelope(externalId),
  correction: {
    company: { sno: 'osn', inn, payment_address: 'https://shop.example' },
    correction_info: { ...correction_info },
    payments: [{ type: 1, sum: 100 }],
    vats: [{ type: 'none', sum: 0 }],
    ...changes,
  },
});

/** A correction of version 5: a whole receipt. */
export const correction5 = (changes: Json = {}, externalId: string = freshId()): Json => ({
  ...envelope(externalId),
  correction: {
    company: { ...company },
    correction_info: { ...correction_info },
    items: [structuredClone(item5)],
    ...structuredClone(paid),
    ...changes,
  },
});
