import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { totpCode } from '@kkt/accounts';
import { AuditStore } from '@kkt/storage';
import type { ChainCheck, DemoView, RackView, StaffAccountView, VisitsView } from '@kkt/web-contract';
import { staffPassword, startTestConsole, type TestConsole } from '../test/test-console';

jest.setTimeout(60_000);

let farm: TestConsole;
let hall: Server;
const asked: string[] = [];
let broken: object = { elements: [], modules: [] };

beforeAll(async () => {
  hall = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(broken));
  });
  await new Promise<void>((resolve) => hall.listen(0, '127.0.0.1', resolve));
  farm = await startTestConsole({
    emulatorControlUrl: `http://127.0.0.1:${(hall.address() as AddressInfo).port}`,
  });
  await farm.database.query(`insert into data_centres (code, name) values ('dc1', 'ЦОД')`);
  await farm.database.query(`insert into zones (dc, code, name) values ('dc1', 'z', 'Зал')`);
  await farm.database.query(`insert into racks (dc, code, zone) values ('dc1', '1', 'z')`);
  await farm.database.query(
    `insert into switches (dc, code, role) values ('dc1', 'r1-a', 'access'), ('dc1', 'r1-b', 'access')`,
  );
  await farm.database.query(
    `insert into assemblies (dc, rack, number, switch_a, port_a, switch_b, port_b) values ('dc1', '1', 1, 'r1-a', 1, 'r1-b', 1)`,
  );
});

afterAll(async () => {
  await farm?.stop();
  await new Promise((resolve) => hall.close(resolve));
});

describe('the fault panel', () => {
  it('breaks, shows what the watch made of it with whom it told, and mends', async () => {
    const agent = await farm.loggedIn('engineer');
    await agent.post('/api/demo/faults').send({ kind: 'switch', code: 'r1-a' }).expect(204);
    expect(asked).toContain('POST /plant/faults');
    broken = { elements: [{ dc: 'dc1', kind: 'switch', code: 'r1-a' }], modules: [] };
    const [alert] = await farm.database.query<{ id: string }>(
      `insert into alerts (class, object_kind, object_id, severity, text, facts, managed, registers)
       values ('plant_element_down', 'plant', 'dc1:switch:r1-a', 2, 'Не работает коммутатор', '{"elements": "switch:r1-a"}', true, '{1,2,3}')
       returning id::text`,
    );
    const { body } = await agent.get('/api/demo').expect(200);
    const [fault] = (body as DemoView).now;
    expect(fault).toMatchObject({ key: 'dc1:switch:r1-a', thrownBy: 'Сотрудник engineer' });
    expect(fault?.incident).toMatchObject({ id: alert?.id, severity: 2, registers: 3 });
    await agent.delete('/api/demo/faults').expect(204);
    expect(asked).toContain('DELETE /broken');
    broken = { elements: [], modules: [] };
    const after = (await agent.get('/api/demo').expect(200)).body as DemoView;
    expect(after.now).toEqual([]);
    expect(after.past[0]).toMatchObject({ key: 'dc1:switch:r1-a', mendedAt: expect.any(String) as string });
  });
});

describe('a visit', () => {
  it('holds what its person did to hardware meanwhile, and only one is open at a time', async () => {
    const agent = await farm.loggedIn('engineer');
    const opened = await agent.post('/api/visits').send({ dc: 'dc1', purpose: 'замена модуля' }).expect(201);
    await agent.post('/api/visits').send({ dc: 'dc1', purpose: 'ещё раз' }).expect(409);
    await agent.post('/api/demo/faults').send({ kind: 'switch', code: 'r1-b' }).expect(204);
    const { id } = opened.body as { id: string };
    await agent.post(`/api/visits/${id}/close`).send({ result: 'заменён' }).expect(204);
    await agent.post('/api/demo/faults').send({ kind: 'switch', code: 'r1-a' }).expect(204);
    const { visits } = (await agent.get('/api/visits').expect(200)).body as VisitsView;
    const visit = visits.find((one) => one.id === id);
    expect(visit?.actions.map(({ objectId }) => objectId)).toEqual(['dc1:switch:r1-b']);
    expect(visit).toMatchObject({ result: 'заменён', closedAt: expect.any(String) as string });
  });
});

describe('slots', () => {
  it('are there for each assembly, are kept for a client, and the database refuses another one', async () => {
    const agent = await farm.loggedIn('engineer');
    const own = await farm.rows.client();
    const other = await farm.rows.client();
    const path = '/api/racks/dc1/1/1/7/reservation';
    await agent.post(path).send({ inn: own.inn, days: 3, reason: 'ждёт модуль' }).expect(204);
    const { body } = await agent.get('/api/racks/dc1/1').expect(200);
    expect((body as RackView).around).toMatchObject({
      reserved: [{ assembly: 1, slot: 7, reason: 'ждёт модуль' }],
      links: [{ assembly: 1, network: 'ok', singlePoints: [] }],
    });
    const place = { dc: 'dc1', rack: '1', assembly: 1, slot: 7 };
    const group = await farm.rows.group(other, 'other-1');
    await expect(farm.rows.register(group, { place })).rejects.toMatchObject({
      constraint: 'registers_slot_reserved',
    });
    const mine = await farm.rows.group(own, 'own-1');
    await expect(farm.rows.register(mine, { place: { ...place, assembly: 2 } })).rejects.toMatchObject({
      constraint: 'registers_slot_exists',
    });
    await farm.rows.register(mine, { place });
    await agent.post(path).send({ inn: own.inn, days: 3, reason: 'ещё раз' }).expect(409);
    await agent.delete(path).expect(204);
  });

  it('of an assembly are paused together when the place is typed', async () => {
    const agent = await farm.loggedIn('engineer');
    const say = (word: string) => ({ assembly: 1, word, reason: 'работы с питанием' });
    await agent.post('/api/racks/dc1/1/pause').send(say('1/2')).expect(400);
    const { body } = await agent.post('/api/racks/dc1/1/pause').send(say('1/1')).expect(200);
    expect(body).toEqual({ registers: 1 });
    expect((await agent.post('/api/racks/dc1/1/resume').send(say('1/1')).expect(200)).body).toEqual({
      registers: 1,
    });
  });
});

describe('the audit log', () => {
  it('is filtered, exported with its hashes, and a changed row is found', async () => {
    const agent = await farm.loggedIn('viewer');
    const { body } = await agent.get('/api/audit?action=visit').expect(200);
    expect((body as { rows: { action: string }[] }).rows.map(({ action }) => action)).toEqual([
      'visit.close',
      'visit.open',
    ]);
    const hardware = await agent.get('/api/audit?hardware=1&who=engineer').expect(200);
    expect((hardware.body as { rows: unknown[] }).rows.length).toBeGreaterThan(3);
    const csv = await agent.get('/api/audit/export.csv?action=slot').expect(200);
    const lines = csv.text.trim().split('\r\n');
    expect(lines[0]).toContain('previous_hash,hash');
    expect(lines).toHaveLength(3);
    const good = (await agent.get('/api/audit/check').expect(200)).body as ChainCheck;
    expect(good).toMatchObject({ firstBad: null, checkedAt: expect.any(String) as string });
    await farm.database.query(`update audit_log set reason = 'другая' where seq = 2`);
    expect((await new AuditStore(farm.database).verify()).firstBad).toBe(2);
  });
});

describe('the second factor of the staff', () => {
  it('is asked for at log-in once it is on; a code works once, a recovery code too', async () => {
    const agent = await farm.loggedIn('support');
    const { login } = (await agent.get('/api/session').expect(200)).body as { login: string };
    await agent.post('/api/account/totp').send({ password: 'wrong' }).expect(400);
    const begun = await agent.post('/api/account/totp').send({ password: staffPassword }).expect(201);
    const { secret } = begun.body as { secret: string };
    await agent.post('/api/account/totp/confirm').send({ code: '000000' }).expect(400);
    const on = await agent
      .post('/api/account/totp/confirm')
      .send({ code: totpCode(secret, Date.now()) })
      .expect(200);
    const { recoveryCodes } = on.body as { recoveryCodes: string[] };
    const enter = (code?: string) =>
      farm
        .agent()
        .post('/api/session')
        .send({ login, password: staffPassword, ...(code && { code }) });
    await enter().expect(401);
    await enter(recoveryCodes[0]).expect(200);
    await enter(recoveryCodes[0]).expect(401);
    const code = totpCode(secret, Date.now() + 30_000);
    await enter(code).expect(200);
    await enter(code).expect(401);
    const account = (await agent.get('/api/account').expect(200)).body as StaffAccountView;
    expect(account.hasTotp).toBe(true);
    expect(account.sessions).toHaveLength(3);
  });

  it('leaves sessions of others to the lead', async () => {
    const engineer = await farm.loggedIn('engineer');
    const support = await farm.loggedIn('support');
    const lead = await farm.loggedIn('lead');
    const mine = (await support.get('/api/account').expect(200)).body as StaffAccountView;
    const name = mine.sessions.find(({ isOwn }) => isOwn)?.name ?? '';
    await engineer.delete(`/api/account/sessions/${name}`).expect(404);
    await lead.delete(`/api/account/sessions/${name}`).expect(204);
    await support.get('/api/session').expect(401);
  });
});
