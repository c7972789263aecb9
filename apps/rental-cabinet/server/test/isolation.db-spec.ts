import { type CompanyRole, companyRoles } from '@kkt/company';
import type { TestClient, TestGroup, TestRegister } from '@kkt/testing';
import { type Route, routesOf } from './routes';
import { startTestCabinet, type TestCabinet } from './test-cabinet';

jest.setTimeout(240_000);

type Agent = Awaited<ReturnType<TestCabinet['loggedIn']>>;

/** Something of which nothing may be seen or changed, by the ids that name it. */
interface Target {
  name: string;
  ids: Record<string, string>;
  /** Texts that only its rows hold. */
  marks: string[];
}

let cabinet: TestCabinet;
let shop: TestClient;
let north: TestGroup;
let beside: Target;
let foreign: Target;
const people = new Map<CompanyRole, Agent>();

/** Of oneself, not of a company: these know no node. */
const personal = /^\/api\/(session|account|profile)(\/|$)/;

/** What stands for a parameter of a route; where a route is not named every id of the target is tried. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/^\/api\/receipts\/:id/, 'receipt'],
  [/^\/api\/callbacks\/of\/:receiptId/, 'receipt'],
  [/^\/api\/registers\/:id/, 'register'],
  [/^\/api\/fn\/applications\/:id/, 'application'],
  [/^\/api\/fn\/renewals\/:id/, 'renewal'],
  [/^\/api\/external-registers\/:id/, 'external'],
  [/^\/api\/money\/saved-cards\/:id/, 'card'],
  [/^\/api\/exports\/:id/, 'export'],
  [/^\/api\/receipt-filters\/:id/, 'filter'],
  [/^\/api\/keys\/:id/, 'key'],
  [/^\/api\/groups\/:code/, 'group'],
  [/^\/api\/payments\/connections\/:id/, 'connection'],
  [/^\/api\/payments\/:id/, 'payment'],
  [/^\/api\/analytics\/schedules\/:id/, 'schedule'],
  [/^\/api\/support\/:id/, 'ticket'],
  [/^\/api\/company\/nodes\/:id/, 'node'],
  [/^\/api\/company\/people\/:id/, 'person'],
  [/^\/api\/company\/invitations\/:id/, 'invitation'],
];

const external = (ids: Record<string, string>) => ({
  nodeId: ids.node,
  name: 'thief',
  model: 'thief',
  serial: 'T1',
  rnm: null,
  address: '',
  fnNumber: null,
  fnValidUntil: null,
  operatorName: '',
  operatorPaidUntil: null,
  note: '',
});

/** Bodies that would pass the checks of their fields, naming the target where they name anything. */
const bodies = ({ ids }: Target): Readonly<Record<string, object>> => ({
  'post /api/receipts/:id/resend': { contact: 'thief@mail.example' },
  'post /api/receipts/:id/derived': { kind: 'refund', key: ids.receipt },
  'post /api/receipts/:id/derived/plan': { kind: 'refund' },
  'post /api/registers/:id/close': { serial: ids.serial, reason: 'thief', returnTo: 'card', expectedKop: 0 },
  'put /api/registers/:id/operator/term': { paidUntil: '2099-01-01', contract: 'thief' },
  'post /api/registers/:id/operator': {
    operatorId: 1,
    serial: ids.serial,
    reason: 'thief',
    hasContract: true,
  },
  'put /api/money/auto': {
    cardId: ids.card,
    belowKop: 0,
    amountKop: 10_000,
    monthLimitKop: 10_000,
    receiptEmail: 'thief@mail.example',
    consent: 'auto-2026-11',
  },
  'post /api/external-registers': external(ids),
  'put /api/external-registers/:id': external(ids),
  'post /api/external-registers/:id/documents': {
    text: 't=20261127T1105&s=1.00&fn=9999078900009999&i=7&fp=1&n=1',
  },
  'post /api/fn/applications/:id/state': { state: 'sent' },
  'post /api/fn/renewals/:id/answer': { state: 'declined' },
  'post /api/keys': { name: 'thief', scopes: ['receipt:read'], group: ids.group },
  'post /api/keys/:id/rotate': { oldLivesHours: 1 },
  'put /api/groups/:code/settings': { buyerLetters: true },
  'post /api/payments/connections': {
    provider: 'stripe',
    group: ids.group,
    name: 'thief',
    secrets: { endpointSecret: 'whsec_x' },
    settings: { mode: 'test', partialRefund: 'split' },
  },
  'put /api/payments/connections/:id': { state: 'disabled' },
  'post /api/payments/:id/dismiss': { reason: 'stolen' },
  'post /api/support': { subject: 'thief', body: 'thief', objectKind: 'receipt', objectId: ids.receipt },
  'post /api/support/:id/messages': { body: 'thief' },
  'post /api/company/nodes': { parentId: ids.node, kind: 'shop', name: 'thief' },
  'put /api/company/nodes/:id': { name: 'thief' },
  'put /api/company/nodes/:id/parent': { parentId: ids.node },
  'put /api/company/people/:id': { role: 'viewer', grants: [] },
  'post /api/company/invitations': { email: 'thief@mail.example', role: 'viewer', nodeId: ids.node },
});

/** Queries that try to look at the target. */
const queries = ({ ids }: Target): Readonly<Record<string, Record<string, string>>> => ({
  '/api/receipts': { node: ids.node ?? '' },
  '/api/receipts/totals': { group: ids.group ?? '' },
  '/api/analytics': { from: '2026-01-01', to: '2026-12-31', by: 'day', node: ids.node ?? '' },
  '/api/analytics/report': { from: '2026-01-01', to: '2027-12-31', rows: 'group', measures: 'revenue' },
  '/api/analytics/report/file': {
    from: '2026-01-01',
    to: '2027-12-31',
    rows: 'goods',
    measures: 'revenue',
    format: 'csv',
  },
  '/api/payments/events': { connection: ids.connection ?? '' },
});

async function makeTarget(name: string, register: TestRegister, owner: TestClient): Promise<Target> {
  const { database, rows } = cabinet;
  const mark = `mark-${name}`;
  const receipt = await rows.done(register, 77, {
    externalId: `${mark}-order`,
    email: `${mark}@buyer.example`,
    items: [{ name: `Товар ${mark}`, sumKop: 4_321, priceKop: 4_321 }],
    callbackUrl: `https://${mark}.example/cb`,
  });
  await rows.failed(register.group, { externalId: `${mark}-refused`, text: `${mark}: refused` });
  const one = async (sql: string, values: (string | number)[]): Promise<string> => {
    const [row] = await database.query<{ id: string }>(sql, values);
    return row?.id ?? '';
  };
  const person = await one(
    `insert into people (id, login, password_hash, name) values (gen_random_uuid(), $1, '', $1) returning id`,
    [`${mark}-person`],
  );
  await database.query(`insert into client_people (client_id, person_id, role) values ($1, $2, 'viewer')`, [
    owner.id,
    person,
  ]);
  const node = await one('select id from tree_nodes where group_id = $1', [register.group.id]);
  const connection = await one(
    `insert into payment_connections (id, client_id, group_id, provider, name, callback_key, secrets, settings)
     values (gen_random_uuid(), $1, $2, 'stripe', $3, $3, '\\x00', '{"mode":"test","partialRefund":"split"}') returning id`,
    [owner.id, register.group.id, `${mark}-connection`],
  );
  // The secrets of a connection in sight are opened: these are of somebody else and never are.
  return {
    name,
    ids: {
      receipt,
      register: String(register.id),
      serial: register.serial,
      application: await one(
        `insert into registration_applications (id, kind, register_id, client_id, reasons, data, due_at)
         values (gen_random_uuid(), 'reregistration', $1::integer, $2, 2, '{"facts":{},"report":null,"closing":null}', farm_now())
         returning id`,
        [register.id, owner.id],
      ),
      renewal: await one(
        `insert into renewal_cases (id, fn_number, register_id, client_id, end_date, end_cause, next_at, next_person)
         values (gen_random_uuid(), $1, $2::integer, $3, '2099-01-01', 'validity', '2098-12-01', 'client-service') returning id`,
        [register.fnNumber, register.id, owner.id],
      ),
      card: await one(
        `insert into saved_cards (id, client_id, binding, mask, consent, consent_by, consent_at)
         values (gen_random_uuid(), $1, $2, $2, '', '', farm_now()) returning id`,
        [owner.id, `${mark}-card`],
      ),
      external: await one(
        `insert into external_registers (id, client_id, node_id, name, model, serial)
         values (gen_random_uuid(), $1, $2, $3, 'АТОЛ 30Ф', $3) returning id`,
        [owner.id, node, `${mark}-own`],
      ),
      fn: register.fnNumber,
      fd: '77',
      group: register.group.code,
      node,
      person,
      connection,
      key: await one(
        `insert into api_keys (id, client_id, name, slot, key_hash, scopes, group_id)
         values (substr(md5($3), 1, 8), $1, $3, 1, decode(md5($3), 'hex'), '{receipt:read}', $2) returning id`,
        [owner.id, register.group.id, `${mark}-key`],
      ),
      payment: await one(
        `insert into payments (id, connection_id, provider_payment_id, order_no, currency, park_reason, parked_at)
         values (gen_random_uuid(), $1, $2, $2, 'RUB', 'unknown-order', farm_now()) returning id`,
        [connection, `${mark}-payment`],
      ),
      export: await one(
        `insert into receipt_exports (id, client_id, person_id, format, query, with_contacts, expires_at)
         values (gen_random_uuid(), $1, $2, 'csv', '{}', false, farm_now() + interval '1 day') returning id`,
        [owner.id, person],
      ),
      filter: await one(
        `insert into saved_filters (id, client_id, person_id, name, query)
         values (gen_random_uuid(), $1, $2, $3, '') returning id`,
        [owner.id, person, `${mark}-filter`],
      ),
      schedule: await one(
        `insert into report_schedules (id, client_id, person_id, name, spec, every, email, next_at)
         values (gen_random_uuid(), $1, $2, $3, '{}', 'day', $3, farm_now() + interval '9 days') returning id`,
        [owner.id, person, `${mark}-schedule`],
      ),
      ticket: await one(
        `insert into support_tickets (client_id, person_id, subject, answer_due_at)
         values ($1, $2, $3, farm_now()) returning id::text as id`,
        [owner.id, person, `${mark}-ticket`],
      ),
      invitation: await one(
        `insert into invitations (id, client_id, node_id, role, email, code_hash, expires_at)
         values (gen_random_uuid(), $1, $2, 'viewer', $3, decode(md5($3), 'hex'), farm_now() + interval '1 day') returning id`,
        [owner.id, node, `${mark}@invited.example`],
      ),
    },
    marks: [mark, register.serial, register.fnNumber, register.rnm],
  };
}

/** A person with one role at the northern group only. */
async function member(role: CompanyRole): Promise<Agent> {
  const agent = await cabinet.loggedIn();
  const [person] = await cabinet.database.query<{ id: string }>('select id from people where login = $1', [
    agent.login,
  ]);
  const id = person?.id ?? '';
  await cabinet.database.query(
    `insert into client_people (client_id, person_id, role) values ($1, $2, 'member')`,
    [shop.id, id],
  );
  await cabinet.database.query(
    `insert into node_grants (person_id, client_id, node_id, role)
     select $1, $2, id, $3 from tree_nodes where group_id = $4`,
    [id, shop.id, role, north.id],
  );
  await agent.put('/api/session/client').send({ clientId: shop.id }).expect(204);
  return agent;
}

beforeAll(async () => {
  cabinet = await startTestCabinet();
  const { rows } = cabinet;
  shop = await rows.client();
  const stranger = await rows.client({ inn: '7707083893', name: 'mark-foreign' });
  north = await rows.group(shop, 'north');
  await rows.done(await rows.register(north), 1);
  beside = await makeTarget('beside', await rows.register(await rows.group(shop, 'mark-beside')), shop);
  foreign = await makeTarget(
    'foreign',
    await rows.register(await rows.group(stranger, 'mark-foreign')),
    stranger,
  );
  for (const role of companyRoles) people.set(role, await member(role));
});
afterAll(() => cabinet?.stop());

/** Addresses of a route with the target's ids in the places of its parameters. */
function addressesOf({ path }: Route, { ids }: Target): string[] {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '');
  if (names.length === 0) return [path];
  const kind = kinds.find(([form]) => form.test(path))?.[1];
  if (names.length === 1) {
    const values = kind ? [ids[kind] ?? ''] : [...new Set(Object.values(ids))];
    return values.map((value) => path.replace(/:\w+/, value));
  }
  return [path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? ids.receipt ?? '')];
}

/** Everything stored of the target, as one text. */
async function stateOf({ ids, marks }: Target): Promise<string> {
  const rows = await cabinet.database.query<{ state: string }>(
    `select md5(string_agg(t, '|' order by t)) as state from (
       select receipts::text as t from receipts where external_id like $1 || '%'
       union all select n.name || coalesce(n.parent_id::text, '') from tree_nodes n where id = $2
       union all select c::text from payment_connections c where id = $3
       union all select k.id || coalesce(k.revoked_at::text, '') || coalesce(k.expires_at::text, '') from api_keys k where id = $4
       union all select p.id || coalesce(p.dismissed_at::text, '') || p.approved from payments p where id = $5
       union all select e::text from receipt_exports e where id = $6
       union all select f::text from saved_filters f where id = $7
       union all select s::text from report_schedules s where id = $8
       union all select i::text from invitations i where id = $9
       union all select cp::text from client_people cp where person_id = $10
       union all select t::text from support_tickets t where id = $13::bigint
       union all select g.buyer_letters::text || coalesce(g.sender_email, '') from register_groups g where code = $11
       union all select o::text from operator_changes o join registers k on k.id = o.register_id where k.serial = $14
       union all select a::text from registration_applications a where id = $15
       union all select r::text from renewal_cases r where id = $16
       union all select e::text from external_registers e where id = $17
       union all select count(*)::text from external_documents where register_id = $17
       union all select s::text from saved_cards s where id = $18
       union all select t::text from operator_terms t join registers k on k.id = t.register_id where k.serial = $14
       union all select c::text from callbacks c where receipt_id = $12
       union all select count(*)::text from receipt_origins where original_id = $12
     ) x`,
    [
      marks[0] ?? '',
      ids.node ?? '',
      ids.connection ?? '',
      ids.key ?? '',
      ids.payment ?? '',
      ids.export ?? '',
      ids.filter ?? '',
      ids.schedule ?? '',
      ids.invitation ?? '',
      ids.person ?? '',
      ids.group ?? '',
      ids.receipt ?? '',
      ids.ticket ?? '0',
      ids.serial ?? '',
      ids.application ?? '',
      ids.renewal ?? '',
      ids.external ?? '',
      ids.card ?? '',
    ],
  );
  return rows[0]?.state ?? '';
}

describe('every route of the cabinet', () => {
  const routes = () =>
    routesOf(cabinet.app).filter(({ path }) => !personal.test(path) && path !== '/api/live');

  it('is known to be one: the router is read, not remembered', () => {
    const known = routes().map(({ method, path }) => `${method} ${path}`);
    expect(known.length).toBeGreaterThan(40);
    for (const name of Object.keys(bodies(foreign))) expect(known).toContain(name);
    for (const name of Object.keys(queries(foreign))) expect(known).toContain(`get ${name}`);
    for (const [form] of kinds) expect(known.some((name) => form.test(name.replace(/^\w+ /, '')))).toBe(true);
  });

  it.each(companyRoles)(
    'shows a %s of one part nothing of another part or company, and lets him change nothing there',
    async (role) => {
      const agent = people.get(role);
      if (!agent) throw new Error('nobody');
      const before = await Promise.all([beside, foreign].map(stateOf));
      const leaks: string[] = [];
      for (const target of [beside, foreign])
        for (const route of routes())
          for (const address of addressesOf(route, target)) {
            const name = `${route.method} ${route.path}`;
            const call = agent[route.method](address);
            const reply =
              route.method === 'get'
                ? await call.query(queries(target)[route.path] ?? {})
                : await call.send(bodies(target)[name] ?? {});
            // What the request itself said may come back in a refusal; what was not said is a leak.
            const text = `${reply.text ?? ''}${JSON.stringify(reply.body ?? {})}`;
            const seen = target.marks.find((mark) => text.includes(mark) && !address.includes(mark));
            if (seen && reply.status < 400) leaks.push(`${name} → ${reply.status} shows ${seen}`);
            const isAboutTarget = route.path.includes(':') || name in bodies(target);
            if (isAboutTarget && reply.status < 400)
              leaks.push(`${name} → ${reply.status} for ${target.name}`);
            if (reply.status >= 500) leaks.push(`${name} → ${reply.status}`);
            if (name in bodies(target) && reply.body?.error?.code === 'CLIENT-FIELDS' && role === 'owner')
              leaks.push(
                `${name}: the matrix sends a body that its checks refuse: ${JSON.stringify(reply.body)}`,
              );
          }
      expect(leaks).toEqual([]);
      expect(await Promise.all([beside, foreign].map(stateOf))).toEqual(before);
    },
  );

  it('is closed to whoever is not logged in', async () => {
    const open: string[] = [];
    for (const route of routes())
      for (const address of addressesOf(route, foreign).slice(0, 1)) {
        const { status } = await cabinet.agent()[route.method](address).send({});
        if (status !== 401) open.push(`${route.method} ${route.path} → ${status}`);
      }
    expect(open).toEqual([]);
  });

  it('tells a live stream nothing of another’s receipt', async () => {
    const agent = people.get('owner');
    if (!agent) throw new Error('nobody');
    for (const target of [beside, foreign]) {
      const cookie = agent.jar.getCookie('kkt_cabinet', {
        domain: '127.0.0.1',
        path: '/',
        secure: false,
        script: false,
      });
      const stop = new AbortController();
      const reply = await fetch(`${cabinet.url}/api/live?topics=receipt:${target.ids.receipt}`, {
        headers: { cookie: `kkt_cabinet=${cookie?.value ?? ''}`, 'x-kkt-web': '1' },
        signal: stop.signal,
      });
      expect(reply.status).toBe(200);
      const reader = reply.body?.getReader();
      let text = '';
      while (!/^data:/m.test(text)) {
        const part = await reader?.read();
        if (!part || part.done) break;
        text += Buffer.from(part.value).toString();
      }
      stop.abort();
      for (const mark of target.marks) expect(text).not.toContain(mark);
    }
  });
});
