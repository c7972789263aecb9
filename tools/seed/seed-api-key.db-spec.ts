import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apiKeyId } from '@kkt/security';
import { ApiKeyStore, farmMigrations, migrate, openDatabase } from '@kkt/storage';
import { createTestDatabase } from '@kkt/testing';
import { demoClient } from './demo-data';
import { addDemoApiKey, demoApiKey } from './seed-api-key';

describe('the demo key', () => {
  it('is a key, is what the documentation says, and is made once', async () => {
    expect(apiKeyId(demoApiKey.text)).toBe(demoApiKey.id);
    const page = await readFile(join(__dirname, '..', '..', 'docs', 'api', 'v1.md'), 'utf8');
    expect(page).toContain(demoApiKey.text);
    const created = await createTestDatabase();
    await migrate({ url: created.url, migrations: farmMigrations });
    const database = openDatabase({ url: created.url, applicationName: 'seed-spec' });
    try {
      await database.query('insert into clients (id, name, inn) values ($1, $2, $3)', [
        demoClient.id,
        demoClient.name,
        demoClient.inn,
      ]);
      expect([await addDemoApiKey(database), await addDemoApiKey(database)]).toEqual([true, false]);
      const keys = await new ApiKeyStore(database).ofClient(demoClient.id);
      expect(keys).toMatchObject([{ id: demoApiKey.id, name: 'demo', groupCode: null, revokedAt: null }]);
    } finally {
      await database.close();
      await created.drop();
    }
  });
});
