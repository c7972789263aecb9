import { createHmac } from 'node:crypto';
import type { Settings } from '@kkt/config';
import { makeRnm } from '@kkt/ffd';
import { hashPassword } from '@kkt/security';
import { openDatabase } from '@kkt/storage';
import { demoClient, demoOperator, demoShop } from './demo-data';
import type { SeededRegister } from './seed-demo';

const clientId = '01900000-0000-7000-8000-000000000031';
const loginId = '01900000-0000-7000-8000-000000000032';
const login = 'synthetic';
const group = 'test-receipts';

/**
 * Sets one module of the stock apart for test receipts: a client, a login and a group of the farm's own. Safe to repeat.
 * @returns the registers of the group, as the operator must know them
 */
export async function seedSynthetic(settings: Settings<'tool'>): Promise<SeededRegister[]> {
  const database = openDatabase({ url: settings.databaseUrl, applicationName: 'seed', maxConnections: 1 });
  try {
    return await database.transaction(async (sql) => {
      await sql.query('insert into clients (id, name, inn) values ($1, $2, $3) on conflict do nothing', [
        clientId,
        'Ферма: тестовые чеки',
        demoClient.inn,
      ]);
      // The worker makes the same password from the same key.
      const password = createHmac('sha256', settings.secretKey)
        .update('synthetic receipts v1')
        .digest('base64url');
      const known = await sql.query('select 1 from api_logins where login = $1', [login]);
      if (known.length === 0)
        await sql.query(
          'insert into api_logins (id, client_id, login, password_hash) values ($1, $2, $3, $4)',
          [loginId, clientId, login, await hashPassword(password)],
        );
      await sql.query(
        `insert into register_groups (client_id, code, protocol, ffd, inn, user_name, tax_systems, payment_address, address, sender_email,
           ofd_inn, ofd_name, ofd_host, ofd_port)
         values ($1, $2, 4, 2, $3, $4, $5, $6, $7, $8, $9, $10, '127.0.0.1', $11) on conflict (code) do update set ofd_port = excluded.ofd_port`,
        [
          clientId,
          group,
          demoClient.inn,
          demoClient.name,
          demoShop.taxSystems,
          demoShop.paymentAddress,
          demoShop.address,
          demoShop.senderEmail,
          demoOperator.inn,
          demoOperator.name,
          settings.ofdTcpPort,
        ],
      );
      const [own] = await sql.query<{
        id: number;
        serial: string;
        fn_number: string;
        rnm: string;
        model: string;
      }>(
        `select k.id, k.serial, k.fn_number, k.rnm, k.model from registers k join register_groups g on g.id = k.group_id where g.code = $1`,
        [group],
      );
      if (own) {
        const { serial, rnm, fn_number: fnNumber, model } = own;
        return [{ serial, rnm, fnNumber, inn: demoClient.inn, model }];
      }
      const [free] = await sql.query<{ id: number; serial: string; fn_number: string; model: string }>(
        `select id, serial, fn_number, model from registers where state = 'stock' and fn_number is not null and driver_id = $1
         order by id desc limit 1`,
        [settings.driverId],
      );
      if (!free) return [];
      const rnm = makeRnm(900_000, demoClient.inn, free.serial);
      await sql.query(
        `update registers set state = 'registering', client_id = $2, group_id = (select id from register_groups where code = $3), rnm = $4, ffd = 2
         where id = $1`,
        [free.id, clientId, group, rnm],
      );
      await sql.query('update fiscal_drives set client_id = $2 where fn_number = $1', [
        free.fn_number,
        clientId,
      ]);
      return [{ serial: free.serial, rnm, fnNumber: free.fn_number, inn: demoClient.inn, model: free.model }];
    });
  } finally {
    await database.close();
  }
}
