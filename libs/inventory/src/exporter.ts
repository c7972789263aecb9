import { FarmError } from '@kkt/contracts';
import type { Sql } from '@kkt/storage';
import type { InventoryFile } from './file';

type Assembly = InventoryFile['racks'][number]['assemblies'][number];

/** Leaves out what is null, so that a file that was read and written again is the same. */
const present = <T extends object>(row: T): T =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as T;

/**
 * Everything of one data centre.
 * @throws FarmError CLIENT-NOT-FOUND when there is none of this code
 */
export async function exportInventory(sql: Sql, dc: string): Promise<InventoryFile> {
  const [centre] = await sql.query<InventoryFile['dc']>(
    'select code, name, address, tier from data_centres where code = $1',
    [dc],
  );
  if (!centre) throw new FarmError('CLIENT-NOT-FOUND', `There is no data centre ${dc}`);
  const types = await sql.query<InventoryFile['types'][number]>(
    `select kind, code, vendor, name, part_number as "partNumber", spares, spares_minimum as "sparesMinimum"
     from hardware_types order by kind, code`,
  );
  const zones = await sql.query<InventoryFile['zones'][number]>(
    'select code, name from zones where dc = $1 order by code',
    [dc],
  );
  const feeds = await sql.query<InventoryFile['feeds'][number]>(
    'select code, name from power_feeds where dc = $1 order by code',
    [dc],
  );
  const switches = await sql.query<InventoryFile['switches'][number]>(
    'select code, role, rack, stack, type, uplinks, feeds from switches where dc = $1 order by role desc, code',
    [dc],
  );
  const racks = await sql.query<Omit<InventoryFile['racks'][number], 'assemblies'>>(
    `select code, zone, facility_id as "facilityId", type from racks where dc = $1
     order by nullif(regexp_replace(code, '[^0-9]', '', 'g'), '')::bigint nulls last, code`,
    [dc],
  );
  const assemblies = await sql.query<Omit<Assembly, 'modules'> & { rack: string }>(
    `select rack, number, type,
            json_strip_nulls(json_build_object(
              'a', case when switch_a is not null then json_build_object('switch', switch_a, 'port', port_a) end,
              'b', case when switch_b is not null then json_build_object('switch', switch_b, 'port', port_b) end)) as uplinks,
            json_strip_nulls(json_build_object('a', feed_a, 'b', feed_b)) as feeds
     from assemblies where dc = $1 order by rack, number`,
    [dc],
  );
  const modules = await sql.query<Assembly['modules'][number] & { rack: string; assembly: number }>(
    `select place->>'rack' as rack, (place->>'assembly')::integer as assembly, (place->>'slot')::integer as slot, serial, model,
            fn_number as fn, driver_id as driver, transport
     from registers where place->>'dc' = $1 and place ? 'slot' and state <> 'closed' order by 1, 2, 3, serial`,
    [dc],
  );
  const inside = new Map<string, Assembly['modules']>();
  for (const { rack, assembly, ...module } of modules) {
    const key = `${rack}/${assembly}`;
    inside.set(key, [...(inside.get(key) ?? []), present(module)]);
  }
  return {
    dc: present(centre),
    types: types.map(present),
    zones,
    feeds: feeds.map(present),
    switches: switches.map(present),
    racks: racks.map((rack) => ({
      ...present(rack),
      assemblies: assemblies
        .filter((assembly) => assembly.rack === rack.code)
        .map(({ rack: _, ...assembly }) => ({
          ...present(assembly),
          modules: inside.get(`${rack.code}/${assembly.number}`) ?? [],
        })),
    })),
  };
}
