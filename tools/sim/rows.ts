import { makeRnm } from '@kkt/ffd';
import type { World } from '@hardware/emulator';
import type { SimDatabase } from './database';

export const driverId = 'driver-1';
export const clientId = '00000000-0000-7000-8000-000000000001';
export const clientInn = '5544332219';

export interface SimGroup {
  id: number;
  code: string;
  ffd: 2 | 4;
}

/** A register as the inventory knows it. */
export interface SimRegister {
  id: number;
  serial: string;
  rnm: string;
  fnNumber: string;
  group: SimGroup;
}

/** Inventory of a farm whose modules were delivered and rented a moment ago: the driver registers their FNs itself. */
export async function writeInventory(
  database: SimDatabase,
  world: World,
): Promise<{ groups: SimGroup[]; registers: SimRegister[] }> {
  await database.run(`insert into clients (id, name, inn) values ($1, 'ООО «Клиент»', $2)`, [
    clientId,
    clientInn,
  ]);
  const groups = await database.run<SimGroup>(
    `insert into register_groups (client_id, code, protocol, ffd, inn, user_name, tax_systems, payment_address, address,
       sender_email, ofd_inn, ofd_name, ofd_host, ofd_port)
     select $1, x.code, x.protocol, x.ffd, $2, 'ООО «Клиент»', 39, 'https://shop.example', 'г. Москва', 'check@shop.example',
       '7709364346', 'Оператор', 'operator', 8084
     from json_to_recordset($3::json) as x(code text, protocol smallint, ffd smallint)
     returning id, code, ffd`,
    [
      clientId,
      clientInn,
      JSON.stringify([
        { code: 'shop-v4', protocol: 4, ffd: 2 },
        { code: 'shop-v5', protocol: 5, ffd: 4 },
      ]),
    ],
  );
  const rows = world.note.modules.map((unit, index) => {
    const group = groups[index % groups.length] as SimGroup;
    return {
      serial: unit.serial,
      fnNumber: unit.fnNumber,
      fnModel: unit.fnModel,
      model: unit.model.id,
      transport: unit.transport,
      groupId: group.id,
      ffd: group.ffd,
      rnm: makeRnm(index + 1, clientInn, unit.serial),
    };
  });
  const given = [JSON.stringify(rows), clientId];
  await database.run(
    `insert into fiscal_drives (fn_number, model, client_id, capacity_documents)
     select "fnNumber", "fnModel", $2, 250000 from json_to_recordset($1::json) as x("fnNumber" text, "fnModel" text)`,
    given,
  );
  const ids = await database.run<{ id: number; serial: string }>(
    `insert into registers (serial, model, transport, driver_id, client_id, group_id, rnm, ffd, fn_number, state)
     select serial, model, transport, '${driverId}', $2, "groupId", rnm, ffd, "fnNumber", 'registering'
     from json_to_recordset($1::json) as x(serial text, model text, transport jsonb, "groupId" integer, rnm text,
       ffd smallint, "fnNumber" text)
     returning id, serial`,
    given,
  );
  const idOf = new Map(ids.map(({ id, serial }) => [serial, id]));
  return {
    groups,
    registers: rows.map(({ serial, rnm, fnNumber, groupId }) => ({
      id: idOf.get(serial) ?? 0,
      serial,
      rnm,
      fnNumber,
      group: groups.find(({ id }) => id === groupId) as SimGroup,
    })),
  };
}
