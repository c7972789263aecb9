import {
  acceptReceipt,
  type GroupFacts,
  kopToRoubles,
  priceLines,
  type PricedLine,
  splitKop,
  vatRateByName,
} from '@kkt/domain';
import fc from 'fast-check';
import { sale4, sale5 } from '../../test/bodies';
import { BodySchemas } from './body-schema';
import { operationOf } from './operations';
import { readBody } from './read-body';
import type { WireBody } from './wire-body';

const schemas = new BodySchemas();
const facts = (ffd: 2 | 4): GroupFacts => ({
  inn: '5544332219',
  ffd,
  taxSystems: 1,
  defaultTaxSystem: null,
  place: 'p',
  address: 'a',
  senderEmail: null,
});

interface Basket {
  lines: PricedLine[];
  vat: string;
}

/** A basket of whole and broken quantities whose discount is shared out to the kopeck. */
const basket: fc.Arbitrary<Basket> = fc
  .record({
    goods: fc.array(
      fc.record({
        priceKop: fc.integer({ min: 1, max: 5_000_000 }),
        quantityMicro: fc.oneof(
          fc.integer({ min: 1, max: 50 }).map((pieces) => pieces * 1_000_000),
          fc.integer({ min: 1, max: 20_000 }).map((milli) => milli * 1000),
        ),
      }),
      { minLength: 1, maxLength: 8 },
    ),
    discountShare: fc.double({ min: 0, max: 0.9, noNaN: true }),
    vat: fc.constantFrom('vat22', 'vat122', 'vat10', 'vat110', 'vat5', 'vat107', 'vat20', 'vat0', 'none'),
  })
  .map(({ goods, discountShare, vat }) => {
    const full = goods.map(({ priceKop, quantityMicro }) =>
      Math.round((priceKop * quantityMicro) / 1_000_000),
    );
    const totalKop = full.reduce((sum, kop) => sum + kop, 0);
    const discount = splitKop(Math.floor(totalKop * discountShare), full);
    const lines = goods.flatMap(({ quantityMicro }, index) =>
      priceLines((full[index] ?? 0) - (discount[index] ?? 0), quantityMicro),
    );
    return { lines, vat };
  });

const sumOf = (lines: readonly PricedLine[]): number => lines.reduce((sum, { sumKop }) => sum + sumKop, 0);

/** Through JSON, the schema, the mapping and the rules, as a shop sends it; the payments are parts of the total. */
function registered(version: 4 | 5, word: string, { lines, vat }: Basket, payments: readonly number[]) {
  const operation = operationOf(word, version);
  if (!operation) throw new Error(word);
  const items = lines.map((line, index) => ({
    name: `Товар ${index + 1}`,
    price: kopToRoubles(line.priceKop),
    quantity: line.quantityMicro / 1_000_000,
    sum: kopToRoubles(line.sumKop),
    payment_method: 'full_payment',
    payment_object: version === 4 ? 'commodity' : 1,
    ...(version === 5 && { measure: 0 }),
    vat: { type: vat },
  }));
  const changes = {
    items,
    payments: payments.map((kop, index) => ({ type: index % 5, sum: kopToRoubles(kop) })),
    total: kopToRoubles(sumOf(lines)),
  };
  const body = JSON.parse(JSON.stringify((version === 4 ? sale4 : sale5)(changes))) as WireBody;
  const violations = schemas.check(body, 'receipt', version);
  const read = readBody(body, operation, violations);
  expect(violations).toEqual([]);
  if (!read) throw new Error('no receipt');
  const decision = acceptReceipt(read.draft, facts(version === 4 ? 2 : 4), '2026-11-27');
  expect(decision.ok ? [] : decision.refused).toEqual([]);
  return decision.content;
}

/** A total cut into parts at chance places. */
const partsOf = (totalKop: number, cuts: readonly number[]): number[] => {
  const at = [0, ...cuts.map((cut) => Math.floor(cut * totalKop)).sort((a, b) => a - b), totalKop];
  return at.slice(1).map((end, index) => end - (at[index] ?? 0));
};

describe('kopecks on the compatible door', () => {
  it('never drift: baskets with discounts, several payments, refunds in parts', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<4 | 5>(4, 5),
        basket,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
        (version, bought, payCuts, refundCuts) => {
          const totalKop = sumOf(bought.lines);
          const content = registered(version, 'sell', bought, partsOf(totalKop, payCuts));
          expect(content.totalKop).toBe(totalKop);
          expect(content.items.map(({ sumKop }) => sumKop)).toEqual(bought.lines.map(({ sumKop }) => sumKop));
          expect(Object.values(content.payments).reduce((sum, kop) => sum + kop, 0)).toBe(totalKop);

          // VAT by its own arithmetic, in whole numbers of any size.
          const rate = vatRateByName(bought.vat);
          const taxes = bought.lines.map(({ sumKop }) =>
            rate?.part && rate.whole
              ? Number(
                  (BigInt(sumKop) * BigInt(rate.part) * 2n + BigInt(rate.whole)) / (BigInt(rate.whole) * 2n),
                )
              : sumKop,
          );
          expect(Object.values(content.vatTotals)).toEqual([taxes.reduce((sum, kop) => sum + kop, 0)]);

          // Money goes back in parts; the parts are the whole, line by line.
          const parts = bought.lines.map(({ sumKop }) => partsOf(sumKop, refundCuts));
          let returnedKop = 0;
          for (let part = 0; part <= refundCuts.length; part++) {
            const lines = bought.lines.flatMap(({ quantityMicro }, index) =>
              priceLines(parts[index]?.[part] ?? 0, quantityMicro),
            );
            const refund = registered(version, 'sell_refund', { ...bought, lines }, [sumOf(lines)]);
            returnedKop += refund.totalKop;
          }
          expect(returnedKop).toBe(totalKop);
        },
      ),
      { numRuns: 300 },
    );
  }, 60_000);
});
