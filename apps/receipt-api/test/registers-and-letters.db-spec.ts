import type { Server } from 'node:http';
import { silentLog, systemClock, systemIds } from '@kkt/contracts';
import { createReceiptApi, type ReceiptApi } from '../src/create-receipt-api';
import { defaultSettings } from '../src/settings';
import { Caller, finish, makeKey } from './own-api';
import { clientId, createWorld, otherClientId, type World } from './world';

const secretKey = Buffer.alloc(32, 5);
let world: World;
let api: ReceiptApi;
let server: Server;
let shop: Caller;
let stranger: Caller;

beforeAll(async () => {
  world = await createWorld();
  api = await createReceiptApi({
    database: world.database,
    wakeBus: { wake: () => Promise.resolve() },
    clock: systemClock,
    ids: systemIds,
    log: silentLog,
    settings: defaultSettings,
    payments: { secretKey, publicBaseUrl: 'https://farm.example' },
  });
  await api.app.listen(0, '127.0.0.1');
  server = api.app.getHttpServer() as Server;
  shop = new Caller(server, await makeKey(world));
  stranger = new Caller(server, await makeKey(world, { client: otherClientId }));
  await world.database.query(
    `insert into fiscal_drives (fn_number, model, valid_until, capacity_documents, client_id)
     values ('9999078900005488', 'fn-1.1m-36', (farm_now() at time zone 'Europe/Moscow')::date + 100, 250000, $1)`,
    [clientId],
  );
  await world.database.query(
    `insert into register_status (register_id, online, shift_open, shift_number, last_fd, documents_left, unsent, first_unsent_at)
     values (1, true, true, 12, 50000, 200000, 3, '2026-03-01T09:00:00Z'), (2, true, false, 4, 900, null, 0, null)`,
  );
});
afterAll(async () => {
  await api.stop();
  await world.close();
});

describe('registers', () => {
  const causeIs = (cause: string | null) =>
    world.database.query(
      `insert into ofd_messages (fn_number, fd_number, register_id, container, cause)
       values ('9999078900005488', 49998, 1, '\\x00', $1)
       on conflict (fn_number, fd_number) do update set cause = excluded.cause`,
      [cause],
    );

  it('tell how full the FN is, how much waits for the operator and until when', async () => {
    const { status, body } = await shop.get('/v1/registers/00106900000017');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      serial: '00106900000017',
      group: 'g4',
      rnm: '0000000000055870',
      last_fd: 50000,
      shift: { open: true, number: 12 },
      operator: 'ОФД',
      unsent: {
        documents: 3,
        first_at: '2026-03-01T09:00:00.000Z',
        blocks_at: '2026-03-31T09:00:00.000Z',
        cause: null,
      },
      fn: {
        number: '9999078900005488',
        capacity_documents: 250000,
        documents_left: 200000,
        used_percent: 20,
        days_left: 100,
        ends_by: 'validity',
      },
    });
  });

  it.each([
    ['not_registered', true],
    ['unpaid', true],
    ['wrong_fn', true],
    ['operator_unavailable', false],
    ['network', false],
  ])('tell the cause %s apart, and whether it waits for a person', async (code, needsPerson) => {
    await causeIs(code);
    const { body } = await shop.get('/v1/registers/00106900000017');
    expect(body.unsent.cause).toMatchObject({ code, needs_person: needsPerson });
    expect(body.unsent.cause.text).not.toContain(code);
  });

  it('name no cause when nothing waits', async () => {
    const { body } = await shop.get('/v1/registers/00106900000018');
    expect(body).toMatchObject({
      unsent: { documents: 0, first_at: null, blocks_at: null, cause: null },
      fn: { used_percent: null },
    });
  });

  it('are listed page by page, by group and by state', async () => {
    const serials = (body: { items: { serial: string }[] }) => body.items.map(({ serial }) => serial);
    const first = await shop.get('/v1/registers?limit=1');
    expect(serials(first.body)).toEqual(['00106900000017']);
    const second = await shop.get(`/v1/registers?limit=1&cursor=${first.body.next as string}`);
    expect([serials(second.body), second.body.next]).toEqual([['00106900000018'], null]);
    expect(serials((await shop.get('/v1/registers?group=g5')).body)).toEqual(['00106900000018']);
    expect(serials((await shop.get('/v1/registers?group=x4')).body)).toEqual([]);
    // No driver holds them: a register nobody drives is away.
    expect(serials((await shop.get('/v1/registers?state=offline')).body)).toHaveLength(2);
    expect(serials((await shop.get('/v1/registers?state=works')).body)).toEqual([]);
    expect((await shop.get('/v1/registers?cursor=W10')).body).toMatchObject({ code: 'cursor-invalid' });
    expect((await shop.get('/v1/registers?state=happy')).status).toBe(422);
  });

  it('are those of the key’s client and group only', async () => {
    const bound = new Caller(server, await makeKey(world, { group: 'g5' }));
    expect((await bound.get('/v1/registers')).body.items).toHaveLength(1);
    expect((await bound.get('/v1/registers/00106900000017')).status).toBe(404);
    expect((await stranger.get('/v1/registers')).body.items).toEqual([]);
    expect((await stranger.get('/v1/registers/00106900000017')).status).toBe(404);
  });
});

describe('a receipt is sent to its buyer again', () => {
  const outbox = (receiptId: string) =>
    world.database.query<{ channel: string; address: string; body: string }>(
      `select channel, address, body from notifications where dedup_key like 'receipt-' || $1 || '-again-%' order by created_at`,
      [receiptId],
    );
  const sold = async (changes = {}): Promise<string> => {
    const id = (await shop.sell(changes)).body.id as string;
    await finish(world, id);
    return id;
  };
  /** As if the last letter of this receipt had gone out so many seconds earlier. */
  const pass = (receiptId: string, seconds: number) =>
    world.database.query(
      `update receipt_resends set asked_at = asked_at - make_interval(secs => $2) where receipt_id = $1`,
      [receiptId, seconds],
    );

  it('with a link to it, to the address of the receipt, and the journal knows', async () => {
    const id = await sold();
    const { status, body } = await shop.post(`/v1/receipts/${id}/send`, {});
    expect([status, body]).toEqual([202, { channel: 'email', contact: 'b***@example.com' }]);
    const [letter, ...more] = await outbox(id);
    expect(more).toEqual([]);
    expect(letter).toMatchObject({ channel: 'email', address: 'buyer@example.com' });
    expect(letter?.body).toContain('https://farm.example/r/');
    const journal = await world.database.query(
      `select action, client_id, after from audit_log where object_id = $1`,
      [id],
    );
    expect(journal).toEqual([
      {
        action: 'receipt.send',
        client_id: clientId,
        after: { channel: 'email', contact: 'b***@example.com' },
      },
    ]);
  });

  it('to another address when the shop gives one', async () => {
    const id = await sold();
    expect((await shop.post(`/v1/receipts/${id}/send`, { phone: '+7 999 123-45-67' })).body).toMatchObject({
      channel: 'sms',
    });
    expect(await outbox(id)).toMatchObject([{ channel: 'sms', address: '+79991234567' }]);
    for (const wrong of [{ email: 'a@b.example, c@d.example' }, { phone: '12' }]) {
      const refused = await shop.post(`/v1/receipts/${id}/send`, wrong);
      expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, `/${Object.keys(wrong)[0]}`]);
    }
  });

  it('once a minute and five times a day, however many ask at once', async () => {
    const id = await sold();
    const send = () => shop.post(`/v1/receipts/${id}/send`, {});
    const statuses = (await Promise.all([send(), send(), send()])).map(({ status }) => status).sort();
    expect(statuses).toEqual([202, 429, 429]);
    const early = await send();
    expect(Number(early.headers['retry-after'])).toBeGreaterThan(0);
    for (let more = 0; more < 4; more += 1) {
      await pass(id, 3_600);
      expect((await send()).status).toBe(202);
    }
    await pass(id, 3_600);
    expect(Number((await send()).headers['retry-after'])).toBeGreaterThan(3_600);
    expect(await outbox(id)).toHaveLength(5);
  });

  it('not before it is registered, and never by a stranger', async () => {
    const waiting = (await shop.sell()).body.id as string;
    expect((await shop.post(`/v1/receipts/${waiting}/send`, {})).body).toMatchObject({
      code: 'state-conflict',
    });
    const id = await sold();
    expect((await stranger.post(`/v1/receipts/${id}/send`, {})).status).toBe(404);
    expect(await outbox(id)).toEqual([]);
  });
});
