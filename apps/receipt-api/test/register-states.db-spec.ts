import type { Server } from 'node:http';
import request, { type Response } from 'supertest';
import { clientId, createWorld, password, type World } from './world';

let world: World;
let server: Server;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  world = await createWorld();
  server = await world.door();
  for (const login of ['shop', 'other']) {
    const { body } = await request(server).post('/api/auth/v1/gettoken').send({ login, pass: password });
    tokens[login] = (body as { token: string }).token;
  }
  await world.database.query(
    `insert into fiscal_drives (fn_number, model, valid_until, capacity_documents, client_id)
     values ('9999078900005488', 'fn-1.1m-36', '2027-05-04', 250000, $1)`,
    [clientId],
  );
  await world.database.query(
    `insert into register_status (register_id, online, shift_open, shift_number, last_fd, unsent, first_unsent_at, updated_at)
     values (1, true, true, 12, 50000, 3, '2026-03-01T09:00:00Z', '2026-03-02T10:00:00Z')`,
  );
});
afterAll(() => world.close());

const asked = (path: string, login = 'shop'): Promise<Response> =>
  Promise.resolve(
    request(server)
      .get(`/api/kkt/v1${path}`)
      .set('token', tokens[login] ?? '')
      .set('accept', 'application/hal+json'),
  );

const serials = ({ body }: Response): string[] =>
  (body as { data: { serialNumber: string }[] }).data.map(({ serialNumber }) => serialNumber);

describe('state of registers by the side API', () => {
  it('tells each register in the words that its client reads', async () => {
    const answer = await asked('/cash-registers/00106900000017');
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        data: {
          serialNumber: '00106900000017',
          registrationNumber: '0000000000055870',
          deviceNumber: '00106900000017',
          fiscalizationDate: null,
          fiscalStorageExpiration: '2027-05-04T00:00:00+03:00',
          signedDocuments: 50000,
          fiscalStoragePercentageUse: 20,
          fiscalStorageINN: '5544332219',
          fiscalStorageSerialNumber: '9999078900005488',
          fiscalStoragePaymentAddress: 'https://shop.example',
          groupCode: 'g4',
          timestamp: '2026-03-02T10:00:00+00:00',
          isShiftOpened: true,
          shiftNumber: 12,
          shiftReceipt: 0,
          unsentDocs: 3,
          firstUnsetDocTimestamp: '2026-03-01T09:00:00+00:00',
          networkErrorCode: 0,
        },
      },
    ]);
  });

  it('counts receipts of the open shift and names the network fault of the message on its way', async () => {
    await world.database.query(
      `insert into ofd_messages (fn_number, fd_number, register_id, container, cause)
       values ('9999078900005488', 49998, 1, '\\x00', 'operator_unavailable')`,
    );
    const { body } = await asked('/cash-registers/00106900000017');
    expect(body).toMatchObject({ data: { networkErrorCode: 6 } });
  });

  it('tells a register that was not heard of as one without link, and nothing unsent of it', async () => {
    const { body } = await asked('/cash-registers/00106900000018');
    expect(body).toMatchObject({
      data: { networkErrorCode: 1, signedDocuments: 0, isShiftOpened: false, fiscalStorageExpiration: null },
    });
    expect((body as { data: object }).data).not.toHaveProperty('unsentDocs');
    expect((body as { data: object }).data).not.toHaveProperty('firstUnsetDocTimestamp');
  });

  it('lists the client’s registers page by page, and never another’s', async () => {
    expect(serials(await asked('/cash-registers'))).toEqual(['00106900000017', '00106900000018']);
    expect(serials(await asked('/cash-registers?limit=1'))).toEqual(['00106900000017']);
    expect(serials(await asked('/cash-registers?limit=1&offset=1'))).toEqual(['00106900000018']);
    expect(serials(await asked('/cash-registers?offset=2'))).toEqual([]);
    expect(serials(await asked('/cash-registers', 'other'))).toEqual([]);
  });

  it.each([
    ['a register of another client', '/cash-registers/00106900000017', 'other', 404],
    ['a register that is not there', '/cash-registers/00106900000099', 'shop', 404],
    ['a page that is none', '/cash-registers?limit=many', 'shop', 400],
    ['nobody’s token', '/cash-registers', 'nobody', 401],
  ])('refuses %s in the common shape', async (_what, path, login, status) => {
    const answer = await asked(path, login);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error: { error_id: expect.any(String) as unknown } });
  });
});
