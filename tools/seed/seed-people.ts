import type { Settings } from '@kkt/config';
import { hashPassword } from '@kkt/security';
import { openDatabase, type Sql } from '@kkt/storage';
import { demoClient } from './demo-data';
import { seedOffer } from './offer';

/** The owner of the demo client. */
export const demoPerson = {
  id: '01900000-0000-7000-8000-000000000021',
  login: 'demo',
  password: 'demo-password',
  name: 'Анна Примерова',
  role: 'owner',
} as const;

/** Makes the demo person and links her to the demo client, which must exist. Safe to repeat. */
export async function addDemoPerson(sql: Sql, clientId: string = demoClient.id): Promise<boolean> {
  const known = await sql.query<{ id: string }>('select id from people where login = $1', [demoPerson.login]);
  if (known.length === 0) {
    await sql.query(
      'insert into people (id, login, password_hash, name) values ($1, $2, $3, $4) on conflict do nothing',
      [demoPerson.id, demoPerson.login, await hashPassword(demoPerson.password), demoPerson.name],
    );
  }
  const linked = await sql.query(
    `insert into client_people (client_id, person_id, role) select $1, id, $3 from people where login = $2
     on conflict do nothing returning person_id`,
    [clientId, demoPerson.login, demoPerson.role],
  );
  return linked.length > 0;
}

/** Lets the demo person into the cabinet of the demo client, and publishes the offer that newcomers accept. */
export async function seedPeople(settings: Pick<Settings<'tool'>, 'databaseUrl'>): Promise<boolean> {
  const database = openDatabase({ url: settings.databaseUrl, applicationName: 'seed', maxConnections: 1 });
  try {
    await seedOffer(database);
    return await addDemoPerson(database);
  } finally {
    await database.close();
  }
}
