import { createHash } from 'node:crypto';
import { systemIds } from '@kkt/contracts';
import {
  createTestDatabase,
  FarmRows,
  type TestClient,
  type TestDatabase,
  type TestGroup,
} from '@kkt/testing';
import { CompanyStore, type Database, farmMigrations, migrate, openDatabase } from '../index';

let database: TestDatabase;
let db: Database;
let store: CompanyStore;
let shop: TestClient;
let other: TestClient;
let groups: TestGroup[];
let owner: string;

async function person(login: string, clientId?: string, role = 'owner'): Promise<string> {
  const id = systemIds.uuid();
  await db.query(`insert into people (id, login, password_hash, name) values ($1, $2, '', $2)`, [id, login]);
  if (clientId)
    await db.query('insert into client_people (client_id, person_id, role) values ($1, $2, $3)', [
      clientId,
      id,
      role,
    ]);
  return id;
}

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate({ url: database.url, migrations: farmMigrations });
  db = openDatabase({ url: database.url, applicationName: 'company-spec' });
  store = new CompanyStore(db);
  const rows = new FarmRows(db);
  [shop, other] = [await rows.client(), await rows.client({ inn: '7707083893' })];
  groups = [await rows.group(shop, 'north'), await rows.group(shop, 'south')];
  await rows.group(other, 'foreign');
  owner = await person('owner@shop.example', shop.id);
});
afterAll(async () => {
  await db?.close();
  await database?.drop();
});

const rootOf = async (client: TestClient) => (await store.tree(client.id)).root.id;

describe('CompanyStore', () => {
  it('has a root for each client and a node for each group, without anybody’s doing', async () => {
    const tree = await store.tree(shop.id);
    expect(tree.root).toMatchObject({ kind: 'company', name: shop.name });
    expect(tree.groupsBelow(tree.root.id)).toEqual(groups.map(({ id }) => id));
  });

  it('grows, renames, moves and prunes the tree by its rules', async () => {
    const root = await rootOf(shop);
    const brand = await store.addNode(shop.id, { parentId: root, kind: 'brand', name: ' Ромашка ' });
    expect(brand.name).toBe('Ромашка');
    await expect(store.addNode(shop.id, { parentId: root, kind: 'brand', name: 'ромашка' })).rejects.toThrow(
      'уже есть',
    );
    await expect(
      store.addNode(shop.id, { parentId: await rootOf(other), kind: 'shop', name: 'x' }),
    ).rejects.toThrow('Такого узла нет');
    const north = (await store.nodes(shop.id)).find(({ groupId }) => groupId === groups[0]?.id);
    await db.transaction((sql) => new CompanyStore(sql).moveNode(shop.id, north?.id ?? '', brand.id));
    expect((await store.tree(shop.id)).groupsBelow(brand.id)).toEqual([groups[0]?.id]);
    await expect(store.removeNode(shop.id, brand.id)).rejects.toThrow('только пустой');
    const region = await store.addNode(shop.id, { parentId: brand.id, kind: 'region', name: 'Север' });
    await expect(
      db.transaction((sql) => new CompanyStore(sql).moveNode(shop.id, brand.id, region.id)),
    ).rejects.toMatchObject({ code: 'CLIENT-TREE' });
    await store.removeNode(shop.id, region.id);
    // The database itself keeps a node from hanging in another client's tree.
    await expect(
      db.query('update tree_nodes set parent_id = $2 where id = $1', [brand.id, await rootOf(other)]),
    ).rejects.toMatchObject({ constraint: 'tree_nodes_parent' });
  });

  it('gives an invited person what the invitation says, once', async () => {
    const brand = (await store.nodes(shop.id)).find(({ kind }) => kind === 'brand');
    const codeHash = createHash('sha256').update('code').digest();
    await store.invite({
      id: systemIds.uuid(),
      clientId: shop.id,
      nodeId: brand?.id ?? '',
      role: 'cashier',
      email: 'new@shop.example',
      codeHash,
      invitedBy: owner,
      validS: 3_600,
    });
    const cashier = await person('new@shop.example');
    expect(await store.access(cashier, shop.id)).toBeUndefined();
    await db.transaction(async (sql) => {
      const own = new CompanyStore(sql);
      const found = await own.openInvitation(codeHash);
      expect(found?.companyName).toBe(shop.name);
      if (found) await own.accept(found, cashier);
    });
    expect(await store.openInvitation(codeHash)).toBeUndefined();
    const access = await store.access(cashier, shop.id);
    expect(access?.groups('receipts:make')).toEqual([groups[0]?.id]);
    expect(access?.canSomewhere('money:read')).toBe(false);
    expect(await store.access(cashier, other.id)).toBeUndefined();
    expect((await store.people(shop.id)).map(({ role }) => role).sort()).toEqual(['member', 'owner']);
  });

  it('changes and ends rights at once, and never leaves a company without an owner', async () => {
    const cashier = (await store.people(shop.id)).find(({ role }) => role === 'member')?.id ?? '';
    const change = (id: string, role: 'manager' | 'viewer' | 'member') =>
      db.transaction((sql) => new CompanyStore(sql).setRights(shop.id, id, role, [], owner));
    await change(cashier, 'manager');
    expect((await store.access(cashier, shop.id))?.groups('receipts:make')).toHaveLength(2);
    await expect(change(owner, 'viewer')).rejects.toThrow('хотя бы один владелец');
    const foreignNode = await rootOf(other);
    await expect(
      db.transaction((sql) =>
        new CompanyStore(sql).setRights(
          shop.id,
          cashier,
          'member',
          [{ nodeId: foreignNode, role: 'owner' }],
          owner,
        ),
      ),
    ).rejects.toMatchObject({ code: '23503' });
    await db.transaction((sql) => new CompanyStore(sql).shutOut(shop.id, cashier));
    expect(await store.access(cashier, shop.id)).toBeUndefined();
    await expect(db.transaction((sql) => new CompanyStore(sql).shutOut(shop.id, owner))).rejects.toThrow(
      'хотя бы один владелец',
    );
    expect(await store.access(owner, shop.id)).toBeDefined();
  });
});
