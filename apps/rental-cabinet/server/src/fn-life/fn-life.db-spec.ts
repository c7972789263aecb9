import { silentLog, systemClock, systemIds } from '@kkt/contracts';
import { loadFnModels, OperatorMoveDesk } from '@kkt/fn-desk';
import { OperatorStore, RegistrationStore, RenewalStore } from '@kkt/storage';
import type { TestClient, TestRegister } from '@kkt/testing';
import type { OperatorMovePage } from '@kkt/web-contract';
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
