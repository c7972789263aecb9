import { hash } from 'node:crypto';
import type { Settings } from '@kkt/config';
import { newApiKey } from '@kkt/security';
import { ApiKeyStore, openDatabase, type Sql } from '@kkt/storage';
import { demoClient } from './demo-data';

/**
 * The key of the demo client: the same on every machine, so that the documentation's commands can be pasted. It opens
 * nothing but demonstrations, where its client is made by the seed.
 */
export const demoApiKey = newApiKey(
  Buffer.concat([Buffer.from('0000demo').subarray(3), hash('sha256', 'KKT Farm demo key', 'buffer')]),
);

/** Gives the demo client its key, with every right; true when it was made now. Safe to repeat. */
export async function addDemoApiKey(sql: Sql, clientId: string = demoClient.id): Promise<boolean> {
  const store = new ApiKeyStore(sql);
  if (await store.byHash(demoApiKey.hash)) return false;
  await store.add({
    id: demoApiKey.id,
    keyHash: demoApiKey.hash,
    clientId,
    name: 'demo',
    scopes: [
      'receipt:write',
      'receipt:read',
      'report:read',
      'key:manage',
      'payment:write',
      'payment:read',
      'payment:manage',
    ],
  });
  return true;
}

/** The same on the database of the settings. */
export async function seedApiKey(settings: Pick<Settings<'tool'>, 'databaseUrl'>): Promise<boolean> {
  const database = openDatabase({ url: settings.databaseUrl, applicationName: 'seed', maxConnections: 1 });
  try {
    return await addDemoApiKey(database);
  } finally {
    await database.close();
  }
}
