import { silentLog, systemClock, systemIds } from '@kkt/contracts';
import { loadFnModels, OperatorMoveDesk, OperatorTermWatch } from '@kkt/fn-desk';
import { OperatorStore, RegistrationStore, RenewalStore } from '@kkt/storage';
import type { TestClient, TestRegister } from '@kkt/testing';
import type { HomeView, OperatorMovePage } from '@kkt/web-contract';
import { startTestCabinet, type TestCabinet } from '../../test/test-cabinet';

jest.setTimeout(60_000);

let cabinet: TestCabinet;
let client: TestClient;
let other: TestClient;
let caseId: string;
let applicationId: string;
let register: TestRegister;

beforeAll(async () => {
  cabinet = await startTestCabinet();
  client = await cabinet.rows.client();
  other = await cabinet.rows.client({ inn: '7702203276' });
  const group = await cabinet.rows.group(client, 'shop');
  register = await cabinet.rows.register(group, { unsent: 3 });
  caseId = systemIds.uuid();
  const { id: registerId, fnNumber } = register;
  await new RenewalStore(cabinet.database).open({
    id: caseId,
    fnNumber,
    registerId,
    clientId: client.id,
    endDate: '2099-01-01',
    endCause: 'validity',
    nextAt: '2098-12-01',
    nextPerson: 'client-service',
  });
  applicationId = systemIds.uuid();
  await new RegistrationStore(cabinet.database).create({
    id: applicationId,
    kind: 'reregistration',
    registerId,
    clientId: client.id,
    workflowId: null,
    reasons: 1,
    rnm: register.rnm,
    data: {
      facts: {
        userName: client.name,
        inn: client.inn,
        kpp: null,
        rnm: register.rnm,
        kktModel: 'АТОЛ 42ФС',
        kktSerial: register.serial,
        fnModel: 'ФН-1.2',
        fnNumber,
        ffd: 2,
        taxSystems: 1,
        defaultTaxSystem: null,
        modes: { internetOnly: true, agents: 0 },
        address: 'г. Москва',
        place: 'https://shop.example',
        machineNumber: null,
        ofdInn: '7709364346',
        ofdName: 'ПК ОФД',
        senderEmail: null,
        fnsSite: 'www.nalog.gov.ru',
      },
      report: { fdNumber: 1, at: '2026-11-27T10:00:00', fiscalSign: 42 },
      closing: null,
      oldFnFailed: false,
    },
    dueAt: new Date(),
  });
});

afterAll(() => cabinet?.stop());

describe('the client’s part in the life of his FNs', () => {
  it('shows and changes his own alone', async () => {
    const stranger = await cabinet.loggedIn(other);
    expect((await stranger.get('/api/fn/renewals').expect(200)).body).toEqual({ renewals: [] });
    expect((await stranger.get('/api/fn/applications').expect(200)).body).toEqual({ applications: [] });
    await stranger.get(`/api/fn/applications/${applicationId}`).expect(404);
    await stranger.get(`/api/fn/applications/${applicationId}/application.xml`).expect(404);
    await stranger.post(`/api/fn/renewals/${caseId}/answer`).send({ state: 'accepted' }).expect(404);
    await stranger.post(`/api/fn/applications/${applicationId}/state`).send({ state: 'sent' }).expect(404);
  });

  it('takes his answer about a renewal', async () => {
    const own = await cabinet.loggedIn(client);
    const { body } = await own
      .post(`/api/fn/renewals/${caseId}/answer`)
      .send({ state: 'accepted' })
      .expect(200);
    expect(body).toMatchObject({ state: 'accepted', nextPerson: 'engineers' });
    const again = await own.post(`/api/fn/renewals/${caseId}/answer`).send({ state: 'declined' });
    expect(again.body.error.code).toBe('CLIENT-RENEWAL-ANSWERED');
  });

  it('gives him the data set and takes the states of his application', async () => {
    const own = await cabinet.loggedIn(client);
    const xml = await own.get(`/api/fn/applications/${applicationId}/application.xml`).expect(200);
    expect(xml.headers['content-disposition']).toMatch(/^attachment; filename="KO_ZVLREGKKT_/);
    await own.get(`/api/fn/applications/${applicationId}/application.pdf`).expect(200);
    const move = (body: object) => own.post(`/api/fn/applications/${applicationId}/state`).send(body);
    expect((await move({ state: 'card' })).body.error.code).toBe('CLIENT-APPLICATION-STATE');
    await move({ state: 'sent' }).expect(200);
    const { body } = await move({ state: 'report_entered' }).expect(200);
    expect(body).toMatchObject({ state: 'report_entered', nextStates: ['card'], report: { fdNumber: 1 } });
  });
});

describe('change of operator from the cabinet', () => {
  const reason = 'дешевле';
  let ours: number;
  let another: number;

  beforeAll(async () => {
    const store = new OperatorStore(cabinet.database);
    const common = { host: 'ofd.example', port: 7777, receiptUrl: null, note: null };
    ours = (await store.save({ ...common, inn: '7799999997', name: 'Наш ОФД', enabled: true })).id;
    another = (await store.save({ ...common, inn: '7704211201', name: 'Другой ОФД', enabled: true })).id;
    await store.save({ ...common, inn: '7728699517', name: 'Закрытый ОФД', enabled: false });
  });
  const path = () => `/api/registers/${register.id}/operator`;
  const wish = (more: object = {}) => ({
    operatorId: another,
    serial: register.serial,
    reason,
    hasContract: true,
    ...more,
  });

  it('shows where the register is, what waits and whom it can go to', async () => {
    const own = await cabinet.loggedIn(client);
    const page = (await own.get(path()).expect(200)).body as OperatorMovePage;
    expect(page).toMatchObject({
      operator: { inn: '7709364346' },
      unsent: 3,
      others: 0,
      change: null,
      past: [],
      mayMove: true,
    });
    expect(page.choices.map(({ id, isToldByUs }) => [id, isToldByUs])).toEqual(
      expect.arrayContaining([
        [ours, true],
        [another, false],
      ]),
    );
    expect(page.choices).toHaveLength(2);
  });

  it('begins with contract, serial number and a known operator only, and can be given up', async () => {
    const own = await cabinet.loggedIn(client);
    const fields = async (body: object) =>
      Object.keys((await own.post(path()).send(body).expect(400)).body.error.fields);
    expect(await fields(wish({ hasContract: false }))).toEqual(['hasContract']);
    expect(await fields(wish({ serial: 'other' }))).toEqual(['serial']);
    expect(await fields(wish({ operatorId: 999_999 }))).toEqual(['operatorId']);
    cabinet.operatorFault.message = 'away';
    expect(await fields(wish({ operatorId: ours }))).toEqual(['operatorId']);
    cabinet.operatorFault.message = null;
    expect(await new OperatorStore(cabinet.database).changes({ registerId: register.id })).toEqual([]);
    await own
      .post(path())
      .send(wish({ operatorId: ours }))
      .expect(201);
    expect(cabinet.announced.at(-1)).toMatchObject({ rnm: register.rnm, fnNumber: register.fnNumber });
    expect(await fields(wish())).toEqual(['operatorId']);
    await own.post(`${path()}/cancel`).send({}).expect(204);
    expect((await own.post(`${path()}/cancel`).send({})).body.error.code).toBe('CLIENT-STATE');
  });

  it('ends with an application to the tax service, one for each change', async () => {
    const own = await cabinet.loggedIn(client);
    const { database } = cabinet;
    const { body: move } = await own.post(path()).send(wish()).expect(201);
    const store = new OperatorStore(database);
    expect(await store.switchOver(move.id, register.fnNumber, 40)).toBe(true);
    await store.changeDone(move.id);
    const desk = new OperatorMoveDesk({
      database,
      clock: systemClock,
      ids: systemIds,
      log: silentLog,
      models: loadFnModels(),
    });
    expect(await desk.sweep()).toBe(0);
    await database.query(
      `insert into registration_reports (fn_number, fd_number, form, register_id, rnm, fiscal_sign, document_at, tlv)
       values ($1, 41, 11, $2, $3, 4242, '2026-11-27 10:00:00', '\\x00')`,
      [register.fnNumber, register.id, register.rnm],
    );
    expect(await desk.sweep()).toBe(1);
    expect(await desk.sweep()).toBe(0);
    const page = (await own.get(path()).expect(200)).body as OperatorMovePage;
    expect(page.operator).toEqual({ inn: '7704211201', name: 'Другой ОФД' });
    const application = page.past[0]?.applicationId ?? '';
    expect((await own.get(`/api/fn/applications/${application}`).expect(200)).body).toMatchObject({
      kind: 'reregistration',
      reasons: [2],
      rnm: register.rnm,
      report: { fdNumber: 41, fiscalSign: 4242 },
      problems: [],
    });
    expect((await own.get('/api/operator-moves').expect(200)).body.moves[0]).toMatchObject({
      serial: register.serial,
      state: 'done',
      applicationId: application,
    });
    const [told] = await database.query<{ subject: string }>(
      `select subject from notifications where kind = 'fn.operator-changed'`,
    );
    expect(told?.subject).toContain(register.serial);
    const stranger = await cabinet.loggedIn(other);
    await stranger.get(path()).expect(404);
    await stranger.post(path()).send(wish()).expect(404);
    expect((await stranger.get('/api/operator-moves').expect(200)).body.moves).toEqual([]);
  });
});

describe('the paid term of an operator', () => {
  const home = async (own: Awaited<ReturnType<TestCabinet['loggedIn']>>) =>
    (await own.get('/api/home').expect(200)).body as HomeView;
  const operatorCheck = (view: HomeView) => view.checks.find(({ code }) => code === 'operator');
  const day = (days: number) =>
    new Date(Date.now() + 3 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);

  it('says how it is known: nothing, documents taken, the client’s word, our tariff, the operator’s refusal', async () => {
    const shop = await cabinet.rows.client();
    const own = await cabinet.loggedIn(shop);
    const one = await cabinet.rows.register(
      await cabinet.rows.group(shop, 'paid-shop', { ofdInn: '7799999997' }),
    );
    const { database } = cabinet;
    const paid = async () => (await own.get('/api/registers').expect(200)).body.registers[0].operatorPaid;
    expect(await paid()).toMatchObject({ how: 'unknown', until: null });
    await cabinet.rows.done(one, 1);
    await database.query('update documents set confirmed_at = farm_now() where fn_number = $1', [
      one.fnNumber,
    ]);
    expect(await paid()).toMatchObject({ how: 'accepts', until: null, at: expect.any(String) });
    const term = (paidUntil: string | null) =>
      own.put(`/api/registers/${one.id}/operator/term`).send({ paidUntil, contract: '17/2026' });
    await term('завтра').expect(400);
    await term(day(40)).expect(204);
    expect(await paid()).toMatchObject({
      how: 'said',
      until: day(40),
      by: 'Пётр Первый',
      contract: '17/2026',
    });
    expect(operatorCheck(await home(own))).toMatchObject({ state: 'ok', count: 0 });
    await term(day(7)).expect(204);
    const soon = await home(own);
    expect(operatorCheck(soon)).toMatchObject({ state: 'warning', count: 1 });
    expect(soon.todo).toMatchObject([{ code: 'operator_term', until: day(7), registerId: one.id }]);
    await database.query(
      `insert into rentals (id, client_id, register_id, tariff_id, first_day, term_days, price_kop, renews_itself, last_day)
       values (gen_random_uuid(), $1, $2, 'rent-with-operator-2026', current_date, 30, 0, false, current_date + 29)`,
      [shop.id, one.id],
    );
    expect(await paid()).toMatchObject({ how: 'tariff' });
    const move = (operatorId: number | null) =>
      database.query('update registers set operator_id = $2 where id = $1', [one.id, operatorId]);
    const [another] = await new OperatorStore(database)
      .list()
      .then((all) => all.filter(({ inn }) => inn === '7704211201'));
    await move(another?.id ?? null);
    // The rent includes our operator only, and what was said of that one says nothing of this.
    expect(await paid()).toMatchObject({ how: 'accepts' });
    await move(null);
    await database.query(`delete from rentals where register_id = $1`, [one.id]);
    await database.query(
      `insert into ofd_messages (fn_number, fd_number, register_id, container, state, cause)
       values ($1, 2, $2, '\\x00', 'ready', 'unpaid')`,
      [one.fnNumber, one.id],
    );
    const refused = await home(own);
    expect(operatorCheck(refused)).toMatchObject({ state: 'trouble', count: 1 });
    expect(refused.todo[0]).toMatchObject({ code: 'operator_unpaid', severity: 'trouble' });
  });

  it('is reminded of once at each threshold, also for a register of the client’s own', async () => {
    const shop = await cabinet.rows.client();
    const own = await cabinet.loggedIn(shop);
    const one = await cabinet.rows.register(await cabinet.rows.group(shop, 'term-shop'));
    await own
      .put(`/api/registers/${one.id}/operator/term`)
      .send({ paidUntil: '2027-03-31', contract: '' })
      .expect(204);
    await cabinet.database.query(
      `insert into external_registers (id, client_id, name, model, serial, operator_name, operator_paid_until)
       values (gen_random_uuid(), $1, 'Своя', 'АТОЛ', 'S-1', 'Свой ОФД', '2027-03-31')`,
      [shop.id],
    );
    const watch = new OperatorTermWatch({ database: cabinet.database, clock: systemClock });
    const told: number[] = [];
    for (const today of ['2027-02-28', '2027-03-01', '2027-03-02', '2027-03-30', '2027-04-01', '2027-05-01'])
      told.push(await watch.look(today));
    expect(told).toEqual([0, 2, 0, 2, 2, 0]);
    await own
      .put(`/api/registers/${one.id}/operator/term`)
      .send({ paidUntil: null, contract: '' })
      .expect(204);
    expect((await own.get('/api/registers')).body.registers[0].operatorPaid.how).toBe('unknown');
  });
});
