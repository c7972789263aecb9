import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ReceiptContent } from '@kkt/contracts';
import { buildDocument, decodeTlv, receiptDocumentFields, receiptRequisites } from '@kkt/ffd';
import { ApiReceiptStore } from '@kkt/storage';
import request from 'supertest';
import { operations } from '../src/v1/openapi/operations';
import { defaultOwnApiSettings } from '../src/v1/settings';
import { answered } from './answer-check';
import { Caller, finish, freshKey, makeKey, otherClient, ownSale } from './own-api';
import { clientId, createWorld, type World } from './world';

type Json = Record<string, unknown>;
type Line = { quantity: string; sum: string; price: string };

/** What a stream said until it was closed or `count` events came. */
async function readStream(
  server: Server,
  path: string,
  key: string,
  count: number,
  headers: Record<string, string> = {},
): Promise<{ status: number; events: { event: string; id?: string; data: Json }[] }> {
  const { port } = server.address() as AddressInfo;
  const abort = new AbortController();
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    headers: { authorization: `Bearer ${key}`, ...headers },
    signal: abort.signal,
  });
  if (answer.status !== 200) return { status: answer.status, events: [] };
  const events: { event: string; id?: string; data: Json }[] = [];
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = Object.fromEntries(
        block
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      if (fields['event'])
        events.push({
          event: fields['event'],
          id: fields['id'],
          data: JSON.parse(fields['data'] ?? '{}') as Json,
        });
    }
    if (events.length >= count) break;
  }
  abort.abort();
  return { status: 200, events };
}

describe('The own API, the life of receipts', () => {
  let world: World;
  let server: Server;
  let shop: Caller;
  let stranger: Caller;

  beforeAll(async () => {
    world = await createWorld();
    server = await world.door({
      ownApi: { ...defaultOwnApiSettings, streamEveryMs: 50, streamsPerClient: 2 },
    });
    shop = new Caller(server, await makeKey(world, { name: 'shop' }));
    stranger = new Caller(server, await makeKey(world, { client: otherClient }));
  });
  afterAll(() => world.close());

  const items = [
    { price: '33.33', quantity: '3' },
    { price: '10.00', quantity: '1.5' },
  ].map((one) => ({ ...(ownSale()['items'] as object[])[0], ...one }));

  /** A registered sale of 99.99 + 15.00. */
  async function sold(changes: Json = {}): Promise<string> {
    const answer = await shop.sell({
      items,
      payments: [{ type: 'electronic' }],
      total: undefined,
      ...changes,
    });
    expect(answer.status).toBe(202);
    const id = answer.body.id as string;
    await finish(world, id);
    return id;
  }

  describe('refunds', () => {
    it('go one after another to the last kopeck and no further', async () => {
      const id = await sold();
      const plan = await shop.post(`/v1/receipts/${id}/refunds:plan`);
      expect(plan.body).toMatchObject({
        operation: 'sell_refund',
        total: '114.99',
        left: '0.00',
        errors: [],
      });
      const first = await shop.post(
        `/v1/receipts/${id}/refunds`,
        { items: [{ position: 0, quantity: '1' }] },
        freshKey(),
      );
      expect([first.status, first.body]).toEqual([
        202,
        expect.objectContaining({ operation: 'sell_refund', total: '33.33' }),
      ]);
      const half = await shop.post(`/v1/receipts/${id}/refunds`, { amount: '40.01' }, freshKey());
      expect(half.body.total).toBe('40.01');
      const rest = await shop.post(`/v1/receipts/${id}/refunds:plan`, {});
      expect(rest.body).toMatchObject({ total: '41.65', left: '0.00' });
      const lines = rest.body.items as Line[];
      expect(lines.reduce((sum, { sum: text }) => sum + Math.round(Number(text) * 100), 0)).toBe(4_165);
      const last = await shop.post(`/v1/receipts/${id}/refunds`, undefined, freshKey());
      expect(last.body.total).toBe('41.65');
      const more = await shop.post(`/v1/receipts/${id}/refunds`, {}, freshKey());
      expect([more.status, more.body.errors]).toEqual([
        422,
        [expect.objectContaining({ rule: 'NothingLeft' })],
      ]);
      const original = await shop.get(`/v1/receipts/${id}`);
      expect((original.body.derived as object[]).length).toBe(3);
      expect((await shop.get(`/v1/receipts/${first.body.id as string}`)).body.origin).toEqual({
        id,
        kind: 'refund',
      });
    });

    it('answer a repeat alike, and another request under the key with a conflict', async () => {
      const id = await sold();
      const key = freshKey();
      const ask = (body: object) => shop.post(`/v1/receipts/${id}/refunds`, body, key);
      const first = await ask({ amount: '100.00' });
      expect((await ask({ amount: '100.00' })).body).toEqual(first.body);
      expect((await ask({ amount: '100.00' })).headers['idempotent-replayed']).toBe('true');
      expect((await ask({ amount: '1.00' })).body).toMatchObject({ code: 'idempotency-conflict' });
    });

    it('asked for at once never give back more than was paid', async () => {
      const id = await sold();
      const answers = await Promise.all(
        Array.from({ length: 12 }, () =>
          shop.post(`/v1/receipts/${id}/refunds`, { amount: '30.00' }, freshKey()),
        ),
      );
      expect(answers.filter(({ status }) => status === 202)).toHaveLength(3);
      const key = freshKey();
      const same = await Promise.all(
        Array.from({ length: 6 }, () => shop.post(`/v1/receipts/${id}/refunds`, { amount: '10.00' }, key)),
      );
      expect(new Set(same.map(({ status }) => status))).toEqual(new Set([202]));
      expect(new Set(same.map(({ body }) => (body as { id: string }).id)).size).toBe(1);
      const left = await shop.post(`/v1/receipts/${id}/refunds:plan`, {});
      expect(left.body.total).toBe('14.99');
    });

    it('that failed free what they took', async () => {
      const id = await sold();
      const refund = await shop.post(`/v1/receipts/${id}/refunds`, {}, freshKey());
      await world.database.query(
        `update receipts set state = 'failed', error_code = 1, error_type = 'timeout', finished_at = now() where id = $1`,
        [refund.body.id],
      );
      expect((await shop.post(`/v1/receipts/${id}/refunds:plan`, {})).body.total).toBe('114.99');
    });

    it('need a registered sale', async () => {
      const waiting = (await shop.sell()).body.id as string;
      expect((await shop.post(`/v1/receipts/${waiting}/refunds`, {}, freshKey())).body.code).toBe(
        'state-conflict',
      );
      const refund = await sold({ operation: 'sell_refund' });
      expect((await shop.post(`/v1/receipts/${refund}/refunds`, {}, freshKey())).body.code).toBe(
        'state-conflict',
      );
    });

    it('say field by field what is too much', async () => {
      const id = await sold();
      const answer = await shop.post(
        `/v1/receipts/${id}/refunds`,
        { items: [{ position: 0, quantity: '4' }] },
        freshKey(),
      );
      expect(answer.body.errors).toMatchObject([
        { pointer: '/items/0/quantity', rule: 'MoreThanLeft', tag: 1023, suggestion: { value: '3' } },
      ]);
    });
  });

  describe('corrections', () => {
    const contentOf = async (id: string): Promise<ReceiptContent & { sign: number }> =>
      (
        (
          await world.database.query<{ content: ReceiptContent }>(
            'select content from receipts where id = $1',
            [id],
          )
        )[0] ?? {}
      ).content as ReceiptContent;

    it('take a wrong receipt back whole, then register it right (FFD 1.2)', async () => {
      const id = await sold();
      const undo = await shop.post(`/v1/receipts/${id}/corrections`, { kind: 'undo' }, freshKey());
      expect(undo.body).toMatchObject({ operation: 'sell_refund_correction', total: '114.99' });
      const undone = await contentOf(undo.body.id as string);
      expect(undone).toMatchObject({
        form: 'correction',
        sign: 2,
        checkProps: '123456789',
        correction: { type: 0, date: expect.stringMatching(/^\d{4}-/) },
      });
      const redo = await shop.post(
        `/v1/receipts/${id}/corrections`,
        { kind: 'redo', items: [{ ...items[0], vat: { type: 'vat10' } }, items[1]] },
        freshKey(),
      );
      expect(redo.body).toMatchObject({ operation: 'sell_correction', total: '114.99' });
      expect((await contentOf(redo.body.id as string)).vatTotals).toEqual({ 2: 909, 11: 270 });
      const again = await shop.post(`/v1/receipts/${id}/corrections`, { kind: 'undo' }, freshKey());
      expect(again.body).toMatchObject({ code: 'state-conflict' });
      expect((await shop.post(`/v1/receipts/${id}/refunds`, {}, freshKey())).status).toBe(422);
    });

    it('are ordinary receipts with FFD 1.05', async () => {
      const id = await sold({ group: 'g4' });
      const undo = await shop.post(`/v1/receipts/${id}/corrections`, { kind: 'undo' }, freshKey());
      expect(undo.body).toMatchObject({ operation: 'sell_refund' });
      expect(await contentOf(undo.body.id as string)).toMatchObject({
        form: 'receipt',
        sign: 2,
        checkProps: '123456789',
      });
    });
  });

  describe('the preview', () => {
    const files = [
      ['pdf', 'application/pdf', '%PDF'],
      ['png', 'image/png', '\u0089PNG'],
    ] as const;

    it('shows the page, the TLV, its size, the QR code, and what was changed', async () => {
      const item = { ...(ownSale()['items'] as object[])[0], name: '<b>Чай</b> 🍵' };
      const answer = await shop.post('/v1/receipts:preview', ownSale({ items: [item] }));
      expect(answer.status).toBe(200);
      const { html, tlv_hex, tlv_bytes, qr, warnings } = answer.body as {
        html: string;
        tlv_hex: string;
        tlv_bytes: number;
        qr: string;
        warnings: { rule: string }[];
      };
      expect(html).toContain('&lt;b&gt;Чай&lt;/b&gt;');
      expect(html).toContain('НЕ ФИСКАЛЬНЫЙ ДОКУМЕНТ');
      expect(html).toContain('<svg');
      expect(html).not.toMatch(/<script|<b>Чай/);
      const tlv = Buffer.from(tlv_hex, 'hex');
      expect(tlv).toHaveLength(tlv_bytes);
      expect(decodeTlv(tlv)).toMatchObject([{ tag: 3 }]);
      expect(qr).toContain('s=201.00');
      expect(warnings).toMatchObject([{ rule: 'TextChanged' }]);
      expect(
        (await shop.post('/v1/receipts:preview', ownSale({ payments: [{ type: 'cash', sum: '1.00' }] })))
          .status,
      ).toBe(422);
    });

    it('is a PDF or a picture when asked for one', async () => {
      for (const [format, type, magic] of files) {
        const file = await shop.post(`/v1/receipts:preview?format=${format}`, ownSale());
        expect([file.status, file.headers['content-type']]).toEqual([200, type]);
        expect((file.body as Buffer).subarray(0, 4).toString('latin1')).toBe(magic);
      }
      const page = await shop.post('/v1/receipts:preview?format=html', ownSale());
      expect(page.text).toMatch(/^<!doctype html>/);
    });

    it('of a registered receipt is its document', async () => {
      const id = (await shop.sell()).body.id as string;
      expect((await shop.get(`/v1/receipts/${id}/print`)).status).toBe(409);
      const [row] = await world.database.query<{ content: ReceiptContent }>(
        'select content from receipts where id = $1',
        [id],
      );
      const register = {
        ffd: 4 as const,
        inn: '5544332219',
        rnm: '0000000000055871',
        place: 'p',
        address: 'a',
        userName: 'Магазин',
      };
      const facts = {
        fnNumber: '9999078900005489',
        fdNumber: 5,
        at: '2026-11-23T12:00:00',
        fiscalSign: 42,
        shiftNumber: 1,
        receiptNumber: 2,
      };
      const requisites = receiptRequisites(row?.content as ReceiptContent, register);
      await finish(
        world,
        id,
        buildDocument(3, receiptDocumentFields(requisites, register, facts)).subarray(4),
      );
      const page = await shop.get(`/v1/receipts/${id}/print`);
      expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(page.text).toContain('КАССОВЫЙ ЧЕК');
      expect(page.text).toContain('=201,00');
      expect(page.text).not.toContain('НЕ ФИСКАЛЬНЫЙ');
      for (const [format, type, magic] of files) {
        const file = await shop.get(`/v1/receipts/${id}/print?format=${format}`);
        expect([file.status, file.headers['content-type']]).toEqual([200, type]);
        expect((file.body as Buffer).subarray(0, 4).toString('latin1')).toBe(magic);
      }
      expect((await shop.get(`/v1/receipts/${id}/print?format=doc`)).status).toBe(422);
    });
  });

  describe('events', () => {
    const all = async (caller: Caller, from = ''): Promise<{ ids: string[]; next: string }> => {
      const ids: string[] = [];
      let next = from;
      for (;;) {
        const page = await caller.get(`/v1/events?limit=3${next ? `&after=${next}` : ''}`);
        expect(page.status).toBe(200);
        const body = page.body as {
          items: { receipt: { id: string } }[];
          next: string | null;
          more: boolean;
        };
        ids.push(...body.items.map(({ receipt }) => receipt.id));
        next = body.next ?? next;
        if (!body.more) return { ids, next };
      }
    };

    it('are all there once, in order, and go on from the position that was kept', async () => {
      const before = await all(shop);
      const ended: string[] = [];
      for (let n = 0; n < 7; n += 1) ended.push(await sold());
      const after = await all(shop, before.next);
      expect(after.ids).toEqual(ended);
      expect(await all(shop, after.next)).toEqual({ ids: [], next: after.next });
      expect((await all(stranger)).ids).toEqual([]);
    });

    it('wait for a transaction that may still show an earlier end', async () => {
      const { next } = await all(shop);
      const [slow, quick] = [(await shop.sell()).body.id as string, (await shop.sell()).body.id as string];
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      let started = (): void => undefined;
      const running = new Promise<void>((resolve) => (started = resolve));
      const transaction = world.database.transaction(async (sql) => {
        await finish({ ...world, database: sql } as World, slow);
        started();
        await held;
      });
      await running;
      await world.database.query(
        `update receipts set state = 'failed', error_code = 1, error_type = 'timeout', finished_at = clock_timestamp() where id = $1`,
        [quick],
      );
      expect((await all(shop, next)).ids).toEqual([]);
      release();
      await transaction;
      expect((await all(shop, next)).ids).toEqual([slow, quick]);
    });

    it('come as a stream, and again after the last id that was read', async () => {
      const reading = readStream(server, '/v1/events/stream', shop.key, 2);
      await new Promise((go) => setTimeout(go, 300));
      const ids = [await sold(), await sold()];
      const { events } = await reading;
      expect(events.map(({ event, data }) => [event, (data['receipt'] as Json)['id']])).toEqual(
        ids.map((id) => ['receipt.done', id]),
      );
      const again = await readStream(server, '/v1/events/stream', shop.key, 1, {
        'last-event-id': events[0]?.id ?? '',
      });
      expect((again.events[0]?.data['receipt'] as Json)['id']).toBe(ids[1]);
    });

    it('of one receipt tell why it waits until it has ended', async () => {
      const id = (await shop.sell()).body.id as string;
      const reading = readStream(server, `/v1/receipts/${id}/stream`, shop.key, 99);
      await new Promise((go) => setTimeout(go, 300));
      await finish(world, id);
      const { events } = await reading;
      expect(events[0]?.data).toMatchObject({ state: 'queued', waiting: { place: expect.any(Number) } });
      expect(events.at(-1)?.data).toMatchObject({
        state: 'done',
        document: { fd_number: expect.any(Number) },
      });
    });

    it('are limited to a few streams of a client', async () => {
      const abort = new AbortController();
      const { port } = server.address() as AddressInfo;
      const open = () =>
        fetch(`http://127.0.0.1:${port}/v1/events/stream`, {
          headers: { authorization: `Bearer ${shop.key}` },
          signal: abort.signal,
        });
      expect([(await open()).status, (await open()).status]).toEqual([200, 200]);
      const third = await open();
      expect([third.status, third.headers.get('retry-after')]).toEqual([429, '30']);
      expect((await readStream(server, '/v1/events/stream', stranger.key, 0)).status).toBe(200);
      abort.abort();
    });
  });

  describe('reports', () => {
    it('add up to what was registered, by register, shift, day and hour', async () => {
      const [sum] = await world.database.query<{ n: number; kop: number }>(
        `select count(*)::int as n, sum(r.total_kop)::float8 as kop from receipts r join documents d on d.receipt_id = r.id
         where r.client_id = $1 and r.content->>'sign' = '1'`,
        [clientId],
      );
      for (const path of ['registers', 'shifts', 'periods', 'periods?by=hour']) {
        const today = new Date(Date.now() + 3 * 3_600_000).toISOString().slice(0, 10);
        const yesterday = new Date(Date.now() - 21 * 3_600_000).toISOString().slice(0, 10);
        const answer = await shop.get(
          `/v1/reports/${path}${path.includes('?') ? '&' : '?'}from=${yesterday}&to=${today}`,
        );
        expect(answer.status).toBe(200);
        const totals = (
          answer.body as { items: { totals: { operation: string; receipts: number; total: string }[] }[] }
        ).items
          .flatMap((line) => line.totals)
          .filter(({ operation }) => operation === 'sell');
        expect(totals.reduce((n, { receipts }) => n + receipts, 0)).toBe(sum?.n);
        expect(totals.reduce((kop, { total }) => kop + Math.round(Number(total) * 100), 0)).toBe(sum?.kop);
        const none = await stranger.get(
          `/v1/reports/${path}${path.includes('?') ? '&' : '?'}from=${yesterday}&to=${today}`,
        );
        expect(none.body).toEqual({ items: [] });
      }
    });

    it.each([
      'from=2026-01-01&to=2026-12-31',
      'from=2026-01-02&to=2026-01-01',
      'from=2026-02-30&to=2026-03-01',
      'to=2026-01-01',
    ])('refuse ?%s', async (query) => {
      expect((await shop.get(`/v1/reports/registers?${query}`)).status).toBe(422);
    });
  });

  describe('keys', () => {
    it('are listed with their last use, rotated without a pause, and revoked', async () => {
      const quick = await world.door({ cacheTtlMs: 0 });
      const old = new Caller(quick, await makeKey(world, { name: 'rotating' }));
      const made = await old.post('/v1/keys/current:rotate', { old_lives_hours: 1 });
      expect(made.status).toBe(201);
      const fresh = new Caller(quick, (made.body as { key: string }).key);
      expect([(await old.get('/v1/receipts')).status, (await fresh.get('/v1/receipts')).status]).toEqual([
        200, 200,
      ]);
      expect((await fresh.post('/v1/keys/current:rotate')).body).toMatchObject({ code: 'keys-full' });
      const oldId = old.key.split('_')[2] ?? '';
      const listed = (await fresh.get('/v1/keys')).body as {
        items: { id: string; current: boolean; expires_at: string | null }[];
      };
      expect(listed.items.find(({ id }) => id === oldId)?.expires_at).not.toBeNull();
      expect(listed.items.find(({ current }) => current)?.id).toBe(made.body.id);
      expect(JSON.stringify(listed)).not.toContain(fresh.key.slice(20));
      expect((await stranger.delete(`/v1/keys/${oldId}`)).status).toBe(404);
      expect((await fresh.delete(`/v1/keys/${oldId}`)).status).toBe(204);
      expect((await old.get('/v1/receipts')).status).toBe(401);
      expect((await fresh.delete(`/v1/keys/${oldId}`)).status).toBe(404);
    });

    it('remember their last use', async () => {
      const own = await createWorld();
      try {
        const key = await makeKey(own);
        const door = await own.door();
        await new Caller(door, key).get('/v1/receipts');
        const used = async () =>
          (
            await own.database.query<{ at: Date | null; from: string }>(
              'select last_used_at as at, last_used_from as "from" from api_keys',
            )
          )[0];
        expect((await used())?.at).toBeNull();
        await own.stopDoors();
        expect(await used()).toMatchObject({ at: expect.any(Date), from: '127.0.0.1' });
      } finally {
        await own.close();
      }
    });
  });

  it('gives nothing of another client away: every path with an id answers 404', async () => {
    const id = await sold();
    for (const { method, path, scope } of operations.filter((one) => one.path.includes('{id}'))) {
      expect(scope).toBeDefined();
      const url = path.replace('{id}', path.includes('/keys/') ? (shop.key.split('_')[2] ?? '') : id);
      const body = path.endsWith('corrections') ? { kind: 'undo' } : {};
      const answer =
        method === 'get'
          ? await stranger.get(url)
          : method === 'post'
            ? await stranger.post(url, body, freshKey())
            : await stranger.delete(url);
      expect([path, answer.status]).toEqual([path, 404]);
    }
    expect(await new ApiReceiptStore(world.database).takenOf(id)).toEqual({ takenKop: [], takenMicro: [] });
    expect((await shop.get('/v1/keys')).status).toBe(200);
  });

  it('reckons registers of a load, and names the field of a load that is none', async () => {
    const load = { receipts_per_day: 20_000, peak_per_minute: 60, pace_ms: 800, p99_s: 5 };
    const { status, body } = await shop.post('/v1/calculator', load);
    expect(status).toBe(200);
    expect(body.minimum).toBeGreaterThanOrEqual(1);
    expect(body.optimal).toBeGreaterThanOrEqual(body.minimum as number);
    expect(body.predicted_p99_ms).toBeLessThanOrEqual(5_000);
    expect(body.arithmetic.length).toBeGreaterThan(3);
    const wrong = await shop.post('/v1/calculator', { ...load, pace_ms: -1 });
    expect(wrong.status).toBe(422);
    expect(JSON.stringify(wrong.body)).toContain('/pace_ms');
  });

  it('serves its own description', async () => {
    const json = await request(server).get('/v1/openapi.json');
    expect([json.status, json.body.openapi]).toEqual([200, '3.1.0']);
    const page = await request(server).get('/v1/docs');
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.text).toContain('/v1/receipts:validate');
  });

  it('has answered through every operation, as its description says', () => {
    const ours = operations.filter(({ tag }) => !['Payments', 'Callbacks', 'Registers'].includes(tag));
    const silent = ours.map(({ id }) => id).filter((id) => !answered.has(id));
    // Streams and the description itself are read by other means above; the others have tests of their own.
    const elsewhere = ['docs', 'openApi', 'streamEvents', 'validateReceipt', 'makeKey', 'changeKey'];
    expect(silent.sort()).toEqual(elsewhere.sort());
  });
});
