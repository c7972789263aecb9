import fc from 'fast-check';
import { type GroupFacts, itemCostKop } from '@kkt/domain';
import { linesOf, type OrderContent, returnLines, splitRefund, totalOf } from './basket';
import { addEvent, emptyLedger, type Ledger, type OwedReceipt, settle, type SettlementTerms } from './decide';
import { pricedParts, shareOut } from './split';
import type { PaymentEvent } from './types';

const facts: GroupFacts = {
  inn: '5544332219',
  ffd: 4,
  taxSystems: 1,
  defaultTaxSystem: 1,
  place: 'https://shop.example',
  address: 'Москва',
  senderEmail: 'kassa@shop.example',
};

const item = fc.record({
  name: fc.constantFrom('Чай', 'Сыр', 'Доставка'),
  priceKop: fc.integer({ min: 0, max: 50_000_00 }),
  quantityMicro: fc.oneof(
    fc.integer({ min: 1, max: 30 }).map((pieces) => pieces * 1_000_000),
    fc.integer({ min: 1, max: 40_000 }).map((thousandths) => thousandths * 1_000),
    fc.integer({ min: 1, max: 5_000_000 }),
  ),
  measure: fc.constant(0),
  method: fc.constantFrom(1, 4),
  subject: fc.constantFrom(1, 4),
  vat: fc.constantFrom('none', 'vat0', 'vat10', 'vat22', 'vat5'),
});

const basket: fc.Arbitrary<OrderContent> = fc
  .record({
    items: fc.array(item, { minLength: 1, maxLength: 8 }),
    discountPart: fc.double({ min: 0, max: 0.999, noNaN: true }),
  })
  .map(({ items, discountPart }) => ({
    items,
    client: { email: 'buyer@example.com' },
    discountKop: Math.floor(
      discountPart * items.reduce((sum, one) => sum + itemCostKop(one.priceKop, one.quantityMicro), 0),
    ),
  }));

const sumOf = (parts: readonly number[]): number => parts.reduce((sum, part) => sum + part, 0);

describe('sharing out', () => {
  it('adds up to the amount, and gives nobody more than his weight or a kopeck off his share', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 10_000_000_000 }), { minLength: 1, maxLength: 100 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (weights, part) => {
          const total = sumOf(weights);
          const amount = Math.floor(total * part);
          fc.pre(total > 0);
          const shares = shareOut(amount, weights);
          expect(sumOf(shares)).toBe(amount);
          shares.forEach((share, index) => {
            const weight = weights[index] ?? 0;
            expect(share).toBeLessThanOrEqual(weight);
            expect(Math.abs(share - (amount * weight) / total)).toBeLessThan(1.000_001);
          });
        },
      ),
    );
  });

  it('gives left-over kopecks to the largest remainders, ties to the earlier', () => {
    expect(shareOut(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(shareOut(10, [1, 4, 4])).toEqual([1, 5, 4]);
  });

  it('prices parts that come to the sum by price times quantity, and to the quantity', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000_000_00 }),
        fc.integer({ min: 1, max: 99_000_000 }),
        (sumKop, quantityMicro) => {
          const parts = pricedParts(sumKop, quantityMicro);
          expect(parts.length).toBeLessThanOrEqual(3);
          expect(sumOf(parts.map((part) => part.sumKop))).toBe(sumKop);
          expect(sumOf(parts.map((part) => part.quantityMicro))).toBe(quantityMicro);
          for (const part of parts) {
            expect(itemCostKop(part.priceKop, part.quantityMicro)).toBe(part.sumKop);
            expect(part.priceKop).toBeGreaterThanOrEqual(0);
          }
        },
      ),
      { numRuns: 2_000 },
    );
    expect(pricedParts(100, 3_000_000)).toEqual([
      { priceKop: 34, quantityMicro: 1_000_000, sumKop: 34 },
      { priceKop: 33, quantityMicro: 2_000_000, sumKop: 66 },
    ]);
  });
});

describe('a refund over lines', () => {
  const lines = linesOf({
    items: [
      { name: 'a', priceKop: 10_000, quantityMicro: 3_000_000, method: 4, subject: 1 },
      { name: 'b', priceKop: 7_000, quantityMicro: 1_000_000, method: 4, subject: 1 },
    ],
  });

  it.each([
    [37_000, 'whole', [30_000, 7_000]],
    [7_000, 'line', [0, 7_000]],
    [20_000, 'line', [20_000, 0]],
    [1_000, 'spread', [811, 189]],
  ])('of %d is %s', (amount, how, shares) => {
    expect(splitRefund(amount, lines, [])).toEqual({ how, shares });
  });

  it('returns pieces where pieces were returned, and otherwise a lower price', () => {
    expect(returnLines(lines, [20_000, 0])).toMatchObject([
      { name: 'a', priceKop: 10_000, quantityMicro: 2_000_000 },
    ]);
    expect(returnLines(lines, [0, 189])).toMatchObject([
      { name: 'b', priceKop: 189, quantityMicro: 1_000_000 },
    ]);
  });
});

const event = (changes: Partial<PaymentEvent>): PaymentEvent => ({
  kind: 'test',
  effect: 'none',
  paymentId: 'p',
  isTotal: false,
  currency: 'RUB',
  providerFiscalizes: false,
  isTest: false,
  ...changes,
});

const termsOf = (order: OrderContent): SettlementTerms => ({
  order,
  orderNo: 'A-1',
  isOrderTaken: false,
  partialRefund: 'split',
  isApproved: false,
  providerFiscalizes: false,
  isRefundUnclear: false,
  facts,
  today: '2026-11-23',
});

/** What storing the receipts does to the ledger. */
const born = (ledger: Ledger, receipts: readonly OwedReceipt[]): Ledger =>
  receipts.reduce<Ledger>(
    (now, receipt) =>
      receipt.effect === 'income'
        ? { ...now, incomeKop: receipt.toKop }
        : {
            ...now,
            returnedKop: receipt.toKop,
            returnedByLine: receipt.byLine.map((part, index) => part + (now.returnedByLine[index] ?? 0)),
          },
    ledger,
  );

describe('kopecks through a whole life', () => {
  it('never drift, whatever the basket, the discount, the refunds, their order and their repeats', () => {
    let returns = 0;
    fc.assert(
      fc.property(
        basket,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 0, maxLength: 6 }),
        fc.boolean(),
        fc.infiniteStream(fc.nat(1_000)),
        (order, cuts, isWhole, chance) => {
          const lines = linesOf(order);
          const total = totalOf(lines);
          fc.pre(total > 0 && lines.length <= 100);
          const goods = sumOf(order.items.map((one) => itemCostKop(one.priceKop, one.quantityMicro)));
          expect(total).toBe(goods - (order.discountKop ?? 0));

          const marks = [
            ...cuts.map((cut) => Math.floor(cut * total)).sort((a, b) => a - b),
            ...(isWhole ? [total] : []),
          ];
          let before = 0;
          const told: PaymentEvent[] = [event({ effect: 'income', amountMinor: total, isTotal: true })];
          marks.forEach((upTo, index) => {
            if (upTo === before) return;
            told.push(event({ effect: 'return', refundId: `r${index}`, amountMinor: upTo - before }));
            told.push(event({ effect: 'return', amountMinor: upTo, isTotal: true }));
            before = upTo;
          });
          const order1 = [...told, ...told]
            .map((one) => ({ one, at: chance.next().value as number }))
            .sort((a, b) => a.at - b.at)
            .map(({ one }) => one);

          let ledger = emptyLedger('RUB');
          const receipts: OwedReceipt[] = [];
          for (const one of order1) {
            ledger = addEvent(ledger, one);
            const settled = settle(ledger, termsOf(order));
            expect(settled.parked).toBeUndefined();
            receipts.push(...settled.receipts);
            ledger = born(ledger, settled.receipts);
          }
          const of = (effect: string) => receipts.filter((receipt) => receipt.effect === effect);
          expect(of('income')).toHaveLength(1);
          expect(of('income')[0]?.content.totalKop).toBe(total);
          expect(sumOf(of('return').map((receipt) => receipt.content.totalKop))).toBe(before);
          for (const receipt of receipts) {
            expect(receipt.content.totalKop).toBe(receipt.toKop - receipt.fromKop);
            expect(receipt.content.payments.ecashKop).toBe(receipt.content.totalKop);
            for (const line of receipt.content.items)
              expect(line.sumKop).toBe(itemCostKop(line.priceKop, line.quantityMicro));
          }
          lines.forEach((line, index) =>
            expect(ledger.returnedByLine[index] ?? 0).toBeLessThanOrEqual(line.sumKop),
          );
          if (before === total) expect(sumOf([...ledger.returnedByLine])).toBe(total);
          returns += of('return').length;
        },
      ),
      { numRuns: 400 },
    );
    expect(returns).toBeGreaterThan(200);
  });
});
