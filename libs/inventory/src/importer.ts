import { isDeepStrictEqual } from 'node:util';
import { FarmError } from '@kkt/contracts';
import { AuditStore, type AuditValue, type Database, type Sql } from '@kkt/storage';
import { exportInventory } from './exporter';
import type { InventoryFile } from './file';

export interface ImportResult {
  added: number;
  changed: number;
  unchanged: number;
}

/** What the limits that the database keeps mean to whoever wrote the file. */
const rules: Readonly<Record<string, string>> = {
  assemblies_number_in_rack: 'a rack holds assemblies 1 to 12',
  registers_assembly_in_rack: 'a rack holds assemblies 1 to 12',
  registers_slot_in_assembly: 'an assembly holds slots 1 to 48',
  registers_one_per_slot: 'a slot holds one module',
  registers_slot_exists: 'the assembly of a module must be in the file',
  registers_slot_reserved: 'the slot is kept for another client',
  data_centres_tier: 'the tier is 1 to 4',
  racks_zone: 'the zone of a rack must be in the file',
  switches_rack: 'the rack of a switch must be in the file',
  assemblies_switch_a: 'the switch of uplink a must be in the file',
  assemblies_switch_b: 'the switch of uplink b must be in the file',
  assemblies_feed_a: 'feed a must be in the file',
  assemblies_feed_b: 'feed b must be in the file',
  assemblies_port_a_once: 'a port of a switch takes one cable',
  assemblies_port_b_once: 'a port of a switch takes one cable',
};

function explained(error: unknown, where: string): unknown {
  const { constraint, code } = error as { constraint?: string; code?: string };
  if (!constraint || !code?.startsWith('23')) return error;
  return new FarmError(
    'CLIENT-INVENTORY',
    `${where}: ${rules[constraint] ?? 'refused by the database'} (${constraint})`,
    {
      constraint,
      where,
    },
  );
}

/** Objects of a file by what they are. Modules are told with their assembly: that is how they are delivered. */
function objectsOf(file: InventoryFile): Map<string, object> {
  const all: [string, object][] = [
    [`data_centre ${file.dc.code}`, file.dc],
    ...file.types.map((one): [string, object] => [`hardware_type ${one.kind}/${one.code}`, one]),
    ...file.zones.map((one): [string, object] => [`zone ${one.code}`, one]),
    ...file.feeds.map((one): [string, object] => [`feed ${one.code}`, one]),
    ...file.switches.map((one): [string, object] => [`switch ${one.code}`, one]),
    ...file.racks.flatMap(({ assemblies, ...rack }): [string, object][] => [
      [`rack ${rack.code}`, rack],
      ...assemblies.map((assembly): [string, object] => [
        `assembly ${rack.code}/${assembly.number}`,
        assembly,
      ]),
    ]),
  ];
  return new Map(all);
}

/**
 * Makes the database say what the file says: adds what is new, changes what differs, removes nothing (what stands in a
 * rack goes by work orders). One transaction: all or nothing. Each change is in the audit log with before and after.
 * @throws FarmError CLIENT-INVENTORY naming the object and the broken rule with its constraint
 */
export async function importInventory(
  database: Database,
  file: InventoryFile,
  actor: { name: string; requestId?: string },
): Promise<ImportResult> {
  return database.transaction(async (sql) => {
    const before = await objectsOrNone(sql, file.dc.code);
    for (const [where, write] of writes(file)) {
      try {
        await write(sql);
      } catch (error) {
        throw explained(error, where);
      }
    }
    const after = objectsOf(await exportInventory(sql, file.dc.code));
    const result: ImportResult = { added: 0, changed: 0, unchanged: 0 };
    for (const [id, now] of after) {
      const was = before.get(id);
      if (was && isDeepStrictEqual(was, now)) {
        result.unchanged++;
        continue;
      }
      if (was) result.changed++;
      else result.added++;
      const [kind = '', objectId = ''] = id.split(' ');
      await AuditStore.write(sql, {
        actorKind: 'system',
        actorId: null,
        actorName: actor.name,
        clientId: null,
        action: was ? 'inventory.change' : 'inventory.add',
        objectKind: kind,
        objectId: `${file.dc.code}/${objectId}`,
        before: (was ?? null) as AuditValue,
        after: now as AuditValue,
        requestId: actor.requestId,
      });
    }
    return result;
  });
}

async function objectsOrNone(sql: Sql, dc: string): Promise<Map<string, object>> {
  const known = await sql.query('select 1 from data_centres where code = $1', [dc]);
  return known.length > 0 ? objectsOf(await exportInventory(sql, dc)) : new Map<string, object>();
}

function* writes(file: InventoryFile): Iterable<[string, (sql: Sql) => Promise<unknown>]> {
  const dc = file.dc.code;
  yield [
    `dc ${dc}`,
    (sql) =>
      sql.query(
        `insert into data_centres (code, name, address, tier) values ($1, $2, $3, $4)
         on conflict (code) do update set name = excluded.name, address = excluded.address, tier = excluded.tier`,
        [dc, file.dc.name, file.dc.address, file.dc.tier],
      ),
  ];
  for (const one of file.types)
    yield [
      `type ${one.code}`,
      (sql) =>
        sql.query(
          `insert into hardware_types (kind, code, vendor, name, part_number, spares, spares_minimum) values ($1, $2, $3, $4, $5, $6, $7)
           on conflict (kind, code) do update set vendor = excluded.vendor, name = excluded.name, part_number = excluded.part_number,
             spares = excluded.spares, spares_minimum = excluded.spares_minimum`,
          [one.kind, one.code, one.vendor, one.name, one.partNumber, one.spares, one.sparesMinimum],
        ),
    ];
  for (const one of file.zones)
    yield [
      `zone ${one.code}`,
      (sql) =>
        sql.query(
          'insert into zones (dc, code, name) values ($1, $2, $3) on conflict (dc, code) do update set name = excluded.name',
          [dc, one.code, one.name],
        ),
    ];
  for (const one of file.feeds)
    yield [
      `feed ${one.code}`,
      (sql) =>
        sql.query(
          'insert into power_feeds (dc, code, name) values ($1, $2, $3) on conflict (dc, code) do update set name = excluded.name',
          [dc, one.code, one.name],
        ),
    ];
  for (const one of file.racks)
    yield [
      `rack ${one.code}`,
      (sql) =>
        sql.query(
          `insert into racks (dc, code, zone, facility_id, type) values ($1, $2, $3, $4, $5)
           on conflict (dc, code) do update set zone = excluded.zone, facility_id = excluded.facility_id, type = excluded.type`,
          [dc, one.code, one.zone, one.facilityId, one.type],
        ),
    ];
  for (const one of file.switches)
    yield [
      `switch ${one.code}`,
      (sql) =>
        sql.query(
          `insert into switches (dc, code, role, rack, stack, type, uplinks, feeds) values ($1, $2, $3, $4, $5, $6, $7, $8)
           on conflict (dc, code) do update set role = excluded.role, rack = excluded.rack, stack = excluded.stack,
             type = excluded.type, uplinks = excluded.uplinks, feeds = excluded.feeds`,
          [dc, one.code, one.role, one.rack, one.stack, one.type, one.uplinks, one.feeds],
        ),
    ];
  for (const rack of file.racks)
    for (const one of rack.assemblies) {
      const { a, b } = one.uplinks;
      yield [
        `rack ${rack.code}, assembly ${one.number}`,
        (sql) =>
          sql.query(
            `insert into assemblies (dc, rack, number, type, switch_a, port_a, switch_b, port_b, feed_a, feed_b)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             on conflict (dc, rack, number) do update set type = excluded.type, switch_a = excluded.switch_a, port_a = excluded.port_a,
               switch_b = excluded.switch_b, port_b = excluded.port_b, feed_a = excluded.feed_a, feed_b = excluded.feed_b`,
            [
              dc,
              rack.code,
              one.number,
              one.type,
              a?.switch,
              a?.port,
              b?.switch,
              b?.port,
              one.feeds.a,
              one.feeds.b,
            ],
          ),
      ];
      for (const module of one.modules)
        yield [
          `rack ${rack.code}, assembly ${one.number}, slot ${module.slot}`,
          // A module that is known keeps its state, its client and its FN: only where and how it is reached is the file's.
          (sql) =>
            sql.query(
              `insert into registers (serial, model, place, transport, driver_id, fn_number, state) values ($1, $2, $3, $4, $5, $6, 'stock')
               on conflict (serial) do update set place = excluded.place, transport = excluded.transport, driver_id = excluded.driver_id`,
              [
                module.serial,
                module.model,
                JSON.stringify({ dc, rack: rack.code, assembly: one.number, slot: module.slot }),
                JSON.stringify(module.transport),
                module.driver,
                module.fn,
              ],
              'inventory_module',
            ),
        ];
    }
}
