import { AuditStore, type Database, farmMigrations, migrate, openDatabase, PlantStore } from '@kkt/storage';
import { createTestDatabase, type TestDatabase } from '@kkt/testing';
import { singlePoints } from '@kkt/topology';
import { exportInventory } from './exporter';
import { type InventoryFile, parseInventory, renderInventory, usualInventory } from './file';
import { importInventory } from './importer';

let testDatabase: TestDatabase;
let database: Database;
const actor = { name: 'engineer' };

beforeAll(async () => {
  testDatabase = await createTestDatabase({
    template: {
      name: 'farm',
      prepare: async (url) => void (await migrate({ url, migrations: farmMigrations })),
    },
  });
  database = openDatabase({ url: testDatabase.url, applicationName: 'spec' });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

function hall(change: (file: InventoryFile) => void = () => undefined): InventoryFile {
  const file = usualInventory('dc1', ['1', '2']);
  file.racks[0]?.assemblies[0]?.modules.push({
    slot: 48,
    serial: '00106000000001',
    model: 'atol-42fs',
    fn: '9999078900000001',
    driver: 'driver-1',
    transport: { kind: 'tcp', host: '127.0.0.1', port: 9100 },
  });
  change(file);
  return file;
}

const moduleOf = (file: InventoryFile) => file.racks[0]?.assemblies[0]?.modules[0] ?? ({} as never);
const assemblyOf = (file: InventoryFile) => file.racks[0]?.assemblies[0] ?? ({} as never);

describe('the inventory as a file', () => {
  it('is written out as it was read in, and a second import changes nothing', async () => {
    const file = hall();
    expect(parseInventory(renderInventory(file))).toEqual(file);
    expect(await importInventory(database, file, actor)).toMatchObject({ changed: 0, unchanged: 0 });
    const out = await exportInventory(database, 'dc1');
    expect(out.racks).toEqual(file.racks);
    expect(new Set(out.switches.map(({ code }) => code))).toEqual(
      new Set(file.switches.map(({ code }) => code)),
    );
    expect(await importInventory(database, parseInventory(renderInventory(out)), actor)).toMatchObject({
      added: 0,
      changed: 0,
    });
  });

  it('writes each change down with before and after', async () => {
    const result = await importInventory(
      database,
      hall((file) => {
        assemblyOf(file).uplinks = { a: { switch: 'r1-a', port: 1 } };
      }),
      actor,
    );
    expect(result).toMatchObject({ added: 0, changed: 1 });
    const [entry] = await new AuditStore(database).list({ limit: 1 });
    expect(entry).toMatchObject({
      action: 'inventory.change',
      objectKind: 'assembly',
      objectId: 'dc1/1/1',
      before: { uplinks: { b: { switch: 'r1-b', port: 1 } } },
      after: { uplinks: { a: { switch: 'r1-a', port: 1 } } },
    });
    expect(await new AuditStore(database).verify()).toMatchObject({ firstBad: null });
    const [plant] = await new PlantStore(database).plants();
    expect(plant && singlePoints(plant, '1', 1)).toEqual([
      { kind: 'switch', code: 'r1-a' },
      { kind: 'port', code: 'r1-a:1' },
    ]);
    expect(plant && singlePoints(plant, '2', 1)).toEqual([]);
  });

  it.each<[string, (file: InventoryFile) => void, string]>([
    ['slot 49', (file) => (moduleOf(file).slot = 49), 'registers_slot_in_assembly'],
    ['slot 0', (file) => (moduleOf(file).slot = 0), 'registers_slot_in_assembly'],
    ['assembly 13', (file) => (assemblyOf(file).number = 13), 'assemblies_number_in_rack'],
    [
      'a switch that is not there',
      (file) => (assemblyOf(file).uplinks = { a: { switch: 'r9-a', port: 1 } }),
      'assemblies_switch_a',
    ],
    [
      'a port used twice',
      (file) => (assemblyOf(file).uplinks = { a: { switch: 'r1-a', port: 2 } }),
      'assemblies_port_a_once',
    ],
    ['a zone that is not there', (file) => ((file.racks[0] ?? ({} as never)).zone = 'hall-9'), 'racks_zone'],
  ])('refuses %s by name, and keeps what was before', async (_, change, constraint) => {
    const before = await exportInventory(database, 'dc1');
    await expect(importInventory(database, hall(change), actor)).rejects.toMatchObject({
      code: 'CLIENT-INVENTORY',
      context: { constraint },
      message: expect.stringContaining(constraint),
    });
    expect(await exportInventory(database, 'dc1')).toEqual(before);
  });

  it('lets two modules in use not stand in one slot', async () => {
    const add = (serial: string) =>
      database.query(
        `insert into registers (serial, model, place, transport, driver_id, state, group_id, rnm)
         select $1, 'm', '{"dc":"dc9","rack":"1","assembly":1,"slot":5}', '{}', 'd', 'ready', g.id, $1 from register_groups g limit 1`,
        [serial],
      );
    const client = '01900000-0000-7000-8000-0000000000cc';
    await database.query(`insert into clients (id, name, inn) values ($1, 'c', '5544332219')`, [client]);
    await database.query(
      `insert into register_groups (client_id, code, protocol, ffd, inn, user_name, tax_systems, payment_address, address, ofd_inn, ofd_name, ofd_host, ofd_port)
       values ($1, 'g', 4, 2, '5544332219', 'c', 1, 'p', 'a', '7709364346', 'o', 'h', 1)`,
      [client],
    );
    await add('00106900000001');
    await expect(add('00106900000002')).rejects.toMatchObject({ constraint: 'registers_one_per_slot' });
  });

  it('says which field of a file is wrong', () => {
    expect(() => parseInventory('dc: {code: dc1, name: x}\nzones: []\nracks: []')).toThrow(/zones/);
    expect(() => parseInventory('dc: [')).toThrow(/no YAML/);
    expect(() => parseInventory(renderInventory(hall()).replace(/00106000000001/, 'xyz'))).toThrow(
      /racks\.0\.assemblies\.0\.modules\.0\.serial/,
    );
  });
});
