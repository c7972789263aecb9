import { isRnmFor } from '@kkt/ffd';
import { verifyPassword } from '@kkt/security';
import { startTestCabinet, type TestCabinet } from '../test/test-cabinet';

let cabinet: TestCabinet;

beforeAll(async () => {
  cabinet = await startTestCabinet();
  await cabinet.database.query(
    `insert into operators (inn, name, host, port, enabled) values ('7799999997', 'Оператор', '127.0.0.1', 1, true)`,
  );
});
afterAll(() => cabinet?.stop());

describe('a sandbox', () => {
  it('takes a free register, once, with all that the first receipt needs', async () => {
    const client = await cabinet.rows.client();
    const agent = await cabinet.loggedIn(client);
    const none = await agent.get('/api/sandbox').expect(200);
    expect(none.body).toMatchObject({ sandbox: null, mayMake: true });

    const refused = await agent.post('/api/sandbox').send({ protocol: 5 }).expect(409);
    expect(refused.body.error.code).toBe('CLIENT-NO-STOCK');
    expect((await agent.get('/api/sandbox')).body.sandbox).toBeNull();

    const free = await cabinet.rows.register(null);
    await cabinet.database.query(`update fiscal_drives set model = 'fn-1.2-36' where fn_number = $1`, [
      free.fnNumber,
    ]);
    const { body: made } = await agent.post('/api/sandbox').send({ protocol: 5 }).expect(201);
    expect(made).toMatchObject({ protocol: 5, groupCode: expect.stringMatching(/^sandbox-/) as string });

    const [row] = await cabinet.database.query<Record<string, string>>(
      `select k.state, k.rnm, k.client_id, k.ffd::text, f.client_id as owner, l.password_hash, r.is_trial::text,
              r.term_days::text
       from registers k join fiscal_drives f on f.fn_number = k.fn_number join register_groups g on g.id = k.group_id
         join api_logins l on l.login = g.code join rentals r on r.register_id = k.id where k.id = $1`,
      [free.id],
    );
    expect(row).toMatchObject({
      state: 'registering',
      client_id: client.id,
      owner: client.id,
      ffd: '4',
      is_trial: 'true',
      term_days: '7',
    });
    expect(isRnmFor(row?.rnm ?? '', client.inn, free.serial)).toBe(true);
    expect(await verifyPassword(row?.password_hash, made.password)).toBe(true);
    expect(cabinet.announced).toMatchObject([{ rnm: row?.rnm, fnNumber: free.fnNumber, inn: client.inn }]);

    const again = await agent.post('/api/sandbox').send({ protocol: 4 }).expect(409);
    expect(again.body.error.code).toBe('CLIENT-SANDBOX');
    const { body: seen } = await agent.get('/api/sandbox').expect(200);
    expect(seen.sandbox).toMatchObject({ groupCode: made.groupCode, isReady: false, isAnnounced: true });
    expect(JSON.stringify(seen)).not.toContain(made.password);

    const { body: fresh } = await agent.post('/api/sandbox/password').send({}).expect(201);
    expect(fresh.password).not.toBe(made.password);
  });

  it('tells the operator later when it was away', async () => {
    const agent = await cabinet.loggedIn(await cabinet.rows.client());
    await cabinet.rows.register(null);
    const before = cabinet.announced.length;
    cabinet.operatorFault.message = 'away';
    await agent.post('/api/sandbox').send({ protocol: 4 }).expect(201);
    expect((await agent.get('/api/sandbox')).body.sandbox.isAnnounced).toBe(false);
    cabinet.operatorFault.message = null;
    expect((await agent.get('/api/sandbox')).body.sandbox.isAnnounced).toBe(true);
    await agent.get('/api/sandbox').expect(200);
    expect(cabinet.announced).toHaveLength(before + 1);
  });

  it('gives the last register to one of two who ask at once', async () => {
    const agents = [
      await cabinet.loggedIn(await cabinet.rows.client()),
      await cabinet.loggedIn(await cabinet.rows.client()),
    ];
    await cabinet.rows.register(null);
    const replies = await Promise.all(
      agents.map((agent) =>
        agent
          .post('/api/sandbox')
          .send({ protocol: 4 })
          .then((reply) => reply.status),
      ),
    );
    expect(replies.sort()).toEqual([201, 409]);
  });

  it('names a wrong field, and is made by those who may only', async () => {
    const client = await cabinet.rows.client();
    const agent = await cabinet.loggedIn(client);
    const wrong = await agent.post('/api/sandbox').send({ protocol: 3, site: 'shop' }).expect(400);
    expect(Object.keys(wrong.body.error.fields)).toEqual(['protocol', 'site']);
    await cabinet.database.query(`update client_people set role = 'viewer' where client_id = $1`, [
      client.id,
    ]);
    await agent.post('/api/sandbox').send({ protocol: 4 }).expect(403);
    await agent.post('/api/sandbox/password').send({}).expect(403);
    expect((await agent.get('/api/sandbox').expect(200)).body).toMatchObject({ mayMake: false });
  });
});
