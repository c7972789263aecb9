import {
  contentProblems,
  encodeTlv,
  receiptDocumentFields,
  receiptRequisites,
  type RegisterFacts,
} from '@kkt/ffd';
import fc from 'fast-check';
import { acceptReceipt } from './accept-receipt';
import type { DraftItem, ReceiptDraft } from './draft';
import type { GroupFacts } from './group-facts';
import type { RefusalRule } from './refusal';
import { vatRateByName } from './vat';

const today = '2026-11-23';
const facts105: GroupFacts = {
  inn: '5544332219',
  ffd: 2,
  taxSystems: 1 | 2,
  defaultTaxSystem: 1,
  place: 'https://shop.example',
  address: 'Москва',
  senderEmail: 'kassa@shop.example',
};
const facts12: GroupFacts = { ...facts105, ffd: 4 };

const rate = (name: string) => {
  const found = vatRateByName(name);
  if (!found) throw new Error(name);
  return found;
};

const item = (changes: Partial<DraftItem> = {}): DraftItem => ({
  name: 'Чай',
  priceKop: 10_050,
  quantityMicro: 2_000_000,
  sumKop: 20_100,
  method: 4,
  subject: 1,
  vatRate: rate('vat22'),
  ...changes,
});

const draft = (changes: Partial<ReceiptDraft> = {}): ReceiptDraft => ({
  form: 'receipt',
  sign: 1,
  company: { inn: '5544332219', place: 'https://shop.example' },
  client: { email: 'buyer@example.com' },
  items: [item()],
  payments: [{ kind: 'ecashKop', sumKop: 20_100 }],
  vatTotals: [],
  statedTotalKop: 20_100,
  ...changes,
});

const accepted = (one: ReceiptDraft, facts = facts105) => {
  const decision = acceptReceipt(one, facts, today);
  if (!decision.ok) throw new Error(JSON.stringify(decision.refused));
  return decision.content;
};

const refusedFor = (one: ReceiptDraft, facts = facts105): [RefusalRule, string, number][] => {
  const decision = acceptReceipt(one, facts, today);
  return decision.ok ? [] : decision.refused.map(({ rule, path, ffdTag }) => [rule, path, ffdTag]);
};

const mark = { kind: 'gs1m', code: '010460043993125621JgXJ5.T\u001d8005112000\u001d93abcd' } as const;
const correction = { type: 0, date: '2026-11-01' } as const;
const supplier = { inn: '7704358518', name: 'Поставщик', phones: ['+74951234567'] };

describe('a plain sale', () => {
  it('gets its sums, its VAT and the registration of the group', () => {
    expect(accepted(draft({ client: { phone: '+79261234567' } }))).toMatchObject({
      company: { inn: '5544332219', taxSystem: 1, email: 'kassa@shop.example', address: 'Москва' },
      items: [{ sumKop: 20_100, vat: 11, vatSumKop: 3_625 }],
      payments: { cashKop: 0, ecashKop: 20_100, prepaidKop: 0, creditKop: 0, provisionKop: 0 },
      vatTotals: { 11: 3_625 },
      totalKop: 20_100,
    });
  });

  it('is not changed by being judged', () => {
    const one = draft();
    const before = JSON.stringify(one);
    acceptReceipt(one, facts105, today);
    expect(JSON.stringify(one)).toBe(before);
  });

  it('takes a sum left out from price and quantity, and a payment left out from the total', () => {
    const content = accepted(
      draft({
        items: [item({ sumKop: undefined, quantityMicro: 333_000 })],
        payments: [{ kind: 'cashKop', sumKop: 1_000 }, { kind: 'cashKop' }],
        statedTotalKop: undefined,
      }),
    );
    expect(content.items[0]?.sumKop).toBe(3_347);
    expect(content.payments).toMatchObject({ cashKop: 1_000, ecashKop: 2_347 });
  });

  it('gives change from cash only: the cash requisite is net of it', () => {
    const content = accepted(
      draft({
        payments: [
          { kind: 'cashKop', sumKop: 50_000 },
          { kind: 'prepaidKop', sumKop: 100 },
        ],
      }),
    );
    expect(content.payments).toMatchObject({ cashKop: 20_000, prepaidKop: 100 });
  });

  it('takes the items as its total when the stated one is less than a rouble away', () => {
    for (const statedTotalKop of [20_001, 20_199])
      expect(accepted(draft({ statedTotalKop })).totalKop).toBe(20_100);
  });

  it('makes typographic texts plain and leaves out pictures', () => {
    const content = accepted(
      draft({
        items: [item({ name: '🎁 Чай «Улун» — 100 ₽…', userData: '🎁' })],
        cashier: { name: 'Ёлкина А. — ст. кассир' },
      }),
    );
    expect(content.items[0]?.name).toBe('Чай "Улун" - 100 руб...');
    expect(content.items[0]?.userData).toBeUndefined();
    expect(content.cashier?.name).toBe('Ёлкина А. - ст. кассир');
  });

  it('registers an item without any rate as without VAT', () => {
    expect(accepted(draft({ items: [item({ vatRate: undefined })] }))).toMatchObject({
      items: [{ vat: 6 }],
      vatTotals: { 6: 20_100 },
    });
  });

  it('counts only the VAT of the receipt when both are given', () => {
    const content = accepted(
      draft({ items: [item({ vatSumKop: 1 })], vatTotals: [{ rate: rate('vat22'), sumKop: 3_624 }] }),
    );
    expect(content.vatTotals).toEqual({ 11: 3_624 });
    expect(content.items[0]).toMatchObject({ vat: 11, vatSumKop: undefined });
  });

  it('lets an agent of the whole receipt act for its items by FFD 1.2', () => {
    const content = accepted(draft({ agent: { kind: 64 }, supplier }), facts12);
    expect(content.agent).toBeUndefined();
    expect(content.items[0]).toMatchObject({ agent: { kind: 64 }, supplier: { inn: '7704358518' } });
    expect(accepted(draft({ agent: { kind: 64 }, supplier })).agent).toEqual({ kind: 64 });
  });
});

describe('corrections', () => {
  const sums = draft({
    form: 'correction',
    items: [],
    correction,
    client: undefined,
    statedTotalKop: undefined,
    payments: [{ kind: 'cashKop', sumKop: 10_000 }],
    vatTotals: [{ rate: rate('none'), sumKop: 0 }],
  });

  it('by FFD 1.05 are sums: the total is what was paid, turnover without VAT is the total', () => {
    expect(accepted(sums)).toMatchObject({ items: [], totalKop: 10_000, vatTotals: { 6: 10_000 } });
    expect(accepted({ ...sums, vatTotals: [{ rate: rate('vat20') }] }).vatTotals).toEqual({ 1: 1_667 });
  });

  it('may carry rates that have ended, as refunds may', () => {
    expect(accepted({ ...sums, vatTotals: [{ rate: rate('vat18') }] }).vatTotals).toEqual({ 1: 1_525 });
    expect(accepted(draft({ sign: 2, items: [item({ vatRate: rate('vat18') })] })).items[0]).toMatchObject({
      vat: 1,
      vatSumKop: 3_066,
    });
  });

  it.each<[string, Partial<ReceiptDraft>, GroupFacts, RefusalRule, string]>([
    ['without a basis', { correction: undefined }, facts105, 'CorrectionRequired', 'correction_info'],
    [
      'by order without its number',
      { correction: { ...correction, type: 1 } },
      facts105,
      'CorrectionNumberRequired',
      'correction_info.base_number',
    ],
    [
      'of the future',
      { correction: { ...correction, date: '2026-11-24' } },
      facts105,
      'CorrectionDateInFuture',
      'correction_info.base_date',
    ],
    ['of a return by FFD 1.05', { sign: 2 }, facts105, 'CorrectionSign', ''],
    ['without items by FFD 1.2', {}, facts12, 'ItemsRequired', 'items'],
    ['for the Internet without a contact', { internet: true }, facts105, 'ContactRequired', 'client'],
  ])('%s are refused', (_, changes, facts, rule, path) => {
    expect(refusedFor({ ...sums, ...changes }, facts).map(([name, at]) => [name, at])).toContainEqual([
      rule,
      path,
    ]);
  });
});

describe('refusals', () => {
  const fullFacts: GroupFacts = { ...facts105, taxSystems: 1 | 2, defaultTaxSystem: null };

  it.each<[string, Partial<ReceiptDraft>, GroupFacts, RefusalRule, string, number]>([
    [
      'a foreign INN',
      { company: { inn: '7704358518', place: 'p' } },
      facts105,
      'InnOfAnotherTaxpayer',
      'company.inn',
      1018,
    ],
    [
      'a tax system not registered',
      { company: { inn: facts105.inn, place: 'p', taxSystem: 32 } },
      facts105,
      'TaxSystemNotRegistered',
      'company.sno',
      1055,
    ],
    ['no tax system where there are several', {}, fullFacts, 'TaxSystemRequired', 'company.sno', 1055],
    [
      'a buyer’s INN that cannot exist',
      { client: { email: 'a@b.ru', inn: '7704358519' } },
      facts105,
      'InnChecksum',
      'client.inn',
      1228,
    ],
    [
      'a cashier’s INN that cannot exist',
      { cashier: { inn: '123456789012' } },
      facts105,
      'InnChecksum',
      'cashier_inn',
      1203,
    ],
    ['no contact', { client: { name: 'Иван' } }, facts105, 'ContactRequired', 'client', 1008],
    [
      'no buyer for the Internet',
      { client: undefined, internet: true },
      facts105,
      'ContactRequired',
      'client',
      1008,
    ],
    [
      'a contact with a line in it',
      { client: { email: 'a@b.ru\r\nbcc: c@d.ru' } },
      facts105,
      'ContactNotSafe',
      'client.email',
      1008,
    ],
    ['no items', { items: [], statedTotalKop: 0, payments: [] }, facts105, 'ItemsRequired', 'items', 1059],
    [
      '101 items',
      { items: Array.from({ length: 101 }, () => item()) },
      facts105,
      'TooManyItems',
      'items',
      1059,
    ],
    [
      'a name nobody can print',
      { items: [item({ name: '🎁🎁' })] },
      facts105,
      'TextNotPrintable',
      'items[0].name',
      1030,
    ],
    [
      'a sum that is not price by quantity',
      { items: [item({ sumKop: 20_101 })] },
      facts105,
      'ItemSumMismatch',
      'items[0].sum',
      1043,
    ],
    ['a total a rouble off', { statedTotalKop: 20_200 }, facts105, 'TotalMismatch', 'total', 1020],
    [
      'more than the total without cash',
      { payments: [{ kind: 'ecashKop', sumKop: 20_101 }] },
      facts105,
      'CashlessAboveTotal',
      'payments',
      1081,
    ],
    [
      'less than the total',
      { payments: [{ kind: 'cashKop', sumKop: 20_099 }] },
      facts105,
      'NotFullyPaid',
      'payments',
      1031,
    ],
    [
      'details of more cashless than was paid so',
      { cashless: [{ sumKop: 20_101, method: 1, id: 'x' }] },
      facts105,
      'CashlessListMismatch',
      'cashless_payments',
      1235,
    ],
    [
      'a rate that has ended',
      { items: [item({ vatRate: rate('vat18') })] },
      facts105,
      'VatRateNotInForce',
      'items[0].vat.type',
      1199,
    ],
    [
      'an ended rate of the receipt',
      { vatTotals: [{ rate: rate('vat118') }] },
      facts105,
      'VatRateNotInForce',
      'vats[0].type',
      1199,
    ],
    [
      'VAT that is not of its rate',
      { items: [item({ vatSumKop: 3_700 })] },
      facts105,
      'VatSumMismatch',
      'items[0].vat.sum',
      1200,
    ],
    [
      'VAT above the total',
      { vatTotals: [{ rate: rate('vat22'), sumKop: 20_100 }] },
      facts105,
      'VatSumMismatch',
      'vats[0].sum',
      1199,
    ],
    [
      'several rates without sums',
      { vatTotals: [{ rate: rate('vat22') }, { rate: rate('none') }] },
      facts105,
      'VatSumRequired',
      'vats[0].sum',
      1199,
    ],
    [
      'an agent without a supplier',
      { items: [item({ agent: { kind: 64 } })] },
      facts105,
      'SupplierRequired',
      'items[0].supplier_info',
      1224,
    ],
    [
      'an agent of the receipt without a supplier',
      { agent: { kind: 64 } },
      facts105,
      'SupplierRequired',
      'supplier_info',
      1224,
    ],
    [
      'a payment agent with a bare supplier by FFD 1.2',
      { items: [item({ agent: { kind: 4 }, supplier: { inn: '7704358518' } })] },
      facts12,
      'SupplierIncomplete',
      'items[0].supplier_info',
      1224,
    ],
    [
      'a supplier’s INN that cannot exist',
      { items: [item({ supplier: { inn: '7704358510' } })] },
      facts105,
      'InnChecksum',
      'items[0].supplier_info.inn',
      1226,
    ],
    [
      'an operator’s INN that cannot exist',
      { items: [item({ supplier, agent: { kind: 64, transfer: { inn: '7704358510' } } })] },
      facts105,
      'InnChecksum',
      'items[0].agent_info.money_transfer_operator.inn',
      1016,
    ],
    [
      'goods with a code but no code',
      { items: [item({ subject: 33 })] },
      facts12,
      'MarkRequired',
      'items[0].mark_code',
      1163,
    ],
    [
      'goods without a code but a code',
      { items: [item({ subject: 32, mark, quantityMicro: 1_000_000, sumKop: 10_050 })] },
      facts12,
      'MarkNotAllowed',
      'items[0].mark_code',
      1163,
    ],
    [
      'two pieces with one code',
      { items: [item({ subject: 33, mark })] },
      facts12,
      'MarkQuantity',
      'items[0].quantity',
      1023,
    ],
    [
      'a fraction without a code',
      { items: [item({ markQuantity: { numerator: 1, denominator: 2 } })] },
      facts12,
      'MarkRequired',
      'items[0].mark_code',
      1163,
    ],
    [
      'a fraction that is none',
      {
        items: [
          item({
            subject: 33,
            mark,
            quantityMicro: 1_000_000,
            sumKop: 10_050,
            markQuantity: { numerator: 2, denominator: 2 },
          }),
        ],
      },
      facts12,
      'MarkFraction',
      'items[0].mark_quantity',
      1291,
    ],
    [
      'wholesale without its requisites',
      { items: [item({ wholesale: true })] },
      facts12,
      'WholesaleIncomplete',
      'items[0]',
      1163,
    ],
    [
      'a subject of FFD 1.2 by FFD 1.05',
      { items: [item({ subject: 33 })] },
      facts105,
      'SubjectNotInFormat',
      'items[0].payment_object',
      1212,
    ],
    [
      'an item that does not fit',
      {
        items: [
          item({
            supplier: {
              inn: '7704358518',
              name: 'п'.repeat(256),
              phones: Array.from({ length: 20 }, () => '+7495123456789012'),
            },
          }),
        ],
      },
      facts105,
      'TooLong',
      'items[0].supplier_info',
      1224,
    ],
    [
      'a user requisite that does not fit',
      { userProps: { name: 'и'.repeat(64), value: 'з'.repeat(256) } },
      facts105,
      'TooLong',
      'additional_user_props',
      1084,
    ],
    [
      'a code that is not of its kind',
      {
        items: [
          item({
            subject: 33,
            mark: { kind: 'gs1m', code: 'abc' },
            quantityMicro: 1_000_000,
            sumKop: 10_050,
          }),
        ],
        statedTotalKop: 10_050,
        payments: [{ kind: 'cashKop', sumKop: 10_050 }],
      },
      facts12,
      'FormatNotAllowed',
      'items[0].mark_code',
      1163,
    ],
  ])('%s', (_, changes, facts, rule, path, tag) => {
    expect(refusedFor(draft(changes), facts)).toContainEqual([rule, path, tag]);
  });

  it('come all at once', () => {
    const rules = refusedFor(
      draft({ company: { inn: '7704358518', place: 'p', taxSystem: 32 }, statedTotalKop: 1, client: {} }),
    ).map(([rule]) => rule);
    expect(rules).toEqual(
      expect.arrayContaining([
        'InnOfAnotherTaxpayer',
        'TaxSystemNotRegistered',
        'TotalMismatch',
        'ContactRequired',
      ]),
    );
  });

  it('never name the buyer', () => {
    const decision = acceptReceipt(
      draft({ client: { email: 'secret buyer@example.com', inn: '7704358519' } }),
      facts105,
      today,
    );
    expect(decision.ok ? '' : JSON.stringify(decision.refused)).not.toContain('example.com');
  });
});

describe('marks that are right', () => {
  it.each<[string, Partial<DraftItem>]>([
    ['one piece', { quantityMicro: 1_000_000, sumKop: 10_050 }],
    ['a measure of goods', { measure: 41, quantityMicro: 500_000, sumKop: 5_025 }],
    [
      'a part of a piece',
      { quantityMicro: 1_000_000, sumKop: 10_050, markQuantity: { numerator: 1, denominator: 2 } },
    ],
    [
      'wholesale',
      {
        wholesale: true,
        sectoral: [{ federalId: '030', date: '2023-11-21', number: '1944', value: 'crpt=mrk' }],
      },
    ],
  ])('%s', (_, changes) => {
    const one = item({ subject: 33, mark, ...changes });
    const sum = one.sumKop ?? 0;
    expect(
      refusedFor(
        draft({ items: [one], statedTotalKop: sum, payments: [{ kind: 'cashKop', sumKop: sum }] }),
        facts12,
      ),
    ).toEqual([]);
  });
});

describe('what was accepted', () => {
  const register = (ffd: 2 | 4): RegisterFacts => ({
    ffd,
    inn: '5544332219',
    rnm: '0000000000055870',
    place: 'https://shop.example',
    address: 'Москва',
    fnsSite: 'www.nalog.gov.ru',
    ofdInn: '7709364346',
  });
  const fnFacts = {
    fnNumber: '9999078900005488',
    fdNumber: 35,
    at: '2026-11-24T00:30:00',
    fiscalSign: 1,
    shiftNumber: 12,
    receiptNumber: 3,
  };
  const phone = fc.constantFrom('+74951234567', '88001234567');
  const anyText = (maxLength: number) =>
    fc.string({
      unit: fc.constantFrom('а', 'Я', 'z', '9', ' ', '«', '—', '₽', '🎁', 'é'),
      minLength: 1,
      maxLength,
    });
  const anyItem: fc.Arbitrary<DraftItem> = fc.record(
    {
      name: anyText(128),
      priceKop: fc.integer({ min: 0, max: 99_999_999 }),
      quantityMicro: fc.integer({ min: 1, max: 5_000_000 }),
      method: fc.integer({ min: 1, max: 7 }),
      subject: fc.integer({ min: 1, max: 27 }),
      vatRate: fc.constantFrom(rate('none'), rate('vat22'), rate('vat10'), rate('vat5')),
      userData: anyText(64),
      supplier: fc.record({
        inn: fc.constant('7704358518'),
        name: anyText(256),
        phones: fc.array(phone, { maxLength: 3 }),
      }),
      agent: fc.record({
        kind: fc.constant(64 as const),
        operation: anyText(24),
        payingPhones: fc.array(phone, { maxLength: 20 }),
      }),
    },
    { requiredKeys: ['name', 'priceKop', 'quantityMicro', 'method', 'subject'] },
  );

  it.each([2, 4] as const)('can always be composed by FFD code %p and fits into its limits', (ffd) => {
    let composed = 0;
    fc.assert(
      fc.property(fc.array(anyItem, { minLength: 1, maxLength: 100 }), anyText(16), (items, checkProps) => {
        const decision = acceptReceipt(
          draft({ items, payments: [{ kind: 'ecashKop' }], statedTotalKop: undefined, checkProps }),
          ffd === 2 ? facts105 : facts12,
          today,
        );
        if (!decision.ok) return;
        composed++;
        expect(contentProblems(decision.content, ffd)).toEqual([]);
        const requisites = receiptRequisites(decision.content, register(ffd));
        const fields = receiptDocumentFields(requisites, register(ffd), fnFacts);
        expect(encodeTlv(fields).length).toBeLessThanOrEqual(32_768);
        for (const node of fields)
          if (node.tag === 1059) expect(encodeTlv([node]).length - 4).toBeLessThanOrEqual(1_024);
      }),
      { numRuns: 150 },
    );
    expect(composed).toBeGreaterThan(20);
  });
});
