import * as fc from 'fast-check';
import { FarmError } from '@kkt/contracts';
import { RECEIPT_35, REGISTRATION_BODY } from '../golden/published-documents';
import { TAG } from '../tags/tag-numbers';
import { tagByNumber } from '../tags/tags';
import { decodeTlv } from '../tlv/decode';
import { encodeTlv } from '../tlv/encode';
import type { TlvNode } from '../tlv/node';
import { buildDocument, wrapDocument } from './build';
import { checkDocument } from './check';
import { rawData, splitRawData, toFnsJson } from './fns-json';
import { DOCUMENT_FORMS, formByCode, formByJson, maxDocumentLength } from './forms';
import { parseDocument } from './parse';
import { documentRules } from './rules';

describe('reading documents', () => {
  it('reads the sample receipt', () => {
    expect(parseDocument(RECEIPT_35)).toMatchObject({
      form: 3,
      ffd: 2,
      fnNumber: '9999078900005488',
      fdNumber: 35,
      fiscalSign: 2573726889,
      at: '2023-11-14T22:14:00',
      inn: '7702203276',
      rnm: '0000000005008570',
      shiftNumber: 4,
      receiptNumber: 3,
      sign: 1,
      totalKop: 14985,
      receipt: {
        payments: { cashKop: 5000, ecashKop: 9985, prepaidKop: 0, creditKop: 0, provisionKop: 0 },
        vatTotals: { 1: 2498 },
        buyerContact: 'buyer@example.com',
        taxSystem: 1,
        cashier: 'Иванова И.И.',
        items: [
          {
            name: 'Кофе зерновой',
            priceKop: 9990,
            quantityMicro: 1_500_000,
            sumKop: 14985,
            vat: 1,
            vatSumKop: 2498,
            subject: 1,
            method: 4,
          },
        ],
      },
    });
  });

  it('reads the inside of a document when told its form', () => {
    expect(parseDocument(RECEIPT_35.subarray(4), 3)).toEqual(parseDocument(RECEIPT_35));
    expect(wrapDocument(3, RECEIPT_35.subarray(4))).toEqual(RECEIPT_35);
  });

  it('reads a registration report and what follows it', () => {
    const { document, messageSign, tail } = splitRawData(REGISTRATION_BODY);
    expect(messageSign.toString('hex')).toBe('810673fca34b2872');
    expect(tail.toString('hex')).toBe('0000');
    expect(parseDocument(document)).toMatchObject({
      form: 1,
      fnNumber: '999907891234567',
      fdNumber: 1,
      at: '2016-04-13T14:14:00',
      inn: '112233445566',
      rnm: '120000130000',
    });
    expect(parseDocument(REGISTRATION_BODY)).toEqual(parseDocument(document));
    expect(Buffer.from(rawData(document, messageSign), 'base64')).toEqual(REGISTRATION_BODY.subarray(0, -2));
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'DEVICE-TLV-FORM'],
    ['no form', Buffer.from('f40304009855b958', 'hex'), 'DEVICE-TLV-FORM'],
    ['a cut document', RECEIPT_35.subarray(0, 100), 'DEVICE-TLV-TRUNCATED'],
  ])('refuses %s', (_name, bytes, code) => {
    expect(() => parseDocument(bytes)).toThrow(code);
  });
});

describe('making documents', () => {
  it('makes the bytes that were read', () => {
    const nodes = decodeTlv(RECEIPT_35.subarray(4), { raw: true });
    expect(buildDocument(3, nodes)).toEqual(RECEIPT_35);
  });

  it('refuses unknown forms and documents too long for theirs', () => {
    expect(() => buildDocument(9, [])).toThrow('CLIENT-FFD-FORM');
    const long: TlvNode[] = Array.from({ length: 20 }, () => ({ tag: TAG.place, value: 'x'.repeat(256) }));
    expect(() => buildDocument(2, long)).toThrow('CLIENT-TLV-TOO-LONG');
    expect(buildDocument(3, long).length).toBe(4 + 20 * 260);
  });

  it('knows its forms', () => {
    expect(formByCode(31)?.json).toBe('receiptCorrection');
    expect(formByJson('openShift')?.code).toBe(2);
    expect(new Set(DOCUMENT_FORMS.map((form) => form.json)).size).toBe(DOCUMENT_FORMS.length);
    expect(maxDocumentLength(formByCode(1)!, 4)).toBe(6144);
  });
});

describe('JSON of the FNS', () => {
  it('names the sample receipt as operators do', () => {
    const raw = Buffer.concat([RECEIPT_35, Buffer.from('8106000000000000', 'hex')]);
    expect(toFnsJson(parseDocument(RECEIPT_35), { raw })).toEqual({
      receipt: {
        code: 3,
        fiscalDriveNumber: '9999078900005488',
        kktRegId: '0000000005008570',
        userInn: '7702203276',
        fiscalDocumentNumber: 35,
        dateTime: 1700000040,
        fiscalSign: 2573726889,
        shiftNumber: 4,
        requestNumber: 3,
        operationType: 1,
        items: [
          {
            name: 'Кофе зерновой',
            price: 9990,
            quantity: 1.5,
            sum: 14985,
            nds: 1,
            ndsSum: 2498,
            paymentType: 4,
            productType: 1,
          },
        ],
        totalSum: 14985,
        cashTotalSum: 5000,
        ecashTotalSum: 9985,
        prepaidSum: 0,
        creditSum: 0,
        provisionSum: 0,
        appliedTaxationType: 1,
        nds18: 2498,
        fiscalDocumentFormatVer: 2,
        retailPlace: 'https://shop.example.ru',
        retailPlaceAddress: '101000, Москва, ул. Тестовая, 1',
        user: 'ООО Ромашка',
        fnsUrl: 'www.nalog.gov.ru',
        sellerAddress: 'no-reply@shop.example.ru',
        buyerPhoneOrAddress: 'buyer@example.com',
        operator: 'Иванова И.И.',
        internetSign: 1,
        rawData: raw.toString('base64'),
        messageFiscalSign: '1665',
      },
    });
  });

  it('nests, repeats and dates as the parent asks', () => {
    const nodes: TlvNode[] = [
      { tag: 1012, value: '2026-03-01T12:13:14' },
      {
        tag: 1059,
        value: [
          { tag: 1163, value: [{ tag: 1305, value: '010460043993125621JgXJ5.T' }] },
          { tag: 1224, value: [{ tag: 1171, value: '+7900' }] },
        ],
      },
      {
        tag: 1115,
        value: [
          {
            tag: 1119,
            value: [
              { tag: 1199, value: 11 },
              { tag: 1120, value: 7 },
            ],
          },
        ],
      },
      { tag: 1192, value: 'a' },
      { tag: 1192, value: 'b' },
      { tag: 1162, value: Buffer.from('444d', 'hex') },
      { tag: 9999, value: Buffer.from([1]) },
    ];
    const document = parseDocument(encodeTlv([{ tag: 3, value: nodes }]));
    expect(toFnsJson(document, { time: 'iso' })).toEqual({
      receipt: {
        code: 3,
        dateTime: '2026-03-01T12:13:14',
        items: [
          {
            productCodeNew: {
              gs1m: {
                productIdType: 6,
                rawProductCode: '010460043993125621JgXJ5.T',
                gtin: '04600439931256',
                sernum: 'JgXJ5.T',
              },
            },
            providerData: { providerPhone: ['+7900'] },
          },
        ],
        amountsReceiptNds: { amountsNds: [{ nds: 11, ndsSum: 7 }] },
        propertiesData: ['a', 'b'],
        productCode: '444D',
      },
    });
    const report = parseDocument(encodeTlv([{ tag: 21, value: [{ tag: 1213, value: 5 }] }]));
    expect(toFnsJson(report)).toEqual({ currentStateReport: { code: 21, keyResource: 5 } });
  });
});

describe('rules', () => {
  it('name only known tags and cover every form of their version', () => {
    for (const ffd of [2, 3, 4] as const) {
      const forms =
        ffd === 4
          ? [1, 2, 3, 4, 5, 6, 7, 11, 21, 31, 41, 81, 82, 83, 84]
          : [1, 2, 3, 4, 5, 6, 7, 11, 21, 31, 41];
      for (const form of [...forms, TAG.item, TAG.correctionBase, TAG.agentData, TAG.shiftTotals]) {
        const rules = documentRules(ffd, form);
        expect(rules?.size).toBeGreaterThan(0);
        for (const tag of rules!.keys()) expect([tag, tagByNumber(tag)?.tag]).toEqual([tag, tag]);
      }
    }
  });

  it.each([
    [2, 3, 1059, 'mandatory'],
    [2, 31, 1059, 'optional'],
    [4, 31, 1059, 'mandatory'],
    [4, 1, 1290, 'mandatory'],
    [3, 1, 1207, 'mandatory'],
    [2, 1, 1207, 'optional'],
    [4, 5, 1157, 'mandatory'],
    [4, 11, 1205, 'mandatory'],
    [4, 2, 1009, 'mandatory'],
  ] as const)('FFD code %d, form %d: %d is %s', (ffd, form, tag, presence) => {
    expect(documentRules(ffd, form)?.get(tag)?.presence).toBe(presence);
  });

  it('FFD 1.2 has no buyer beside 1256 and no unit in words', () => {
    expect(documentRules(4, 3)?.has(1227)).toBe(false);
    expect(documentRules(4, TAG.item)?.has(1197)).toBe(false);
    expect(documentRules(3, TAG.item)?.has(2108)).toBe(false);
    expect(documentRules(4, 1)?.has(1108)).toBe(false);
  });
});

describe('format-logic control', () => {
  const nodes = parseDocument(RECEIPT_35).nodes;
  const without = (tag: number) => nodes.filter((node) => node.tag !== tag);
  const withNode = (tag: number, value: TlvNode['value']) =>
    nodes.map((node) => (node.tag === tag ? { tag, value } : node));
  const check = (fields: TlvNode[], ffd?: number) =>
    checkDocument(encodeTlv([{ tag: 3, value: fields }]), ffd);
  const item = nodes.find((node) => node.tag === TAG.item)!.value as TlvNode[];

  it('passes the sample receipt', () => expect(checkDocument(RECEIPT_35)).toEqual([]));

  it('has nothing against a registration report of FFD 1.0, for which there are no rules of requisites', () => {
    expect(checkDocument(REGISTRATION_BODY)).toEqual([]);
  });

  it.each<[string, TlvNode[], object]>([
    ['a missing requisite', without(1054), { path: '3/1054', problem: 'missing' }],
    [
      'a requisite of another version',
      [...nodes, { tag: 1256, value: [] }],
      { path: '3/1256', problem: 'unexpected' },
    ],
    ['a doubled requisite', [...nodes, { tag: 1054, value: 1 }], { path: '3/1054', problem: 'repeated' }],
    [
      'a short fixed text',
      withNode(1037, Buffer.from('0000000005008570')),
      { path: '3/1037', problem: 'length' },
    ],
    ['a long text', withNode(1021, Buffer.alloc(65, 0x41)), { path: '3/1021', problem: 'length' }],
    [
      'a number of the wrong size',
      withNode(1040, Buffer.from([35, 0])),
      { path: '3/1040', problem: 'length' },
    ],
    ['no such sign', withNode(1054, 5), { path: '3/1054', problem: 'value' }],
    ['two tax systems', withNode(1055, 3), { path: '3/1055', problem: 'value' }],
    ['wrong payments', withNode(1031, 5001), { path: '3/1020', problem: 'arithmetic' }],
    [
      'a wrong item sum',
      withNode(
        1059,
        item.map((node) => (node.tag === 1043 ? { tag: 1043, value: 14987 } : node)),
      ),
      { path: '3/1059[0]/1043', problem: 'arithmetic' },
    ],
    [
      'a wrong VAT rate',
      withNode(
        1059,
        item.map((node) => (node.tag === 1199 ? { tag: 1199, value: 13 } : node)),
      ),
      { path: '3/1059[0]/1199', problem: 'value' },
    ],
    [
      'an item without a price',
      withNode(
        1059,
        item.filter((node) => node.tag !== 1079),
      ),
      { path: '3/1059[0]/1079', problem: 'missing' },
    ],
  ])('sees %s', (_name, fields, violation) => {
    expect(check(fields)).toContainEqual(expect.objectContaining(violation));
  });

  it('judges by the version asked for', () => {
    expect(check(nodes, 4)).toContainEqual(expect.objectContaining({ path: '3/1209', problem: 'value' }));
  });

  it('passes over tags it does not know', () => {
    expect(check([...nodes, { tag: 1999, value: Buffer.from([1]) }])).toEqual([]);
  });

  it('wants exactly one product code', () => {
    const fields = withNode(1209, 4).map((node) =>
      node.tag === TAG.item ? { tag: TAG.item, value: [...item, { tag: 1163, value: [] }] } : node,
    );
    expect(check(fields)).toContainEqual(expect.objectContaining({ tag: 1163, problem: 'structure' }));
  });

  it('says so when the bytes are no document', () => {
    expect(checkDocument(Buffer.from('0300', 'hex'))).toEqual([
      expect.objectContaining({ problem: 'structure' }),
    ]);
    expect(checkDocument(RECEIPT_35.subarray(0, -1))).toEqual([
      expect.objectContaining({ problem: 'structure' }),
    ]);
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = Buffer.from(RECEIPT_35);
        bytes[at % bytes.length]! ^= flip;
        for (const violation of checkDocument(bytes)) expect(violation.message).not.toBe('');
        expect(() => {
          try {
            parseDocument(bytes);
          } catch (error) {
            if (!(error instanceof FarmError)) throw error;
          }
        }).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});
