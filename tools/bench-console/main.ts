import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { silentLog, systemClock, systemIds } from '@kkt/contracts';
import { hashPassword } from '@kkt/security';
import type { Database, SqlValue } from '@kkt/storage';
import { createConsole } from '../../apps/admin-console/server/src/create-console';
import { median } from '../bench/row';
import { root, withServers } from '../bench/servers';
import { findChromium, openBrowser } from '../pages/browser';
import { fillHall, rackName, racksOfFarm, registersOfFarm } from './hall';

/**
 * The console over a whole farm: how long its first screens take, how many queries they ask and what they weigh.
 *
 * npm run bench:console -- [--repeats=7] [--write]   --write puts the table in docs/reference/console-speed.md
 */

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const login = { login: 'bench', password: 'bench-long-password' };

interface Figure {
  what: string;
  path: string;
  medianMs: number;
  worstMs: number;
  queries: number;
  bytes: number;
  gzipBytes: number;
  goalMs: number | null;
}

/** The same database, with its statements counted. */
function counting(database: Database): { database: Database; count(): number } {
  let n = 0;
  const query = <Row extends object>(text: string, values?: readonly SqlValue[], name?: string) => {
    n += 1;
    return database.query<Row>(text, values, name);
  };
  return {
    count: () => n,
    database: {
      query,
      transaction: (run) =>
        database.transaction((sql) =>
          run({
            query: (text, values, name) => {
              n += 1;
              return sql.query(text, values, name);
            },
          }),
        ),
      close: () => database.close(),
    },
  };
}

const doors = [
  { what: 'overview', path: 'overview', goalMs: 2_000 },
  { what: 'a rack of 576', path: `racks/dc1/${rackName(7)}`, goalMs: 1_000 },
  { what: 'list of racks', path: 'racks', goalMs: null },
  { what: 'network and power of the hall', path: 'plant', goalMs: null },
  { what: 'wall: service', path: 'wall/service', goalMs: null },
  { what: 'wall: hardware', path: 'wall/hardware', goalMs: null },
  { what: 'capacity plan', path: 'capacity', goalMs: null },
  { what: 'queues', path: 'queues', goalMs: null },
] as const;

async function measureDoors(
  url: string,
  cookie: string,
  count: () => number,
  repeats: number,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { what, path, goalMs } of doors) {
    const times: number[] = [];
    let queries = 0;
    let body = Buffer.alloc(0);
    for (let turn = 0; turn < repeats; turn++) {
      const before = count();
      const beganMs = performance.now();
      const answer = await fetch(`${url}/api/${path}`, {
        headers: { cookie },
        signal: AbortSignal.timeout(60_000),
      });
      body = Buffer.from(await answer.arrayBuffer());
      if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status} ${body.toString().slice(0, 200)}`);
      times.push(performance.now() - beganMs);
      queries = count() - before;
    }
    figures.push({
      what,
      path,
      medianMs: Math.round(median(times)),
      worstMs: Math.round(Math.max(...times)),
      queries,
      bytes: body.length,
      gzipBytes: gzipSync(body).length,
      goalMs,
    });
  }
  return figures;
}

/** Files of the first page: what the browser takes before it shows anything. */
function pageWeight(folder: string): { files: number; bytes: number; gzipBytes: number } {
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const named = [...html.matchAll(/(?:src|href)="\/?([^"]+\.(?:js|css|svg))"/g)].map(
    ([, path]) => path ?? '',
  );
  const files = named
    .map((path) => join(folder, path))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  const contents = files.map((path) => readFileSync(path));
  return {
    files: files.length,
    bytes: contents.reduce((sum, one) => sum + one.length, html.length),
    gzipBytes: contents.reduce((sum, one) => sum + gzipSync(one).length, gzipSync(html).length),
  };
}

/** From the address to what is on the screen, in a browser of this machine; undefined when there is none. */
async function measureScreens(
  url: string,
  repeats: number,
): Promise<{ what: string; ms: number }[] | undefined> {
  const executable = findChromium();
  if (!executable) return undefined;
  const browser = await openBrowser(executable);
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    page.setDefaultTimeout(60_000);
    await page.goto(url);
    await page.locator('input[name="username"]').fill(login.login);
    await page.locator('input[name="password"]').fill(login.password);
    await page.locator('button[type="submit"]').click();
    await page.locator('.console-rack').first().waitFor();
    const screens = [
      { what: 'overview on the screen', path: '/', mark: '.console-rack' },
      { what: 'rack of 576 on the screen', path: `/racks/dc1/${rackName(7)}`, mark: '.kit-cell[data-tone]' },
    ];
    const found: { what: string; ms: number }[] = [];
    for (const { what, path, mark } of screens) {
      const times: number[] = [];
      for (let turn = 0; turn < repeats; turn++) {
        const beganMs = performance.now();
        await page.goto(`${url}${path}`);
        await page.locator(mark).first().waitFor();
        times.push(performance.now() - beganMs);
      }
      found.push({ what, ms: Math.round(median(times)) });
    }
    return found;
  } finally {
    await browser.close();
  }
}

const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;

function report(
  figures: readonly Figure[],
  screens: readonly { what: string; ms: number }[] | undefined,
  weight: ReturnType<typeof pageWeight>,
): string {
  const verdict = ({ goalMs, medianMs }: Figure): string =>
    goalMs === null ? '–' : medianMs < goalMs ? `< ${goalMs} ms: met` : `< ${goalMs} ms: missed`;
  return [
    '# Speed of the console',
    '',
    `Written by \`npm run bench:console -- --write\`; do not edit. ${registersOfFarm.toLocaleString('en')} emulated registers in ${racksOfFarm} racks, 3,000 clients; the console, PostgreSQL and the one who asks share this machine. Medians.`,
    '',
    `- Machine: ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, Node.js ${process.versions.node}; load average at the end ${(loadavg()[0] ?? 0).toFixed(1)} (a busy machine makes every figure worse)`,
    `- First page: ${weight.files} files, ${kib(weight.bytes)}, ${kib(weight.gzipBytes)} packed`,
    '',
    '| answer of the server | median | worst | queries | body | packed | goal |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...figures.map(
      (one) =>
        `| ${one.what} (\`/api/${one.path}\`) | ${one.medianMs} ms | ${one.worstMs} ms | ${one.queries} | ${kib(one.bytes)} | ${kib(one.gzipBytes)} | ${verdict(one)} |`,
    ),
    '',
    ...(screens
      ? [
          '| in the browser, from the address to the content | median |',
          '| --- | --- |',
          ...screens.map(({ what, ms }) => `| ${what} | ${ms} ms |`),
        ]
      : ['There was no browser on this machine: what is on the screen was not measured.']),
    '',
  ].join('\n');
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { repeats: { type: 'string', default: '7' }, write: { type: 'boolean', default: false } },
  });
  const repeats = Number(values.repeats);
  const webFolder = join(root, 'dist', 'apps', 'admin-console', 'web');
  readdirSync(webFolder);
  await withServers(async ({ database }) => {
    process.stderr.write('filling the hall …\n');
    await fillHall(database);
    await database.query(
      `insert into staff (id, login, password_hash, name, role) values ($1, $2, $3, 'Bench', 'engineer')`,
      [systemIds.uuid(), login.login, await hashPassword(login.password)],
    );
    const counted = counting(database);
    const { app, stop } = await createConsole({
      database: counted.database,
      clock: systemClock,
      ids: systemIds,
      log: silentLog,
      isSecure: false,
      secretKey: Buffer.alloc(32, 1),
      webFolder,
    });
    await app.listen(0, '127.0.0.1');
    const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
    try {
      const entered = await fetch(`${url}/api/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-kkt-web': '1' },
        body: JSON.stringify(login),
        signal: AbortSignal.timeout(30_000),
      });
      const cookie = entered.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
      const figures = await measureDoors(url, cookie, counted.count, repeats);
      const screens = await measureScreens(url, Math.min(3, repeats));
      const text = report(figures, screens, pageWeight(webFolder));
      say(text);
      if (values.write) writeFileSync(join(root, 'docs', 'reference', 'console-speed.md'), text);
      if (figures.some(({ goalMs, medianMs }) => goalMs !== null && medianMs >= goalMs)) process.exitCode = 1;
    } finally {
      await stop();
    }
  });
}

void main().catch((error: unknown) => {
  say(`FAILED: ${(error as Error).stack ?? String(error)}`);
  process.exitCode = 1;
});
