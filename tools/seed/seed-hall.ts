import { join } from 'node:path';
import type { Settings } from '@kkt/config';
import { importInventory, usualInventory } from '@kkt/inventory';
import { openDatabase } from '@kkt/storage';
import { readDeliveryNote } from './delivery-note';

/** Enters the halls where the delivered modules stand: racks, assemblies, switches, feeds. Safe to repeat. */
export async function seedHall(settings: Settings<'tool'>): Promise<void> {
  const modules = await readDeliveryNote(join(settings.dataDir, 'emulator', 'world.json'));
  const database = openDatabase({ url: settings.databaseUrl, applicationName: 'seed', maxConnections: 1 });
  try {
    for (const dc of new Set(modules.map(({ place }) => place.dc))) {
      // Only the first time: later the inventory is its own master.
      const known = await database.query('select 1 from data_centres where code = $1', [dc]);
      if (known.length > 0) continue;
      const places = modules.filter(({ place }) => place.dc === dc).map(({ place }) => place);
      const racks = [...new Set(places.map(({ rack }) => String(rack)))];
      const file = usualInventory(dc, racks);
      for (const rack of file.racks)
        rack.assemblies = rack.assemblies.filter(({ number }) =>
          places.some((place) => String(place.rack) === rack.code && place.assembly === number),
        );
      await importInventory(database, file, { name: 'seed' });
    }
  } finally {
    await database.close();
  }
}
