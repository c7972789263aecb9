import { request as rawRequest, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { type Clock, systemClock } from '@kkt/contracts';
import { deskCallbackPolicy } from '@kkt/security';
import request from 'supertest';
import { correction4, correction5, freshId, inn, otherInn, sale4, sale5 } from './bodies';
import { createWorld, password, type World } from './world';

type Json = Record<string, unknown>;

const stampForm = /^\d{2}\.\d{2}\.\d{4} \d{2}:\d{2}:\d{2}$/;
const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

let world: World;
let server: Server;
let token: string;
let otherToken: string;

async function tokenOf(login: string): Promise<string> {
  const reply = await request(server).post('/possystem/v4/getToken').send({ login, pass: password });
  return (reply.body as { token: string }).token;
}

beforeAll(async () => {
  world = await createWorld();
  server = await world.door();
  token = await tokenOf('shop');
  otherToken = await tokenOf('other');
});

afterAll(() => world.close());

const post = (path: string, body: object, as: string = token) =>
  request(server).post(`/possystem${path}`).set('Token', as).send(body);
const report = (path: string, as: string = token) =>
  request(server).get(`/possystem${path}`).set('Token', as);

/** The common shape of every error: an id, a number, a text, an allowed type, a date. */
function expectError(body: unknown, code: number, status?: 'wait' | 'fail'): void {
  const { error, timestamp, status: told } = body as Json & { error: Json };
  expect(error).toEqual({
    error_id: expect.stringMatching(uuidForm) as unknown,
    code,
    text: expect.stringMatching(/[А-Яа-я]/) as unknown,
    type: expect.stringMatching(/^(none|unknown|system|driver|timeout|agent)$/) as unknown,
  });
  expect(timestamp).toMatch(stampForm);
  expect(told).toBe(status);
}

function expectTaken(reply: request.Response): string {
  expect([reply.status, reply.text]).toEqual([200, reply.text]);
  expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
  const body = reply.body as Json;
  expect(body).toEqual({
    uuid: expect.stringMatching(uuidForm) as unknown,
    status: 'wait',
    error: null,
    timestamp: expect.stringMatching(stampForm) as unknown,
  });
  return String(body['uuid']);
}

/** A request without any header that a library would add. */
function bare(
  method: string,
  path: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Json }> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const call = rawRequest({ host: '127.0.0.1', port, method, path, headers }, (reply: IncomingMessage) => {
      let text = '';
      reply.on('data', (chunk: Buffer) => (text += chunk.toString()));
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body: JSON.parse(text) as Json }));
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** Raw bytes to the port, all that comes back. */
function rawTalk(bytes: string): Promise<string> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}

const receiptRow = async (uuid: string) => {
  const [row] = await world.database.query<Json & { content: Json }>('select * from receipts where id = $1', [
    uuid,
  ]);
  return row;
};

describe('tokens', () => {
  it('are given by POST and GET, in both versions, with slashes as clients write them', async () => {
    const credentials = { login: 'shop', pass: password };
    const query = `login=shop&pass=${encodeURIComponent(password)}`;
    for (const reply of [
      await request(server).post('/possystem/v4/getToken').send(credentials),
      await request(server).post('/possystem/v5/getToken/').send(credentials),
      await request(server).post('/possystem/v4/getToken').send({ login: 'shop', Pass: password }),
      await request(server)
        .post('/possystem/v4//getToken')
        .send({ ...credentials, source: '1c@shop-1.0' }),
      await request(server).get(`/possystem/v4/getToken?${query}`),
      await request(server)
        .get(`/possystem/v5/getToken/?${query}&source=x`)
        .set('Content-Type', 'application/json'),
    ]) {
      expect(reply.status).toBe(200);
      expect(reply.body).toEqual({
        error: null,
        token: expect.stringMatching(/^[A-Za-z0-9_-]{128}$/) as unknown,
        timestamp: expect.stringMatching(stampForm) as unknown,
      });
    }
  });

  it('are stored only by hash', async () => {
    const rows = await world.database.query<{ token_hash: Buffer }>('select * from api_tokens');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((row) => row.token_hash.length === 32)).toBe(true);
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('stay valid when new ones are given', async () => {
    const impatient = await world.door({ tokenReuseMs: 0 });
    const ask = async () =>
      (
        (await request(impatient).post('/possystem/v4/getToken').send({ login: 'shop', pass: password }))
          .body as { token: string }
      ).token;
    const first = await ask();
    expect(await ask()).not.toBe(first);
    expectTaken(await post('/v4/g4/sell', sale4(), first));
  });

  it('are taken from the header and from the query', async () => {
    expectTaken(await request(server).post(`/possystem/v4/g4/sell?token=${token}`).send(sale4()));
    expectTaken(await request(server).post(`/possystem/v4/g4/sell?tokenid=${token}`).send(sale4()));
    expectTaken(await request(server).post('/possystem/v4/g4/sell').set('token', token).send(sale4()));
  });

  it.each([
    ['wrong password', { login: 'shop', pass: 'wrong' }, 401, 12],
    ['unknown login', { login: 'nobody', pass: password }, 401, 12],
    ['blocked login', { login: 'blocked', pass: password }, 403, 14],
  ])('%s', async (_, credentials, status, code) => {
    const reply = await request(server).post('/possystem/v4/getToken').send(credentials);
    expect(reply.status).toBe(status);
    expectError(reply.body, code);
    expect(reply.body).not.toHaveProperty('token');
  });

  it('a login outside its form is named as the original service names it', async () => {
    const reply = await request(server)
      .post('/possystem/v4/getToken')
      .send({ login: 'two words', pass: 'x' });
    expect(reply.status).toBe(400);
    expectError(reply.body, 32, 'fail');
    expect((reply.body as { error: Json }).error['text']).toMatch(
      /Ошибочные поля : PatternMismatch: #\/login$/,
    );
  });

  it('guessing is slowed down, and only for the guesser', async () => {
    const guarded = await world.door({ maxWrongPasswords: 2 });
    const guess = () =>
      request(guarded).post('/possystem/v4/getToken').send({ login: 'shop', pass: 'guess' });
    expect([(await guess()).status, (await guess()).status]).toEqual([401, 401]);
    const third = await guess();
    expect(third.status).toBe(429);
    expect(Number(third.headers['retry-after'])).toBeGreaterThan(0);
    expectError(third.body, 40);
    expect(
      (await request(guarded).post('/possystem/v4/getToken').send({ login: 'other', pass: password })).status,
    ).toBe(200);
  });

  it.each([
    ['no token', undefined, 10],
    ['a token nobody gave', '123', 10],
    ['a well-formed token nobody gave', 'a'.repeat(128), 10],
  ])('%s is error %p', async (_, value, code) => {
    const call = request(server).post('/possystem/v4/g4/sell').send(sale4());
    const reply = await (value === undefined ? call : call.set('Token', value));
    expect(reply.status).toBe(401);
    expectError(reply.body, code);
  });

  it('end after their day with 401 and error 11', async () => {
    let isTomorrow = false;
    const clock: Clock = {
      ...systemClock,
      nowMs: () => systemClock.nowMs() + (isTomorrow ? 24 * 3_600_000 : 0),
    };
    const door = await world.door({}, clock);
    const issued = await request(door).post('/possystem/v4/getToken').send({ login: 'shop', pass: password });
    const aging = (issued.body as { token: string }).token;
    expect((await request(door).post('/possystem/v4/g4/sell').set('Token', aging).send(sale4())).status).toBe(
      200,
    );
    isTomorrow = true;
    const reply = await request(door).post('/possystem/v4/g4/sell').set('Token', aging).send(sale4());
    expect(reply.status).toBe(401);
    expectError(reply.body, 11);
  });

  it.each([
    ['a group of another client', '/v4/x4/sell', 20],
    ['a group nobody has', '/v4/none/sell', 20],
    ['a group of version 5 by version 4', '/v4/g5/sell', 21],
    ['a group of version 4 by version 5', '/v5/g4/sell', 21],
  ])('%s: 401', async (_, path, code) => {
    const reply = await post(path, sale4());
    expect(reply.status).toBe(401);
    expectError(reply.body, code);
  });
});

describe('registration', () => {
  it.each(['sell', 'sell_refund', 'buy', 'buy_refund'])('takes %s in both versions', async (operation) => {
    const sign = ['sell', 'sell_refund', 'buy', 'buy_refund'].indexOf(operation) + 1;
    for (const [path, body] of [
      [`/v4/g4/${operation}`, sale4()],
      [`/v5/g5/${operation}/`, sale5()],
    ] as const) {
      const row = await receiptRow(expectTaken(await post(path, body)));
      expect(row).toMatchObject({ state: 'queued', operation, content: { form: 'receipt', sign } });
    }
  });

  it('takes corrections: two in version 4, four in version 5', async () => {
    const signs = {
      sell_correction: 1,
      sell_refund_correction: 2,
      buy_correction: 3,
      buy_refund_correction: 4,
    };
    for (const [operation, sign] of Object.entries(signs)) {
      const modern = await receiptRow(expectTaken(await post(`/v5/g5/${operation}`, correction5())));
      expect(modern).toMatchObject({
        content: { form: 'correction', sign, correction: { type: 0, date: '2026-03-13' } },
      });
      const early = await post(`/v4/g4/${operation}`, correction4());
      if (sign === 1 || sign === 3) {
        expect(await receiptRow(expectTaken(early))).toMatchObject({
          content: { form: 'correction', sign, items: [], totalKop: 10_000, vatTotals: { 6: 10_000 } },
        });
      } else {
        expect(early.status).toBe(400);
        expectError(early.body, 31);
      }
    }
  });

  it('names an operation it does not know', async () => {
    const reply = await post('/v4/g4/steal', sale4());
    expect(reply.status).toBe(400);
    expectError(reply.body, 31);
    expect((reply.body as { error: Json }).error['text']).toContain('"steal"');
  });

  it('wakes the group’s drivers after the commit', async () => {
    world.woken.length = 0;
    expectTaken(await post('/v5/g5/sell', sale5()));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(world.woken).toEqual(['driver:dc1-b 2']);
  });

  it('keeps every field of version 4', async () => {
    const body = sale4({
      client: { email: '', phone: '+79261234567', name: 'Иванов И.', inn: '7704358518' },
      company: {
        email: 'a@b.ru',
        sno: 'usn_income',
        inn,
        payment_address: 'https://p.example',
        location: 'Омск',
      },
      items: [
        {
          name: 'Табак',
          price: 10.5,
          quantity: 1.5,
          sum: 15.75,
          measurement_unit: 'кг',
          payment_method: 'credit',
          payment_object: 'excise',
          nomenclature_code: '00 00 00 01 00 21',
          vat: { type: 'vat10', sum: 1.43 },
          agent_info: {
            type: 'commission_agent',
            paying_agent: { operation: 'Оплата', phones: ['+74951110001'] },
            receive_payments_operator: { phones: ['+74951110002'] },
            money_transfer_operator: {
              phones: ['+74951110003'],
              name: 'Оператор',
              address: 'Тверь',
              inn: '7704358518',
            },
          },
          supplier_info: { phones: ['+74951110004'], name: 'Поставщик', inn: '7702203276' },
          user_data: 'Данные',
          excise: 1.25,
          country_code: '643',
          declaration_number: '10714040/140917/0090376',
        },
      ],
      payments: [
        { type: 0, sum: 20 },
        { type: 2, sum: 1 },
        { type: 3, sum: 2 },
        { type: 4, sum: 3 },
        { type: 7, sum: 4 },
      ],
      total: 15.75,
      additional_check_props: 'доп',
      cashier: 'Петрова',
      additional_user_props: { name: 'Имя', value: 'Значение' },
      device_number: 'A-17',
      internet: true,
      cashless_payments: [{ sum: 4, method: 2, id: 'rrn 1', additional_info: 'card' }],
    });
    body['service'] = { callback_url: 'https://shop.example.ru/cb' };
    const row = await receiptRow(expectTaken(await post('/v4/g4/sell', body)));
    expect(row).toMatchObject({
      api: 'v4',
      callback_url: 'https://shop.example.ru/cb',
      callback_note: null,
      total_kop: '1575',
    });
    expect(row?.content).toEqual({
      form: 'receipt',
      sign: 1,
      company: { inn, taxSystem: 2, email: 'a@b.ru', place: 'https://p.example', address: 'Омск' },
      client: { phone: '+79261234567', name: 'Иванов И.', inn: '7704358518' },
      items: [
        {
          name: 'Табак',
          priceKop: 1_050,
          quantityMicro: 1_500_000,
          sumKop: 1_575,
          unit: 'кг',
          method: 6,
          subject: 2,
          nomenclatureHex: '000000010021',
          vat: 2,
          vatSumKop: 143,
          agent: {
            kind: 32,
            operation: 'Оплата',
            payingPhones: ['+74951110001'],
            receivePhones: ['+74951110002'],
            transfer: { phones: ['+74951110003'], name: 'Оператор', address: 'Тверь', inn: '7704358518' },
          },
          supplier: { phones: ['+74951110004'], name: 'Поставщик', inn: '7702203276' },
          userData: 'Данные',
          exciseKop: 125,
          countryCode: '643',
          declaration: '10714040/140917/0090376',
        },
      ],
      payments: { cashKop: 575, ecashKop: 400, prepaidKop: 100, creditKop: 200, provisionKop: 300 },
      cashless: [{ sumKop: 400, method: 2, id: 'rrn 1', info: 'card' }],
      vatTotals: { 2: 143 },
      totalKop: 1_575,
      cashier: { name: 'Петрова' },
      checkProps: 'доп',
      userProps: { name: 'Имя', value: 'Значение' },
      machineNumber: 'A-17',
      internet: true,
    });
  });

  it('keeps every field of version 5', async () => {
    const code = '010460043993125621JgXJ5.T\u001d8005112000\u001d93abcd';
    const sectoral = { federal_id: '030', date: '21.11.2023', number: '1944', value: 'UUID=1&Time=2' };
    const body = sale5({
      client: {
        email: 'b@c.ru',
        name: 'Иванов',
        inn: '7704358518',
        birthdate: '18.11.1990',
        citizenship: '643',
        document_code: '21',
        document_data: '4507 443564',
        address: 'Псков',
      },
      items: [
        {
          name: 'Сигареты',
          price: 100,
          quantity: 1,
          sum: 100,
          measure: 0,
          payment_method: 'full_payment',
          payment_object: 31,
          vat: { type: 'vat22', sum: 18.03 },
          user_data: 'Данные',
          excise: 12.5,
          country_code: '643',
          declaration_number: '1',
          mark_processing_mode: '0',
          mark_code: { gs1m: Buffer.from(code, 'latin1').toString('base64') },
          mark_quantity: { numerator: 1, denominator: 2 },
          sectoral_item_props: [sectoral],
          planned_status: 2,
          wholesale: false,
        },
      ],
      payments: [{ type: 1, sum: 100 }],
      vats: [{ type: 'vat22', sum: 18.03 }],
      total: 100,
      additional_check_props: 'доп',
      cashier: 'Петрова',
      cashier_inn: '504404744207',
      additional_user_props: { name: 'Имя', value: 'Значение' },
      operating_check_props: { name: '0', value: 'Операция', timestamp: '03.11.2020 14:35:00' },
      sectoral_check_props: [sectoral],
      device_number: 'A-17',
      internet: true,
      timezone: 2,
      cashless_payments: [{ sum: 100, method: 2, id: 'rrn 1' }],
    });
    body['ism_optional'] = true;
    const row = await receiptRow(expectTaken(await post('/v5/g5/sell', body)));
    const props = { federalId: '030', date: '2023-11-21', number: '1944', value: 'UUID=1&Time=2' };
    expect(row?.content).toEqual({
      form: 'receipt',
      sign: 1,
      company: {
        inn,
        taxSystem: 1,
        email: 'kassa@shop.example',
        place: 'https://shop.example',
        address: 'Москва',
      },
      client: {
        email: 'b@c.ru',
        name: 'Иванов',
        inn: '7704358518',
        birthdate: '18.11.1990',
        citizenship: '643',
        documentCode: '21',
        documentData: '4507 443564',
        address: 'Псков',
      },
      items: [
        {
          name: 'Сигареты',
          priceKop: 10_000,
          quantityMicro: 1_000_000,
          sumKop: 10_000,
          measure: 0,
          method: 4,
          subject: 31,
          vat: 11,
          userData: 'Данные',
          exciseKop: 1_250,
          countryCode: '643',
          declaration: '1',
          mark: { kind: 'gs1m', code },
          markMode: 0,
          markQuantity: { numerator: 1, denominator: 2 },
          plannedStatus: 2,
          sectoral: [props],
          wholesale: false,
        },
      ],
      payments: { cashKop: 0, ecashKop: 10_000, prepaidKop: 0, creditKop: 0, provisionKop: 0 },
      cashless: [{ sumKop: 10_000, method: 2, id: 'rrn 1' }],
      vatTotals: { 11: 1_803 },
      totalKop: 10_000,
      cashier: { name: 'Петрова', inn: '504404744207' },
      checkProps: 'доп',
      userProps: { name: 'Имя', value: 'Значение' },
      operatingProps: { id: 0, value: 'Операция', at: '2020-11-03T14:35:00' },
      sectoral: [props],
      machineNumber: 'A-17',
      internet: true,
      timezone: 2,
      markCheckOptional: true,
    });
  });
});

describe('what shops get wrong', () => {
  const fieldsOf = (reply: request.Response): string => String((reply.body as { error: Json }).error['text']);

  it.each<[string, () => Json, RegExp]>([
    [
      '101 items',
      () =>
        sale4({
          items: Array.from({ length: 101 }, () => ({ name: 'a', price: 1, quantity: 1, sum: 1 })),
          total: 101,
        }),
      /TooManyItems: #\/receipt\.items/,
    ],
    ['no items', () => sale4({ items: [] }), /TooFewItems: #\/receipt\.items/],
    ['a negative total', () => sale4({ total: -1 }), /NumberTooSmall: #\/receipt\.total/],
    ['no client', () => sale4({ client: undefined }), /PropertyRequired: #\/receipt\.client/],
    [
      'a total that does not add up',
      () => sale4({ total: 205 }),
      /TotalMismatch: #\/receipt\.total \(итог 205\.00, сумма позиций 201\.00\)/,
    ],
    [
      'more paid cashless than the total',
      () => sale4({ payments: [{ type: 1, sum: 202 }] }),
      /CashlessAboveTotal: #\/receipt\.payments/,
    ],
    [
      'too little paid',
      () => sale4({ payments: [{ type: 0, sum: 200 }] }),
      /NotFullyPaid: #\/receipt\.payments/,
    ],
    [
      'a rate that has ended',
      () => sale4({ vats: [{ type: 'vat18', sum: 1 }] }),
      /VatRateNotInForce: #\/receipt\.vats\[0\]\.type/,
    ],
    [
      'a tax system not registered',
      () => sale4({ company: { sno: 'patent', inn, payment_address: 'p' } }),
      /TaxSystemNotRegistered: #\/receipt\.company\.sno/,
    ],
    [
      'a NUL in the external id',
      () => ({ ...sale4(), external_id: 'nul \u0000 in it' }),
      /PatternMismatch: #\/external_id/,
    ],
    [
      'half a surrogate pair in the external id',
      () => ({ ...sale4(), external_id: 'half \ud800' }),
      /PatternMismatch: #\/external_id/,
    ],
  ])('%s: 400, error 32, the field named', async (_, body, text) => {
    const reply = await post('/v4/g4/sell', body());
    expect(reply.status).toBe(400);
    expectError(reply.body, 32, 'fail');
    expect(reply.body).not.toHaveProperty('uuid');
    expect(fieldsOf(reply)).toMatch(/^Ошибка валидации входного чека\. Ошибочные поля : /);
    expect(fieldsOf(reply)).toMatch(text);
  });

  it('a refused external id stays free', async () => {
    const id = freshId();
    expect((await post('/v4/g4/sell', sale4({ total: 500 }, id))).status).toBe(400);
    expectTaken(await post('/v4/g4/sell', sale4({}, id)));
  });

  it('an INN that is not the group’s is taken and fails in the report as the agent’s error 2009, with its callback', async () => {
    const body = sale4({ company: { sno: 'osn', inn: otherInn, payment_address: 'https://shop.example' } });
    body['service'] = { callback_url: 'https://shop.example.ru/cb' };
    world.woken.length = 0;
    const uuid = expectTaken(await post('/v4/g4/sell', body));
    const reply = await report(`/v4/g4/report/${uuid}`);
    expect(reply.status).toBe(200);
    expectError(reply.body, 2009, 'fail');
    expect(reply.body).toMatchObject({
      uuid,
      payload: null,
      warnings: null,
      error: { type: 'agent' },
      group_code: 'g4',
    });
    const callbacks = await world.database.query('select url, state from callbacks where receipt_id = $1', [
      uuid,
    ]);
    expect(callbacks).toEqual([{ url: 'https://shop.example.ru/cb', state: 'pending' }]);
    expect(world.woken).toEqual(['callbacks due']);
    const again = await post('/v4/g4/sell', body);
    expect(again.body).toMatchObject({ uuid, status: 'wait', error: { code: 33 } });
  });

  it('a foreign INN together with something else is refused at once, with both', async () => {
    const reply = await post(
      '/v4/g4/sell',
      sale4({ company: { inn: otherInn, payment_address: 'p' }, total: 500 }),
    );
    expect(reply.status).toBe(400);
    expect(fieldsOf(reply)).toMatch(/InnOfAnotherTaxpayer: #\/receipt\.company\.inn/);
    expect(fieldsOf(reply)).toMatch(/TotalMismatch: #\/receipt\.total/);
  });

  it('what typed and careless clients send is taken', async () => {
    const plain = { name: 'Чай', price: 100.5, quantity: 2, sum: 201 };
    for (const body of [
      sale4({ items: [{ ...plain, tax: 'vat20' }] }),
      sale4({ items: [{ ...plain, sum: null, vat: null, agent_info: null }], vats: null, cashier: '' }),
      sale4({ payments: [{ type: 0, sum: null }] }),
      sale4({ 'cashier ': 'Иванова', client: { email: '', phone: '+79261234567', inn: '' } }),
      { ...sale4(), external_id: 20_261_123_001, service: { callback_url: '' } },
      { ...sale4(), source_id: 3, timestamp: '2026-11-23 12:00:00', strange: { a: [] } },
    ])
      expectTaken(await post('/v4/g4/sell', body));
    expectTaken(
      await post(
        '/v4/g4/sell_correction',
        correction4({
          correction_info: {
            type: 'self',
            base_date: '13.03.2026 10:11:12',
            base_number: '1',
            base_name: 'x',
          },
        }),
      ),
    );
    const noBase = correction4({ correction_info: { type: 'self', base_date: '31.02.2026' } });
    expect(fieldsOf(await post('/v4/g4/sell_correction', noBase))).toMatch(
      /DateExpected: #\/correction\.correction_info\.base_date/,
    );
  });

  it('a list of wrong fields stays short whatever was sent', async () => {
    const reply = await post('/v4/g4/sell', sale4({ items: Array.from({ length: 100 }, () => ({})) }));
    expect(reply.status).toBe(400);
    expect(reply.text.length).toBeLessThan(2_000);
    expect(fieldsOf(reply)).toMatch(/…ещё \d+$/);
  });
});

describe('callback addresses', () => {
  it.each([
    ['outside the mask', 'https://shop.example.ru/~cb', 'callback_url не соответствует маске'],
    ['on a private network', 'https://10.0.0.1/cb', 'callback_url не будет вызван: адрес не в сети Интернет'],
  ])('%s are a warning, not a refusal', async (_, url, warning) => {
    const body = { ...sale4(), service: { callback_url: url } };
    const uuid = expectTaken(await post('/v4/g4/sell', body));
    expect(await receiptRow(uuid)).toMatchObject({ callback_url: url, callback_note: warning });
    expect((await report(`/v4/g4/report/${uuid}`)).body).toMatchObject({
      warnings: { callback_url: warning },
      callback_url: url,
    });
  });

  it('are called as the farm’s policy allows', async () => {
    const open = await world.door({ callbacks: deskCallbackPolicy });
    const body = { ...sale4(), service: { callback_url: 'http://127.0.0.1:3000/cb' } };
    const reply = await request(open).post('/possystem/v4/g4/sell').set('Token', token).send(body);
    expect(await receiptRow(expectTaken(reply))).toMatchObject({
      callback_url: 'http://127.0.0.1:3000/cb',
      callback_note: null,
    });
  });

  it('cannot hold the event loop', async () => {
    const startedMs = performance.now();
    const body = { ...sale4(), service: { callback_url: `http://${'a'.repeat(240)}!` } };
    expectTaken(await post('/v4/g4/sell', body));
    const code = sale4({
      items: [{ name: 'a', price: 1, quantity: 1, sum: 1, nomenclature_code: `${'00 '.repeat(49)}x` }],
    });
    expect((await post('/v4/g4/sell', code)).status).toBe(400);
    // A mask that backtracks would need years.
    expect(performance.now() - startedMs).toBeLessThan(20_000);
  });
});

describe('repeats', () => {
  it('answer 400 with error 33, the first uuid and wait, in any operation of the group', async () => {
    const id = freshId();
    const uuid = expectTaken(await post('/v4/g4/sell', sale4({}, id)));
    for (const [path, body] of [
      ['/v4/g4/sell', sale4({}, id)],
      ['/v4/g4/sell_refund', sale4({}, id)],
      ['/v4/g4/sell', sale4({ cashier: 'Другая' }, id)],
    ] as const) {
      const reply = await post(path, body);
      expect(reply.status).toBe(400);
      expectError(reply.body, 33, 'wait');
      expect(reply.body).toMatchObject({ uuid });
      expect((reply.body as { error: Json }).error['text']).toBe(
        `В системе существует чек с external_id : ${id} и group_code: g4`,
      );
    }
    expectTaken(await post('/v5/g5/sell', sale5({}, id)));
  });

  it('sent a hundred at once to two doors make one receipt', async () => {
    const second = await world.door();
    const id = freshId();
    const replies = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        request(index % 2 === 0 ? server : second)
          .post('/possystem/v4/g4/sell')
          .set('Token', token)
          .send(sale4({}, id)),
      ),
    );
    const taken = replies.filter((reply) => reply.status === 200);
    expect(taken).toHaveLength(1);
    const uuid = expectTaken(taken[0] as request.Response);
    for (const reply of replies) {
      expect((reply.body as Json)['uuid']).toBe(uuid);
      if (reply.status !== 200) expectError(reply.body, 33, 'wait');
    }
    expect(await world.database.query('select id from receipts where external_id = $1', [id])).toEqual([
      { id: uuid },
    ]);
  });

  it('after an answer that never came tell the receipt that was taken', async () => {
    const id = freshId();
    const { port } = server.address() as AddressInfo;
    await new Promise<void>((resolve) => {
      const body = JSON.stringify(sale4({}, id));
      const call = rawRequest({
        host: '127.0.0.1',
        port,
        method: 'POST',
        path: '/possystem/v4/g4/sell',
        headers: { token },
      });
      call.on('error', () => resolve());
      // The shop hangs up as soon as it has sent the receipt.
      call.end(body, () => setImmediate(() => call.destroy()));
    });
    let stored: { id: string }[] = [];
    for (let i = 0; i < 100 && stored.length === 0; i++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      stored = await world.database.query<{ id: string }>('select id from receipts where external_id = $1', [
        id,
      ]);
    }
    const reply = await post('/v4/g4/sell', sale4({}, id));
    expect(reply.body).toMatchObject({ uuid: stored[0]?.id, status: 'wait', error: { code: 33 } });
  });
});

describe('reports', () => {
  it('say wait with error 34 and the uuid until there is a result', async () => {
    const id = freshId();
    const uuid = expectTaken(await post('/v4/g4/sell', sale4({}, id)));
    for (const reply of [
      await report(`/v4/g4/report/${uuid}`),
      await report(`/v4/g4/report/${uuid.toUpperCase()}/`).set('Content-Type', 'application/json'),
      await request(server).get(`/possystem/v4//g4/report/${uuid}?token=${token}`),
    ]) {
      expect(reply.status).toBe(200);
      expectError(reply.body, 34, 'wait');
      expect(reply.body).toMatchObject({
        uuid,
        payload: null,
        external_id: id,
        callback_url: '',
        warnings: null,
      });
    }
  });

  it('tell the requisites of a registered receipt, numbers as numbers, dates of the register', async () => {
    const id = freshId();
    const uuid = expectTaken(await post('/v4/g4/sell', sale4({}, id)));
    await world.database.query(
      `insert into documents (fn_number, fd_number, form, register_id, receipt_id, fiscal_sign, document_at, shift_number,
         receipt_number, total_kop, rnm, tlv)
       values ('9999078900005488', 35, 3, 1, $1, 4294967295, '2026-11-23T15:30:05', 12, 3, 20100, '0000000000055870', '\\x00')`,
      [uuid],
    );
    await world.database.query(
      `update receipts set state = 'done', register_id = 1, fn_number = '9999078900005488', fd_number = 35, finished_at = farm_now() where id = $1`,
      [uuid],
    );
    const reply = await report(`/v4/g4/report/${uuid}`);
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      uuid,
      error: null,
      status: 'done',
      payload: {
        total: 201,
        fns_site: 'www.nalog.gov.ru',
        fn_number: '9999078900005488',
        shift_number: 12,
        receipt_datetime: '23.11.2026 15:30:05',
        fiscal_receipt_number: 3,
        fiscal_document_number: 35,
        ecr_registration_number: '0000000000055870',
        fiscal_document_attribute: 4_294_967_295,
        ofd_inn: '7709364346',
      },
      timestamp: expect.stringMatching(stampForm) as unknown,
      group_code: 'g4',
      daemon_code: 'dc1-a',
      device_code: '00106900000017',
      external_id: id,
      callback_url: '',
      warnings: null,
    });
  });

  it.each([
    ['malformed', 'abc'],
    ['unknown', '01900000-0000-7000-8000-00000000ffff'],
  ])('of a %s uuid: 400, error 30', async (_, uuid) => {
    const reply = await report(`/v4/g4/report/${uuid}`);
    expect(reply.status).toBe(400);
    expectError(reply.body, 30, 'fail');
    expect((reply.body as { error: Json }).error['text']).toContain(`"${uuid}"`);
  });

  it('never cross clients or groups', async () => {
    const uuid = expectTaken(await post('/v4/g4/sell', sale4()));
    expectError((await report(`/v4/g4/report/${uuid}`, otherToken)).body, 20);
    const foreign = await report(`/v4/x4/report/${uuid}`, otherToken);
    expect(foreign.status).toBe(400);
    expectError(foreign.body, 30, 'fail');
    expectError((await report(`/v5/g5/report/${uuid}`)).body, 30, 'fail');
  });
});

describe('HTTP', () => {
  it('takes JSON without a Content-Type, or with a form’s', async () => {
    const path = '/possystem/v4/g4/sell';
    expect((await bare('POST', path, JSON.stringify(sale4()), { token })).status).toBe(200);
    for (const type of [
      'application/x-www-form-urlencoded',
      'application/json',
      'Application/JSON; charset=utf-8',
      'application/json;charset=windows-1251',
    ])
      expect(
        (await bare('POST', path, JSON.stringify(sale4()), { token, 'content-type': type })).status,
      ).toBe(200);
    const credentials = JSON.stringify({ login: 'shop', pass: password });
    expect((await bare('POST', '/possystem/v5/getToken', credentials)).status).toBe(200);
  });

  it('passes over a body and its type where a GET has them, as some clients send', async () => {
    const uuid = expectTaken(await post('/v4/g4/sell', sale4()));
    const withBody = (path: string, body: string, headers: Record<string, string> = {}) =>
      bare('GET', `/possystem/v4/${path}`, body, {
        'content-type': 'application/json; charset=utf-8',
        'content-length': String(Buffer.byteLength(body)),
        ...headers,
      });
    const query = `login=shop&pass=${encodeURIComponent(password)}`;
    const issued = await withBody(`getToken?${query}`, JSON.stringify({ login: 'shop', pass: 'ignored' }));
    expect(issued).toMatchObject({ status: 200, body: { error: null } });
    for (const body of ['[]', ''])
      expect(await withBody(`g4/report/${uuid}/?`, body, { token })).toMatchObject({
        status: 200,
        body: { uuid, status: 'wait' },
      });
  });

  it.each(['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'rubbish'])(
    'refuses %s with 415 and error 41',
    async (type) => {
      const reply = await bare('POST', '/possystem/v4/g4/sell', JSON.stringify(sale4()), {
        token,
        'content-type': type,
      });
      expect(reply.status).toBe(415);
      expectError(reply.body, 41);
    },
  );

  it.each(['', '{', '{"a":1}}', 'null x', '<html>'])('broken JSON %j is 400 with code 0', async (text) => {
    const reply = await bare('POST', '/possystem/v4/g4/sell', text, {
      token,
      'content-type': 'application/json',
    });
    expect(reply.status).toBe(400);
    expectError(reply.body, 0);
  });

  it('answers every fault of HTTP in the common shape', async () => {
    const big = JSON.stringify(sale4({ cashier: 'x'.repeat(1_100_000) }));
    for (const [method, path, body, status] of [
      ['GET', '/possystem', '', 404],
      ['GET', '/possystem/v9/getToken', '', 404],
      ['POST', '/possystem/v4', '{}', 404],
      ['POST', '/possystem/v4/g4/sell/more', '{}', 404],
      ['PUT', '/possystem/v4/getToken', '{}', 405],
      ['GET', '/possystem/v4/g4/sell', '', 405],
      ['DELETE', '/possystem/v4/g4/report/x', '', 405],
      ['POST', '/possystem/v4/g4/report/x', '{}', 405],
      ['GET', '/possystem/v4/g4/report/%zz', '', 400],
      ['POST', '/possystem/v4/g4/sell', big, 413],
    ] as const) {
      const reply = await bare(method, path, body, { token, 'content-type': 'application/json' });
      expect([method, path, reply.status]).toEqual([method, path, status]);
      expectError(reply.body, 40);
    }
  });

  it('answers what is no HTTP at all in the common shape too', async () => {
    const answer = await rawTalk('NONSENSE\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expectError(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))), 40);
    const headers = await rawTalk(`GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(20_000)}\r\n\r\n`);
    expect(headers).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('turns receipts away with 503 and a pause when too many wait, and keeps its promise for the others', async () => {
    const narrow = await world.door({ maxBatch: 1, maxWaiting: 3 });
    const send = () => request(narrow).post('/possystem/v4/g4/sell').set('Token', token).send(sale4());
    expectTaken(await send());
    const sent: Promise<request.Response>[] = [];
    await world.database.transaction(async (sql) => {
      await sql.query('lock table receipts in exclusive mode');
      for (let i = 0; i < 10; i++) sent.push(send().then((reply) => reply));
      const firstAway = await Promise.race(sent);
      expect(firstAway.status).toBe(503);
      expect(firstAway.headers['retry-after']).toBe('2');
      expectError(firstAway.body, 50);
    });
    const replies = await Promise.all(sent);
    expect(replies.filter((reply) => reply.status === 503).length).toBeGreaterThan(0);
    const taken = replies.filter((reply) => reply.status === 200);
    // One under way and those of its client that may wait; more when some came after the table was free again.
    expect(taken.length).toBeGreaterThanOrEqual(2);
    expect(taken.length + replies.filter((reply) => reply.status === 503).length).toBe(10);
    for (const reply of taken) expect(await receiptRow(expectTaken(reply))).toBeDefined();
  });

  it('tells that it lives, is ready and what it counted', async () => {
    expect((await request(server).get('/health/live')).status).toBe(200);
    expect((await request(server).get('/health/ready')).body).toMatchObject({
      ok: true,
      checks: { database: { ok: true } },
    });
    const metrics = (await request(server).get('/metrics')).text;
    expect(metrics).toMatch(/^receipts_accepted_total\{api="v4",app="receipt-api"\} [1-9]/m);
    expect(metrics).toMatch(
      /^receipt_requests_refused_total\{status="400",code="32",app="receipt-api"\} [1-9]/m,
    );
    expect(metrics).toMatch(/^receipt_flush_size_count\{app="receipt-api"\} [1-9]/m);
    expect(metrics).not.toContain(token);
  });
});
