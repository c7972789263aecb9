import type { FfdVersion, ReceiptContent } from '@kkt/contracts';
import { checkDocument } from '../document/check';
import { buildDocument } from '../document/build';
import { parseDocument } from '../document/parse';
import { sampleContent, sampleFacts, sampleRegister } from '../golden/sample-content';
import { TAG } from '../tags/tag-numbers';
import { allOf, childrenOf, findNode, numberOf, textOf, type TlvNode } from '../tlv/node';
import { contentProblems } from './content-problems';
import { receiptDocumentFields } from './receipt-document';
import { measureByUnit, receiptRequisites } from './receipt-requisites';
import { textProblems } from './text-problems';
import { readVatTotals, vatTotalNodes, vatTotalsOfItems } from './vat-totals';

const [coffee, delivery] = sampleContent().items as [ReceiptContent['items'][0], ReceiptContent['items'][0]];
const one = (changes: Partial<ReceiptContent['items'][0]>, rest: Partial<ReceiptContent> = {}) =>
  sampleContent({ items: [{ ...coffee, ...changes }, delivery], ...rest });
const tags = (nodes: readonly TlvNode[]) => nodes.map((node) => node.tag);
const requisites = (content: ReceiptContent, ffd: FfdVersion) =>
  receiptRequisites(content, sampleRegister({ ffd }));
const documentOf = (content: ReceiptContent, ffd: FfdVersion) => {
  const register = sampleRegister({ ffd });
  const told = receiptRequisites(content, register);
  return buildDocument(told.form, receiptDocumentFields(told, register, sampleFacts()));
};

const agent = {
  kind: 64 as const,
  operation: 'Приём платежа',
  payingPhones: ['+79001112233', '+79001112244'],
  receivePhones: ['+79002223344'],
  transfer: { phones: ['+79003334455'], name: 'Оператор', address: 'Москва', inn: '7702203276' },
};
const supplier = { phones: ['+79005556677'], name: 'ООО «Поставщик»', inn: '7704358518' };

const everything = (): ReceiptContent =>
  one(
    {
      agent,
      supplier,
      userData: 'партия 12',
      exciseKop: 100,
      countryCode: '643',
      declaration: '10702030/250714/0000001',
      mark: { kind: 'gs1m', code: '010460043993125621JgXJ5.T\u001d91EE06\u001d92xx' },
      markMode: 0,
      plannedStatus: 1,
      subject: 1,
      sectoral: [{ federalId: '030', date: '2023-11-21', number: '1944', value: 'UUID=1&Time=2' }],
    },
    {
      checkProps: 'доп',
      userProps: { name: 'Заказ', value: '№ 17' },
      operatingProps: { id: 0, value: 'данные', at: '2026-03-01T10:00:00' },
      sectoral: [{ federalId: '001', date: '2024-01-02', number: '7', value: 'x' }],
      machineNumber: 'A-1',
      internet: true,
      timezone: 2,
      cashless: [{ sumKop: 44985, method: 1, id: 'tx-1', info: 'СБП' }],
      client: {
        email: 'buyer@example.com',
        phone: '+79000000000',
        name: 'Иванов',
        inn: '504404744207',
        birthdate: '01.02.1990',
        citizenship: '643',
        documentCode: '21',
        documentData: '4500 123456',
        address: 'Москва',
      },
    },
  );

describe('what the device is told', () => {
  it('is the receipt part first, then items, payments and totals', () => {
    const told = requisites(sampleContent(), 4);
    expect(told).toMatchObject({ form: 3, sign: 1, totalKop: 44985, omitted: [] });
    expect(tags(told.receipt)).toEqual([1055, 1021, 1203, 1008, 1256, 1117, 1187]);
    expect(told.payments).toEqual([
      { tag: 1031, sumKop: 0 },
      { tag: 1081, sumKop: 44985 },
      { tag: 1215, sumKop: 0 },
      { tag: 1216, sumKop: 0 },
      { tag: 1217, sumKop: 0 },
    ]);
    expect(told.items[0]!.position).toEqual({
      name: 'Кофе "Арабика" - зерно',
      priceKop: 9990,
      quantityMicro: 1_500_000,
      sumKop: 14985,
      vat: 11,
      subject: 1,
      method: 4,
    });
    expect(told.vatTotals).toEqual([
      { tag: 1105, value: 30000 },
      {
        tag: 1115,
        value: [
          {
            tag: 1119,
            value: [
              { tag: 1199, value: 11 },
              { tag: 1120, value: 2702 },
            ],
          },
        ],
      },
    ]);
  });

  it('in FFD 1.2 has the buyer in 1256, the measure in 2108, the code in 1163', () => {
    const told = requisites(everything(), 4);
    expect(tags(childrenOf(told.receipt, TAG.buyerInformation)!)).toEqual([
      1227, 1228, 1243, 1244, 1245, 1246, 1254,
    ]);
    expect(tags(told.receipt)).toEqual([
      1055, 1021, 1203, 1008, 1256, 1117, 1187, 1036, 1125, 1192, 1084, 1261, 1270, 1011, 1234,
    ]);
    const [item] = told.items;
    expect(tags(item!.attributes)).toEqual([
      1163, 2102, 1222, 1223, 1224, 1226, 2108, 1229, 1230, 1231, 1260, 1191,
    ]);
    expect(childrenOf(item!.attributes, TAG.productCodes)).toEqual([
      { tag: 1305, value: '010460043993125621JgXJ5.T' },
    ]);
    expect(item!.markingCode).toContain('\u001d91EE06');
    expect(item!.plannedStatus).toBe(1);
    expect(childrenOf(item!.attributes, TAG.itemIndustry)).toEqual([
      { tag: 1262, value: '030' },
      { tag: 1263, value: '21.11.2023' },
      { tag: 1264, value: '1944' },
      { tag: 1265, value: 'UUID=1&Time=2' },
    ]);
    expect(allOf(childrenOf(item!.attributes, TAG.agentData)!, TAG.payingAgentPhone)).toHaveLength(2);
    expect(told.omitted).toEqual([]);
  });

  it('in FFD 1.05 has the buyer beside, the unit in words, the code in 1162, and says what it left out', () => {
    const told = requisites(everything(), 2);
    expect(tags(told.receipt)).toEqual([
      1055, 1021, 1203, 1008, 1227, 1228, 1117, 1187, 1036, 1125, 1192, 1084, 1234,
    ]);
    const [item] = told.items;
    expect(tags(item!.attributes)).toEqual([1162, 1222, 1223, 1224, 1226, 1197, 1229, 1230, 1231, 1191]);
    expect(textOf(item!.attributes, TAG.unit)).toBe('кг');
    expect(item!.markingCode).toBeUndefined();
    expect(told.omitted).toEqual([1011, 1243, 1244, 1245, 1246, 1254, 1260, 1261, 1270, 2003, 2102]);
  });

  it('keeps the agent of the receipt in 1057 before FFD 1.2 and gives it to every item in FFD 1.2', () => {
    const content = sampleContent({ agent, supplier });
    for (const ffd of [2, 3] as const) {
      const told = requisites(content, ffd);
      expect(numberOf(told.receipt, TAG.agentKind)).toBe(64);
      expect(textOf(told.receipt, TAG.transferOperatorInn)).toBe('7702203276');
      expect(textOf(told.receipt, TAG.supplierPhone)).toBe('+79005556677');
      expect(findNode(told.items[0]!.attributes, TAG.itemAgentKind)).toBeUndefined();
    }
    const modern = requisites(content, 4);
    expect(findNode(modern.receipt, TAG.agentKind)).toBeUndefined();
    for (const item of modern.items) {
      expect(numberOf(item.attributes, TAG.itemAgentKind)).toBe(64);
      expect(textOf(item.attributes, TAG.supplierInn)).toBe('7704358518');
    }
  });

  it('tells the place only when it is not the register’s', () => {
    const place = sampleRegister().place;
    const told = requisites(sampleContent({ company: { inn: '7704358518', place } }), 4);
    expect(findNode(told.receipt, TAG.place)).toBeUndefined();
  });

  it('prefers the e-mail to the phone, as operators write to one only', () => {
    const both = sampleContent({ client: { email: 'a@b.ru', phone: '+79000000000' } });
    expect(textOf(requisites(both, 4).receipt, TAG.buyerContact)).toBe('a@b.ru');
    const phone = sampleContent({ client: { phone: '+79000000000' } });
    expect(textOf(requisites(phone, 4).receipt, TAG.buyerContact)).toBe('+79000000000');
  });

  it('takes 1162 given in hex as it is', () => {
    const told = requisites(one({ nomenclatureHex: '444d00000096b43f31' }), 2);
    expect(findNode(told.items[0]!.attributes, TAG.productCode)?.value).toEqual(
      Buffer.from('444d00000096b43f31', 'hex'),
    );
  });

  it('for a correction begins with its basis; by FFD 1.05 it has sums only', () => {
    const correction = { type: 1 as const, date: '2026-01-15', number: 'ФНС-7' };
    const content = sampleContent({ form: 'correction', correction });
    const told = requisites(content, 4);
    expect(told.form).toBe(31);
    expect(told.receipt.slice(0, 2)).toEqual([
      { tag: 1173, value: 1 },
      {
        tag: 1174,
        value: [
          { tag: 1178, value: '2026-01-15' },
          { tag: 1179, value: 'ФНС-7' },
        ],
      },
    ]);
    const early = requisites(content, 2);
    expect(early.items).toEqual([]);
    expect(early.omitted).toContain(TAG.item);
    expect(early.vatTotals).toHaveLength(2);
  });

  it.each([
    ['кг', 11],
    ['Шт.', 0],
    ['л', 41],
    ['коробка', 255],
    [undefined, 0],
    ['', 0],
  ])('takes the unit %j for measure %d', (unit, measure) => expect(measureByUnit(unit)).toBe(measure));

  it.each<[string, FfdVersion, ReceiptContent]>([
    ['everything, FFD 1.2', 4, everything()],
    ['everything, FFD 1.1', 3, everything()],
    ['everything, FFD 1.05', 2, everything()],
    ['agent of the receipt, FFD 1.05', 2, sampleContent({ agent, supplier })],
    ['agent of the receipt, FFD 1.2', 4, sampleContent({ agent, supplier })],
    ['fraction of a pack', 4, one({ markQuantity: { numerator: 1, denominator: 20 } })],
    [
      'correction, FFD 1.2',
      4,
      sampleContent({ form: 'correction', correction: { type: 0, date: '2026-01-15' } }),
    ],
    [
      'correction, FFD 1.05',
      2,
      sampleContent({ form: 'correction', correction: { type: 0, date: '2026-01-15' }, items: [] }),
    ],
  ])('makes a document the format allows: %s', (_name, ffd, content) => {
    const bytes = documentOf(content, ffd);
    expect(checkDocument(bytes, ffd)).toEqual([]);
    expect(parseDocument(bytes)).toMatchObject({
      fdNumber: 35,
      ffd,
      totalKop: 44985,
      fiscalSign: 2573726889,
    });
  });

  it('leaves the time zone and the printed fraction out of the document', () => {
    const document = parseDocument(documentOf(everything(), 4));
    expect(findNode(document.nodes, TAG.timezone)).toBeUndefined();
    const fraction = parseDocument(documentOf(one({ markQuantity: { numerator: 1, denominator: 20 } }), 4));
    expect(childrenOf(fraction.receipt!.items[0]!.nodes, TAG.markQuantity)).toEqual([
      { tag: 1293, value: 1 },
      { tag: 1294, value: 20 },
    ]);
  });
});

describe('what cannot be a document', () => {
  const correction = { type: 0 as const, date: '2026-01-15' };
  it.each<[string, number, FfdVersion, ReceiptContent]>([
    ['payments', 1020, 4, sampleContent({ totalKop: 44984 })],
    ['totalKop', 1020, 4, one({ sumKop: 15085 })],
    ['items', 1059, 4, sampleContent({ items: [] })],
    ['items', 1059, 4, sampleContent({ items: [], form: 'correction', correction })],
    ['items[0].name', 1030, 4, one({ name: ' \u00a0' })],
    ['items[0].quantityMicro', 1023, 4, one({ quantityMicro: 0 })],
    ['items[0].priceKop', 1079, 4, one({ priceKop: 1.5 })],
    ['items[0].method', 1214, 4, one({ method: 8 })],
    ['items[0].subject', 1212, 4, one({ subject: 28 })],
    ['items[0].subject', 1212, 2, one({ subject: 33 })],
    ['items[0].mark', 1163, 4, one({ mark: { kind: 'ean13', code: '1' } })],
    ['items[0].nomenclatureHex', 1162, 2, one({ nomenclatureHex: 'xx' })],
    ['items[0].markQuantity', 1291, 4, one({ markQuantity: { numerator: 2, denominator: 2 } })],
    ['client.email', 1008, 4, sampleContent({ client: { email: `${'x'.repeat(60)}@b.ru` } })],
    ['company.inn', 1018, 4, sampleContent({ company: { inn: '1', place: 'x' } })],
    ['checkProps', 1192, 4, sampleContent({ checkProps: 'x'.repeat(17) })],
    ['correction', 1174, 4, sampleContent({ form: 'correction' })],
    [
      'correction.number',
      1179,
      4,
      sampleContent({ form: 'correction', correction: { ...correction, type: 1 } }),
    ],
    [
      'correction.date',
      1178,
      4,
      sampleContent({ form: 'correction', correction: { ...correction, date: '15.01.2026' } }),
    ],
    ['sign', 1054, 2, sampleContent({ form: 'correction', correction, sign: 2 })],
    ['timezone', 1011, 4, sampleContent({ timezone: 12 })],
  ])('%s (tag %d, FFD code %d)', (path, tag, ffd, content) => {
    expect(contentProblems(content, ffd)).toContainEqual(expect.objectContaining({ path, tag }));
    expect(() => requisites(content, ffd)).toThrow(
      expect.objectContaining({ code: 'CLIENT-FFD-CONTENT' }) as unknown as Error,
    );
  });

  it('is nothing in a good receipt', () => {
    for (const ffd of [2, 3, 4] as const) expect(contentProblems(everything(), ffd)).toEqual([]);
    expect(contentProblems(sampleContent({ form: 'correction', correction, items: [] }), 2)).toEqual([]);
  });

  it('lets kopecks of the total be dropped', () => {
    const content = sampleContent({ totalKop: 44900 });
    content.payments.ecashKop = 44900;
    expect(contentProblems(content, 4)).toEqual([]);
  });
});

describe('texts', () => {
  it('that CP866 cannot hold are named with their place', () => {
    const content = one({ name: 'Чай 茶' }, { client: { name: 'José 😀' } });
    expect(textProblems(content)).toEqual([
      { path: 'client.name', tag: 1227, characters: ['😀'] },
      { path: 'items[0].name', tag: 1030, characters: ['茶'] },
    ]);
    expect(textProblems(everything())).toEqual([]);
  });
});

describe('VAT totals', () => {
  it('are read back from both places', () => {
    const totals = { 1: 10, 5: 20, 6: 30, 7: 40, 11: 50 };
    expect(readVatTotals(vatTotalNodes(totals))).toEqual(totals);
    const everythingIn1115: TlvNode[] = [
      {
        tag: 1115,
        value: [
          {
            tag: 1119,
            value: [
              { tag: 1199, value: 1 },
              { tag: 1120, value: 10 },
            ],
          },
        ],
      },
    ];
    expect(readVatTotals(everythingIn1115)).toEqual({ 1: 10 });
  });

  it('are added up from items', () => {
    expect(
      vatTotalsOfItems([
        { sumKop: 12200, vat: 11 },
        { sumKop: 12200, vat: 11, vatSumKop: 2201 },
        { sumKop: 500, vat: 6 },
        { sumKop: 700 },
      ]),
    ).toEqual({ 11: 4401, 6: 500 });
  });
});
