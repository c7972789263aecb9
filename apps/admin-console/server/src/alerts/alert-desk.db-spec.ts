import { readServiceStatus } from '@kkt/alerts';
import { AuditStore } from '@kkt/storage';
import type { AlertDeskRow, AlertDetails, DutyView } from '@kkt/web-contract';
import { startTestConsole, type TestConsole } from '../../test/test-console';

jest.setTimeout(60_000);

let farm: TestConsole;
let registerId: number;
let alertId: string;

beforeAll(async () => {
  farm = await startTestConsole();
  const group = await farm.rows.group(await farm.rows.client(), 'shop-1');
  registerId = (await farm.rows.register(group)).id;
  await farm.rows.queued(group, { ageS: 30 });
  const [row] = await farm.database.query<{ id: string }>(
    `insert into alerts (class, object_kind, object_id, severity, text, route, title, registers, managed, steps_taken)
     values ('register_silent', 'register', $1::integer::text, 1, 'Касса молчит', 'hardware', 'Касса молчит', array[$1::integer], true, 1)
     returning id::text`,
    [registerId],
  );
  alertId = row?.id ?? '';
});

afterAll(() => farm?.stop());

describe('the alert desk', () => {
  it('weighs an open alert: clients, receipts, and who is called next by name', async () => {
    const lead = await farm.loggedIn('lead');
    const { body: roster } = await lead.get('/api/duty').expect(200);
    const [person] = (roster as DutyView).staff;
    await lead
      .post('/api/duty')
      .send({
        staffId: person?.id,
        role: 'duty',
        startsAt: new Date(Date.now() - 3_600_000).toISOString(),
        endsAt: new Date(Date.now() + 3_600_000).toISOString(),
      })
      .expect(201);
    const { body } = await lead.get('/api/alerts').expect(200);
    const [alert] = (body as { alerts: AlertDeskRow[] }).alerts;
    expect(alert).toMatchObject({ id: alertId, affected: 1, clients: 1, receipts: 1, assignedTo: null });
    expect(alert?.next).toMatchObject({ who: 'duty', names: [person?.name], channels: ['voice'] });
    expect(Date.parse(alert?.next?.at ?? '') - Date.parse(alert?.openedAt ?? '')).toBe(120_000);
  });

  it('is assigned, noted, acknowledged; each step in its journal and in the audit log', async () => {
    const engineer = await farm.loggedIn('engineer');
    const { body: roster } = await engineer.get('/api/duty').expect(200);
    const staffId = (roster as DutyView).staff.find(({ name }) => name.endsWith('engineer'))?.id;
    await engineer.post(`/api/alerts/${alertId}/assign`).send({ staffId }).expect(204);
    await engineer.post(`/api/alerts/${alertId}/notes`).send({ note: 'Кабель проверен' }).expect(204);
    await engineer.post(`/api/alerts/${alertId}/acknowledge`).send({}).expect(204);
    const { body } = await engineer.get(`/api/alerts/${alertId}`).expect(200);
    const details = body as AlertDetails;
    expect(details).toMatchObject({ assignedToId: staffId, next: null });
    expect(details.events.map(({ kind }) => kind)).toEqual(['assigned', 'note', 'acknowledged']);
    expect(details.hit).toMatchObject([{ groupCode: 'shop-1', receipts: 1, inDoubt: 0 }]);
    expect(details.registers.map(({ id }) => id)).toEqual([registerId]);
    const log = await new AuditStore(farm.database).list({
      limit: 10,
      object: { kind: 'alert', id: alertId },
    });
    expect(log.map(({ action }) => action).sort()).toEqual([
      'alert.acknowledge',
      'alert.assign',
      'alert.note',
    ]);
    await engineer.post(`/api/alerts/${alertId}/assign`).send({ staffId: null }).expect(204);
    await engineer.post('/api/alerts/999999/assign').send({ staffId: null }).expect(404);
  });

  it('is told on the status page and taken off it again, by engineers only', async () => {
    const words = { ru: 'Часть чеков задерживается', en: 'Some receipts are late' };
    const support = await farm.loggedIn('support');
    await support.put(`/api/alerts/${alertId}/public`).send(words).expect(403);
    const engineer = await farm.loggedIn('engineer');
    await engineer.put(`/api/alerts/${alertId}/public`).send({ ru: words.ru }).expect(400);
    await engineer.put(`/api/alerts/${alertId}/public`).send(words).expect(204);
    const told = await readServiceStatus(farm.database);
    expect(told.incidents).toMatchObject([{ note: words, until: null }]);
    await engineer.delete(`/api/alerts/${alertId}/public`).expect(204);
    await engineer.delete(`/api/alerts/${alertId}/public`).expect(409);
    const after = await readServiceStatus(farm.database);
    expect(after.incidents.map(({ note }) => note)).toEqual([null]);
  });
});
