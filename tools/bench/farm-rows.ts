import type { ReceiptContent } from '@kkt/contracts';
import { makeRnm } from '@kkt/ffd';
import type { Database, NewReceipt } from '@kkt/storage';
import { systemIds } from '@kkt/contracts';
import { threeItems } from './sample-receipt';

/** Many clients and registers at once, by one statement each: the size of a farm, for figures about storage. */

const inn = '5544332219';
export const content: ReceiptContent = threeItems(inn);

export const clientId = (n: number): string => `01900000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
export const fnOf = (n: number): string => `9999${String(n).padStart(12, '0')}`;

/** So many clients with a group each (its number is the client's), whose operator listens on the given port. */
export async function addClients(database: Database, count: number, ofdPort = 1): Promise<void> {
  await database.query(
    `insert into clients (id, name, inn)
     select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'Магазин ' || n, $2
     from generate_series(1, $1::integer) n`,
    [count, inn],
  );
  await database.query(
    `insert into register_groups (client_id, code, protocol, ffd, inn, user_name, tax_systems, payment_address, address,
       ofd_inn, ofd_name, ofd_host, ofd_port)
     select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'g' || n, 5, 4, $2, 'Магазин', 1,
            'https://shop.example', 'Москва', '7709364346', 'ОФД', '127.0.0.1', $3
     from generate_series(1, $1::integer) n order by n`,
    [count, inn, ofdPort],
  );
}

export interface AddedRegister {
  id: number;
  serial: string;
  rnm: string;
  fnNumber: string;
  groupId: number;
}

/** So many ready registers, dealt to the groups in turn; leased to `owner` with fence 1. */
export async function addRegisters(
  database: Database,
  count: number,
  groups: number,
  owner: (n: number) => string,
): Promise<AddedRegister[]> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const serials = numbers.map((n) => String(106_000_000_000 + n).padStart(14, '0'));
  const rows = await database.query<AddedRegister>(
    `insert into registers (serial, model, transport, driver_id, client_id, group_id, rnm, ffd, fn_number, state)
     select x.serial, 'atol-42fs', '{}', 'driver-' || (x.n - 1) / 576, g.client_id, g.id, x.rnm, 4, x.fn, 'ready'
     from unnest($1::integer[], $2::text[], $3::text[], $4::text[]) as x(n, serial, rnm, fn)
     join register_groups g on g.code = 'g' || ((x.n - 1) % $5::integer + 1)
     order by x.n returning id, serial, rnm, fn_number as "fnNumber", group_id as "groupId"`,
    [
      numbers,
      serials,
      numbers.map((n, index) => makeRnm(n, inn, serials[index] ?? '')),
      numbers.map(fnOf),
      groups,
    ],
  );
  await database.query(
    `insert into leases (register_id, owner, fence, expires_at)
     select id, owner, 1, farm_now() + interval '1 day' from unnest($1::integer[], $2::uuid[]) as x(id, owner)
     on conflict (register_id) do update set owner = excluded.owner, fence = 1, expires_at = excluded.expires_at`,
    [rows.map(({ id }) => id), rows.map((_, index) => owner(index + 1))],
  );
  return rows;
}

/** A sale of a client as the door hands it to the store. */
export const saleOf = (groupId: number, client: string): NewReceipt => ({
  id: systemIds.uuid(),
  groupId,
  clientId: client,
  externalId: systemIds.uuid(),
  api: 'v5',
  operation: 'sell',
  content,
  bodyHash: '00'.repeat(32),
  totalKop: content.totalKop,
  priority: 50,
  queueLimitS: 86_400,
});
