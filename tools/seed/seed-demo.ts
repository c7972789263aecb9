import { join } from 'node:path';
import type { Settings } from '@kkt/config';
import { makeRnm } from '@kkt/ffd';
import { hashPassword } from '@kkt/security';
import { openDatabase, type Sql } from '@kkt/storage';
import { seedOperators } from './seed-operators';
import { type DeliveredModule, fnCapacityDocuments, readDeliveryNote } from './delivery-note';
import { demoClient, type DemoGroup, demoGroups, demoOperator, demoShop } from './demo-data';

/** A register of the demo as the operator must know it. */
export interface SeededRegister {
  serial: string;
  rnm: string;
  fnNumber: string;
  inn: string;
  model: string;
}

interface Seeded {
  groups: number;
  rented: SeededRegister[];
  stock: number;
}

/**
 * Puts the delivered modules into the inventory and lets the demo tenant rent most of them. Safe to repeat: what is
 * there already is left as it is, so a second start changes nothing.
 */
export async function seedDemo(settings: Settings<'tool'>): Promise<Seeded> {
  const modules = await readDeliveryNote(join(settings.dataDir, 'emulator', 'world.json'));
  const database = openDatabase({ url: settings.databaseUrl, applicationName: 'seed', maxConnections: 1 });
  try {
    return await database.transaction(async (sql) => {
      await seedClient(sql);
      const groupIds = new Map<DemoGroup, number>();
      await seedOperators(sql, settings, { ...demoOperator, receiptUrl: receiptPage(settings) });
      for (const group of demoGroups) groupIds.set(group, await seedGroup(sql, group, settings));
      return seedModules(sql, modules, groupIds, settings.driverId);
    });
  } finally {
    await database.close();
  }
}

async function seedClient(sql: Sql): Promise<void> {
  await sql.query('insert into clients (id, name, inn) values ($1, $2, $3) on conflict do nothing', [
    demoClient.id,
    demoClient.name,
    demoClient.inn,
  ]);
  const known = await sql.query('select 1 from api_logins where login = $1', [demoClient.login]);
  if (known.length > 0) return;
  await sql.query('insert into api_logins (id, client_id, login, password_hash) values ($1, $2, $3, $4)', [
    demoClient.loginId,
    demoClient.id,
    demoClient.login,
    await hashPassword(demoClient.password),
  ]);
}

async function seedGroup(sql: Sql, group: DemoGroup, settings: Settings<'tool'>): Promise<number> {
  await sql.query(
    `insert into register_groups (client_id, code, protocol, ffd, inn, user_name, tax_systems, payment_address, address,
       sender_email, ofd_inn, ofd_name, ofd_host, ofd_port, ofd_receipt_url)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) on conflict (code) do nothing`,
    [
      demoClient.id,
      group.code,
      group.protocol,
      group.ffd,
      demoClient.inn,
      demoClient.name,
      demoShop.taxSystems,
      demoShop.paymentAddress,
      demoShop.address,
      demoShop.senderEmail,
      demoOperator.inn,
      demoOperator.name,
      '127.0.0.1',
      settings.ofdTcpPort,
      receiptPage(settings),
    ],
  );
  // The operator's port may have been moved since the last start.
  const rows = await sql.query<{ id: number }>(
    'update register_groups set ofd_port = $2, ofd_receipt_url = $3 where code = $1 returning id',
    [group.code, settings.ofdTcpPort, receiptPage(settings)],
  );
  return rows[0]?.id ?? 0;
}

async function seedModules(
  sql: Sql,
  modules: readonly DeliveredModule[],
  groupIds: ReadonlyMap<DemoGroup, number>,
  driverId: string,
): Promise<Seeded> {
  const left = new Map(
    [...groupIds.keys()].map((group) => [group, Math.round(group.share * modules.length)]),
  );
  let stock = 0;
  for (const [index, unit] of modules.entries()) {
    const group = [...groupIds.keys()].find(
      (candidate) => (left.get(candidate) ?? 0) > 0 && unit.ffd >= candidate.ffd,
    );
    if (group) left.set(group, (left.get(group) ?? 0) - 1);
    const rnm = group ? makeRnm(index + 1, demoClient.inn, unit.serial) : null;
    await sql.query(
      `insert into fiscal_drives (fn_number, model, client_id, capacity_documents) values ($1, $2, $3, $4) on conflict do nothing`,
      [unit.fnNumber, unit.fnModel, group ? demoClient.id : null, await fnCapacityDocuments(unit.fnModel)],
    );
    await sql.query(
      `insert into registers (serial, model, place, transport, driver_id, client_id, group_id, rnm, ffd, fn_number, state)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       on conflict (serial) do update set transport = excluded.transport, driver_id = excluded.driver_id`,
      [
        unit.serial,
        unit.model.id,
        JSON.stringify(unit.place),
        JSON.stringify(unit.transport),
        driverId,
        group ? demoClient.id : null,
        group ? groupIds.get(group) : null,
        rnm,
        group?.ffd ?? null,
        unit.fnNumber,
        group ? 'registering' : 'stock',
      ],
    );
    if (!group) stock += 1;
  }
  return { groups: groupIds.size, rented: await rentedOf(sql, modules), stock };
}

/** Rented registers as they are now: an FN may have been exchanged since the delivery. */
async function rentedOf(sql: Sql, modules: readonly DeliveredModule[]): Promise<SeededRegister[]> {
  const rows = await sql.query<{ serial: string; rnm: string; fnNumber: string }>(
    `select serial, rnm, fn_number as "fnNumber" from registers
     where client_id = $1 and rnm is not null and fn_number is not null and state <> 'closed' order by serial`,
    [demoClient.id],
  );
  const models = new Map(modules.map(({ serial, model }) => [serial, model.name]));
  return rows.map((row) => ({ ...row, inn: demoClient.inn, model: models.get(row.serial) ?? '' }));
}

/** Page of a receipt on the reference operator's portal. */
const receiptPage = (settings: Settings<'tool'>): string =>
  `http://127.0.0.1:${settings.ofdPortalPort}/receipt/{fn}/{fd}/{fpd}`;
