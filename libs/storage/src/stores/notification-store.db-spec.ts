import { createTestDatabase, type TestDatabase } from '@kkt/testing';
import { farmMigrations } from '../migrations';
import { migrate } from '../migrate';
import { type Database, openDatabase } from '../sql';
import { type NewNotification, NotificationStore } from './notification-store';

let testDatabase: TestDatabase;
let database: Database;
let store: NotificationStore;

beforeAll(async () => {
  testDatabase = await createTestDatabase({
    template: {
      name: 'farm',
      prepare: async (url) => void (await migrate({ url, migrations: farmMigrations })),
    },
  });
  database = openDatabase({ url: testDatabase.url, applicationName: 'spec' });
  store = new NotificationStore(database);
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const one = (changes: Partial<NewNotification>): NewNotification => ({
  dedupKey: 'k',
  kind: 'message',
  severity: null,
  clientId: null,
  alertId: null,
  recipient: { kind: 'role', id: 'support' },
  channel: 'email',
  address: null,
  language: 'ru',
  subject: 'Тема',
  body: 'Текст',
  attachments: [],
  delayS: 0,
  expiresInS: 60,
  ...changes,
});

describe('the outbox of notifications', () => {
  it('keeps one message per key, and none when its event is rolled back', async () => {
    expect(await store.add(one({ dedupKey: 'a' }))).toBe(true);
    expect(await store.add(one({ dedupKey: 'a', subject: 'Другая' }))).toBe(false);
    const event = database.transaction(async (sql) => {
      await new NotificationStore(sql).add(one({ dedupKey: 'b' }));
      throw new Error('the event did not happen');
    });
    await expect(event).rejects.toThrow('did not happen');
    expect((await store.list({ limit: 10 })).map(({ subject }) => subject)).toEqual(['Тема']);
  });

  it('gives a due message to one sender, and again when that one died', async () => {
    await store.add(one({ dedupKey: 'c', channel: 'sms' }));
    await store.add(one({ dedupKey: 'later', channel: 'sms', delayS: 600 }));
    const [first, second] = await Promise.all([
      store.claimDue('sms', 10, 0.2),
      store.claimDue('sms', 10, 0.2),
    ]);
    expect([...first, ...second]).toHaveLength(1);
    let again: unknown[] = [];
    for (let turn = 0; turn < 100 && again.length === 0; turn++) {
      again = await store.claimDue('sms', 10, 60);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(again).toMatchObject([{ id: [...first, ...second][0]?.id, attempts: 0 }]);
  });

  it('notes outcomes, and does not touch what is finished', async () => {
    await store.add(one({ dedupKey: 'd', channel: 'voice', alertId: '5' }));
    const [claimed] = await store.claimDue('voice', 1, 60);
    const id = claimed?.id ?? '';
    await store.record({ id, state: 'pending', error: 'busy', retryInS: 0, isAttempt: true });
    expect(await store.claimDue('voice', 1, 60)).toMatchObject([{ id, attempts: 1 }]);
    await store.record({ id, state: 'sent', gateway: 'g', address: '+79161234567' });
    await store.record({ id, state: 'failed', error: 'late' });
    expect(await store.find(id)).toMatchObject({
      state: 'sent',
      gateway: 'g',
      attempts: 2,
      address: '+79161234567',
    });
    expect(await store.cancelOfAlert('5', ['voice'])).toBe(0);
    await store.add(one({ dedupKey: 'e', channel: 'voice', alertId: '5', delayS: 60 }));
    expect(await store.cancelOfAlert('5', ['voice'])).toBe(1);
  });

  it('finds where somebody is reached', async () => {
    const client = '01900000-0000-7000-8000-0000000000aa';
    const person = '01900000-0000-7000-8000-0000000000ab';
    await database.query(`insert into clients (id, name, inn) values ($1, 'Shop', '5544332219')`, [client]);
    await database.query(
      `insert into people (id, login, password_hash, name) values ($1, 'owner@shop.example', '', 'O')`,
      [person],
    );
    await database.query(`insert into client_people (client_id, person_id, role) values ($1, $2, 'owner')`, [
      client,
      person,
    ]);
    expect(await store.addressOf({ kind: 'client', id: client }, 'email')).toBe('owner@shop.example');
    expect(await store.addressOf({ kind: 'person', id: person }, 'email')).toBe('owner@shop.example');
    expect(await store.addressOf({ kind: 'client', id: client }, 'sms')).toBeUndefined();
    await store.setContact({ kind: 'client', id: client }, 'email', 'bills@shop.example');
    expect(await store.addressOf({ kind: 'client', id: client }, 'email')).toBe('bills@shop.example');
    await expect(
      store.setContact({ kind: 'role', id: 'x' }, 'email', 'a@b\r\nBcc: c@d'),
    ).rejects.toMatchObject({
      constraint: 'contact_points_one_line',
    });
  });

  it('shows a message for a page at once as sent, until it is read', async () => {
    const staff = { kind: 'staff', id: 's1' } as const;
    await store.add(one({ dedupKey: 'w', channel: 'web', recipient: staff }));
    const [row] = await store.list({ recipient: staff, limit: 5 });
    expect(row).toMatchObject({ state: 'sent', gateway: 'web', readAt: null });
    await store.markRead(staff, [row?.id ?? '']);
    expect((await store.list({ recipient: staff, limit: 5 }))[0]?.readAt).toBeInstanceOf(Date);
  });
});
