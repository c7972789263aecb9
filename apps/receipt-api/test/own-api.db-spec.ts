import type { Server } from 'node:http';
import { ApiKeyStore } from '@kkt/storage';
import request from 'supertest';
import { Caller, finish, freshKey, makeKey, otherClient, ownSale } from './own-api';
import { clientId, createWorld, type World } from './world';
import { defaultOwnApiSettings } from '../src/v1/settings';

const problemType = 'application/problem+json; charset=utf-8';

describe('The own API', () => {
  let world: World;
  let server: Server;
  let shop: Caller;
  let stranger: Caller;

  beforeAll(async () => {
    world = await createWorld();
    server = await world.door();
    shop = new Caller(server, await makeKey(world));
    stranger = new Caller(server, await makeKey(world, { client: otherClient }));
  });
  afterAll(() => world.close());

  describe('keys', () => {
    it.each([
      ['none', undefined, 'key-required'],
      ['another scheme', 'Basic Zm9vOmJhcg==', 'key-invalid'],
      ['a mistyped key', 'Bearer fk_live_00000000_0', 'key-invalid'],
    ])('refuses %s with 401 and a problem', async (_, header, code) => {
      const call = request(server).get('/v1/receipts');
      const answer = await (header === undefined ? call : call.set('authorization', header));
      expect(answer.status).toBe(401);
      expect(answer.headers['content-type']).toBe(problemType);
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="v1"');
      expect(answer.body).toMatchObject({ status: 401, code });
    });

    it('refuses what the key has no right to', async () => {
      const reader = new Caller(server, await makeKey(world, { scopes: ['receipt:read'] }));
      expect((await reader.get('/v1/receipts')).status).toBe(200);
      const answer = await reader.sell();
      expect([answer.status, answer.body.code]).toEqual([403, 'scope-missing']);
    });

    it('holds a bound key to its group', async () => {
      const bound = new Caller(server, await makeKey(world, { group: 'g4' }));
      const refused = await bound.sell({ group: 'g5' });
      expect(refused.status).toBe(422);
      expect(refused.body.errors).toMatchObject([{ pointer: '/group', rule: 'GroupUnknown' }]);
      const sold = await shop.sell({ group: 'g5' });
      expect((await bound.get(`/v1/receipts/${sold.body.id as string}`)).status).toBe(404);
      const list = await bound.get('/v1/receipts?group=g5');
      expect(list.body).toEqual({ items: [], next: null });
    });

    it('lets two keys of a name live, not three, and refuses a revoked one', async () => {
      const eager = await world.door({ cacheTtlMs: 0 });
      const store = new ApiKeyStore(world.database);
      const [first, second] = [
        await makeKey(world, { name: 'site' }),
        await makeKey(world, { name: 'site' }),
      ];
      await expect(makeKey(world, { name: 'site' })).rejects.toMatchObject({ code: 'CLIENT-KEYS-FULL' });
      const raced = await Promise.allSettled(
        Array.from({ length: 6 }, () => makeKey(world, { name: 'race' })),
      );
      expect(raced.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
      const old = new Caller(eager, first);
      expect((await old.get('/v1/receipts')).status).toBe(200);
      expect(await store.revoke(clientId, first.split('_')[2] ?? '')).toBe(true);
      expect((await old.get('/v1/receipts')).body).toMatchObject({ status: 401, code: 'key-invalid' });
      expect((await new Caller(eager, second).get('/v1/receipts')).status).toBe(200);
      await makeKey(world, { name: 'site' });
    });

    it('answers 429 with a pause to a key that asks too fast, and leaves others alone', async () => {
      const slow = await world.door({
        ownApi: { ...defaultOwnApiSettings, requestsPerS: 0.5, burst: 3 },
      });
      const hasty = new Caller(slow, await makeKey(world));
      const statuses: number[] = [];
      for (let i = 0; i < 4; i += 1) statuses.push((await hasty.get('/v1/receipts')).status);
      expect(statuses).toEqual([200, 200, 200, 429]);
      const answer = await hasty.get('/v1/receipts');
      expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
      expect(answer.body).toMatchObject({ code: 'too-many-requests' });
      expect((await new Caller(slow, shop.key).get('/v1/receipts')).status).toBe(200);
    });

    it('stops answering a guesser, not the right key behind the same address', async () => {
      const strict = await world.door({ ownApi: { ...defaultOwnApiSettings, wrongKeysPerMin: 2 } });
      const guess = new Caller(strict, 'fk_live_guess');
      const statuses: number[] = [];
      for (let i = 0; i < 3; i += 1) statuses.push((await guess.get('/v1/receipts')).status);
      expect(statuses).toEqual([401, 401, 429]);
      expect((await new Caller(strict, shop.key).get('/v1/receipts')).status).toBe(200);
    });

    it('keeps no key’s text in the database', async () => {
      const rows = await world.database.query<{ text: string }>('select k::text as text from api_keys k');
      expect(rows.length).toBeGreaterThan(0);
      expect(JSON.stringify(rows)).not.toContain(shop.key.slice(-49));
    });
  });

  describe('a receipt', () => {
    it('is accepted with its key as external id, and found by its id', async () => {
      const key = freshKey();
      const sold = await shop.sell({}, key);
      expect([sold.status, sold.body]).toEqual([
        202,
        {
          id: expect.any(String),
          external_id: key,
          group: 'g5',
          operation: 'sell',
          total: '201.00',
          warnings: [],
        },
      ]);
      expect(sold.headers['location']).toBe(`/v1/receipts/${sold.body.id as string}`);
      expect(world.woken).toContain('driver:dc1-b 2');
      const found = await shop.get(sold.headers['location'] ?? '');
      expect(found.body).toMatchObject({
        id: sold.body.id,
        external_id: key,
        api: 'v1',
        state: 'queued',
        total: '201.00',
        document: null,
        error: null,
        origin: null,
        derived: [],
        waiting: { reason: 'offline', place: expect.any(Number), estimate_s: null },
      });
    });

    it('is answered alike when it is repeated, whatever the order of its keys', async () => {
      const key = freshKey();
      const first = await shop.sell({}, key);
      const turned = Object.fromEntries(Object.entries(ownSale()).reverse());
      const second = await shop.post('/v1/receipts', turned, key);
      expect([second.status, second.body]).toEqual([202, first.body]);
      expect(second.headers['idempotent-replayed']).toBe('true');
      expect(first.headers['idempotent-replayed']).toBeUndefined();
      const many = await Promise.all(Array.from({ length: 8 }, () => shop.sell({}, key)));
      expect(new Set(many.map(({ body }) => (body as { id: string }).id))).toEqual(new Set([first.body.id]));
    });

    it('conflicts with another request under its key', async () => {
      const key = freshKey();
      const first = await shop.sell({}, key);
      for (const changes of [
        { internet: true },
        { callback_url: 'https://shop.example/cb' },
        { operation: 'buy' },
      ]) {
        const answer = await shop.sell(changes, key);
        expect([answer.status, answer.headers['content-type']]).toEqual([409, problemType]);
        expect(answer.body).toMatchObject({ code: 'idempotency-conflict', receipt_id: first.body.id });
      }
    });

    it('repeats its answer even when today’s rules would refuse it', async () => {
      const key = freshKey();
      const first = await shop.sell({}, key);
      await world.database.query(`update register_groups set tax_systems = 2 where code = 'g5'`);
      try {
        const late = new Caller(await world.door({ cacheTtlMs: 0 }), shop.key);
        expect((await late.sell()).status).toBe(422);
        expect((await late.sell({}, key)).body).toEqual(first.body);
      } finally {
        await world.database.query(`update register_groups set tax_systems = 3 where code = 'g5'`);
      }
    });

    it.each([[undefined], [''], ['with space'], ['x'.repeat(129)]])(
      'needs a key of repetition, not %p',
      async (key) => {
        const answer = await shop.post('/v1/receipts', ownSale(), key);
        expect([answer.status, answer.body.code]).toEqual([400, 'idempotency-key-required']);
      },
    );

    it('tells what is wrong with pointer, tag, rule and the right value', async () => {
      const item = { ...(ownSale()['items'] as object[])[0], sum: '200.00' };
      const answer = await shop.sell({ items: [item], client: { email: 'a b@example.com' } });
      expect([answer.status, answer.body.code]).toEqual([422, 'receipt-refused']);
      expect(answer.body.errors).toEqual([
        {
          pointer: '/items/0/sum',
          rule: 'ItemSumMismatch',
          tag: 1043,
          detail: expect.stringContaining('201.00'),
          detail_en: expect.any(String),
          suggestion: { value: '201.00', ru: expect.any(String), en: expect.any(String) },
        },
        expect.objectContaining({ pointer: '/client/email', rule: 'ContactNotSafe', tag: 1008 }),
      ]);
    });

    it('leaves every refused request in the log with its wrong field, under its group or its client', async () => {
      const mark = `нет-${freshKey()}`;
      const [item] = ownSale()['items'] as object[];
      for (let times = 0; times < 2; times += 1)
        expect((await shop.sell({ items: [{ ...item, measure: mark }] })).status).toBe(422);
      expect((await shop.sell({ total: '200.49' })).status).toBe(422);
      expect((await shop.sell({ group: 'x4' })).status).toBe(422);
      const logged = () =>
        world.database.query<{ group: string | null; field: string; receipts: number }>(
          `select g.code as "group", i.field, sum(i.receipts)::integer as receipts
           from intake_refusals i left join register_groups g on g.id = i.group_id
           where i.code = 422 and coalesce(i.client_id, g.client_id) = $1 and g.code is distinct from 'g4' and i.field in ('/items/0/measure', '/total', '/group')
           group by 1, 2 order by 2`,
          [clientId],
        );
      const whole = [
        { group: null, field: '/group', receipts: expect.any(Number) },
        { group: 'g5', field: '/items/0/measure', receipts: 2 },
        { group: 'g5', field: '/total', receipts: expect.any(Number) },
      ];
      for (let tries = 0; tries < 100 && (await logged()).length < whole.length; tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await logged()).toEqual(whole);
    });

    it('takes a total to the kopeck only', async () => {
      const answer = await shop.sell({ total: '200.50' });
      expect(answer.body.errors).toMatchObject([
        { pointer: '/total', rule: 'TotalMismatch', suggestion: { value: '201.00' } },
      ]);
    });

    it('tells wrong shapes field by field, and the nearest name of an unknown one', async () => {
      const answer = await shop.post(
        '/v1/receipts',
        { ...ownSale(), items: [{ name: '', price: 100.5, quantitty: '1' }], opertion: 'x', payments: 'all' },
        freshKey(),
      );
      expect([answer.status, answer.body.code]).toEqual([422, 'request-invalid']);
      const errors = answer.body.errors as {
        pointer: string;
        rule: string;
        suggestion?: { value?: string };
      }[];
      const rules = Object.fromEntries(errors.map(({ pointer, rule }) => [pointer, rule]));
      expect(rules).toMatchObject({
        '/items/0/name': 'StringTooShort',
        '/items/0/price': 'MoneyExpected',
        '/items/0/quantity': 'PropertyRequired',
        '/items/0/quantitty': 'UnknownField',
        '/items/0/vat': 'PropertyRequired',
        '/opertion': 'UnknownField',
        '/payments': 'ArrayExpected',
      });
      expect(errors.find(({ pointer }) => pointer === '/opertion')?.suggestion?.value).toBe('operation');
    });

    it.each([
      ['no JSON', '{"group":', 400, 'bad-request'],
      ['a prototype', '{"__proto__":{"a":1}}', 400, 'bad-request'],
      ['a list', '[]', 422, 'request-invalid'],
      ['a deep body', `{"client":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 422, 'request-invalid'],
      ['a big body', JSON.stringify({ group: 'x'.repeat(1_100_000) }), 413, 'body-too-large'],
    ])('answers %s with a problem', async (_, body, status, code) => {
      const answer = await request(server)
        .post('/v1/receipts')
        .set('authorization', `Bearer ${shop.key}`)
        .set('idempotency-key', freshKey())
        .set('content-type', 'application/json')
        .send(body);
      expect([answer.status, answer.headers['content-type']]).toEqual([status, problemType]);
      expect(answer.body).toMatchObject({ status, code, instance: expect.stringMatching(/^urn:uuid:/) });
    });

    it('answers unknown paths and media types below /v1 with problems, others as before', async () => {
      const unknown = await request(server).get('/v1/nothing');
      expect([unknown.status, unknown.headers['content-type']]).toEqual([404, problemType]);
      const xml = await request(server).post('/v1/receipts').set('content-type', 'text/xml').send('<a/>');
      expect([xml.status, xml.headers['content-type']]).toEqual([415, problemType]);
      expect((await request(server).get('/elsewhere')).body).toMatchObject({ error: { code: 40 } });
    });

    it('is told with its document when it is done', async () => {
      const sold = await shop.sell();
      const id = sold.body.id as string;
      const fd = await finish(world, id);
      const found = await shop.get(`/v1/receipts/${id}`);
      expect(found.body).toMatchObject({
        state: 'done',
        waiting: null,
        finished_at: expect.any(String),
        document: {
          fd_number: fd,
          fn_number: '9999078900005489',
          fiscal_sign: 123_456_789,
          total: '201.00',
          qr: expect.stringMatching(/^t=\d{8}T\d+&s=201\.00&fn=9999078900005489&i=\d+&fp=123456789&n=1$/),
        },
      });
    });

    it('belongs to its client: 404 for others, as for an unknown one', async () => {
      const sold = await shop.sell();
      const id = sold.body.id as string;
      const foreign = await stranger.get(`/v1/receipts/${id}`);
      const unknown = await stranger.get('/v1/receipts/01900000-0000-7000-8000-0000000000ff');
      expect([foreign.status, unknown.status]).toEqual([404, 404]);
      expect({ ...foreign.body, instance: '' }).toEqual({ ...unknown.body, instance: '' });
      expect((await stranger.sell()).body.errors).toMatchObject([{ rule: 'GroupUnknown' }]);
      expect((await stranger.get('/v1/receipts')).body.items).toEqual([]);
    });

    it('says why it waits, its place and an estimate', async () => {
      await world.database.query(`delete from receipts where state = 'queued' and group_id = 1`);
      const four = { group: 'g4' };
      const correction = await shop.sell({
        ...four,
        operation: 'sell_correction',
        items: [],
        vats: [{ type: 'none' }],
        correction_info: { type: 'self', base_date: '2026-03-13' },
      });
      expect(correction.status).toBe(202);
      const refund = await shop.sell({ ...four, operation: 'sell_refund' });
      const sale = await shop.sell(four);
      const place = async (id: string) =>
        (await shop.get(`/v1/receipts/${id}`)).body.waiting as Record<string, unknown>;
      const ids = [sale, refund, correction].map(({ body }) => (body as { id: string }).id);
      expect((await Promise.all(ids.map(place))).map((waiting) => waiting['place'])).toEqual([1, 2, 3]);
      await world.database.query(`insert into register_status (register_id, online) values (1, true)`);
      const quick = new Caller(await world.door(), shop.key);
      const ready = (await quick.get(`/v1/receipts/${ids[2] ?? ''}`)).body.waiting as Record<string, unknown>;
      expect(ready).toMatchObject({ reason: 'in_line', place: 3, deadline_at: expect.any(String) });
      expect(ready['estimate_s']).toBeGreaterThanOrEqual(3);
      await world.database.query(`update register_groups set paused = true where id = 1`);
      const paused = new Caller(await world.door(), shop.key);
      expect((await paused.get(`/v1/receipts/${ids[0] ?? ''}`)).body.waiting).toMatchObject({
        reason: 'group_paused',
      });
      await world.database.query(`update register_groups set paused = false where id = 1`);
      await world.database.query(`update receipts set state = 'in_doubt', register_id = 1 where id = $1`, [
        ids[0],
      ]);
      expect((await shop.get(`/v1/receipts/${ids[0] ?? ''}`)).body.waiting).toMatchObject({
        reason: 'in_doubt',
        place: null,
      });
    });

    it('warns about a callback that will not be made', async () => {
      const sold = await shop.sell({ callback_url: 'http://127.0.0.1/cb' });
      expect(sold.status).toBe(202);
      expect(sold.body.warnings).toEqual([expect.stringContaining('callback_url')]);
    });
  });

  describe('the list', () => {
    it('goes through all pages once, and filters', async () => {
      const store: string[] = [];
      for (let n = 0; n < 7; n += 1)
        store.push((await shop.sell({ operation: 'buy' }, `page-${n}`)).body.id as string);
      const seen: string[] = [];
      let next: string | null = '';
      do {
        const page = await shop.get(`/v1/receipts?operation=buy&limit=3${next ? `&cursor=${next}` : ''}`);
        expect(page.status).toBe(200);
        const body = page.body as { items: { id: string }[]; next: string | null };
        seen.push(...body.items.map(({ id }) => id));
        next = body.next;
      } while (next);
      expect(seen).toEqual(store.reverse());
      const one = await shop.get(
        '/v1/receipts?external_id=page-3&state=queued&min_total=200&max_total=202&group=g5',
      );
      expect((one.body as { items: object[] }).items).toHaveLength(1);
    });

    it.each([
      'limit=0',
      'limit=201',
      'limit=x',
      'state=lost',
      'from=yesterday',
      'nothing=1',
      'limit=1&limit=2',
    ])('refuses ?%s', async (query) => {
      const answer = await shop.get(`/v1/receipts?${query}`);
      expect([answer.status, answer.body.code]).toEqual([422, 'request-invalid']);
    });

    it('refuses a cursor that is not ours', async () => {
      for (const cursor of ['abc', Buffer.from('["x","y"]').toString('base64url')])
        expect((await shop.get(`/v1/receipts?cursor=${cursor}`)).body).toMatchObject({
          code: 'cursor-invalid',
        });
    });
  });

  describe(':validate', () => {
    it('judges with the same engine and stores nothing', async () => {
      const before = await world.database.query('select id from receipts');
      const good = await shop.post('/v1/receipts:validate', ownSale({ total: undefined }));
      expect([good.status, good.body]).toEqual([
        200,
        {
          valid: true,
          errors: [],
          warnings: [],
          total: '201.00',
          payments: [{ type: 'electronic', sum: '201.00' }],
          vat_totals: [{ code: 11, name: 'НДС 22%', sum: '36.25' }],
          tlv_bytes: expect.any(Number),
          tlv_limit_bytes: 32_768,
        },
      ]);
      const bad = await shop.post(
        '/v1/receipts:validate',
        ownSale({ payments: [{ type: 'cash', sum: '1.00' }] }),
      );
      expect([bad.status, bad.body.valid]).toEqual([200, false]);
      expect(bad.body.errors).toMatchObject([{ pointer: '/payments', rule: 'NotFullyPaid', tag: 1031 }]);
      const shapeless = await shop.post('/v1/receipts:validate', { group: 1 });
      expect(shapeless.body).toMatchObject({ valid: false });
      const foreign = await stranger.post('/v1/receipts:validate', ownSale());
      expect(foreign.body).toMatchObject({ valid: false, errors: [{ rule: 'GroupUnknown' }] });
      expect(await world.database.query('select id from receipts')).toHaveLength(before.length);
    });

    it('warns of texts that the document will hold otherwise', async () => {
      const item = { ...(ownSale()['items'] as object[])[0], name: 'Чай 🍵 «Улун»' };
      const answer = await shop.post('/v1/receipts:validate', ownSale({ items: [item] }));
      expect(answer.body.warnings).toMatchObject([
        { pointer: '/items/0/name', rule: 'TextChanged', tag: 1030, detail: expect.stringContaining('🍵') },
      ]);
    });
  });
});
