import type { Settings } from '@kkt/config';
import { openDatabase } from '@kkt/storage';
import { demoClient, demoShop } from './demo-data';
import { type OwnGroup, seedOwnGroup } from './own-group';
import type { SeededRegister } from './seed-demo';

/** Test receipts of the farm; the worker knows login and purpose. */
const testReceipts: OwnGroup = {
  clientId: '01900000-0000-7000-8000-000000000031',
  clientName: 'Ферма: тестовые чеки',
  inn: demoClient.inn,
  userName: demoClient.name,
  loginId: '01900000-0000-7000-8000-000000000032',
  login: 'synthetic',
  passwordPurpose: 'synthetic receipts v1',
  group: 'test-receipts',
  paymentAddress: demoShop.paymentAddress,
  rnmNumber: 900_000,
};

/** Sets one module of the stock apart for test receipts. Safe to repeat. */
export async function seedSynthetic(settings: Settings<'tool'>): Promise<SeededRegister[]> {
  const database = openDatabase({ url: settings.databaseUrl, applicationName: 'seed', maxConnections: 1 });
  try {
    return await database.transaction((sql) => seedOwnGroup(sql, settings, testReceipts));
  } finally {
    await database.close();
  }
}
