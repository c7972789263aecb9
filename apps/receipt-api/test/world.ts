import type { Server } from 'node:http';
import { type Clock, silentLog, systemClock, systemIds } from '@kkt/contracts';
import { hashPassword } from '@kkt/security';
import { type Database, farmMigrations, migrate, openDatabase } from '@kkt/storage';
import { createTestDatabase } from '@kkt/testing';
import { createReceiptApi, type ReceiptApi } from '../src/create-receipt-api';
import { defaultSettings, type ReceiptApiSettings } from '../src/settings';
import { inn, otherInn } from './bodies';

export const clientId = '01900000-0000-7000-8000-00000000000a';
export const otherClientId = '01900000-0000-7000-8000-00000000000b';
export const password = 'верный-Pass-1';

/** One database with two clients, several doors on it, and what was woken. */
export interface World {
  database: Database;
  woken: string[];
  door(settings?: Partial<ReceiptApiSettings>, clock?: Clock): Promise<Server>;
  /** Closes the doors opened so far, as a process that ends does. */
  stopDoors(): Promise<void>;
  close(): Promise<void>;
}

async function seed(database: Database): Promise<void> {
  const passwordHash = await hashPassword(password);
  await database.query(`insert into clients (id, name, inn) values ($1, 'Магазин', $2), ($3, 'Чужой', $4)`, [
    clientId,
    inn,
    otherClientId,
    otherInn,
  ]);
  await database.query(
    `insert into api_logins (id, client_id, login, password_hash, blocked)
     values (gen_random_uuid(), $1, 'shop', $3, false), (gen_random_uuid(), $2, 'other', $3, false),
            (gen_random_uuid(), $1, 'blocked', $3, true)`,
    [clientId, otherClientId, passwordHash],
  );
  await database.query(
    `insert into register_groups (id, client_id, code, protocol, ffd, inn, user_name, tax_systems, default_tax_system,
       payment_address, address, sender_email, ofd_inn, ofd_name, ofd_host, ofd_port)
     values (1, $1, 'g4', 4, 2, $2, 'Магазин', 3, 1, 'https://shop.example', 'Москва', 'kassa@shop.example', '7709364346', 'ОФД', '127.0.0.1', 1),
            (2, $1, 'g5', 5, 4, $2, 'Магазин', 3, 1, 'https://shop.example', 'Москва', 'kassa@shop.example', '7709364346', 'ОФД', '127.0.0.1', 1),
            (3, $3, 'x4', 4, 2, $4, 'Чужой', 1, null, 'https://x.example', 'Москва', null, '7709364346', 'ОФД', '127.0.0.1', 1)`,
    [clientId, inn, otherClientId, otherInn],
  );
  await database.query(
    `insert into registers (id, serial, model, transport, driver_id, client_id, group_id, rnm, ffd, fn_number, state)
     values (1, '00106900000017', 'atol-30f', '{}', 'dc1-a', $1, 1, '0000000000055870', 2, '9999078900005488', 'ready'),
            (2, '00106900000018', 'atol-30f', '{}', 'dc1-b', $1, 2, '0000000000055871', 4, '9999078900005489', 'ready')`,
    [clientId],
  );
}

export async function createWorld(): Promise<World> {
  const created = await createTestDatabase();
  await migrate({ url: created.url, migrations: farmMigrations });
  const database = openDatabase({
    url: created.url,
    applicationName: 'receipt-api-spec',
    maxConnections: 10,
  });
  await seed(database);
  const woken: string[] = [];
  const apis: ReceiptApi[] = [];
  return {
    database,
    woken,
    async door(settings = {}, clock = systemClock) {
      const api = await createReceiptApi({
        database,
        wakeBus: {
          async wake(channel, key) {
            woken.push(`${channel} ${key}`);
          },
        },
        clock,
        ids: systemIds,
        log: silentLog,
        settings: { ...defaultSettings, ...settings },
      });
      apis.push(api);
      await api.app.listen(0, '127.0.0.1');
      return api.app.getHttpServer() as Server;
    },
    async stopDoors() {
      for (const api of apis.splice(0)) await api.stop();
    },
    async close() {
      for (const api of apis) await api.stop();
      await database.close();
      await created.drop();
    },
  };
}
