import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { readEnvFile, variables } from '@kkt/config';
import {
  canConnect,
  freePort,
  identifyProcess,
  isAlive,
  wipePostgres,
  type ProcessIdentity,
} from '@kkt/embedded';

import { findChromium, openBrowser } from '../pages/browser';
import { haveExternalRegister } from '../pages/external-register';
import { cabinetPlaces, consolePlaces } from '../pages/places';
import { signIn, walk } from '../pages/walk';
import { demoPerson } from '../seed/seed-people';
import { demoLead } from '../seed/seed-staff';

jest.setTimeout(300_000);

const root = join(__dirname, '..', '..');

describe('npm start', () => {
  let dataDir: string;
  let env: Record<string, string>;
  let farm: ChildProcess | undefined;
  let told = '';

  beforeAll(async () => {
    const cache = join(root, '.cache');
    mkdirSync(cache, { recursive: true });
    dataDir = join(mkdtempSync(join(cache, 'start-')), 'data');
    env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', DATA_DIR: dataDir, NO_COLOR: '1' };
    for (const name of Object.keys(variables))
      if (name.endsWith('_PORT')) env[name] = String(await freePort());
    // The registers take this port and the ones that follow: below the range the system gives out by itself.
    env.EMULATOR_TCP_BASE_PORT = String(20_000 + (process.pid % 100) * 100);
  });
  afterAll(async () => {
    farm?.kill('SIGKILL');
    for (const identity of processes()) if (isAlive(identity)) process.kill(identity.pid, 'SIGKILL');
    await wipePostgres(join(dataDir, 'postgres')).catch(() => undefined);
    rmSync(join(dataDir, '..'), { recursive: true, force: true });
  });

  /** The children the supervisor has recorded. */
  function processes(): ProcessIdentity[] {
    const run = join(dataDir, 'run');
    const names = existsSync(run) ? readdirSync(run) : [];
    return names
      .filter((name) => name.endsWith('.json') && !name.startsWith('owner'))
      .map((name) => JSON.parse(readFileSync(join(run, name), 'utf8')) as ProcessIdentity);
  }

  function start(...args: string[]): ChildProcess {
    told = '';
    const child = spawn(process.execPath, ['tools/start.mjs', ...args], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (bytes: Buffer) => (told += bytes.toString()));
    return child;
  }

  async function ready(child: ChildProcess): Promise<void> {
    while (!told.includes('Ctrl-C stops')) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`npm start ended:\n${told}`);
      await delay(50);
    }
  }

  async function ended(child: ChildProcess): Promise<number | null> {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child.exitCode;
  }

  async function sql(text: string): Promise<unknown[]> {
    const url = readEnvFile(join(dataDir, 'run', 'farm.env')).DATABASE_URL;
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<object>(text)).rows;
    } finally {
      await client.end();
    }
  }

  it('brings everything up, starts what falls, and after its own SIGKILL cleans up and keeps the data', async () => {
    farm = start();
    await ready(farm);
    expect(told).toMatch(/Receipt API.*http/);
    await sql('create table left_behind as select 54 as law');
    const children = processes();
    expect(children.length).toBeGreaterThan(0);

    const victim = JSON.parse(
      readFileSync(join(dataDir, 'run', 'receipt-api.json'), 'utf8'),
    ) as ProcessIdentity;
    process.kill(victim.pid, 'SIGKILL');
    while (!(told.includes('receipt-api') && told.includes('ended (SIGKILL)'))) await delay(50);
    const isBack = () => {
      const file = join(dataDir, 'run', 'receipt-api.json');
      return (
        existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity).pid !== victim.pid
      );
    };
    while (!isBack()) await delay(50);

    const before = processes();
    farm.kill('SIGKILL');
    await ended(farm);
    expect(before.filter(isAlive).length).toBeGreaterThan(0);

    farm = start();
    await ready(farm);
    expect(before.filter(isAlive)).toEqual([]);
    expect(told).toContain('was killed; ended what it left');
    expect(await sql('select law from left_behind')).toEqual([{ law: 54 }]);
  });

  const browser = findChromium();
  // Where a browser is installed; `npm run pages` does the same, with pictures.
  (browser ? it : it.skip)(
    'shows every page and tab of console and cabinet without an error and without a serious fault by axe',
    async () => {
      const chromium = await openBrowser(browser ?? '');
      try {
        for (const [port, { login, password }, places] of [
          [env.CONSOLE_PORT, demoLead, consolePlaces],
          [env.CABINET_PORT, demoPerson, cabinetPlaces],
        ] as const) {
          const page = await chromium.newPage({ viewport: { width: 1920, height: 1080 } });
          const base = `http://127.0.0.1:${port}`;
          await signIn(page, base, login, password);
          if (places === cabinetPlaces) await haveExternalRegister(page, base);
          const walked = await walk(page, base, { places, say: () => undefined });
          expect(walked).toEqual({ pages: expect.any(Number) as number, troubles: [], faults: [] });
          expect(walked.pages).toBeGreaterThan(places.length / 2);
          await page.close();
        }
      } finally {
        await chromium.close();
      }
    },
  );

  it('is refused a second time on the same data', async () => {
    const first = told;
    const second = start('--once-ready');
    expect(await ended(second)).toBe(1);
    expect(told).toMatch(/is used by process \d+/);
    told = first;
  });

  it('stops everything at one signal', async () => {
    if (!farm) throw new Error('not started');
    const children = processes();
    farm.kill('SIGINT');
    expect(await ended(farm)).toBe(0);
    expect(told).toContain('Stopped. Data kept.');
    expect(children.filter(isAlive)).toEqual([]);
    for (const name of ['EMBEDDED_POSTGRES_PORT', 'EMBEDDED_REDIS_PORT', 'RECEIPT_API_PORT'])
      expect({ name, isOpen: await canConnect(Number(env[name]), '127.0.0.1') }).toEqual({
        name,
        isOpen: false,
      });
    expect(readdirSync(join(dataDir, 'run'))).toEqual([]);
  });

  it('says which port is taken and which variable moves it', async () => {
    const other = createServer().listen(Number(env.RECEIPT_API_PORT), '127.0.0.1');
    await once(other, 'listening');
    expect(await ended(start('--once-ready'))).toBe(1);
    expect(told).toContain(`Port ${env.RECEIPT_API_PORT} on 127.0.0.1 is already in use`);
    expect(told).toContain('RECEIPT_API_PORT');
    other.close();
    await once(other, 'close');
  });

  it('says all wrong settings at once and ends with 78', async () => {
    const good = env;
    env = { ...env, LOG_LEVEL: 'loud', OFD_TCP_PORT: 'none' };
    expect(await ended(start())).toBe(78);
    expect(told).toMatch(/LOG_LEVEL: must/);
    expect(told).toMatch(/OFD_TCP_PORT: must/);
    env = good;
  });

  it('--fresh forgets the data, --once-ready ends by itself', async () => {
    expect(identifyProcess(farm?.pid ?? 0)).toBeUndefined();
    expect(await ended(start('--fresh', '--once-ready'))).toBe(0);
    expect(told).toContain(`Deleting all data in ${dataDir}`);
    expect(told).toMatch(/migrations +[1-9]\d* applied/);
    expect(processes()).toEqual([]);
  });
});
