import { addDays, BillingDesk, moscowDay, topUp } from '@kkt/billing';
import type { Settings } from '@kkt/config';
import { systemClock, systemIds } from '@kkt/contracts';
import { BillingStore, openDatabase, RequisitesStore, type Sql } from '@kkt/storage';
import { fnCapacityDocuments } from './delivery-note';
import { demoClient } from './demo-data';
import { type OwnGroup, seedOwnGroup } from './own-group';
import type { SeededRegister } from './seed-demo';

/** The farm as a company. Its INN has a right checksum and belongs to nobody. */
const farm = {
  name: 'ООО «ККТ Ферма»',
  inn: '7799999980',
  kpp: '779901001',
  ogrn: '1267700000006',
  address: '109316, г. Москва, Волгоградский проспект, д. 42, стр. 9',
  bankName: 'АО «Эмулированный банк», г. Москва',
  bik: '044525000',
  account: '40702810000000000001',
  correspondentAccount: '30101810000000000000',
  headPost: 'Генеральный директор',
  headName: 'Фермеров Пётр Ильич',
};

/** Receipts for what clients pay the farm by card; the worker knows login and purpose. */
const ownService: OwnGroup = {
  clientId: '01900000-0000-7000-8000-000000000041',
  clientName: 'Ферма: собственные чеки',
  inn: farm.inn,
  userName: farm.name,
  loginId: '01900000-0000-7000-8000-000000000042',
  login: 'own-service',
  passwordPurpose: 'receipts of the own service v1',
  group: 'own-service',
  paymentAddress: 'https://cabinet.example',
  rnmNumber: 900_001,
};

const roubles = (sum: number): number => sum * 100;

/** Fiscal drives that the demo client has bought and that lie in the stock, for swaps. */
const spareDrives: readonly [fnNumber: string, model: string][] = [
  ['9999078900900001', 'fn-1.2-36'],
  ['9999078900900002', 'fn-1.2-36'],
  ['9999078900900003', 'fn-1.2-15'],
  ['9999078900900004', 'fn-1.2-15'],
];

/** Fiscal drives of the farm, for clients to buy. */
const drivesForSale: typeof spareDrives = [
  ['9999078900910001', 'fn-1.2-13'],
  ['9999078900910002', 'fn-1.2-15'],
  ['9999078900910003', 'fn-1.2-15'],
  ['9999078900910004', 'fn-1.2-36'],
  ['9999078900910005', 'fn-1.2-36'],
];

/**
 * Money of the demonstration: the farm's requisites, a group for its own receipts, rentals of the demo client with a
 * history, spare FNs. Safe to repeat.
 * @returns registers of the farm's own group, as the operator must know them
 */
export async function seedMoney(settings: Settings<'tool'>): Promise<SeededRegister[]> {
  const database = openDatabase({ url: settings.databaseUrl, applicationName: 'seed', maxConnections: 1 });
  try {
    return await database.transaction(async (sql) => {
      const own = await seedOwnGroup(sql, settings, ownService);
      const requisites = new RequisitesStore(sql);
      await requisites.setFarm({ ...farm, receiptsGroup: ownService.group });
      await sql.query(
        `insert into promo_codes (code, discount_bp, valid_from, valid_to, least_term_days)
         values ('START10', 1000, '2026-01-01', '2030-12-31', 7) on conflict do nothing`,
      );
      if (!(await requisites.client(demoClient.id))) await seedClient(sql, requisites);
      await seedDrives(sql);
      return own;
    });
  } finally {
    await database.close();
  }
}

async function seedClient(sql: Sql, requisites: RequisitesStore): Promise<void> {
  await requisites.setClient(demoClient.id, {
    fullName: 'Общество с ограниченной ответственностью «Пример»',
    kpp: '554401001',
    ogrn: '1265500000004',
    address: '644000, г. Омск, ул. Примерная, д. 1',
    bankName: 'АО «Эмулированный банк», г. Москва',
    bik: '044525000',
    account: '40702810000000000002',
    headPost: 'Генеральный директор',
    headName: 'Примерова Анна Сергеевна',
    actsOn: 'Устава',
  });
  await requisites.setSettings(demoClient.id, {
    warnBelowKop: roubles(20_000),
    receiptEmail: 'buh@shop.example',
  });
  await seedRentals(sql);
}

/** What was paid and rented in the last months, as the billing desk would have booked it. */
async function seedRentals(sql: Sql): Promise<void> {
  const today = moscowDay(systemClock.nowMs());
  const books = new BillingStore(sql);
  const desk = new BillingDesk((run) => run(books), systemIds);
  const pay = (daysAgo: number, by: 'bank' | 'card', reference: string, sum: number): Promise<boolean> =>
    books.book(topUp(demoClient.id, by, reference, roubles(sum), addDays(today, -daysAgo)));
  const rent = async (daysAgo: number, group: string, tariffId: string, termDays: number): Promise<void> => {
    const registers = await sql.query<{ id: number }>(
      `select k.id from registers k join register_groups g on g.id = k.group_id
       where g.client_id = $1 and g.code = $2 order by k.id`,
      [demoClient.id, group],
    );
    if (registers.length === 0) return;
    const firstDay = addDays(today, -daysAgo);
    await desk.order(
      {
        clientId: demoClient.id,
        tariffId,
        registerIds: registers.map(({ id }) => id),
        termDays,
        firstDay,
        renewsItself: true,
      },
      firstDay,
    );
  };
  const registers = await sql.query('select 1 from registers where client_id = $1', [demoClient.id]);
  // As many thousands as the rentals below cost for twenty registers of a group, or for as many as there are.
  const share = Math.max(1, registers.length) / 40;
  await pay(100, 'bank', 'demo-1', Math.round(700_000 * share));
  await rent(100, 'demo-v5', 'rent-2026', 365);
  await pay(76, 'bank', 'demo-2', Math.round(350_000 * share));
  await rent(76, 'demo-v4', 'rent-with-operator-2026', 90);
  await pay(10, 'card', 'demo-3', Math.round(100_000 * share));
  const text = 'Аренда контрольно-кассовой техники: пополнение лицевого счёта';
  const sumKop = roubles(200_000);
  await desk.invoice(demoClient.id, [{ text, count: 1, priceKop: sumKop, sumKop }], addDays(today, -2));
}

async function seedDrives(sql: Sql): Promise<void> {
  const all = [
    ...spareDrives.map((drive) => [...drive, demoClient.id] as const),
    ...drivesForSale.map((drive) => [...drive, null] as const),
  ];
  for (const [fnNumber, model, owner] of all)
    await sql.query(
      `insert into fiscal_drives (fn_number, model, client_id, capacity_documents, state)
       values ($1, $2, $3, $4, 'tested') on conflict do nothing`,
      [fnNumber, model, owner, await fnCapacityDocuments(model)],
    );
}
