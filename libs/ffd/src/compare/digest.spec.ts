import * as fc from 'fast-check';
import type { FfdVersion, ReceiptContent, ReceiptItem, VatCode } from '@kkt/contracts';
import { receiptDocumentFields } from '../compose/receipt-document';
import { receiptRequisites } from '../compose/receipt-requisites';
import { vatTotalsOfItems } from '../compose/vat-totals';
import { buildDocument } from '../document/build';
import { parseDocument } from '../document/parse';
import { RECEIPT_35, REGISTRATION_BODY } from '../golden/published-documents';
import { sampleContent, sampleFacts, sampleRegister } from '../golden/sample-content';
import { TAG } from '../tags/tag-numbers';
import { encodeTlv } from '../tlv/encode';
import type { TlvNode } from '../tlv/node';
import { contentDigest, digestOfDocument, explainDifference } from './digest';

const fieldsOf = (content: ReceiptContent, ffd: FfdVersion, facts = sampleFacts()): [number, TlvNode[]] => {
  const register = sampleRegister({ ffd });
  const told = receiptRequisites(content, register);
  return [told.form, receiptDocumentFields(told, register, facts)];
};
const documentOf = (content: ReceiptContent, ffd: FfdVersion, facts = sampleFacts()) =>
  buildDocument(...fieldsOf(content, ffd, facts));

const ffdVersion = fc.constantFrom<FfdVersion>(2, 3, 4);
const sum = fc.integer({ min: 1, max: 10_000_000 });
const vatCode = fc.integer({ min: 1, max: 12 }).map((code) => code as VatCode);
const text = fc.string({ unit: 'binary', maxLength: 200 });

const itemArb: fc.Arbitrary<ReceiptItem> = fc
  .record({
    name: fc.oneof(text, fc.constant('Кофе «Арабика» — №1…')),
    priceKop: sum,
    quantityMicro: fc.integer({ min: 1, max: 10_000_000_000 }),
    sumKop: sum,
    method: fc.integer({ min: 1, max: 7 }),
    subject: fc.integer({ min: 1, max: 27 }),
    vat: fc.option(vatCode, { nil: undefined }),
    userData: fc.option(text, { nil: undefined }),
  })
  .map((item) => ({ ...item, name: `x${item.name}` }));

const contentArb: fc.Arbitrary<ReceiptContent> = fc
  .record({
    items: fc.array(itemArb, { minLength: 1, maxLength: 5 }),
    sign: fc.constantFrom<1 | 3>(1, 3),
    correction: fc.boolean(),
    email: fc.option(fc.emailAddress({ size: 'small' }), { nil: undefined }),
    cash: fc.nat(100),
    totals: fc.dictionary(fc.constantFrom('1', '6', '11'), fc.nat(1000)),
    number: fc.option(fc.constantFrom('ФНС-1', ' 7 '), { nil: undefined }),
  })
  .map(({ items, sign, correction, email, cash, totals, number }) => {
    const totalKop = items.reduce((all, item) => all + item.sumKop, 0);
    const cashKop = Math.floor((totalKop * cash) / 100);
    const known = items.every((item) => item.vat !== undefined);
    return sampleContent({
      form: correction ? 'correction' : 'receipt',
      sign,
      items,
      totalKop,
      payments: { cashKop, ecashKop: totalKop - cashKop, prepaidKop: 0, creditKop: 0, provisionKop: 0 },
      vatTotals: known ? vatTotalsOfItems(items) : totals,
      client: email === undefined || email.length > 64 ? undefined : { email },
      ...(correction ? { correction: { type: 0, date: '2026-01-15', number } } : {}),
    });
  });

describe('digest', () => {
  it('of a document equals that of the content it was made from', () => {
    fc.assert(
      fc.property(contentArb, ffdVersion, (content, ffd) => {
        const bytes = documentOf(content, ffd);
        expect(explainDifference(content, bytes)).toEqual([]);
        expect(digestOfDocument(bytes)).toBe(contentDigest(content, ffd));
        expect(digestOfDocument(bytes.subarray(4), content.form === 'receipt' ? 3 : 31)).toBe(
          contentDigest(content, ffd),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('does not depend on the order of tags, on what the FN adds or on forms of writing', () => {
    fc.assert(
      fc.property(contentArb, ffdVersion, fc.nat(), (content, ffd, at) => {
        const other = sampleFacts({
          fdNumber: 36,
          at: '2026-03-01T12:14:00',
          fiscalSign: 1,
          receiptNumber: 4,
        });
        const [form, fields] = fieldsOf(content, ffd, other);
        const cut = at % fields.length;
        const turned = [...fields.slice(cut), ...fields.slice(0, cut)];
        const items = fields.filter((node) => node.tag === TAG.item);
        const sameOrder = turned.map((node) => (node.tag === TAG.item ? items.shift()! : node));
        expect(digestOfDocument(buildDocument(form, sameOrder))).toBe(contentDigest(content, ffd));
      }),
    );
  });

  it('survives JSON, as contents are stored', () => {
    fc.assert(
      fc.property(contentArb, ffdVersion, (content, ffd) => {
        expect(contentDigest(JSON.parse(JSON.stringify(content)) as ReceiptContent, ffd)).toBe(
          contentDigest(content, ffd),
        );
      }),
    );
  });

  const changes: [string, (content: ReceiptContent) => ReceiptContent, string][] = [
    ['sign', (c) => ({ ...c, sign: 2 }), '1054'],
    ['total', (c) => ({ ...c, totalKop: c.totalKop + 1, payments: { ...c.payments, cashKop: 1 } }), '1020'],
    ['payments', (c) => ({ ...c, payments: { ...c.payments, cashKop: 1, ecashKop: 44984 } }), '1031'],
    ['buyer', (c) => ({ ...c, client: { email: 'other@example.com' } }), '1008'],
    ['no buyer', (c) => ({ ...c, client: undefined }), '1008'],
    ['fewer items', (c) => ({ ...c, items: c.items.slice(1) }), '1059.count'],
    ['name', (c) => withItem(c, { name: 'Чай' }), '1059[0].1030'],
    ['price', (c) => withItem(c, { priceKop: 9991 }), '1059[0].1079'],
    ['quantity', (c) => withItem(c, { quantityMicro: 1_500_001 }), '1059[0].1023'],
    ['item sum', (c) => withItem(c, { sumKop: 14986 }), '1059[0].1043'],
    ['VAT', (c) => withItem(c, { vat: 2 }), '1059[0].1199'],
    ['subject', (c) => withItem(c, { subject: 3 }), '1059[0].1212'],
    ['method', (c) => withItem(c, { method: 1 }), '1059[0].1214'],
    ['order of items', (c) => ({ ...c, items: [...c.items].reverse() }), '1059[0].1030'],
  ];
  const withItem = (content: ReceiptContent, change: Partial<ReceiptItem>): ReceiptContent => ({
    ...content,
    items: content.items.map((item, index) => (index === 0 ? { ...item, ...change } : item)),
  });

  it.each(changes)('differs by %s, and the difference is named', (_name, change, path) => {
    const content = sampleContent();
    const other = change(content);
    const document = documentOf(content, 4);
    expect(contentDigest(other, 4)).not.toBe(contentDigest(content, 4));
    expect(explainDifference(other, document).some((line) => line.startsWith(`${path}:`))).toBe(true);
  });

  it('does not differ by what devices decide themselves', () => {
    const content = sampleContent();
    const digest = contentDigest(content, 4);
    expect(contentDigest({ ...content, vatTotals: { 11: 2703, 6: 30000 } }, 4)).toBe(digest);
    expect(contentDigest({ ...content, cashier: { name: 'Другой' } }, 4)).toBe(digest);
    expect(contentDigest(withItem(content, { name: 'Кофе "Арабика" - зерно' }), 4)).toBe(digest);
  });

  it('counts VAT totals when items have no rates of their own', () => {
    const bare = withItem(sampleContent(), { vat: undefined });
    const other = { ...bare, vatTotals: { 11: 2703, 6: 30000 } };
    expect(contentDigest(bare, 4)).not.toBe(contentDigest(other, 4));
    expect(explainDifference(other, documentOf(bare, 4))).toEqual([
      'vat[11]: expected 2703, document has 2702',
    ]);
  });

  it('counts the basis of a correction, and no items of it by FFD 1.05', () => {
    const content = sampleContent({ form: 'correction', correction: { type: 0, date: '2026-01-15' } });
    const later = { ...content, correction: { type: 0 as const, date: '2026-01-16' } };
    expect(explainDifference(later, documentOf(content, 4))).toEqual([
      '1174.1178: expected 2026-01-16, document has 2026-01-15',
    ]);
    expect(contentDigest(withItem(content, { name: 'Чай' }), 2)).toBe(contentDigest(content, 2));
    expect(contentDigest(withItem(content, { name: 'Чай' }), 3)).not.toBe(contentDigest(content, 3));
    expect(contentDigest(content, 4)).not.toBe(contentDigest({ ...content, form: 'receipt' }, 4));
  });

  it('never shows the buyer’s contact', () => {
    const lines = explainDifference(
      sampleContent({ client: { email: 'secret@example.com' } }),
      documentOf(sampleContent(), 4),
    );
    expect(lines).toEqual(['1008: differs']);
  });

  it('takes a strict accounting form for a receipt', () => {
    const [, fields] = fieldsOf(sampleContent(), 4);
    expect(digestOfDocument(encodeTlv([{ tag: 4, value: fields }]))).toBe(contentDigest(sampleContent(), 4));
  });

  it('takes parsed documents and refuses those that are no receipts', () => {
    expect(digestOfDocument(parseDocument(RECEIPT_35))).toBe(digestOfDocument(RECEIPT_35));
    expect(() => digestOfDocument(REGISTRATION_BODY)).toThrow('DEVICE-FFD-NOT-RECEIPT');
  });
});
