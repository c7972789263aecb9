import type { Settings } from '@kkt/config';
import { hashPassword } from '@kkt/security';
import { openDatabase, type Sql } from '@kkt/storage';

/** The engineer of the demo farm. */
export const demoEngineer = {
  id: '01900000-0000-7000-8000-000000000011',
  login: 'engineer',
  password: 'engineer-password',
  name: 'Дежурный инженер',
  role: 'engineer',
} as const;

/** Approves what cannot be taken back: closing an FN needs a second person. */
export const demoLead = {
  id: '01900000-0000-7000-8000-000000000012',
  login: 'lead',
  password: 'lead-password',
  name: 'Старший смены',
  role: 'lead',
} as const;

/** Makes the demo engineer unless somebody with this login exists. Safe to repeat. */
export async function addDemoEngineer(sql: Sql): Promise<boolean> {
  await addDemoStaff(sql, demoLead);
  return addDemoStaff(sql, demoEngineer);
}

async function addDemoStaff(sql: Sql, member: typeof demoEngineer | typeof demoLead): Promise<boolean> {
  const known = await sql.query('select 1 from staff where login = $1', [member.login]);
  if (known.length > 0) return false;
  await sql.query(
    'insert into staff (id, login, password_hash, name, role) values ($1, $2, $3, $4, $5) on conflict do nothing',
    [member.id, member.login, await hashPassword(member.password), member.name, member.role],
  );
  return true;
}

/** Lets the demo engineer and his second person into the console. */
export async function seedStaff(settings: Pick<Settings<'tool'>, 'databaseUrl'>): Promise<boolean> {
  const database = openDatabase({ url: settings.databaseUrl, applicationName: 'seed', maxConnections: 1 });
  try {
    return await addDemoEngineer(database);
  } finally {
    await database.close();
  }
}
