import { type Log, silentLog, systemClock, systemIds } from '@kkt/contracts';
import type { GroupFacts } from '@kkt/domain';
import type { ApiToken, NewReceipt, RegisterGroup } from '@kkt/storage';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { correction4, correction5, sale4, sale5 } from '../test/bodies';
import type { Directory } from './access/directory';
import type { TokenIssuer } from './access/token-issuer';
import { AtolDoor, type DoorRequest } from './atol-door';
import { ReceiptIntake } from './intake/receipt-intake';
import { ReceiptApiMetrics } from './metrics';
import { defaultSettings } from './settings';

const facts = (ffd: 2 | 4): GroupFacts => ({
  inn: '5544332219',
  ffd,
  taxSystems: 1,
  defaultTaxSystem: null,
  place: 'p',
  address: 'a',
  senderEmail: null,
});

/** A door over nothing: two groups in memory, accepts are kept in a list. */
function doorOverNothing(accept?: () => Promise<never>, log: Log = silentLog) {
  const taken: NewReceipt[] = [];
  const metrics = new ReceiptApiMetrics(new Registry(), () => 0);
  const token: ApiToken = { loginId: 'l', clientId: 'c', expiresAt: new Date(8.64e15), blocked: false };
  const directory = {
    token: () => token,
    group: (code: string) => {
      const protocol = code === 'g4' ? 4 : 5;
      return {
        group: { id: 1, clientId: 'c', code, protocol, queueLimitS: 300 } as RegisterGroup,
        facts: facts(protocol === 4 ? 2 : 4),
      };
    },
    driversOf: () => [],
  } as unknown as Directory;
  const intake = new ReceiptIntake({
    store: {
      accept:
        accept ??
        (async (batch) => {
          taken.push(...batch);
          return batch.map(({ id }) => ({ accepted: true, id }));
        }),
    },
    directory,
    wakeBus: { wake: () => Promise.resolve() },
    clock: systemClock,
    log: silentLog,
    metrics,
    maxBatch: 16,
    maxWaiting: 1_000,
  });
  const door = new AtolDoor({
    directory,
    issuer: {} as TokenIssuer,
    intake,
    receipts: { report: () => Promise.resolve(undefined) },
    registers: { page: () => Promise.resolve([]), bySerial: () => Promise.resolve(undefined) },
    clock: systemClock,
    ids: systemIds,
    log,
    metrics,
    gate: { beforeRefusal: () => Promise.resolve() },
    settings: defaultSettings,
  });
  return { door, taken };
}

const asked = (version: 4 | 5, body: string): DoorRequest => ({
  version,
  token: 'a'.repeat(128),
  contentType: 'application/json',
  body: { text: body },
  address: '127.0.0.1',
  raw: {},
});

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** All places of a JSON value, as paths of keys. */
function placesOf(value: Json, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, child]) => placesOf(child as Json, [...path, key]))];
}

function replaced(value: Json, [key, ...rest]: (string | number)[], by: Json | undefined): Json | undefined {
  if (key === undefined) return by;
  const copy = structuredClone(value) as Record<string, Json>;
  const child = replaced(copy[key] ?? null, rest, by);
  if (child === undefined) delete copy[key];
  else copy[key] = child;
  return copy;
}

describe('the door', () => {
  it('answers any damaged body with 200 or 400 and its common shape, never with a fault of ours', async () => {
    const { door, taken } = doorOverNothing();
    const starts: [4 | 5, string, string, () => object][] = [
      [4, 'g4', 'sell', sale4],
      [4, 'g4', 'buy_correction', correction4],
      [5, 'g5', 'sell_refund', sale5],
      [5, 'g5', 'sell_refund_correction', correction5],
    ];
    const strange = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
      fc.constantFrom<Json>(
        '',
        -1,
        0,
        1e300,
        0.1 + 0.2,
        '\u0000',
        '\ud800',
        'vat18',
        33,
        true,
        [],
        {},
        '__proto__',
        'x'.repeat(300),
      ),
    );
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...starts),
        fc.array(fc.tuple(fc.nat(), fc.option(strange, { nil: undefined })), { minLength: 1, maxLength: 4 }),
        async ([version, group, operation, body], changes) => {
          let damaged = body() as Json | undefined;
          for (const [at, by] of changes) {
            const places = placesOf(damaged ?? null);
            damaged = replaced(damaged ?? null, places[at % places.length] ?? [], by);
          }
          const answer = await door.register(
            asked(version, JSON.stringify(damaged ?? null)),
            group,
            operation,
          );
          const told = JSON.parse(answer.body) as { uuid?: string; error: { code: number } | null };
          if (answer.http === 200) expect(taken.at(-1)?.id).toBe(told.uuid);
          else {
            refused++;
            expect([answer.http, told.error?.code]).toEqual([400, 32]);
            expect(answer.body.length).toBeLessThan(6_000);
          }
        },
      ),
      { numRuns: 3_000 },
    );
    expect(refused).toBeGreaterThan(500);
    expect(taken.length).toBeGreaterThan(20);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  }, 60_000);

  it('refuses what PostgreSQL cannot keep, wherever it stands, and nothing that only looks like it', async () => {
    const { door, taken } = doorOverNothing();
    const sell = async (changes: object, more: object = {}) =>
      (
        await door.register(
          asked(4, JSON.stringify({ ...sale4({ ...changes } as never), ...more })),
          'g4',
          'sell',
        )
      ).http;
    const phones = (phone: string) => ({ supplier_info: { phones: [phone], name: 'П', inn: '7704358518' } });
    expect(await sell(phones('+7926\u0000'))).toBe(400);
    expect(await sell(phones('+7926\ud800'))).toBe(400);
    expect(await sell(phones('+79261234567'))).toBe(200);
    expect(await sell({ additional_check_props: 'a\\u0000' })).toBe(200);
    expect(await sell({}, { service: { callback_url: 'https://shop.example/\u0000' } })).toBe(200);
    expect(taken.at(-1)).toMatchObject({ callbackUrl: '', callbackNote: expect.any(String) as unknown });
  });

  it('keeps keys of the prototype out of the content', async () => {
    const { door, taken } = doorOverNothing();
    const body = JSON.stringify(sale4()).replace(
      '"receipt":{',
      '"__proto__":{"polluted":1},"receipt":{"__proto__":{"polluted":1},"constructor":{},',
    );
    expect((await door.register(asked(4, body), 'g4', 'sell')).http).toBe(200);
    expect(JSON.stringify(taken[0])).not.toContain('polluted');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  }, 60_000);

  it('tells a fault of ours by an id that the log has, and by nothing else', async () => {
    const lines: object[] = [];
    const log: Log = { ...silentLog, error: (fields) => lines.push(fields) };
    const { door } = doorOverNothing(() => Promise.reject(new Error('secret detail')), log);
    const answer = await door.register(asked(4, JSON.stringify(sale4())), 'g4', 'sell');
    expect(answer.http).toBe(500);
    expect(answer.body).not.toContain('secret');
    const { error } = JSON.parse(answer.body) as { error: { error_id: string; code: number } };
    expect(error.code).toBe(50);
    expect(lines).toEqual([expect.objectContaining({ errorId: error.error_id })]);
  });

  it('never writes a buyer’s contact into an answer', async () => {
    const { door } = doorOverNothing();
    const body = sale4({ client: { email: 'very.private@example.com', inn: '123' }, total: 1 });
    const answer = await door.register(asked(4, JSON.stringify(body)), 'g4', 'sell');
    expect(answer.http).toBe(400);
    expect(answer.body).not.toContain('private');
  });
});
