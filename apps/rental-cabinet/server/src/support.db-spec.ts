import { systemClock } from '@kkt/contracts';
import { notify } from '@kkt/notifications';
import { SupportStore } from '@kkt/storage';
import { SupportDesk } from '@kkt/support';
import type { TestClient, TestRegister } from '@kkt/testing';
import type { SupportView, TicketPage } from '@kkt/web-contract';
import { personPassword, startTestCabinet, type TestCabinet } from '../test/test-cabinet';

let cabinet: TestCabinet;
let shop: TestClient;
let register: TestRegister;

const letters = (text: string) =>
  cabinet.database.query<{ recipient_kind: string; recipient_id: string; subject: string }>(
    `select recipient_kind, recipient_id, subject from notifications where subject like '%' || $1 || '%' order by id`,
    [text],
  );
const idOf = async (login: string): Promise<string> =>
  (await cabinet.database.query<{ id: string }>('select id from people where login = $1', [login]))[0]?.id ??
  '';

beforeAll(async () => {
  cabinet = await startTestCabinet();
  shop = await cabinet.rows.client();
  register = await cabinet.rows.register(await cabinet.rows.group(shop, 'north'));
});
afterAll(() => cabinet?.stop());

describe('a question to support', () => {
  it('is about a receipt, answered, and told to both sides', async () => {
    const owner = await cabinet.loggedIn(shop);
    const receipt = await cabinet.rows.done(register, 1);
    const body = {
      subject: 'Где чек',
      body: 'Не вижу',
      objectKind: 'receipt',
      objectId: receipt,
      page: '/receipts',
    };
    const { id } = (await owner.post('/api/support').send(body).expect(201)).body as { id: number };
    expect(await letters('Где чек')).toMatchObject([{ recipient_kind: 'role', recipient_id: 'support' }]);
    const store = new SupportStore(cabinet.database);
    const ticket = (await store.queue(10)).find((one) => one.id === id);
    if (!ticket) throw new Error('no ticket');
    expect(ticket.answerDueAt.getTime()).toBeGreaterThan(Date.now());
    const desk = new SupportDesk({ database: cabinet.database, clock: systemClock });
    await desk.answer(ticket, { id: shop.id, name: 'Ольга' }, 'Вот он');
    const page = (await owner.get(`/api/support/${id}`).expect(200)).body as TicketPage;
    expect(page.ticket).toMatchObject({ state: 'answered', objectId: receipt });
    expect(page.messages.map(({ authorKind, body: text }) => [authorKind, text])).toEqual([
      ['person', 'Не вижу'],
      ['staff', 'Вот он'],
    ]);
    expect(await letters('Ответ поддержки')).toMatchObject([
      { recipient_kind: 'person', recipient_id: await idOf(owner.login) },
    ]);
    await owner.post(`/api/support/${id}/messages`).send({ body: 'Спасибо' }).expect(204);
    expect((await store.one(id))?.state).toBe('open');
    await owner.post(`/api/support/${id}/close`).send({}).expect(204);
    expect(((await owner.get('/api/support').expect(200)).body as SupportView).tickets).toMatchObject([
      { id, state: 'closed' },
    ]);
  });

  it('is nobody else’s, and about nothing of others', async () => {
    const [asker, viewer] = [await cabinet.loggedIn(shop), await cabinet.loggedIn(shop)];
    await cabinet.database.query(
      `update client_people set role = 'viewer' from people where people.id = person_id and login = $1`,
      [viewer.login],
    );
    const { id } = (await asker.post('/api/support').send({ subject: 'Тайна', body: 'x' }).expect(201)).body;
    await viewer.get(`/api/support/${id}`).expect(404);
    await viewer.post(`/api/support/${id}/messages`).send({ body: 'x' }).expect(404);
    const stranger = await cabinet.loggedIn(await cabinet.rows.client());
    await stranger.get(`/api/support/${id}`).expect(404);
    await stranger
      .post('/api/support')
      .send({ subject: 'x', body: 'x', objectKind: 'register', objectId: String(register.id) })
      .expect(404);
  });
});

describe('what a person hears of', () => {
  it('replaces the usual address of the company once somebody has chosen', async () => {
    const owner = await cabinet.loggedIn(shop);
    const other = await cabinet.loggedIn(shop);
    const personId = await idOf(other.login);
    await cabinet.database.query(
      `update people set email = login || '@m.example', email_confirmed_at = farm_now() where id = $1`,
      [personId],
    );
    const tell = (event: string) =>
      cabinet.database.transaction((sql) =>
        notify(sql, {
          kind: 'message',
          params: { subject: event, text: event },
          to: { kind: 'client', id: shop.id },
          channel: 'email',
          event,
        }),
      );
    await tell('before-choice');
    expect(await letters('before-choice')).toMatchObject([{ recipient_kind: 'client' }]);
    const choices = [{ event: 'trouble', channel: 'email', enabled: true }];
    await other.put('/api/profile/notifications').send({ choices }).expect(204);
    await owner
      .put('/api/profile/notifications')
      .send({ choices: [{ event: 'trouble', channel: 'email', enabled: false }] })
      .expect(204);
    await tell('after-choice');
    expect(await letters('after-choice')).toMatchObject([
      { recipient_kind: 'person', recipient_id: personId },
    ]);
    const { body } = await other.get('/api/profile/notifications').expect(200);
    expect(body.choices).toHaveLength(12);
    await other
      .put('/api/profile/notifications')
      .send({ choices: [{ event: 'x', channel: 'email' }] })
      .expect(400);
  });
});

describe('a person’s data', () => {
  it('can be taken whole and wiped, but no company is left without an owner', async () => {
    const client = await cabinet.rows.client();
    const only = await cabinet.loggedIn(client);
    const data = await only.get('/api/profile/data.json').expect(200);
    expect(Object.keys(data.body as object)).toEqual(
      expect.arrayContaining(['account', 'logins', 'sessions', 'actions', 'tickets', 'notifications']),
    );
    await only.post('/api/profile/erase').send({ password: 'wrong' }).expect(400);
    const kept = await only.post('/api/profile/erase').send({ password: personPassword }).expect(400);
    expect(kept.body.error.code).toBe('CLIENT-ERASE');
    const second = await cabinet.loggedIn(client);
    const id = await idOf(second.login);
    await second.post('/api/profile/erase').send({ password: personPassword }).expect(204);
    await second.get('/api/session').expect(401);
    await cabinet
      .agent()
      .post('/api/session')
      .send({ login: second.login, password: personPassword })
      .expect(401);
    const [left] = await cabinet.database.query<{ name: string; email: string | null; disabled: boolean }>(
      'select name, email, disabled from people where id = $1',
      [id],
    );
    expect(left).toEqual({ name: 'Удалённый пользователь', email: null, disabled: true });
  });
});
