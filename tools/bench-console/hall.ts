import { importInventory, usualInventory } from '@kkt/inventory';
import type { Database } from '@kkt/storage';
import { addClients, addRegisters } from '../bench/farm-rows';

export const racksOfFarm = 30;
const perAssembly = 48;
const assembliesOfRack = 12;
const perRack = assembliesOfRack * perAssembly;
export const registersOfFarm = racksOfFarm * perRack;
const clients = 3_000;
const owner = '01900000-0000-7000-8000-00000000d001';

export const rackName = (n: number): string => `R${String(n).padStart(2, '0')}`;

/** A whole farm in the inventory: 30 racks, each slot with a register at work, one in a hundred in some trouble. */
export async function fillHall(database: Database): Promise<void> {
  const racks = Array.from({ length: racksOfFarm }, (_, index) => rackName(index + 1));
  await importInventory(database, usualInventory('dc1', racks), { name: 'bench' });
  await addClients(database, clients);
  await addRegisters(database, registersOfFarm, clients, () => owner);
  await database.query(
    `with placed as (select id, row_number() over (order by id) - 1 as n from registers)
     update registers k set place = jsonb_build_object('dc', 'dc1', 'rack', 'R' || lpad((p.n / $1 + 1)::text, 2, '0'),
       'assembly', p.n % $1 / $2 + 1, 'slot', p.n % $2 + 1)
     from placed p where p.id = k.id`,
    [perRack, perAssembly],
  );
  await database.query(
    `insert into fiscal_drives (fn_number, model, state, capacity_documents, valid_until)
     select fn_number, 'fn-1.2-15', 'installed', 250000, (farm_now() + interval '300 days')::date from registers
     on conflict do nothing`,
  );
  await database.query(
    `insert into register_status (register_id, online, problem, unsent, documents_left, shift_open, updated_at)
     select id, id % 100 <> 7, case when id % 100 = 11 then 'fn_full' end, id % 3, 250000 - id % 200000, true, farm_now() from registers
     on conflict (register_id) do update set online = excluded.online, problem = excluded.problem, unsent = excluded.unsent,
       documents_left = excluded.documents_left, shift_open = true, updated_at = farm_now()`,
  );
  await database.query('vacuum analyze');
}
