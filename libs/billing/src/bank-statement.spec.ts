import { systemIds } from '@kkt/contracts';
import { BillingDesk, invoiceNumbersIn, parseBankStatement } from './index';
import { MemoryBooks } from './test/memory-books';

const ours = '40702810000000000001';

const document = (fields: Record<string, string>): string =>
  [
    'СекцияДокумент=Платежное поручение',
    ...Object.entries(fields).map(([key, value]) => `${key}=${value}`),
    'КонецДокумента',
  ].join('\r\n');

const incoming = (more: Record<string, string> = {}): string =>
  document({
    Номер: '17',
    Дата: '20.11.2026',
    Сумма: '1500.50',
    ПлательщикСчет: '40702810000000000099',
    ПлательщикИНН: '7707083893',
    Плательщик1: 'ООО «Ромашка»',
    ПолучательСчет: ours,
    ДатаПоступило: '23.11.2026',
    НазначениеПлатежа: 'Оплата по счёту № СЧ-2026-000001 от 20.11.2026',
    ...more,
  });

const statement = (...documents: string[]): string =>
  [
    '1CClientBankExchange',
    'ВерсияФормата=1.03',
    'Кодировка=Windows',
    'ДатаНачала=23.11.2026',
    'ДатаКонца=23.11.2026',
    `РасчСчет=${ours}`,
    'СекцияРасчСчет',
    'НачальныйОстаток=0.00',
    `РасчСчет=${ours}`,
    'КонецРасчСчет',
    ...documents,
    'КонецФайла',
    '',
  ].join('\r\n');

describe('parseBankStatement', () => {
  it('reads incoming payments and counts outgoing ones', () => {
    const out = document({
      Номер: '5',
      Сумма: '10',
      ПолучательСчет: '4'.repeat(20),
      ДатаСписано: '23.11.2026',
    });
    expect(parseBankStatement(statement(incoming(), out))).toEqual({
      account: ours,
      from: '2026-11-23',
      to: '2026-11-23',
      outgoing: 1,
      incoming: [
        {
          number: '17',
          day: '2026-11-23',
          amountKop: 150_050,
          payerInn: '7707083893',
          payerName: 'ООО «Ромашка»',
          payerAccount: '40702810000000000099',
          purpose: 'Оплата по счёту № СЧ-2026-000001 от 20.11.2026',
        },
      ],
    });
  });

  it.each([
    ['another file', 'PK\u0003\u0004', 'строка 1: ожидалась строка 1CClientBankExchange'],
    ['a file cut short', statement(incoming()).replace('КонецФайла', ''), 'оборван'],
    ['a wrong sum', statement(incoming({ Сумма: '1 500' })), 'строка 11: сумма «1 500»'],
    ['a wrong date', statement(incoming({ ДатаПоступило: '2026-11-23' })), 'дата «2026-11-23»'],
    ['a payment without a number', statement(incoming({ Номер: '' })), 'нет Номер'],
    ['no account', statement().replaceAll(ours, '1'), 'РасчСчет'],
  ])('refuses %s and says where', (_, text, why) => {
    expect(() => parseBankStatement(text)).toThrow(why);
  });

  it('finds invoice numbers in a purpose', () => {
    expect(invoiceNumbersIn('по сч-2026-000001, СЧ-2026-000002 и СЧ-2026-1')).toEqual([
      'СЧ-2026-000001',
      'СЧ-2026-000002',
    ]);
  });
});

describe('importing a statement', () => {
  it('books a payment once, by its invoice or its payer, and parks what nobody claims', async () => {
    const books = new MemoryBooks();
    const desk = new BillingDesk((run) => run(books), systemIds);
    await desk.invoice('shop', [{ text: 'x', count: 1, priceKop: 150_050, sumKop: 150_050 }], '2026-11-20');
    books.inns.set('5544332219', ['other']);
    books.inns.set('7700000000', ['one', 'two']);
    const text = statement(
      incoming(),
      incoming({ Номер: '18', ПлательщикИНН: '5544332219', НазначениеПлатежа: 'аванс' }),
      incoming({ Номер: '19', ПлательщикИНН: '7700000000', НазначениеПлатежа: 'аванс' }),
      incoming({ Номер: '20', ПлательщикИНН: '1', НазначениеПлатежа: 'аванс' }),
    );
    expect(await desk.importStatement(text)).toMatchObject({ repeated: 0, parked: 2 });
    expect(await desk.importStatement(text)).toMatchObject({ booked: [], repeated: 2 });
    expect([...books.parkedPayments.values()].map(({ reason }) => reason)).toEqual([
      'several_clients',
      'unknown_payer',
    ]);
    expect(books.balanceKop('client:shop')).toBe(150_050);
    expect(books.balanceKop('client:other')).toBe(150_050);
    expect(books.balanceKop('bank')).toBe(-300_100);
  });
});
