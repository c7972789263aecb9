import { systemIds } from '@kkt/contracts';
import { RegistrationStore, RenewalStore } from '@kkt/storage';
import type { TestClient } from '@kkt/testing';
import { startTestCabinet, type TestCabinet } from '../../test/test-cabinet';

jest.setTimeout(60_000);

let cabinet: TestCabinet;
let client: TestClient;
let other: TestClient;
let caseId: string;
let applicationId: string;

beforeAll(async () => {
  cabinet = await startTestCabinet();
  client = await cabinet.rows.client();
  other = await cabinet.rows.client({ inn: '7702203276' });
  const group = await cabinet.rows.group(client, 'shop');
  const register = await cabinet.rows.register(group);
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
