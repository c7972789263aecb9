import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiProblem, FarmApi } from '@kkt/api-client';
import { sendReceipt } from '../../../docs/api/examples/typescript/send-receipt';
import { finish, makeKey } from './own-api';
import { inn } from './bodies';
import { createWorld, password, type World } from './world';

const examples = join(__dirname, '..', '..', '..', 'docs', 'api', 'examples');

describe('Examples of the documentation, against a live instance', () => {
  let world: World;
  let url: string;
  let key: string;
  let isOver = false;
  let registers: Promise<void>;

  beforeAll(async () => {
    world = await createWorld();
    const server: Server = await world.door();
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    key = await makeKey(world);
    // Somebody registers what waits, as the drivers do.
    registers = (async () => {
      while (!isOver) {
        const queued = await world.database.query<{ id: string }>(
          `select id from receipts where state = 'queued'`,
        );
        for (const { id } of queued) await finish(world, id);
        await new Promise((go) => setTimeout(go, 200));
      }
    })();
  });
  afterAll(async () => {
    isOver = true;
    await registers;
    await world.close();
  });

  const documentsOf = async (externalId: string) =>
    world.database.query(
      'select 1 from documents d join receipts r on r.id = d.receipt_id where r.external_id = $1',
      [externalId],
    );

  const run = (
    program: string,
    args: string[],
    order: string,
  ): Promise<{ code: number | null; output: string }> =>
    new Promise((done, fail) => {
      const child = spawn(program, args, {
        env: { PATH: process.env.PATH ?? '', KKT_API: url, KKT_KEY: key, KKT_GROUP: 'g5', KKT_ORDER: order },
      });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.once('error', fail);
      child.once('close', (code) => done({ code, output }));
    });

  const programs: [name: string, program: string, file: string][] = [
    ['curl', 'sh', 'curl/send-receipt.sh'],
    ['Python', 'python3', 'python/send_receipt.py'],
    ['PHP', 'php', 'php/send-receipt.php'],
  ];
  for (const [name, program, file] of programs) {
    const isThere = spawnSync(program, [name === 'curl' ? '-c' : '--version', 'curl --version']).status === 0;
    (isThere ? it : it.skip)(
      `${name}: sends a receipt, twice with one key, and there is one document`,
      async () => {
        const order = `example-${name}`;
        for (const _ of [1, 2]) {
          const { code, output } = await run(program, [join(examples, file)], order);
          expect([code, output]).toEqual([0, expect.stringContaining('registered')]);
        }
        expect(await documentsOf(order)).toHaveLength(1);
      },
    );
  }

  const hasPhp = spawnSync('php', ['-r', 'exit(function_exists("curl_init") ? 0 : 1);']).status === 0;
  (hasPhp ? it : it.skip)('PHP of the page on moving from ATOL Online: a sale and its report', async () => {
    const page = readFileSync(join(examples, '..', 'moving-from-atol-online.md'), 'utf8');
    const program = [...page.matchAll(/```php\n([^]*?)```/g)]
      .map(([, text = '']) => text)
      .find((text) => text.includes('getToken'));
    const folder = mkdtempSync(join(tmpdir(), 'kkt-example-'));
    const file = join(folder, 'smallest.php');
    // Only what the page itself tells a shop to change: the host, the login, the group and the requisites.
    const changes: [from: string, to: string][] = [
      ['http://127.0.0.1:8080', url],
      ["'demo', 'pass' => 'demo-password'", `'shop', 'pass' => '${password}'`],
      ['/demo-v4/', '/g4/'],
      ['5544332219', inn],
    ];
    let text = program ?? '';
    for (const [from, to] of changes) {
      expect(text).toContain(from);
      text = text.replaceAll(from, to);
    }
    writeFileSync(file, text);
    const { code, output } = await run('php', [file], 'example-page');
    rmSync(folder, { recursive: true, force: true });
    expect([code, output]).toEqual([
      0,
      expect.stringMatching(/\[total\] => 1080[^]*\[fiscal_document_number\] => \d+/),
    ]);
  });

  it('TypeScript: sells, gives back, and reads a refusal', async () => {
    const said: string[] = [];
    const { sale, refund } = await sendReceipt(url, key, 'g5', 'example-ts', (text) => said.push(text));
    expect(sale).toMatchObject({ state: 'done', total: '1080.00' });
    expect(refund).toMatchObject({ state: 'done', total: '540.00', origin: { id: sale.id, kind: 'refund' } });
    expect(said.join('\n')).toMatch(
      /check: valid true[^]*accepted:[^]*registered: FN 9999078900005489[^]*refused: \/amount/,
    );
  });

  it('the client repeats what got no answer, and only that', async () => {
    let calls = 0;
    const shaky = (async (...args: Parameters<typeof fetch>) => {
      calls += 1;
      if (calls === 1) throw new TypeError('connection reset');
      if (calls === 2) return new Response('{}', { status: 503, headers: { 'retry-after': '0' } });
      return fetch(...args);
    }) as typeof fetch;
    const api = new FarmApi({ baseUrl: url, key, fetch: shaky });
    expect((await api.listReceipts({ limit: 1 })).items).toHaveLength(1);
    expect(calls).toBe(3);
    calls = 2;
    await expect(api.getReceipt({ id: 'nobody' })).rejects.toMatchObject({ status: 404, code: 'not-found' });
    expect(calls).toBe(3);
    await expect(new FarmApi({ baseUrl: url, key: 'x' }).listKeys()).rejects.toBeInstanceOf(ApiProblem);
  });

  it('the client’s stream hands out events as they come', async () => {
    const api = new FarmApi({ baseUrl: url, key });
    const abort = new AbortController();
    const { items } = await api.listEvents({ limit: 2 });
    const seen: string[] = [];
    for await (const { data } of api.streamEvents({ lastEventId: items[0]?.id, signal: abort.signal })) {
      seen.push(data.receipt.id);
      break;
    }
    abort.abort();
    expect(seen).toEqual([items[1]?.receipt.id]);
  });
});
