import {
  AuditStore,
  CallbackStore,
  DispatchStore,
  DocumentTextStore,
  RegisterCommandStore,
  WireTraceStore,
} from '@kkt/storage';
import type {
  OperatorsView,
  Page,
  ReceiptInspection,
  RegisterCommandView,
  RegisterRowView,
  RegisterView,
  WireTraceView,
} from '@kkt/web-contract';
import type { TestRegister } from '@kkt/testing';
import { startTestConsole, type TestConsole } from '../../test/test-console';

jest.setTimeout(60_000);

let farm: TestConsole;
let register: TestRegister;

beforeAll(async () => {
  farm = await startTestConsole();
  const group = await farm.rows.group(await farm.rows.client(), 'shop-1');
  register = await farm.rows.register(group);
});

afterAll(() => farm?.stop());

const orders = () => new RegisterCommandStore(farm.database);

describe('orders to a register', () => {
  it('are given one at a time, carried out once, and told with their answer', async () => {
    const engineer = await farm.loggedIn('engineer');
    const path = `/api/registers/${register.id}`;
    const ping = { kind: 'ping', reason: 'проверка после замены кабеля' };
    const { body } = await engineer.post(`${path}/commands`).send(ping).expect(201);
    const { id } = body as { id: string };
    await engineer.post(`${path}/commands`).send(ping).expect(409);
    const [waiting] = await orders().waitingFor([register.id]);
    expect(waiting).toMatchObject({ id, kind: 'ping', register: { serial: register.serial } });
    expect([await orders().begin(id), await orders().begin(id)]).toEqual([true, false]);
    await orders().finish(id, { result: { serial: register.serial, lastFd: 7 } });
    const { body: view } = await engineer.get(path).expect(200);
    expect((view as RegisterView).commands).toMatchObject([
      { id, state: 'done', facts: { serial: register.serial, lastFd: 7 }, askedWhy: ping.reason },
    ]);
    const log = await new AuditStore(farm.database).list({
      limit: 5,
      object: { kind: 'register', id: String(register.id) },
    });
    expect(log).toMatchObject([{ action: 'register.ping', reason: ping.reason }]);
  });

  it('let a register be found by its beep without its serial number, by engineers alone', async () => {
    const order = { kind: 'identify', reason: 'поиск в стойке' };
    const path = `/api/registers/${register.id}/commands`;
    await (await farm.loggedIn('support')).post(path).send(order).expect(403);
    const engineer = await farm.loggedIn('engineer');
    const { id } = (await engineer.post(path).send(order).expect(201)).body as { id: string };
    expect(await orders().waitingFor([register.id])).toMatchObject([{ id, kind: 'identify' }]);
    await orders().begin(id);
    await orders().finish(id, { result: { isCalled: true } });
    const { body } = await engineer.get(`${path}/${id}`).expect(200);
    expect(body).toMatchObject({ state: 'done', facts: { isCalled: true } });
  });

  it('that change the FN need the serial number and the role', async () => {
    const order = { kind: 'close_shift', reason: 'перед заменой ФН' };
    const path = `/api/registers/${register.id}/commands`;
    const viewer = await farm.loggedIn('viewer');
    await viewer
      .post(path)
      .send({ ...order, serial: register.serial })
      .expect(403);
    const engineer = await farm.loggedIn('engineer');
    await engineer.post(path).send(order).expect(400);
    await engineer
      .post(path)
      .send({ ...order, serial: '00000' })
      .expect(400);
    await engineer.post(path).send({ kind: 'burn', reason: 'такой команды нет' }).expect(400);
    await engineer.post(path).send({ kind: 'read_documents', reason: 'разбор', from: 1, to: 50 }).expect(400);
    await engineer
      .post(path)
      .send({ ...order, serial: register.serial })
      .expect(201);
    const [given] = await orders().last(register.id, 1);
    await farm.database.query('update register_commands set expires_at = farm_now() where id = $1', [
      given?.id,
    ]);
    expect(await orders().begin(given?.id ?? '')).toBe(false);
    expect((await orders().last(register.id, 1))[0]?.state).toBe('expired');
  });

  it('show documents of the archive with the buyer masked', async () => {
    const engineer = await farm.loggedIn('engineer');
    const path = `/api/registers/${register.id}/commands`;
    const { body } = await engineer
      .post(path)
      .send({ kind: 'read_documents', reason: 'разбор обращения', from: 1, to: 2 })
      .expect(201);
    const { id } = body as { id: string };
    await orders().begin(id);
    const tlvHex = `f0030500${Buffer.from('a@b.c').toString('hex')}`;
    await orders().finish(id, {
      result: {
        documents: [
          { fdNumber: 1, form: 3, at: '2026-11-27T10:00:00', fiscalSign: 1, tlvHex },
          { fdNumber: 2, isMissing: true },
        ],
      },
    });
    const { body: outcome } = await engineer.get(`${path}/${id}`).expect(200);
    const { documents } = outcome as RegisterCommandView;
    expect(documents).toMatchObject([
      { fdNumber: 1, tlvBytes: 9 },
      { fdNumber: 2, form: null, tags: [] },
    ]);
    expect(JSON.stringify(documents)).not.toContain('a@b.c');
  });
});

describe('the wire of a register', () => {
  it('is shown for minutes, read in order, and turned off', async () => {
    const engineer = await farm.loggedIn('engineer');
    const path = `/api/registers/${register.id}/trace`;
    await engineer.delete(path).expect(409);
    await engineer.post(path).send({ minutes: 5, reason: 'медленные ответы' }).expect(204);
    const store = new WireTraceStore(farm.database);
    expect(await store.active([register.id])).toMatchObject([{ registerId: register.id }]);
    const line = {
      atMs: Date.now(),
      fiscal: false,
      out: '45',
      in: '5500',
      words: '',
      refused: false,
      tookMs: 2,
      error: null,
    };
    await store.put(register.id, [
      { ...line, name: 'first' },
      { ...line, name: 'second', in: null },
    ]);
    const { body } = await engineer.get(path).expect(200);
    const trace = body as WireTraceView;
    expect(trace.lines.map(({ name, received }) => [name, received])).toEqual([
      ['first', '5500'],
      ['second', null],
    ]);
    await engineer.delete(path).expect(204);
    expect(await store.active([register.id])).toEqual([]);
  });
});

describe('a stopped register', () => {
  it('goes back to work by a senior, when nothing of it is undecided', async () => {
    await farm.database.query(
      `update register_commands set state = 'done' where state in ('waiting', 'running')`,
    );
    await farm.database.query(`update registers set state = 'stopped' where id = $1`, [register.id]);
    await farm.database.query(
      `insert into intents (register_id, fence, kind, fn_number, fd_before, state) values ($1, 1, 'open_shift', $2, 5, 'stuck')`,
      [register.id, register.fnNumber],
    );
    const request = { serial: register.serial, reason: 'сверено с архивом' };
    const path = `/api/registers/${register.id}/return`;
    await (await farm.loggedIn('engineer')).post(path).send(request).expect(403);
    const lead = await farm.loggedIn('lead');
    const { body } = await lead.post(path).send(request).expect(409);
    expect(body).toMatchObject({ error: { code: 'CLIENT-UNDECIDED' } });
    await farm.database.query(
      `update intents set state = 'void', resolved_at = farm_now() where register_id = $1`,
      [register.id],
    );
    await lead.post(path).send(request).expect(204);
    expect(await orders().waitingFor([register.id])).toMatchObject([
      { kind: 'reconnect', register: { state: 'ready' } },
    ]);
  });
});

describe('the inspector of a receipt', () => {
  const read = async (id: string): Promise<ReceiptInspection> =>
    (await (await farm.loggedIn('engineer')).get(`/api/receipts/${id}`).expect(200))
      .body as ReceiptInspection;

  it('tells the proof: the short record, then the text that was owed; personal bytes stay hidden', async () => {
    const id = await farm.rows.done(register, 40);
    const key = [register.fnNumber, 40] as const;
    const [row] = await farm.database.query<{ tlv: Buffer }>(
      'select tlv from documents where fn_number = $1 and fd_number = $2',
      [...key],
    );
    const whole = await read(id);
    expect(whole.proof).toMatchObject({ kind: 'whole_text', textAt: null });
    expect(whole.proof?.qr).toContain(`&fn=${register.fnNumber}&i=40&fp=`);
    expect(whole.proof?.rawHex).toHaveLength((row?.tlv.length ?? 0) * 2);
    expect(whole.proof?.rawHex).toContain('f0031300**');
    expect(whole.proof?.rawHex).not.toContain(Buffer.from('ivanov@').toString('hex'));
    await farm.database.query(`update documents set tlv = '' where fn_number = $1 and fd_number = $2`, [
      ...key,
    ]);
    expect((await read(id)).proof).toMatchObject({ kind: 'short_record', rawHex: '' });
    await new DocumentTextStore(farm.database).put(...key, row?.tlv.toString('hex') ?? '');
    expect((await read(id)).proof).toMatchObject({
      kind: 'short_then_text',
      textAt: expect.any(String) as string,
    });
  });

  it('shows each try of the callback and sends it again with the same result', async () => {
    const id = await farm.rows.done(register, 41, { callbackUrl: 'https://shop.example/cb' });
    const reason = 'магазин просил повторить';
    const path = `/api/receipts/${id}/callback`;
    await (await farm.loggedIn('viewer')).post(path).send({ reason }).expect(403);
    const support = await farm.loggedIn('support');
    await support.post(path).send({ reason }).expect(204);
    const callbacks = new CallbackStore(farm.database);
    const due = await callbacks.claimDue(10, { leaseS: 30, quietMs: 0 });
    expect(due).toMatchObject([{ receiptId: id, attempts: 0 }]);
    await callbacks.record([
      { receiptId: id, state: 'pending', status: 503, error: 'HTTP 503', retryInS: 60, tookMs: 21 },
    ]);
    const view = await read(id);
    expect(view.callbackAttempts).toMatchObject([{ outcome: 'failed', status: 503, tookMs: 21 }]);
    expect(view.changes).toMatchObject([{ action: 'receipt.callback_again', reason }]);
    const silent = await farm.rows.done(register, 42);
    await support.post(`/api/receipts/${silent}/callback`).send({ reason }).expect(409);
  });

  it('lets a senior record a lost FN only when it can no longer be asked, and refuses the receipt once', async () => {
    const group = await farm.rows.group(await farm.rows.client(), 'shop-lost');
    const broken = await farm.rows.register(group);
    const id = await farm.rows.held(broken, 'working', { callbackUrl: 'https://shop.example/cb' });
    const [intent] = await farm.database.query<{ id: string }>(
      `select id::text from intents where receipt_id = $1`,
      [id],
    );
    const dispatch = new DispatchStore(farm.database);
    await dispatch.markInDoubt(intent?.id ?? '', 'device_silent');
    const doubted = await read(id);
    expect(doubted.intents).toMatchObject([
      { doubtReason: 'device_silent', doubtedAt: expect.any(String) as string },
    ]);
    expect(doubted.timeline.map(({ kind }) => kind)).toContain('doubt');
    expect(doubted.verdict).toMatchObject({ intentId: intent?.id, mayAsk: true, lostRefusal: 'fn_present' });
    const path = `/api/doubt/${intent?.id ?? ''}/fn-lost`;
    const verdict = { fnNumber: broken.fnNumber, reason: 'ФН сгорел, акт сервисного центра' };
    await (await farm.loggedIn('engineer')).post(path).send(verdict).expect(403);
    const lead = await farm.loggedIn('lead');
    await lead.post(path).send(verdict).expect(409);
    await farm.database.query('update register_status set online = false where register_id = $1', [
      broken.id,
    ]);
    expect((await read(id)).verdict?.lostRefusal).toBe('in_service');
    await lead.post(path).send(verdict).expect(409);
    await farm.database.query(`update registers set state = 'stopped' where id = $1`, [broken.id]);
    await lead
      .post(path)
      .send({ ...verdict, fnNumber: register.fnNumber })
      .expect(400);
    await lead.post(path).send(verdict).expect(204);
    await lead.post(path).send(verdict).expect(404);
    const after = await read(id);
    expect(after).toMatchObject({
      receipt: { state: 'failed', errorType: 'driver' },
      verdict: null,
      intents: [{ state: 'void', note: 'fn_lost' }],
      callback: { state: 'pending' },
      changes: [{ action: 'intent.fn_lost', reason: verdict.reason }],
    });
    // A driver that comes late with a proof stores nothing: the shop was told.
    const late = await dispatch.complete([
      {
        intentId: intent?.id ?? '',
        registerId: broken.id,
        receiptId: id,
        rnm: broken.rnm,
        adopted: true,
        proof: {
          fnNumber: broken.fnNumber,
          fdNumber: 101,
          form: 3,
          fiscalSign: 1,
          at: '2026-01-01T00:00:00',
          shiftNumber: 1,
          receiptNumber: 1,
          totalKop: 123_450,
          tlvHex: '',
        },
      },
    ]);
    expect(late).toEqual([]);
    expect(
      await farm.database.query('select 1 from documents where fn_number = $1', [broken.fnNumber]),
    ).toEqual([]);
  });

  it('refuses to call an FN lost whose document the operator has', async () => {
    const group = await farm.rows.group(await farm.rows.client(), 'shop-known');
    const known = await farm.rows.register(group, { state: 'stopped', online: false });
    const id = await farm.rows.held(known, 'in_doubt');
    await farm.rows.waitingMessage(known, 101, { ageS: 10 });
    const { verdict } = await read(id);
    expect(verdict?.lostRefusal).toBe('operator_has_it');
    const body = { fnNumber: known.fnNumber, reason: 'ФН потерян при перевозке' };
    await (
      await farm.loggedIn('lead')
    )
      .post(`/api/doubt/${verdict?.intentId ?? ''}/fn-lost`)
      .send(body)
      .expect(409);
  });
});

describe('the list of registers', () => {
  const rows = async (query: string): Promise<RegisterRowView[]> => {
    const { body } = await (await farm.loggedIn('viewer')).get(`/api/registers?${query}`).expect(200);
    return (body as Page<RegisterRowView>).rows;
  };

  it('is filtered by condition, client, operator and what is unsent, and taken away as the same rows', async () => {
    const client = await farm.rows.client({ inn: '7707083893', name: '=ООО «Список»' });
    const group = await farm.rows.group(client, 'listed', {
      ofdName: 'Второй ОФД',
      ofdHost: 'ofd-2.example',
    });
    const place = { dc: 'DC9', rack: 'R09', assembly: 1 };
    const works = await farm.rows.register(group, { place: { ...place, slot: 1 } });
    const silent = await farm.rows.register(group, {
      place: { ...place, slot: 2 },
      online: false,
      unsent: 3,
    });
    const ids = (found: readonly RegisterRowView[]) => found.map(({ id }) => id);
    expect(ids(await rows('dc=DC9&rack=R09'))).toEqual([works.id, silent.id]);
    expect(ids(await rows('client=7707083893&condition=offline'))).toEqual([silent.id]);
    expect(ids(await rows('operator=ofd-2.example:8084&unsent=1'))).toEqual([silent.id]);
    expect(ids(await rows(`number=${works.serial.slice(-6)}`))).toEqual([works.id]);
    expect(await rows('condition=works&group=listed')).toMatchObject([
      {
        id: works.id,
        condition: 'works',
        clientName: client.name,
        operatorName: 'Второй ОФД',
        place: { slot: 1 },
      },
    ]);
    const viewer = await farm.loggedIn('viewer');
    await viewer.get('/api/registers?condition=burning').expect(400);
    const { text } = await viewer.get('/api/registers/export.csv?group=listed').expect(200);
    const lines = text.trim().split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain(`${works.serial},АТОЛ 42ФС,DC9,R09,1,1,works,,'=ООО «Список»,listed`);
    const second = (await rows('')).at(0)?.id ?? 0;
    expect(ids(await rows(`after=${second}`))).not.toContain(second);
  });
});

describe('the desk of operators', () => {
  it('pauses the relaying to one operator by a durable, audited row, and shows what it costs', async () => {
    const request = { host: 'ofd-2.example', port: 8084, inn: '7709364346', reason: 'работы у оператора' };
    const engineer = await farm.loggedIn('engineer');
    const shown = async () =>
      ((await engineer.get('/api/operators').expect(200)).body as OperatorsView).operators.find(
        ({ host }) => host === request.host,
      );
    expect(await shown()).toMatchObject({
      registers: 2,
      affected: 1,
      unsent: 3,
      pause: null,
      downSince: null,
    });
    await (await farm.loggedIn('support')).post('/api/operators/pause').send(request).expect(403);
    await engineer
      .post('/api/operators/pause')
      .send({ ...request, inn: '7700000000' })
      .expect(400);
    await engineer
      .post('/api/operators/pause')
      .send({ ...request, host: 'nobody.example' })
      .expect(404);
    await engineer.post('/api/operators/pause').send(request).expect(204);
    await engineer.post('/api/operators/pause').send(request).expect(409);
    expect((await shown())?.pause).toMatchObject({ by: 'Сотрудник engineer', why: request.reason });
    await engineer
      .post('/api/operators/resume')
      .send({ ...request, reason: 'работы закончены' })
      .expect(204);
    expect(await shown()).toMatchObject({ pause: null });
    const log = await new AuditStore(farm.database).list({
      limit: 5,
      object: { kind: 'operator', id: 'ofd-2.example:8084' },
    });
    expect(log).toMatchObject([
      { action: 'operator.resume', reason: 'работы закончены' },
      { action: 'operator.pause', reason: request.reason },
    ]);
  });
});
