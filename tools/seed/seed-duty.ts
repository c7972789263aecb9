import type { Settings } from '@kkt/config';
import { openDatabase } from '@kkt/storage';
import { demoEngineer } from './seed-staff';

const contacts = [
  ['staff', demoEngineer.id, 'email', 'engineer@farm.example'],
  ['staff', demoEngineer.id, 'sms', '+79990000001'],
  ['staff', demoEngineer.id, 'voice', '+79990000001'],
  ['staff', demoEngineer.id, 'telegram', '@kkt_farm_duty'],
  ['role', 'duty', 'email', 'duty@farm.example'],
  ['role', 'support', 'email', 'support@farm.example'],
  ['role', 'client-service', 'email', 'clients@farm.example'],
] as const;

/** Gives the demo farm somebody on duty for a month, and addresses to everybody who is told of alerts. Safe to repeat. */
export async function seedDuty(settings: Pick<Settings<'tool'>, 'databaseUrl'>): Promise<void> {
  const database = openDatabase({ url: settings.databaseUrl, applicationName: 'seed', maxConnections: 1 });
  try {
    for (const [kind, id, channel, address] of contacts)
      await database.query(
        `insert into contact_points (owner_kind, owner_id, channel, address) values ($1, $2, $3, $4)
         on conflict on constraint contact_points_once do nothing`,
        [kind, id, channel, address],
      );
    await database.query(
      `insert into duty_shifts (staff_id, role, starts_at, ends_at)
       select s.id, r.role, farm_now() - interval '1 hour', farm_now() + interval '30 days'
       from staff s, unnest(array['duty', 'second', 'head']) as r(role)
       where s.id = $1 and not exists (select 1 from duty_shifts d where d.ends_at > farm_now() + interval '1 day')`,
      [demoEngineer.id],
    );
  } finally {
    await database.close();
  }
}
