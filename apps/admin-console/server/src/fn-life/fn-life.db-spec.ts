import iconv from 'iconv-lite';
import { makeRnm } from '@kkt/ffd';
import type { TestClient, TestGroup, TestRegister } from '@kkt/testing';
import type { FnApplicationView, FnDrivePage } from '@kkt/web-contract';
import { type Agent, fnModel as model, FnLifeBench, refusal, report, swapOf } from '../../test/fn-life-bench';
import { startTestConsole, type TestConsole } from '../../test/test-console';

jest.setTimeout(60_000);

let farm: TestConsole;
let bench: FnLifeBench;
let client: TestClient;
let other: TestClient;
let group: TestGroup;
let engineer: Agent;
let lead: Agent;

beforeAll(async () => {
  farm = await startTestConsole();
  bench = await FnLifeBench.open(farm);
  ({ client, group, engineer, lead } = bench);
  other = await farm.rows.client({ inn: '7702203276' });
});

afterAll(() => farm?.stop());

describe('the ledger of FNs', () => {
  it('keeps every move with who and when, and the owner for ever', async () => {
    const fn = await bench.inStock(client.id);
    expect(await refusal(engineer, `/api/fn/drives/${fn}/move`, { to: 'tested' })).toMatchObject({
      status: 400,
    });
    const { body } = await engineer.get(`/api/fn/drives/${fn}`).expect(200);
    const drive = body as FnDrivePage;
    expect(drive).toMatchObject({ state: 'reserved', clientId: client.id });
    expect(drive.moves.map(({ to, actorName }) => [to, actorName])).toEqual([
      ['stock', 'Сотрудник engineer'],
      ['tested', 'Сотрудник engineer'],
      ['reserved', 'Сотрудник engineer'],
    ]);
    await expect(
      farm.database.query('update fiscal_drives set client_id = $2 where fn_number = $1', [fn, other.id]),
    ).rejects.toThrow(/another client/);
    await expect(farm.database.query('delete from fn_moves where fn_number = $1', [fn])).rejects.toThrow(
      /only added/,
    );
    await expect(
      farm.database.query(`update fn_moves set actor_name = 'x' where fn_number = $1`, [fn]),
    ).rejects.toThrow(/only added/);
  });

  it('takes no unknown model, no number twice, and moves nothing into a register by hand', async () => {
    expect(
      await refusal(engineer, '/api/fn/drives', { fnNumber: bench.freshFn(), model: 'fn-9' }),
    ).toMatchObject({
      code: 'CLIENT-FN-MODEL',
    });
    const fn = await bench.inStock();
    expect(await refusal(engineer, '/api/fn/drives', { fnNumber: fn, model })).toMatchObject({
      code: 'CLIENT-FN-KNOWN',
    });
    expect((await refusal(engineer, `/api/fn/drives/${fn}/move`, { to: 'installed' })).status).toBe(400);
    const viewer = await farm.loggedIn('viewer');
    await viewer.post('/api/fn/drives').send({ fnNumber: bench.freshFn(), model }).expect(403);
    await farm.agent().get('/api/fn/stock').expect(401);
  });

  it('puts a retired FN into one cell with a person and a date, and gives it back by an act', async () => {
    const fn = await bench.inStock(client.id);
    await engineer
      .post(`/api/fn/drives/${fn}/move`)
      .send({ to: 'faulty', reason: 'не отвечает' })
      .expect(200);
    const path = `/api/fn/drives/${fn}/move`;
    expect(await refusal(engineer, path, { to: 'in_cell', cell: 'A-1' })).toMatchObject({
      code: 'CLIENT-CELL',
    });
    const kept = { to: 'in_cell', cell: 'A-1', responsible: 'Иванов', keepUntil: '2031-01-01' };
    await engineer.post(path).send(kept).expect(200);
    expect(await refusal(engineer, path, { to: 'returned' })).toMatchObject({ code: 'CLIENT-ACT' });
    await engineer.post(path).send({ to: 'returned', act: 'АКТ-7' }).expect(200);
    const { body } = await engineer.get(`/api/fn/drives/${fn}`).expect(200);
    expect(body).toMatchObject({ state: 'returned', returnAct: 'АКТ-7', cell: null });
  });
});

describe('a swap is refused with a clear reason', () => {
  let register: TestRegister;

  beforeAll(async () => {
    register = await farm.rows.register(group);
  });

  const attempt = async (newFn: string) =>
    refusal(engineer, '/api/fn/workflows', swapOf(register, { newFn }));

  it('when the FN is not in stock', async () => {
    expect(await attempt('9999999999999999')).toMatchObject({
      status: 400,
      code: 'CLIENT-FN-NOT-IN-STOCK',
      message: expect.stringContaining('нет в учёте'),
    });
    const busy = await farm.rows.register(group);
    expect(await attempt(busy.fnNumber)).toMatchObject({ code: 'CLIENT-FN-NOT-IN-STOCK' });
  });

  it('when the FN is another client’s', async () => {
    expect(await attempt(await bench.inStock(other.id))).toMatchObject({
      code: 'CLIENT-FN-OWNER',
      message: expect.stringContaining('принадлежит другому клиенту'),
    });
  });

  it('when the model of the FN is unknown', async () => {
    const fn = bench.freshFn();
    await farm.database.query(
      `insert into fiscal_drives (fn_number, model, capacity_documents, state) values ($1, 'no-such', 1000, 'tested')`,
      [fn],
    );
    expect(await attempt(fn)).toMatchObject({
      code: 'CLIENT-FN-MODEL',
      message: expect.stringContaining('неизвестна'),
    });
  });

  it('when the FN was not tested', async () => {
    const fn = bench.freshFn();
    await engineer.post('/api/fn/drives').send({ fnNumber: fn, model }).expect(201);
    expect(await attempt(fn)).toMatchObject({ code: 'CLIENT-FN-NOT-TESTED' });
  });

  it('when it would be the twelfth re-registration', async () => {
    await farm.database.query('update fiscal_drives set registrations_left = 0 where fn_number = $1', [
      register.fnNumber,
    ]);
    expect(
      await refusal(engineer, '/api/fn/workflows', { ...swapOf(register), kind: 'reregister', reasons: 8 }),
    ).toMatchObject({ code: 'CLIENT-REREGISTRATIONS-USED-UP', message: expect.stringContaining('11 раз') });
  });

  it('when the serial is of another register, the person has no right, or work goes on already', async () => {
    expect(await refusal(engineer, '/api/fn/workflows', swapOf(register, { serial: '1' }))).toMatchObject({
      code: 'CLIENT-SERIAL',
    });
    const support = await farm.loggedIn('support');
    expect((await refusal(support, '/api/fn/workflows', swapOf(register))).status).toBe(403);
    const both = await Promise.all(
      [1, 2].map(() => refusal(engineer, '/api/fn/workflows', swapOf(register))),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it('gives the last FN of the stock to one of two swaps', async () => {
    const [a, b] = [await farm.rows.register(group), await farm.rows.register(group)];
    const newFn = await bench.inStock(client.id);
    const both = await Promise.all(
      [a, b].map((one) => refusal(engineer, '/api/fn/workflows', swapOf(one, { newFn }))),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([201, 400]);
    expect(both.find(({ status }) => status === 400)?.code).toBe('CLIENT-FN-TAKEN');
  });
});

describe('a swap', () => {
  it('goes its whole way, each step with who, when and proof, and ends with the old FN in its cell', async () => {
    const register = await farm.rows.register(group);
    const newFn = await bench.inStock(client.id);
    const id = await bench.started(register, { newFn });
    expect(await bench.page(id)).toMatchObject({ step: 'drain', turn: 'device' });
    await bench.toPutIn(id, register);
    const say = (body: object) => refusal(engineer, `/api/fn/workflows/${id}/say`, body);
    expect(await say({ step: 'put_in', fnNumber: await bench.inStock(client.id) })).toMatchObject({
      code: 'CLIENT-FN-NOT-PLANNED',
    });
    expect((await say({ step: 'put_in', fnNumber: newFn })).status).toBe(204);

    // Another FN than the one that was scanned.
    const life = { validUntil: '2028-01-01', registrationsLeft: 12, phase: 1, serial: register.serial };
    await bench.deviceSays(id, { ...life, fnNumber: bench.freshFn() });
    expect(await bench.page(id)).toMatchObject({ status: 'failed', note: 'wrong_fn', turn: 'engineer' });
    await engineer.post(`/api/fn/workflows/${id}/retry`).expect(204);
    await bench.deviceSays(id, { ...life, fnNumber: newFn, execution: model });

    await bench.deviceSays(id, { ...report(newFn, 1, 11), validUntil: '2028-03-01', registrationsLeft: 11 });
    expect(await bench.page(id)).toMatchObject({ step: 'test_receipt' });
    await bench.deviceSays(id, report(newFn, 3, 3));
    await farm.database.query(`update registers set state = 'ready' where id = $1`, [register.id]);
    await bench.deviceSays(id, { fnNumber: newFn, lastFd: 3 });
    const stored = { step: 'store_old', cell: 'B-2', responsible: 'Петров', keepUntil: '2031-11-27' };
    expect((await say(stored)).status).toBe(204);

    const end = await bench.page(id);
    expect(end).toMatchObject({ status: 'done', approvedName: null, downtimeS: expect.any(Number) });
    expect(end.steps.every(({ state }) => state === 'done')).toBe(true);
    expect(end.proofs.close_fn).toMatchObject({ form: 6, fdNumber: 7 });
    expect(end.events.filter(({ event }) => event === 'done').map(({ step }) => step)).toEqual(
      end.steps.map(({ name }) => name),
    );
    expect(end.events.find(({ event }) => event === 'approved')?.actorName).toBe('Сотрудник lead');
    const { body: old } = await engineer.get(`/api/fn/drives/${register.fnNumber}`).expect(200);
    expect(old).toMatchObject({
      state: 'in_cell',
      cell: 'B-2',
      responsible: 'Петров',
      keepUntil: '2031-11-27',
    });
    const { body: fresh } = await engineer.get(`/api/fn/drives/${newFn}`).expect(200);
    expect(fresh).toMatchObject({ state: 'installed', registerId: register.id, registrationsLeft: 11 });
    const { body: list } = await engineer.get('/api/fn/workflows').expect(200);
    expect(list.durations).toContainEqual(
      expect.objectContaining({ kind: 'swap', medianDowntimeS: expect.any(Number) }),
    );

    const mail = await farm.database.query<{ kind: string }>(
      `select kind from notifications where kind in ('fn.data-set', 'fn.operator-told') order by kind`,
    );
    expect(mail.map(({ kind }) => kind)).toEqual(['fn.data-set', 'fn.operator-told']);
    await theApplicationGoesItsWay(end.application as FnApplicationView, newFn);
  });

  async function theApplicationGoesItsWay(application: FnApplicationView, newFn: string): Promise<void> {
    expect(application).toMatchObject({
      kind: 'reregistration',
      state: 'draft',
      fnNumber: newFn,
      reasons: [4],
    });
    expect(application.closing).toMatchObject({ fdNumber: 7 });
    expect(application.problems).toEqual([]);
    const path = `/api/fn/applications/${application.id}`;
    const xml = await engineer
      .get(`${path}/application.xml`)
      .buffer(true)
      .parse((response, done) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => done(null, Buffer.concat(chunks)));
      });
    const text = iconv.decode(xml.body as Buffer, 'windows-1251');
    expect(text).toContain('<?xml version="1.0" encoding="windows-1251"?>');
    expect(text).toContain('КНД="1110061"');
    expect(text).toContain(`ЗаводНомерФН="${newFn}"`);
    const pdf = await engineer.get(`${path}/application.pdf`).buffer(true).expect(200);
    expect(pdf.headers['content-type']).toBe('application/pdf');
    expect((await refusal(engineer, `${path}/state`, { state: 'card' })).code).toBe(
      'CLIENT-APPLICATION-STATE',
    );
    await engineer.post(`${path}/state`).send({ state: 'sent' }).expect(200);
    await engineer.post(`${path}/state`).send({ state: 'report_entered' }).expect(200);
    expect((await refusal(engineer, `${path}/state`, { state: 'card' })).code).toBe('CLIENT-CARD');
    const { body } = await engineer
      .post(`${path}/state`)
      .send({ state: 'card', cardNumber: '77-1', cardDate: '2026-12-01' })
      .expect(200);
    expect(body).toMatchObject({ state: 'card', card: { number: '77-1', date: '2026-12-01' } });
  }

  it('closes an FN only when a second person agrees, and has no way back after that', async () => {
    const register = await farm.rows.register(group);
    const id = await bench.started(register);
    await bench.deviceSays(id, { lastFd: 5, shiftOpen: false, unsent: 0 });
    await bench.deviceSays(id, { lastFd: 5, wasOpen: false });
    await bench.deviceSays(id, { unsent: 0, lastFd: 5, phase: 3 });
    expect(await bench.page(id)).toMatchObject({ step: 'close_fn', turn: 'approver' });
    const approve = `/api/fn/workflows/${id}/approve`;
    expect(await refusal(engineer, approve, {})).toMatchObject({ code: 'CLIENT-SECOND-PERSON' });
    // Taking over does not make two persons of one.
    await lead.post(`/api/fn/workflows/${id}/take-over`).send({ reason: 'смена закончилась' }).expect(204);
    expect(await refusal(engineer, approve, {})).toMatchObject({ code: 'CLIENT-SECOND-PERSON' });
    expect(await refusal(lead, approve, {})).toMatchObject({ code: 'CLIENT-SECOND-PERSON' });
    const third = await farm.loggedIn('engineer');
    await third.post(approve).expect(204);
    expect(await refusal(lead, `/api/fn/workflows/${id}/cancel`, { reason: 'передумали' })).toMatchObject({
      code: 'CLIENT-NO-WAY-BACK',
    });
    expect(
      await refusal(engineer, `/api/fn/workflows/${id}/say`, { step: 'put_in', fnNumber: bench.freshFn() }),
    ).toMatchObject({ status: 409, code: 'CLIENT-STATE' });
  });

  it('can be broken off before that, and the register goes on', async () => {
    const register = await farm.rows.register(group);
    const id = await bench.started(register);
    await engineer.post(`/api/fn/workflows/${id}/cancel`).send({ reason: 'клиент передумал' }).expect(204);
    expect(await bench.page(id)).toMatchObject({ status: 'cancelled', note: 'клиент передумал' });
    const rows = await farm.database.query<{ state: string }>('select state from registers where id = $1', [
      register.id,
    ]);
    expect(rows[0]?.state).toBe('ready');
    expect(
      await farm.database.query(`select 1 from register_tasks where register_id = $1 and state = 'waiting'`, [
        register.id,
      ]),
    ).toEqual([]);
  });

  it('waits for an additional register that joins the group first', async () => {
    const register = await farm.rows.register(group);
    const spare = await farm.rows.register(null);
    const id = await bench.started(register, { joinRegisterId: spare.id });
    const parent = await bench.page(id);
    expect(parent).toMatchObject({ step: 'join', note: 'additional_register_joins' });
    const rows = await farm.database.query<{ state: string }>('select state from registers where id = $1', [
      register.id,
    ]);
    expect(rows[0]?.state).toBe('ready');

    const join = await bench.page(parent.joins ?? '');
    expect(join).toMatchObject({ kind: 'install', step: 'application', turn: 'client' });
    const path = `/api/fn/applications/${join.application?.id}/state`;
    await engineer.post(path).send({ state: 'sent' }).expect(200);
    const wrong = makeRnm(500, client.inn, 'another-serial');
    expect(await refusal(engineer, path, { state: 'number_received', rnm: wrong })).toMatchObject({
      code: 'CLIENT-RNM',
      message: expect.stringContaining('контрольная сумма'),
    });
    const rnm = makeRnm(501, client.inn, spare.serial);
    await engineer.post(path).send({ state: 'number_received', rnm }).expect(200);
    expect(await bench.page(join.id)).toMatchObject({ step: 'put_in', turn: 'engineer' });

    await engineer.post(`/api/fn/workflows/${join.id}/cancel`).send({ reason: 'ФН не подошёл' }).expect(204);
    await bench.machine.advance(id);
    expect(await bench.page(id)).toMatchObject({ status: 'failed', note: 'additional_register_cancelled' });
    const [free] = await farm.database.query<{ state: string; rnm: string | null }>(
      'select state, rnm from registers where id = $1',
      [spare.id],
    );
    expect(free).toEqual({ state: 'stock', rnm: null });
  });
});
