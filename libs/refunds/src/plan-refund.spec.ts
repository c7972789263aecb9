import type { ReceiptContent } from '@kkt/contracts';
import { acceptReceipt, formatKop, itemCostKop, microText, vatInsideKop } from '@kkt/domain';
import fc from 'fast-check';

import { planRefund, type RefundPlan, type Wish } from './plan-refund';

const day = '2026-11-23';
const facts = {
  inn: '5544332219',
  ffd: 4 as const,
  taxSystems: 1,
  defaultTaxSystem: 1,
  place: 'https://shop.example',
  address: 'Москва',
  senderEmail: null,
};

const itemOf = (priceKop: number, quantityMicro: number) => {
  const sumKop = itemCostKop(priceKop, quantityMicro);
  return {
    name: 'Чай',
    priceKop,
    quantityMicro,
    sumKop,
    method: 4,
    subject: 1,
    vat: 11 as const,
    vatSumKop: vatInsideKop(sumKop, 22, 122),
  };
};

function sale(lines: [priceKop: number, quantityMicro: number][], cashShare = 0): ReceiptContent {
  const items = lines.map(([price, micro]) => itemOf(price, micro));
  const totalKop = items.reduce((sum, { sumKop }) => sum + sumKop, 0);
  const cashKop = Math.floor(totalKop * cashShare);
  return {
    form: 'receipt',
    sign: 1,
    company: { inn: facts.inn, taxSystem: 1, place: facts.place },
    client: { email: 'buyer@example.com' },
    items,
    payments: { cashKop, ecashKop: totalKop - cashKop, prepaidKop: 0, creditKop: 0, provisionKop: 0 },
    vatTotals: { 11: items.reduce((sum, { vatSumKop }) => sum + vatSumKop, 0) },
    totalKop,
  };
}

const none = { takenKop: [], takenMicro: [] };

function planned(
  content: ReceiptContent,
  wish: Wish,
  taken: { takenKop: number[]; takenMicro: number[] } = none,
): RefundPlan {
  const answer = planRefund(content, day, wish, taken);
  if (!answer.ok) throw new Error(JSON.stringify(answer.problems));
  return answer.plan;
}

const add = (a: readonly number[], b: readonly number[]): number[] =>
  b.map((value, index) => value + (a[index] ?? 0));

describe('a refund built from its original', () => {
  it('takes everything when nothing is said, with the very lines and taxes of the original', () => {
    const content = sale([
      [10_050, 2_000_000],
      [999, 1_500_000],
    ]);
    const { draft, leftKop } = planned(content, {});
    const decision = acceptReceipt(draft, facts, day);
    expect(decision.ok).toBe(true);
    expect(decision.content).toMatchObject({
      sign: 2,
      totalKop: content.totalKop,
      vatTotals: content.vatTotals,
    });
    expect(decision.content.items.map(({ sumKop }) => sumKop)).toEqual(
      content.items.map(({ sumKop }) => sumKop),
    );
    expect(leftKop).toBe(0);
  });

  it('refunds one after another are accepted, never exceed the original, and the last takes exactly the rest', () => {
    const line = fc.tuple(
      fc.integer({ min: 1, max: 500_000 }),
      fc.oneof(
        fc.integer({ min: 1, max: 20 }).map((n) => n * 1_000_000),
        fc.integer({ min: 100_000, max: 9_999_999 }),
      ),
    );
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 6 }),
        fc.array(
          fc.tuple(
            fc.constantFrom('amount', 'quantity', 'sum'),
            fc.nat(),
            fc.double({ min: 0.01, max: 1, noNaN: true }),
          ),
          {
            maxLength: 6,
          },
        ),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (lines, steps, cashShare) => {
          const content = sale(lines, cashShare);
          fc.pre(content.totalKop > 0);
          let taken = { takenKop: content.items.map(() => 0), takenMicro: content.items.map(() => 0) };
          let given = 0;
          const take = (wish: Wish): void => {
            const plan = planned(content, wish, taken);
            const decision = acceptReceipt(plan.draft, facts, day);
            expect(decision).toMatchObject({ ok: true });
            const asked = plan.takenKop.reduce((sum, kop) => sum + kop, 0);
            expect(decision.content.totalKop).toBe(asked);
            if (wish.amount) expect(formatKop(asked)).toBe(wish.amount);
            given += asked;
            taken = {
              takenKop: add(taken.takenKop, plan.takenKop),
              takenMicro: add(taken.takenMicro, plan.takenMicro),
            };
            content.items.forEach(({ sumKop, quantityMicro }, index) => {
              expect(taken.takenKop[index]).toBeLessThanOrEqual(sumKop);
              expect(taken.takenMicro[index]).toBeLessThanOrEqual(quantityMicro);
            });
            expect(plan.leftKop).toBe(content.totalKop - given);
          };
          for (const [kind, at, share] of steps) {
            const left = content.totalKop - given;
            const position = at % content.items.length;
            const item = content.items[position];
            const leftKop = (item?.sumKop ?? 0) - (taken.takenKop[position] ?? 0);
            const leftMicro = (item?.quantityMicro ?? 0) - (taken.takenMicro[position] ?? 0);
            const kop = Math.floor((kind === 'amount' ? left : leftKop) * share);
            const micro = Math.floor(leftMicro * share);
            if (kind === 'amount' && kop > 0) take({ amount: formatKop(kop) });
            if (kind === 'sum' && kop > 0 && leftMicro > 0)
              take({ items: [{ position, sum: formatKop(kop) }] });
            if (kind === 'quantity' && micro > 0 && Math.round((leftKop * micro) / leftMicro) > 0)
              take({ items: [{ position, quantity: microText(micro) }] });
          }
          if (given < content.totalKop) take({});
          expect(given).toBe(content.totalKop);
          expect(planRefund(content, day, {}, taken)).toMatchObject({
            ok: false,
            problems: [{ rule: 'NothingLeft' }],
          });
        },
      ),
      { numRuns: 400 },
    );
  });

  it('gives back the money of goods that came back for less', () => {
    const content = sale([[100, 3_000_000]]);
    const first = planned(content, { items: [{ position: 0, quantity: '3', sum: '2.00' }] });
    const second = planned(content, {}, first);
    expect(acceptReceipt(second.draft, facts, day)).toMatchObject({ ok: true, content: { totalKop: 100 } });
    expect(second.leftKop).toBe(0);
  });

  it('pays back in the proportion of the original', () => {
    const content = sale([[100, 3_000_000]], 1 / 3);
    expect(planned(content, { amount: '1.00' }).draft.payments).toEqual([
      { kind: 'cashKop', sumKop: 33 },
      { kind: 'ecashKop', sumKop: 67 },
    ]);
  });

  it.each<[string, Wish, object]>([
    [
      'more pieces than there are',
      { items: [{ position: 0, quantity: '4' }] },
      { pointer: '/items/0/quantity', suggestion: { value: '3' } },
    ],
    [
      'more money than was paid',
      { items: [{ position: 0, sum: '3.01' }] },
      { pointer: '/items/0/sum', suggestion: { value: '3.00' } },
    ],
    ['too large an amount', { amount: '3.01' }, { pointer: '/amount', suggestion: { value: '3.00' } }],
    ['an unknown item', { items: [{ position: 1 }] }, { pointer: '/items/0/position' }],
    [
      'an item twice',
      {
        items: [
          { position: 0, quantity: '1' },
          { position: 0, quantity: '1' },
        ],
      },
      { pointer: '/items/1/position' },
    ],
    ['both ways at once', { amount: '1.00', items: [{ position: 0 }] }, { pointer: '/amount' }],
  ])('refuses %s', (_, wish, expected) => {
    expect(planRefund(sale([[100, 3_000_000]]), day, wish, none)).toMatchObject({
      ok: false,
      problems: [expected],
    });
  });

  it('shares VAT that was told for the whole receipt', () => {
    const content = sale([[12_200, 2_000_000]]);
    const whole = {
      ...content,
      items: content.items.map((item) => ({ ...item, vat: undefined, vatSumKop: undefined })),
    };
    const { draft } = planned(whole, { items: [{ position: 0, quantity: '1' }] });
    const decision = acceptReceipt(draft, facts, day);
    expect(decision).toMatchObject({ ok: true, content: { totalKop: 12_200, vatTotals: { 11: 2_200 } } });
  });
});
