import { FnLedgerStore, RegisterTaskStore } from '@kkt/storage';
import type { FnApplicationView, FnReportView } from '@kkt/web-contract';
import { type Agent, FnLifeBench, refusal, report } from '../../test/fn-life-bench';
import { startTestConsole, type TestConsole } from '../../test/test-console';

jest.setTimeout(240_000);

let farm: TestConsole;
let bench: FnLifeBench;
let engineer: Agent;
let lead: Agent;

beforeAll(async () => {
  farm = await startTestConsole();
  bench = await FnLifeBench.open(farm);
  ({ engineer, lead } = bench);
});

afterAll(() => farm?.stop());

const registerRow = async (id: number) =>
  (
    await farm.database.query<{
      state: string;
      rnm: string | null;
      client: string | null;
      fn: string | null;
    }>('select state, rnm, client_id as client, fn_number as fn from registers where id = $1', [id])
  )[0];

describe('a re-registration of the same FN', () => {
  /** Tag 1205: change of operator. */
  const reasons = 2;

  it('goes its whole way with a second person, and takes one of the FN’s registrations', async () => {
    const register = await farm.rows.register(bench.group);
    const before = await registerRow(register.id);
    const id = await bench.started(register, { kind: 'reregister', reasons });
    expect((await bench.page(id)).steps.map(({ name }) => name)).toEqual([
      'drain',
      'close_shift',
      'deliver',
      'register',
      'hand_over',
      'tell_operator',
      'test_receipt',
      'return',
    ]);
    await bench.toEmptied(id);
    expect(await bench.page(id)).toMatchObject({ step: 'register', turn: 'approver' });
    expect(await refusal(engineer, `/api/fn/workflows/${id}/approve`, {})).toMatchObject({
      code: 'CLIENT-SECOND-PERSON',
    });
    await lead.post(`/api/fn/workflows/${id}/approve`).expect(204);
    const [task] = await farm.database.query<{ fn: string; request: object }>(
      `select fn_number as fn, request from register_tasks where workflow_id = $1 and step = 'register'`,
      [id],
    );
    expect(task).toMatchObject({ fn: register.fnNumber, request: { data: { reasons } } });

    await bench.deviceSays(id, {
      ...report(register.fnNumber, 7, 11),
      validUntil: '2029-11-01',
      registrationsLeft: 10,
    });
    await bench.deviceSays(id, report(register.fnNumber, 8, 3));
    await farm.database.query(`update registers set state = 'ready' where id = $1`, [register.id]);
    await bench.deviceSays(id, { fnNumber: register.fnNumber, lastFd: 8 });

    const end = await bench.page(id);
    expect(end).toMatchObject({ status: 'done', downtimeS: expect.any(Number) });
    expect(end.application as FnApplicationView).toMatchObject({
      kind: 'reregistration',
      state: 'draft',
      reasons: [2],
      closing: null,
      report: { fdNumber: 7 },
    });
    // The same FN, the same number of the register; one registration fewer.
    expect(await registerRow(register.id)).toEqual(before);
    expect(await new FnLedgerStore(farm.database).read(register.fnNumber)).toMatchObject({
      state: 'installed',
      registrationsLeft: 10,
    });
  });

  it('can be broken off until the second person has agreed', async () => {
    const register = await farm.rows.register(bench.group);
    const id = await bench.started(register, { kind: 'reregister', reasons });
    await bench.toEmptied(id);
    await engineer.post(`/api/fn/workflows/${id}/cancel`).send({ reason: 'не нужна' }).expect(204);
    expect(await registerRow(register.id)).toMatchObject({ state: 'ready' });
  });

  it('is refused without reasons, and when the FN has none left', async () => {
    const register = await farm.rows.register(bench.group);
    const start = (more: object) =>
      refusal(engineer, '/api/fn/workflows', {
        kind: 'reregister',
        registerId: register.id,
        serial: register.serial,
        why: 'Смена адреса',
        ...more,
      });
    expect((await start({})).status).toBeGreaterThanOrEqual(400);
    await farm.database.query('update fiscal_drives set registrations_left = 0 where fn_number = $1', [
      register.fnNumber,
    ]);
    const last = await start({ reasons });
    expect([last.status, last.code]).toEqual([400, 'CLIENT-REREGISTRATIONS-USED-UP']);
    expect(await registerRow(register.id)).toMatchObject({ state: 'ready' });
  });
});

describe('a closing', () => {
  it('frees the module, hands the client its data, and puts the FN away', async () => {
    const register = await farm.rows.register(bench.group);
    const id = await bench.started(register, { kind: 'close' });
    await bench.toEmptied(id);
    await bench.toClosed(id, register);
    const handed = await bench.page(id);
    expect(handed.application as FnApplicationView).toMatchObject({
      kind: 'deregistration',
      report: null,
      closing: { form: 6, fdNumber: 7 },
    });
    // Until the FN is out of its slot the module is nobody else's.
    expect(await registerRow(register.id)).toMatchObject({ client: bench.client.id });
    await bench.takenOut(id, register);
    expect(await registerRow(register.id)).toEqual({ state: 'stock', rnm: null, client: null, fn: null });
    await engineer
      .post(`/api/fn/workflows/${id}/say`)
      .send({ step: 'store_old', cell: 'B-9', responsible: 'Петров', keepUntil: '2031-11-27' })
      .expect(204);
    expect(await bench.page(id)).toMatchObject({ status: 'done' });
    expect(await new FnLedgerStore(farm.database).read(register.fnNumber)).toMatchObject({
      state: 'in_cell',
      clientId: bench.client.id,
    });
  });
});

describe('reports of registration', () => {
  it('are kept, and compared with the FN when it is asked again', async () => {
    const register = await farm.rows.register(bench.group);
    const { fnNumber } = register;
    await farm.database.query(
      `insert into documents (fn_number, fd_number, form, register_id, fiscal_sign, document_at, tlv)
       values ($1, 1, 1, $2, 77, '2026-11-01T10:00:00', '\\x0b00'), ($1, 2, 2, $2, 78, '2026-11-01T10:05:00', '\\x0200')`,
      [fnNumber, register.id],
    );
    const { body } = await engineer.get(`/api/fn/registers/${register.id}/reports`).expect(200);
    // A shift's opening is no report of registration.
    expect((body.reports as FnReportView[]).map(({ fdNumber }) => fdNumber)).toEqual([1]);

    const path = `/api/fn/registers/${register.id}/reports/${fnNumber}/1/read`;
    const tasks = new RegisterTaskStore(farm.database);
    const ask = async (): Promise<string> => (await engineer.post(path).expect(202)).body.task as string;
    const told = async (task: string) => (await engineer.get(`${path}?task=${task}`).expect(200)).body;

    const same = await ask();
    expect(await refusal(engineer, path, {})).toMatchObject({ code: 'CLIENT-STATE' });
    expect(await told(same)).toEqual({ isAnswered: false, isSame: null, reason: null });
    await tasks.finish(same, { facts: { fnNumber, tlvHex: '0b00' } });
    expect(await told(same)).toEqual({ isAnswered: true, isSame: true, reason: null });

    const other = await ask();
    await tasks.finish(other, { facts: { fnNumber, tlvHex: '0b01' } });
    expect(await told(other)).toEqual({ isAnswered: true, isSame: false, reason: 'differs' });
  });
});
