import { createHmac } from 'node:crypto';
import type { Settings } from '@kkt/config';
import { makeRnm } from '@kkt/ffd';
import { hashPassword } from '@kkt/security';
import type { Sql } from '@kkt/storage';
import { demoOperator, demoShop } from './demo-data';
import type { SeededRegister } from './seed-demo';

/** A group of registers that the farm itself uses. */
export interface OwnGroup {
  clientId: string;
  clientName: string;
  inn: string;
  userName: string;
  loginId: string;
  login: string;
  /** What its password is derived from: the worker makes the same one from the same key. */
  passwordPurpose: string;
  group: string;
  paymentAddress: string;
  /** Number of its registration: the first ten digits of the RNM. */
  rnmNumber: number;
}

/**
 * Sets one module of the stock apart for a group of the farm's own: a client, a login, a group. Safe to repeat.
 * @returns the registers of the group, as the operator must know them
 */
export async function seedOwnGroup(
  sql: Sql,
  settings: Settings<'tool'>,
  own: OwnGroup,
): Promise<SeededRegister[]> {
  await sql.query('insert into clients (id, name, inn) values ($1, $2, $3) on conflict do nothing', [
    own.clientId,
    own.clientName,
    own.inn,
  ]);
  const password = createHmac('sha256', settings.secretKey).update(own.passwordPurpose).digest('base64url');
  const known = await sql.query('select 1 from api_logins where login = $1', [own.login]);
  if (known.length === 0)
    await sql.query('insert into api_logins (id, client_id, login, password_hash) values ($1, $2, $3, $4)', [
      own.loginId,
      own.clientId,
      own.login,
      await hashPassword(password),
    ]);
  await sql.query(
    `insert into register_groups (client_id, code, protocol, ffd, inn, user_name, tax_systems, payment_address, address, sender_email,
       ofd_inn, ofd_name, ofd_host, ofd_port)
     values ($1, $2, 4, 2, $3, $4, $5, $6, $7, $8, $9, $10, '127.0.0.1', $11) on conflict (code) do update set ofd_port = excluded.ofd_port`,
    [
      own.clientId,
      own.group,
      own.inn,
      own.userName,
      demoShop.taxSystems,
      own.paymentAddress,
      demoShop.address,
      demoShop.senderEmail,
      demoOperator.inn,
      demoOperator.name,
      settings.ofdTcpPort,
    ],
  );
  const [kept] = await sql.query<{ serial: string; fn_number: string; rnm: string; model: string }>(
    `select k.serial, k.fn_number, k.rnm, k.model from registers k join register_groups g on g.id = k.group_id where g.code = $1`,
    [own.group],
  );
  if (kept) {
    const { serial, rnm, fn_number: fnNumber, model } = kept;
    return [{ serial, rnm, fnNumber, inn: own.inn, model }];
  }
  const [free] = await sql.query<{ id: number; serial: string; fn_number: string; model: string }>(
    `select id, serial, fn_number, model from registers where state = 'stock' and fn_number is not null and driver_id = $1
     order by id desc limit 1`,
    [settings.driverId],
  );
  if (!free) return [];
  const rnm = makeRnm(own.rnmNumber, own.inn, free.serial);
  await sql.query(
    `update registers set state = 'registering', client_id = $2, group_id = (select id from register_groups where code = $3), rnm = $4, ffd = 2
     where id = $1`,
    [free.id, own.clientId, own.group, rnm],
  );
  await sql.query('update fiscal_drives set client_id = $2 where fn_number = $1', [
    free.fn_number,
    own.clientId,
  ]);
  return [{ serial: free.serial, rnm, fnNumber: free.fn_number, inn: own.inn, model: free.model }];
}
