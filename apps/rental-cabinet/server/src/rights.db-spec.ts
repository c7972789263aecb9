import type { TestClient, TestGroup } from '@kkt/testing';
import { startTestCabinet, type TestCabinet } from '../test/test-cabinet';

type Agent = Awaited<ReturnType<TestCabinet['loggedIn']>>;

let cabinet: TestCabinet;
let shop: TestClient;
let north: TestGroup;
let south: TestGroup;
let foreign: TestGroup;
let owner: Agent;
let ids: {
  northReceipt: string;
  southReceipt: string;
  foreignReceipt: string;
  northRegister: number;
  southRegister: number;
};

interface Company {
  nodes: { id: string; kind: string; groupId: number | null; parentId: string | null }[];
  people: { id: string; login: string; role: string }[];
  invitations: { id: string; state: string }[];
  rights: string[];
  roles: string[];
}
const companyOf = async (agent: Agent): Promise<Company> =>
  (await agent.get('/api/company').expect(200)).body as Company;
const nodeOf = async (group: TestGroup): Promise<string> =>
  (await companyOf(owner)).nodes.find(({ groupId }) => groupId === group.id)?.id ?? '';

/** Somebody with a role at a node, invited and accepted as people are. */
async function colleague(role: string, nodeId: string): Promise<Agent & { id: string }> {
  const own = await cabinet.loggedIn();
  const email = `${own.login}@shop.example`;
  const [person] = await cabinet.database.query<{ id: string }>(
    'update people set email = $2, email_confirmed_at = farm_now() where login = $1 returning id',
    [own.login, email],
  );
  await owner.post('/api/company/invitations').send({ email, role, nodeId }).expect(201);
  const [letter] = await cabinet.database.query<{ body: string }>(
    'select body from notifications where address = $1 order by created_at desc limit 1',
    [email],
  );
  const code = /invitation#([A-Za-z0-9_-]{43})/.exec(letter?.body ?? '')?.[1];
  await own.post('/api/profile/invitations/accept').send({ code }).expect(200);
  return Object.assign(own, { id: person?.id ?? '' });
}

beforeAll(async () => {
  cabinet = await startTestCabinet();
  const { rows } = cabinet;
  shop = await rows.client();
  const stranger = await rows.client({ inn: '7707083893' });
  [north, south] = [await rows.group(shop, 'north'), await rows.group(shop, 'south')];
  foreign = await rows.group(stranger, 'foreign');
  const [northRegister, southRegister, foreignRegister] = [
    await rows.register(north),
    await rows.register(south),
    await rows.register(foreign),
  ];
  ids = {
    northReceipt: await rows.done(northRegister, 1),
    southReceipt: await rows.done(southRegister, 1),
    foreignReceipt: await rows.done(foreignRegister, 1),
    northRegister: northRegister.id,
    southRegister: southRegister.id,
  };
  owner = await cabinet.loggedIn(shop);
});
afterAll(() => cabinet?.stop());

describe('rights at a part of the tree', () => {
  it('show that part and nothing beside it, on every page', async () => {
    const cashier = await colleague('cashier', await nodeOf(north));
    const receipts = (await cashier.get('/api/receipts').expect(200)).body as {
      rows: { groupCode: string }[];
    };
    expect(receipts.rows.map(({ groupCode }) => groupCode)).toEqual(['north']);
    await cashier.get(`/api/receipts/${ids.northReceipt}`).expect(200);
    await cashier.get(`/api/receipts/${ids.southReceipt}`).expect(404);
    await cashier.get(`/api/receipts/${ids.foreignReceipt}`).expect(404);
    await cashier.get(`/api/receipts/${ids.southReceipt}/qr.svg`).expect(404);
    await cashier.get(`/api/registers/${ids.northRegister}`).expect(200);
    await cashier.get(`/api/registers/${ids.southRegister}`).expect(404);
    const { registers, groups } = (await cashier.get('/api/registers').expect(200)).body as {
      registers: { groupCode: string }[];
      groups: { code: string }[];
    };
    expect(registers.map(({ groupCode }) => groupCode)).toEqual(['north']);
    expect(groups.map(({ code }) => code)).toEqual(['north']);
    const totals = (await cashier.get('/api/receipts/totals').expect(200)).body as { receipts: number };
    expect(totals.receipts).toBe(1);
    const home = (await cashier.get('/api/home').expect(200)).body as { registers: { total: number } };
    expect(home.registers.total).toBe(1);
    await cashier.get('/api/integration').expect(403);
    const company = await companyOf(cashier);
    expect(company.nodes.map(({ kind }) => kind).sort()).toEqual(['company', 'group']);
    expect(company.people).toEqual([]);
    expect(company.roles).toEqual([]);
  });

  it('mask buyers’ contacts for those who need not know them', async () => {
    const whole = (await owner.get(`/api/receipts/${ids.northReceipt}`).expect(200)).body as object;
    const contact = /"email":"([^"]*buyer[^"]*)"|"buyerContact":"([^"]+)"/.exec(JSON.stringify(whole));
    const secret = contact?.[1] ?? contact?.[2] ?? '';
    expect(secret).not.toBe('');
    const root = (await companyOf(owner)).nodes.find(({ kind }) => kind === 'company')?.id ?? '';
    const viewer = await colleague('viewer', root);
    const masked = JSON.stringify((await viewer.get(`/api/receipts/${ids.northReceipt}`).expect(200)).body);
    expect(masked).not.toContain(secret);
    expect(masked).toContain('***');
  });

  it('end at once when they are taken, also for an open session', async () => {
    const manager = await colleague('manager', await nodeOf(south));
    await manager.get(`/api/receipts/${ids.southReceipt}`).expect(200);
    await owner.put(`/api/company/people/${manager.id}`).send({ role: 'member', grants: [] }).expect(204);
    await manager.get(`/api/receipts/${ids.southReceipt}`).expect(404);
    await owner.delete(`/api/company/people/${manager.id}`).expect(204);
    await manager.get('/api/session').expect(401);
  });
});

describe('isolation', () => {
  const roles = ['owner', 'manager', 'accountant', 'developer', 'cashier', 'viewer'] as const;

  it.each(roles)('lets a %s of one part change nothing outside of it', async (role) => {
    const [northNode, southNode] = [await nodeOf(north), await nodeOf(south)];
    const root = (await companyOf(owner)).nodes.find(({ kind }) => kind === 'company')?.id ?? '';
    const part = await colleague(role, northNode);
    const attempts: [string, () => PromiseLike<{ status: number }>][] = [
      [
        'add below the root',
        () => part.post('/api/company/nodes').send({ parentId: root, kind: 'shop', name: 'x' }),
      ],
      ['rename beside', () => part.put(`/api/company/nodes/${southNode}`).send({ name: 'x' })],
      ['move beside', () => part.put(`/api/company/nodes/${southNode}/parent`).send({ parentId: northNode })],
      ['remove beside', () => part.delete(`/api/company/nodes/${southNode}`)],
      [
        'invite',
        () =>
          part.post('/api/company/invitations').send({ email: 'x@y.ru', role: 'viewer', nodeId: northNode }),
      ],
      ['raise himself', () => part.put(`/api/company/people/${part.id}`).send({ role: 'owner', grants: [] })],
      ['shut the owner out', async () => part.delete(`/api/company/people/${await ownerId()}`)],
      ['read another’s receipt', () => part.get(`/api/receipts/${ids.foreignReceipt}`)],
      ['read a receipt beside', () => part.get(`/api/receipts/${ids.southReceipt}`)],
    ];
    for (const [what, run] of attempts)
      expect([what, [403, 404].includes((await run()).status)]).toEqual([what, true]);
    expect((await owner.get(`/api/receipts/${ids.southReceipt}`)).status).toBe(200);
  });

  it('lets nobody be given what the giver has not, nor a node of another company', async () => {
    const [foreignNode] = await cabinet.database.query<{ id: string }>(
      'select id from tree_nodes where group_id = $1',
      [foreign.id],
    );
    const invite = (nodeId: string) =>
      owner.post('/api/company/invitations').send({ email: 'x@y.ru', role: 'viewer', nodeId });
    await invite(foreignNode?.id ?? '').expect(404);
    const stranger = await colleague('viewer', await nodeOf(north));
    await owner
      .put(`/api/company/people/${stranger.id}`)
      .send({ role: 'member', grants: [{ nodeId: foreignNode?.id, role: 'viewer' }] })
      .expect(404);
  });

  it('keeps an invitation to its address, once, and lets it be revoked', async () => {
    const email = 'invited@shop.example';
    const nodeId = await nodeOf(north);
    const made = await owner
      .post('/api/company/invitations')
      .send({ email, role: 'viewer', nodeId })
      .expect(201);
    const [letter] = await cabinet.database.query<{ body: string }>(
      'select body from notifications where address = $1 order by created_at desc limit 1',
      [email],
    );
    const code = /invitation#([A-Za-z0-9_-]{43})/.exec(letter?.body ?? '')?.[1];
    const thief = await cabinet.loggedIn();
    await thief.post('/api/profile/invitations/accept').send({ code }).expect(400);
    await owner.delete(`/api/company/invitations/${(made.body as { id: string }).id}`).expect(204);
    await owner.delete(`/api/company/invitations/${(made.body as { id: string }).id}`).expect(404);
    expect((await companyOf(owner)).invitations.find(({ state }) => state === 'revoked')).toBeDefined();
  });

  async function ownerId(): Promise<string> {
    return (await companyOf(owner)).people.find(({ login }) => login === owner.login)?.id ?? '';
  }
});

describe('the tree', () => {
  it('grows and changes through the door, and every change is in the journal', async () => {
    const root = (await companyOf(owner)).nodes.find(({ kind }) => kind === 'company')?.id ?? '';
    const brand = (
      await owner
        .post('/api/company/nodes')
        .send({ parentId: root, kind: 'brand', name: 'Ромашка' })
        .expect(201)
    ).body as { id: string };
    const twice = await owner
      .post('/api/company/nodes')
      .send({ parentId: root, kind: 'brand', name: 'РОМАШКА' });
    expect(twice.body.error.fields.name[0]).toContain('уже есть');
    await owner
      .put(`/api/company/nodes/${await nodeOf(north)}/parent`)
      .send({ parentId: brand.id })
      .expect(204);
    await owner.delete(`/api/company/nodes/${brand.id}`).expect(400);
    await owner
      .put(`/api/company/nodes/${brand.id}`)
      .send({ name: 'Василёк', site: 'https://v.example' })
      .expect(204);
    const actions = await cabinet.database.query<{ action: string }>(
      `select action from audit_log where client_id = $1 and object_kind = 'node' order by seq`,
      [shop.id],
    );
    expect(actions.map(({ action }) => action)).toEqual(['node.add', 'node.move', 'node.change']);
  });
});
