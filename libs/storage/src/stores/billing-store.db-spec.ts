import { BillingDesk, addDays, sellDrive, topUp } from '@kkt/billing';
import { systemIds } from '@kkt/contracts';
import { createTestDatabase, FarmRows, type TestDatabase } from '@kkt/testing';
import { BillingStore, type Database, farmMigrations, migrate, MoneyReadStore, openDatabase } from '../index';

let database: TestDatabase;
let db: Database;
let desk: BillingDesk;
let clientId: string;
let registers: number[];
const start = '2026-11-23';

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate({ url: database.url, migrations: farmMigrations });
  db = openDatabase({ url: database.url, applicationName: 'billing-spec', maxConnections: 8 });
  desk = new BillingDesk((run) => db.transaction((sql) => run(new BillingStore(sql))), systemIds);
  const rows = new FarmRows(db);
  const client = await rows.client();
  const group = await rows.group(client, 'billing');
  clientId = client.id;
  registers = [];
  for (let n = 0; n < 3; n++) registers.push((await rows.register(group)).id);
});
afterAll(async () => {
  await db?.close();
  await database?.drop();
});

const books = () => new BillingStore(db);
const pay = (amountKop: number, reference = systemIds.uuid()) =>
  db.transaction((sql) => new BillingStore(sql).book(topUp(clientId, 'card', reference, amountKop, start)));

describe('BillingStore', () => {
  it('keeps balances, statements and acts in step with what is booked', async () => {
    await pay(1_000_000, 'first');
    expect(await pay(1_000_000, 'first')).toBe(false);
    const [rental] = await desk.order(
      {
        clientId,
        tariffId: 'rent-2026',
        registerIds: [registers[0] ?? 0],
        termDays: 30,
        firstDay: start,
        renewsItself: false,
      },
      start,
    );
    await db.transaction((sql) =>
      new BillingStore(sql).book(sellDrive(clientId, '9999078900000001', 'fn-1.2-15', 300_000, start)),
    );
    const earned = await Promise.all([desk.earnDays(addDays(start, 8)), desk.earnDays(addDays(start, 8))]);
    expect(earned.reduce((sum, { days }) => sum + days, 0)).toBe(8);
    expect((await desk.end(rental?.id ?? '', addDays(start, 9), addDays(start, 10))).backKop).toBe(
      351_000 - 130_000,
    );
    const { openingKop, lines } = await books().statement(clientId, start, addDays(start, 40));
    expect(openingKop).toBe(0);
    expect(lines.map(({ kind, balanceKop }) => [kind, balanceKop])).toEqual([
      ['top_up', 1_000_000],
      ['rent_paid', 649_000],
      ['drive_sold', 349_000],
      ['rent_returned', 570_000],
    ]);
    expect(await books().balanceKop(`client:${clientId}`)).toBe(570_000);
    expect(await books().sumOfEverythingKop()).toBe(0);
    const act = await desk.act(clientId, start, addDays(start, 40), addDays(start, 40));
    expect(act?.totalKop).toBe(430_000);
    expect(act?.lines.map(({ text, count }) => [text, count])).toEqual([
      ['Фискальные накопители', 1],
      ['Аренда кассы, кассо-дней', 10],
      ['Перерасчёт аренды', 1],
    ]);
    expect(await desk.act(clientId, start, addDays(start, 40), addDays(start, 41))).toEqual(act);
    const reconciled = await desk.reconciliation(clientId, start, addDays(start, 40), addDays(start, 40));
    expect(reconciled.lines.map(({ text, sumKop }) => [text, sumKop])).toEqual([
      ['Оплата картой', 1_000_000],
      [expect.stringMatching('Фискальный накопитель'), -300_000],
      ['Аренда касс за 11.2026', expect.any(Number)],
      ['Аренда касс за 12.2026', expect.any(Number)],
    ]);
    expect(reconciled.lines.reduce((sum, { sumKop }) => sum + sumKop, 0)).toBe(570_000);
    expect((await new MoneyReadStore(db).papers(clientId)).map(({ number }) => number)).toEqual([
      reconciled.number,
      act?.number,
    ]);
  });

  it('lets two orders at once spend the balance only once', async () => {
    const before = await books().balanceKop(`client:${clientId}`);
    const order = (register: number | undefined) =>
      desk.order(
        {
          clientId,
          tariffId: 'rent-2026',
          registerIds: [register ?? 0],
          termDays: 45,
          firstDay: start,
          renewsItself: false,
        },
        start,
      );
    // 45 days cost 526 500: the balance covers one.
    expect(before).toBe(570_000);
    const ended = await Promise.allSettled([order(registers[1]), order(registers[2])]);
    expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await books().sumOfEverythingKop()).toBe(0);
  });

  it('refuses by itself what the code must never do', async () => {
    const half = db.query(
      `with t as (insert into ledger_transactions (key, kind, day, text) values ('half', 'top_up', '2026-01-01', '')
                  returning id)
       insert into ledger_postings select id, 'bank', 5 from t`,
    );
    await expect(half).rejects.toMatchObject({ constraint: 'ledger_adds_up' });
    await expect(db.query('update ledger_postings set amount_kop = 1')).rejects.toMatchObject({
      constraint: 'ledger_is_written_once',
    });
    await expect(db.query('delete from ledger_transactions')).rejects.toMatchObject({
      constraint: 'ledger_is_written_once',
    });
    const overdraw = db.transaction((sql) =>
      new BillingStore(sql).book(sellDrive(clientId, '9999078900000002', 'fn-1.2-15', 90_000_000, start)),
    );
    await expect(overdraw).rejects.toMatchObject({ constraint: 'ledger_balances_paid' });
    await pay(5_000_000);
    const again = desk.order(
      {
        clientId,
        tariffId: 'rent-2026',
        registerIds: [registers[0] ?? 0],
        termDays: 30,
        firstDay: addDays(start, 9),
        renewsItself: false,
      },
      start,
    );
    await expect(again).rejects.toMatchObject({ constraint: 'rentals_once' });
  });

  it('numbers papers without gaps also when some are given up', async () => {
    const line = (sumKop: number) => [{ text: 'Пополнение баланса', count: 1, priceKop: sumKop, sumKop }];
    const tries = await Promise.allSettled(
      Array.from({ length: 12 }, (_, n) =>
        desk.invoice(n % 3 === 0 ? systemIds.uuid() : clientId, line(100 + n), '2026-12-01'),
      ),
    );
    const numbers = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value.number] : [])).sort();
    expect(numbers).toEqual(Array.from({ length: 8 }, (_, n) => `СЧ-2026-00000${n + 1}`));
  });
});
