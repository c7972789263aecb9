import { randomUUID } from 'node:crypto';
import { AuditStore } from '@kkt/storage';
import type {
  DocumentView,
  OperatorsView,
  Overview,
  QueuesView,
  RackView,
  ReceiptInspection,
  RegisterView,
  TagView,
} from '@kkt/web-contract';
import type { TestGroup, TestRegister } from '@kkt/testing';
import { staffPassword, startTestConsole, type TestConsole } from '../test/test-console';

jest.setTimeout(60_000);

let farm: TestConsole;
let group: TestGroup;
let good: TestRegister;
let silent: TestRegister;
const place = (slot: number) => ({ dc: 'DC1', rack: 'R07', assembly: 3, slot });

beforeAll(async () => {
  farm = await startTestConsole();
  const client = await farm.rows.client();
  group = await farm.rows.group(client, 'shop-v4');
  good = await farm.rows.register(group, {
    place: place(1),
    documentsLeft: 62_500,
    unsent: 2,
    unsentAgeS: 90_000,
  });
  silent = await farm.rows.register(group, { place: place(2), leaseEndedS: 5 });
  await farm.rows.register(group, { place: place(3), state: 'stopped', stateReason: 'fn_ahead_of_database' });
  await farm.rows.register(group, {
    place: place(4),
    problem: 'fn_full',
    documentsLeft: 10,
    validUntil: '2026-12-20',
  });
  await farm.rows.register(null, { place: { dc: 'DC1', rack: 'R08', assembly: 1, slot: 1 } });
});

afterAll(() => farm?.stop());

describe('the door', () => {
  it('lets nobody in without a session, whatever they ask', async () => {
    for (const path of [
      'overview',
      'racks',
      'racks/DC1/R07',
      'registers/1',
      'queues',
      'operators',
      'alerts',
      'stock',
      'audit',
      'documents',
      'receipts',
      'search?q=1',
      'live?topics=overview',
      'session',
    ])
      await farm.agent().get(`/api/${path}`).expect(401);
    await farm.agent().post('/api/registers/1/pause').send({ serial: '1', reason: 'why' }).expect(401);
  });

  it('answers a wrong password and an unknown login alike', async () => {
    const known = await farm.loggedIn('viewer');
    const { body } = await known.get('/api/session').expect(200);
    const wrong = await farm
      .agent()
      .post('/api/session')
      .send({ login: body.login, password: 'wrong' })
      .expect(401);
    const unknown = await farm
      .agent()
      .post('/api/session')
      .send({ login: 'nobody', password: 'wrong' })
      .expect(401);
    expect(wrong.body).toEqual(unknown.body);
  });

  it('gives a cookie that scripts and other sites cannot use, and ends the session at log-out', async () => {
    const agent = await farm.loggedIn('viewer');
    const { body } = await agent.get('/api/session').expect(200);
    const again = await agent
      .post('/api/session')
      .send({ login: body.login, password: staffPassword })
      .expect(200);
    const [cookie] = again.get('set-cookie') ?? [];
    expect(cookie).toMatch(
      /^kkt_console=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/,
    );
    const id = /=([^;]+)/.exec(cookie ?? '')?.[1] ?? '';
    const stored = await farm.database.query('select 1 from web_sessions where encode(id_hash, $1) = $2', [
      'escape',
      id,
    ]);
    expect(stored).toEqual([]);
    await agent.delete('/api/session').expect(204);
    await agent.get('/api/session').set('cookie', `kkt_console=${id}`).expect(401);
  });

  it('ends sessions of a disabled member at once', async () => {
    const agent = await farm.loggedIn('viewer');
    const { body } = await agent.get('/api/session').expect(200);
    await farm.database.query('update staff set disabled = true where login = $1', [body.login]);
    await agent.get('/api/session').expect(401);
  });

  it('ends a session left alone', async () => {
    const agent = await farm.loggedIn('viewer');
    await farm.database.query(`update web_sessions set seen_at = farm_now() - interval '61 minutes'`);
    await agent.get('/api/session').expect(401);
    await farm.database.query(`update web_sessions set seen_at = farm_now()`);
  });

  it('slows an account down after many wrong passwords, though the right one comes', async () => {
    const agent = await farm.loggedIn('viewer');
    const { body } = await agent.get('/api/session').expect(200);
    const [who] = await farm.database.query<{ id: string }>('select id from staff where login = $1', [
      body.login,
    ]);
    await farm.database.query(
      `insert into login_journal (realm, who, outcome, address, agent) select 'console', $1, 'wrong', '10.0.0.1', '' from generate_series(1, 10)`,
      [who?.id],
    );
    await farm.agent().post('/api/session').send({ login: body.login, password: staffPassword }).expect(429);
    await farm.database.query('delete from login_journal');
  });

  it('refuses writes that another site may have caused', async () => {
    const agent = await farm.loggedIn('engineer');
    await agent.delete('/api/session').set('origin', 'https://evil.example').expect(403);
    await agent.delete('/api/session').unset('x-kkt-web').expect(403);
    await agent.get('/api/live?topics=overview').set('sec-fetch-site', 'cross-site').expect(403);
    await agent.get('/api/session').expect(200);
  });

  it('sends every answer with security headers', async () => {
    for (const path of ['/', '/api/session', '/health/live']) {
      const { headers } = await farm.agent().get(path);
      expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
    }
  });

  it('says what is wrong with a body, by field', async () => {
    const { body } = await farm.agent().post('/api/session').send({ login: 5, extra: 1 }).expect(400);
    expect(body.error.code).toBe('CLIENT-FIELDS');
    expect(Object.keys(body.error.fields)).toEqual(expect.arrayContaining(['login', 'password', 'extra']));
  });
});

describe('the overview', () => {
  it('shows what the rows say', async () => {
    await farm.rows.done(good, 101, { ageS: 130 });
    await farm.rows.done(good, 102, { ageS: 125 });
    await farm.rows.failed(group, { ageS: 10, code: 32, text: 'Неверный ИНН' });
    await farm.rows.queued(group, { ageS: 45 });
    await farm.rows.held(good, 'in_doubt');
    await farm.database.query(
      `insert into alerts (class, object_kind, object_id, severity, text) values ('wrong_fn', 'register', $1, 2, 'Чужой ФН')`,
      [String(good.id)],
    );
    const agent = await farm.loggedIn('viewer');
    const overview = (await agent.get('/api/overview').expect(200)).body as Overview;
    expect(overview.minutes).toHaveLength(61);
    expect(overview.minutes.reduce((sum, { done }) => sum + done, 0)).toBe(2);
    expect(overview.minutes.reduce((sum, { failed }) => sum + failed, 0)).toBe(1);
    expect(overview.queue).toMatchObject({ waiting: 1, inDoubt: 1, working: 0 });
    expect(overview.queue.oldestS).toBeGreaterThanOrEqual(44);
    expect(overview.registers).toEqual({ works: 1, offline: 1, stopped: 1, attention: 1, stock: 1 });
    expect(overview.racks).toEqual([
      expect.objectContaining({ dc: 'DC1', rack: 'R07', places: 4, worst: 'stopped' }),
      expect.objectContaining({ dc: 'DC1', rack: 'R08', places: 1, worst: 'stock' }),
    ]);
    expect(overview.alertCounts).toEqual([0, 1, 0, 0]);
    expect(overview.errors).toEqual([{ code: 32, type: 'system', text: 'Неверный ИНН', receipts: 1 }]);
    expect(overview.operators).toEqual([expect.objectContaining({ name: 'ПК ОФД', unsent: 2 })]);
    expect(overview.stock).toEqual({ modules: 1, drives: 1 });
    expect(overview.fnEnding.find(({ days }) => days === 60)?.drives).toBe(1);
    expect(overview.health).toBe('trouble');
    expect(overview.complaints.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['in_doubt', 'alerts', 'stopped', 'offline', 'attention', 'unsent_old']),
    );
  });
});

describe('racks and registers', () => {
  it('shows the cells of a rack', async () => {
    const agent = await farm.loggedIn('viewer');
    const rack = (await agent.get('/api/racks/DC1/R07').expect(200)).body as RackView;
    expect(rack).toMatchObject({ assemblies: 12, slots: 48 });
    expect(rack.cells.map(({ slot, condition }) => [slot, condition])).toEqual([
      [1, 'works'],
      [2, 'offline'],
      [3, 'stopped'],
      [4, 'attention'],
    ]);
    expect(rack.cells[0]?.fnFill).toBe(0.75);
    await agent.get('/api/racks/DC1/R99').expect(404);
  });

  it('shows a register with its documents decoded', async () => {
    await farm.rows.openShiftReport(good, 100, 7_200);
    const agent = await farm.loggedIn('viewer');
    const register = (await agent.get(`/api/registers/${good.id}`).expect(200)).body as RegisterView;
    expect(register).toMatchObject({
      serial: good.serial,
      condition: 'works',
      unsent: 2,
      fn: { fnNumber: good.fnNumber, documentsLeft: 62_500, capacityDocuments: 250_000 },
      intent: { kind: 'receipt', state: 'open' },
    });
    expect(register.documents.map(({ fdNumber }) => fdNumber)).toEqual([102, 101, 100]);
    const document = (await agent.get(`/api/documents/${good.fnNumber}/101`).expect(200))
      .body as DocumentView;
    const tag = (number: number): TagView | undefined => document.tags.find((one) => one.tag === number);
    expect(tag(1041)).toMatchObject({ kind: 'text', value: good.fnNumber });
    expect(tag(1020)).toMatchObject({ kind: 'money', value: 123_450 });
    expect(tag(1054)).toMatchObject({ kind: 'choice', value: 1 });
    expect(tag(1059)?.inside?.find((one) => one.tag === 1030)?.value).toBe('Кофе в зёрнах, 1 кг');
    expect(tag(1008)?.value).toBe('i***@mail.example');
    await agent.get('/api/registers/999999').expect(404);
    await agent.get('/api/registers/one').expect(400);
  });

  it('pauses and resumes with a reason, the serial and an audit row', async () => {
    const engineer = await farm.loggedIn('engineer');
    const action = (what: string, body: object) =>
      engineer.post(`/api/registers/${good.id}/${what}`).send(body);
    await action('pause', { serial: silent.serial, reason: 'замена кабеля' }).expect(400);
    await action('pause', { serial: good.serial, reason: 'замена кабеля' }).expect(204);
    await action('pause', { serial: good.serial, reason: 'замена кабеля' }).expect(409);
    const paused = (await engineer.get(`/api/registers/${good.id}`).expect(200)).body as RegisterView;
    expect(paused).toMatchObject({ condition: 'paused', stateReason: 'замена кабеля' });
    expect(paused.changes[0]).toMatchObject({
      action: 'register.pause',
      reason: 'замена кабеля',
      before: { state: 'ready' },
    });
    await action('resume', { serial: good.serial, reason: 'готово' }).expect(204);
    const check = await engineer.get('/api/audit/check').expect(200);
    expect(check.body).toMatchObject({ rows: 2, firstBad: null });
  });

  it('lets only engineers act', async () => {
    for (const role of ['viewer', 'support'] as const) {
      const agent = await farm.loggedIn(role);
      await agent
        .post(`/api/registers/${good.id}/pause`)
        .send({ serial: good.serial, reason: 'просто так' })
        .expect(403);
    }
  });
});

describe('the audit chain', () => {
  it('names the first row that was changed', async () => {
    const audit = new AuditStore(farm.database);
    for (let n = 1; n <= 3; n++)
      await farm.database.transaction((sql) =>
        AuditStore.write(sql, {
          actorKind: 'system',
          actorId: null,
          actorName: 'x',
          clientId: null,
          action: 'a',
          objectKind: 'o',
          objectId: String(n),
          after: { b: 1, a: [n, null] },
        }),
      );
    const { rows } = await audit.verify();
    expect(await audit.verify()).toEqual({ rows, firstBad: null });
    await farm.database.query(`update audit_log set after = '{"b": 2}' where seq = $1`, [rows - 1]);
    expect((await audit.verify()).firstBad).toBe(rows - 1);
    await farm.database.query('delete from audit_log where seq = $1', [rows - 1]);
    expect((await audit.verify()).firstBad).toBe(rows - 1);
  });
});

describe('receipts', () => {
  it('tells the whole life of one', async () => {
    const id = await farm.rows.done(silent, 7, { callbackUrl: 'https://shop.example/cb', ageS: 300 });
    const agent = await farm.loggedIn('support');
    const receipt = (await agent.get(`/api/receipts/${id}`).expect(200)).body as ReceiptInspection;
    expect(receipt.timeline.map(({ kind }) => kind)).toEqual([
      'accepted',
      'attempt',
      'registered',
      'callback_due',
      'callback_delivered',
      'ofd_sent',
      'ofd_answered',
      'ofd_confirmed',
    ]);
    expect(receipt).toMatchObject({
      receipt: { state: 'done', fdNumber: 7, registerId: silent.id },
      intents: [{ state: 'done', fdBefore: 6, fdNumber: 7 }],
      callback: { state: 'delivered', attempts: 1 },
      message: { state: 'confirmed' },
      answer: { status: 'done', payload: { fiscal_document_number: 7 } },
    });
    expect(JSON.stringify(receipt)).not.toContain('ivanov@');
    await agent.get(`/api/receipts/${randomUUID()}`).expect(404);
  });

  it('finds a thing by any of its numbers', async () => {
    const id = await farm.rows.done(silent, 8, { externalId: 'order 77/1' });
    const agent = await farm.loggedIn('support');
    const hits = async (q: string) =>
      (
        (await agent.get('/api/search').query({ q }).expect(200)).body as {
          hits: { kind: string; id: string }[];
        }
      ).hits;
    expect(await hits('order 77/1')).toEqual([expect.objectContaining({ kind: 'receipt', id })]);
    expect(await hits(id)).toEqual([expect.objectContaining({ kind: 'receipt', id })]);
    expect(await hits(silent.serial)).toEqual([
      expect.objectContaining({ kind: 'register', id: String(silent.id) }),
    ]);
    expect(await hits(silent.rnm)).toEqual([
      expect.objectContaining({ kind: 'register', id: String(silent.id) }),
    ]);
    expect(await hits(`${silent.fnNumber}:8`)).toEqual([
      expect.objectContaining({ kind: 'document', id: `${silent.fnNumber}:8` }),
    ]);
    expect(await hits('shop-v4')).toEqual([expect.objectContaining({ kind: 'group', id: 'shop-v4' })]);
    expect(await hits("' or 1=1 --")).toEqual([]);
  });

  it('turns pages without losing or repeating any', async () => {
    const other = await farm.rows.group(group.client, 'pages');
    const made = new Set<string>();
    for (let n = 0; n < 60; n++) made.add(await farm.rows.queued(other, { ageS: 10 + Math.floor(n / 3) }));
    const agent = await farm.loggedIn('viewer');
    const seen: string[] = [];
    let after: string | null = '';
    for (let turn = 0; after !== null && turn < 5; turn++) {
      const { body } = await agent
        .get('/api/receipts')
        .query({ group: 'pages', ...(after && { after }) })
        .expect(200);
      seen.push(...(body.rows as { id: string }[]).map((row) => row.id));
      after = body.next as string | null;
    }
    expect(seen).toHaveLength(60);
    expect(new Set(seen)).toEqual(made);
    await farm.database.query(`delete from receipts where group_id = $1`, [other.id]);
  });
});

describe('queues and operators', () => {
  it('says how much waits and why', async () => {
    const stuck = await farm.rows.group(group.client, 'stuck');
    await farm.rows.queued(stuck, { ageS: 200, waitReason: 'no_register' });
    await farm.rows.queued(stuck, { ageS: 100, waitReason: 'no_register' });
    const agent = await farm.loggedIn('viewer');
    const queues = (await agent.get('/api/queues').expect(200)).body as QueuesView;
    expect(queues.groups[0]).toMatchObject({
      code: 'stuck',
      waiting: 2,
      reasons: [{ reason: 'no_register', receipts: 2 }],
      registersReady: 0,
      registersTotal: 0,
    });
    const shop = queues.groups.find(({ code }) => code === 'shop-v4');
    expect(shop).toMatchObject({ registersReady: 1, registersTotal: 4, inDoubt: 1 });
  });

  it('says what waits for which operator', async () => {
    await farm.rows.waitingMessage(good, 102 + 1, {
      ageS: 120,
      cause: 'refused',
      causeText: 'Касса не оплачена',
    });
    const agent = await farm.loggedIn('viewer');
    const view = (await agent.get('/api/operators').expect(200)).body as OperatorsView;
    expect(view.operators).toEqual([
      expect.objectContaining({
        name: 'ПК ОФД',
        registers: 4,
        unsent: 2,
        ready: 1,
        causes: [{ cause: 'refused', text: 'Касса не оплачена', messages: 1 }],
      }),
    ]);
    expect(view.oldest).toEqual([expect.objectContaining({ serial: good.serial, unsent: 2 })]);
  });
});

describe('live updates', () => {
  it('sends the whole state first, then only what changed', async () => {
    const agent = await farm.loggedIn('viewer');
    const { body } = await agent.get('/api/session').expect(200);
    const login = await farm
      .agent()
      .post('/api/session')
      .send({ login: body.login, password: staffPassword })
      .expect(200);
    const cookie = (login.get('set-cookie') ?? [])[0]?.split(';')[0] ?? '';
    const abort = new AbortController();
    const response = await fetch(`${farm.url}/api/live?topics=rack:DC1/R07`, {
      headers: { cookie },
      signal: abort.signal,
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const reader = response.body?.getReader();
    let text = '';
    const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
      for (;;) {
        const match = pattern.exec(text);
        if (match) return match;
        const { value, done } = (await reader?.read()) ?? { done: true };
        if (done) throw new Error(`The stream ended: ${text}`);
        text += Buffer.from(value as Uint8Array).toString('utf8');
      }
    };
    const full = JSON.parse((await until(/event: full\ndata: (.*)\n/))[1] ?? '') as {
      topic: string;
      data: RackView;
    };
    expect(full).toMatchObject({ topic: 'rack:DC1/R07', data: { rack: 'R07' } });
    await until(/event: same/);
    await farm.database.query('update register_status set problem = $2 where register_id = $1', [
      good.id,
      'clock',
    ]);
    const patch = JSON.parse((await until(/event: patch\ndata: (.*)\n/))[1] ?? '') as {
      data: { cells: { registerId: number; condition: string }[] };
    };
    expect(patch.data.cells).toEqual([
      expect.objectContaining({ registerId: good.id, condition: 'attention' }),
    ]);
    abort.abort();
  });
});
