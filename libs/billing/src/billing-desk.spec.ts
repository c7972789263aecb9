import fc from 'fast-check';
import { systemIds } from '@kkt/contracts';
import { addDays, BillingDesk, type Day, lastDay, topUp } from './index';
import { MemoryBooks } from './test/memory-books';

const start: Day = '2026-11-23';

function farm() {
  const books = new MemoryBooks();
  const desk = new BillingDesk((run) => run(books), systemIds);
  const pay = (clientId: string, amountKop: number, reference = String(books.transactions.length)) =>
    books.book(topUp(clientId, 'card', reference, amountKop, start));
  const order = (
    registerIds: number[],
    termDays: number,
    more: { promoCode?: string; firstDay?: Day } = {},
  ) =>
    desk.order(
      {
        clientId: 'shop',
        tariffId: 'rent-2026',
        registerIds,
        termDays,
        firstDay: start,
        renewsItself: true,
        ...more,
      },
      start,
    );
  return { books, desk, pay, order };
}

/** All money there is. */
const sumOf = (books: MemoryBooks): number =>
  books.transactions.flatMap(({ postings }) => postings).reduce((sum, { amountKop }) => sum + amountKop, 0);

describe('BillingDesk', () => {
  it('rents registers from the balance and earns the price day by day, to the kopeck', async () => {
    const { books, desk, pay, order } = farm();
    await pay('shop', 1_000_000);
    const [rental] = await order([1, 2], 30);
    // 30 days × 130.00 less 10 %, for each of two registers.
    expect(rental?.priceKop).toBe(351_000);
    expect(books.balanceKop('client:shop')).toBe(1_000_000 - 702_000);
    await desk.earnDays(addDays(start, 10));
    expect(books.balanceKop(`deferred:${rental?.id}`)).toBe(351_000 - 117_000);
    await desk.earnDays(addDays(start, 400));
    expect(books.balanceKop(`deferred:${rental?.id}`)).toBe(0);
    expect(books.balanceKop('revenue') + books.balanceKop('vat')).toBe(702_000);
    expect(sumOf(books)).toBe(0);
  });

  it('bills no day twice, however often it is asked', async () => {
    const { books, desk, pay, order } = farm();
    await pay('shop', 100_000);
    await order([7], 7);
    for (const day of [3, 3, 2, 5, 5, 30, 30]) await desk.earnDays(addDays(start, day));
    const days = books.transactions.filter(({ kind }) => kind === 'rent_day').map(({ day }) => day);
    expect(days).toEqual(Array.from({ length: 7 }, (_, n) => addDays(start, n)));
  });

  it('refuses an order that the balance does not cover and says what is missing', async () => {
    const { books, pay, order } = farm();
    await pay('shop', 100_000);
    await expect(order([1], 30)).rejects.toMatchObject({
      code: 'CLIENT-BALANCE',
      context: { missingKop: 251_000 },
    });
    expect(books.rentals.size).toBe(0);
  });

  it('gives back what is not used, at the price of the shorter term', async () => {
    const { books, desk, pay, order } = farm();
    await pay('shop', 400_000);
    const [rental] = await order([1], 30);
    // Ten days would have cost 10 × 130.00 without a discount.
    const { backKop } = await desk.end(rental?.id ?? '', addDays(start, 9), addDays(start, 10));
    expect(backKop).toBe(351_000 - 130_000);
    expect(books.balanceKop('client:shop')).toBe(400_000 - 130_000);
    expect(books.balanceKop(`deferred:${rental?.id}`)).toBe(0);
    await desk.earnDays(addDays(start, 100));
    expect(sumOf(books)).toBe(0);
    await expect(desk.end(rental?.id ?? '', addDays(start, 9), addDays(start, 11))).rejects.toMatchObject({
      code: 'CLIENT-RENTAL',
    });
  });

  it('renews a rental once, on its last day but one, when there is money', async () => {
    const { books, desk, pay, order } = farm();
    await pay('shop', 250_000);
    await order([1], 7);
    const on = async (day: number) => (await desk.renewals(addDays(start, day))).map(({ advice }) => advice);
    expect(await on(1)).toEqual([]);
    expect(await on(3)).toEqual(['remind']);
    expect(await on(5)).toEqual(['renew']);
    expect(await on(6)).toEqual([]);
    const [first, second] = [...books.rentals.values()];
    expect(second?.firstDay).toBe(addDays(lastDay(first ?? (undefined as never)), 1));
    expect(books.balanceKop('client:shop')).toBe(250_000 - 2 * 91_000);
    expect(await on(12)).toEqual(['too_little_money']);
  });

  it('takes a promotion as often as it allows', async () => {
    const { books, pay, order } = farm();
    books.promos.set('START20', {
      code: 'START20',
      discountBp: 2_000,
      from: '2026-01-01',
      to: '2026-12-31',
      leastTermDays: 7,
      usesLeft: 1,
    });
    await pay('shop', 500_000);
    const [rental] = await order([1], 7, { promoCode: ' start 20 ' });
    expect(rental?.priceKop).toBe(72_800);
    await expect(order([2], 7, { promoCode: 'START20' })).rejects.toMatchObject({ code: 'CLIENT-PROMO' });
    await expect(order([2], 7, { promoCode: 'NONE' })).rejects.toThrow('Промокода NONE нет');
  });

  it('numbers papers without gaps', async () => {
    const { books, desk } = farm();
    const line = { text: 'Пополнение', count: 1, priceKop: 100, sumKop: 100 };
    await desk.invoice('a', [line], '2026-11-23');
    await expect(desk.invoice('a', [], '2026-11-23')).rejects.toMatchObject({ code: 'CLIENT-PAPER' });
    await desk.invoice('b', [line], '2026-11-24');
    await desk.invoice('b', [line], '2027-01-02');
    expect(books.papers.map(({ number }) => number)).toEqual([
      'СЧ-2026-000001',
      'СЧ-2026-000002',
      'СЧ-2027-000001',
    ]);
  });

  it('takes a bank statement once, pays invoices and parks what nobody is known for', async () => {
    const { books, desk } = farm();
    const line = { text: 'Пополнение', count: 1, priceKop: 500_000, sumKop: 500_000 };
    const invoice = await desk.invoice('shop', [line], start);
    const order = (number: string, sum: string, purpose: string, inn: string) => [
      'СекцияДокумент=Платежное поручение',
      `Номер=${number}`,
      `Сумма=${sum}`,
      'ДатаПоступило=23.11.2026',
      'ПолучательСчет=40702810000000000001',
      'ПлательщикСчет=40702810000000000009',
      `ПлательщикИНН=${inn}`,
      `НазначениеПлатежа=${purpose}`,
      'КонецДокумента',
    ];
    const text = [
      '1CClientBankExchange',
      'РасчСчет=40702810000000000001',
      'ДатаНачала=23.11.2026',
      'ДатаКонца=23.11.2026',
      ...order('1', '5000.00', `Оплата по счёту ${invoice.number}`, '1'),
      ...order('2', '100.50', 'За кассы', '2'),
      'КонецФайла',
    ].join('\r\n');
    expect(await desk.importStatement(text)).toMatchObject({
      booked: [{ clientId: 'shop', amountKop: 500_000, invoice: invoice.number }],
      parked: 1,
      repeated: 0,
    });
    expect(books.paid.get(invoice.number)).toBe(500_000);
    const [parked] = books.parkedPayments.values();
    await desk.settleParked(parked?.reference ?? '', 'other');
    expect(books.balanceKop('client:other')).toBe(10_050);
    await expect(desk.settleParked(parked?.reference ?? '', 'shop')).rejects.toMatchObject({
      code: 'CLIENT-STATE',
    });
    // The same file again books nothing, the settled payment included.
    expect(await desk.importStatement(text)).toMatchObject({ booked: [], parked: 0, repeated: 2 });
    expect(books.balanceKop('bank')).toBe(-510_050);
  });

  it('reconciles what was paid with what was earned and what is left', async () => {
    const { books, desk, pay, order } = farm();
    await pay('shop', 1_000_000);
    const [rental] = await order([1], 30);
    await desk.earnDays(addDays(start, 10));
    const paper = await desk.reconciliation('shop', start, addDays(start, 30), addDays(start, 31));
    const closingKop = paper.lines.reduce((sum, { sumKop }) => sum + sumKop, paper.openingKop);
    expect(closingKop).toBe(books.balanceKop('client:shop') + books.balanceKop(`deferred:${rental?.id}`));
    expect(paper.totalKop).toBe(117_000);
    await expect(desk.reconciliation('shop', '2026-12-02', '2026-12-01', start)).rejects.toMatchObject({
      code: 'CLIENT-PAPER',
    });
  });

  it('keeps the sum of all money at zero and every day billed once, whatever is done', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('pay' as const), kop: fc.integer({ min: 1, max: 3_000_000 }) }),
      fc.record({
        do: fc.constant('order' as const),
        register: fc.integer({ min: 1, max: 3 }),
        term: fc.integer({ min: 1, max: 1_096 }),
        delay: fc.integer({ min: 0, max: 30 }),
      }),
      fc.record({ do: fc.constant('earn' as const), days: fc.integer({ min: 0, max: 200 }) }),
      fc.record({ do: fc.constant('end' as const), pick: fc.nat(), used: fc.integer({ min: 0, max: 400 }) }),
      fc.record({ do: fc.constant('renew' as const) }),
      fc.record({
        do: fc.constant('card' as const),
        kop: fc.integer({ min: 1, max: 500_000 }),
        id: fc.nat(5),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { books, desk, pay } = farm();
        let today = start;
        for (const one of steps) {
          if (one.do === 'pay') await pay('shop', one.kop);
          if (one.do === 'renew') await desk.renewals(today);
          if (one.do === 'card')
            await desk.payToCard('shop', `r${one.id}`, one.kop, today).catch(() => undefined);
          if (one.do === 'earn') await desk.earnDays((today = addDays(today, one.days)));
          if (one.do === 'order')
            await desk
              .order(
                {
                  clientId: 'shop',
                  tariffId: 'rent-2026',
                  registerIds: [one.register],
                  termDays: one.term,
                  firstDay: addDays(today, one.delay),
                  renewsItself: true,
                },
                today,
              )
              .catch(() => undefined);
          if (one.do === 'end') {
            const rental = [...books.rentals.values()][one.pick % Math.max(1, books.rentals.size)];
            if (rental)
              await desk.end(rental.id, addDays(rental.firstDay, one.used - 1), today).catch(() => undefined);
          }
          expect(sumOf(books)).toBe(0);
          expect(books.balanceKop('client:shop')).toBeGreaterThanOrEqual(0);
          for (const { id } of books.rentals.values())
            expect(books.balanceKop(`deferred:${id}`)).toBeGreaterThanOrEqual(0);
        }
        const keys = books.transactions.map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
        const billed = books.transactions.filter(({ kind }) => kind === 'rent_day');
        expect(new Set(billed.map(({ key }) => key)).size).toBe(billed.length);
        // In the end nothing is left paid ahead, and the client has what he paid less what was earned.
        await desk.earnDays('2040-01-01');
        for (const { id } of books.rentals.values()) expect(books.balanceKop(`deferred:${id}`)).toBe(0);
        const earnedKop = books.balanceKop('revenue') + books.balanceKop('vat');
        expect(books.balanceKop('client:shop') + earnedKop).toBe(Math.abs(books.balanceKop('card')));
      }),
      { numRuns: 150 },
    );
  });
});
