import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMANDS } from '@kkt/atol-protocol';
import type { WorldFile } from '../src/index';
import { serialOf } from '../src/index';
import { TestHost } from '../src/testing/test-host';

const TCP_PORT = 19_380;
const CONTROL_PORT = 19_379;
const ROOT = join(__dirname, '../../..');
/** Building once, starting often. */
const BUILD_MS = 120_000;

jest.setTimeout(BUILD_MS);

const today = (): string => new Date(Date.now() + 3 * 3_600_000).toISOString().slice(0, 16);

interface Running {
  child: ChildProcess;
  ready: Record<string, unknown>;
}

function start(dataDir: string, ...more: string[]): Promise<Running> {
  const args = ['tools/run.mjs', 'hardware/emulator/src/main', '--fresh-fns', '--data', dataDir];
  const child = spawn(
    process.execPath,
    [...args, '--tcp-base-port', String(TCP_PORT), '--control-port', String(CONTROL_PORT), ...more],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
      // Its own group: the launcher and the program it starts die together.
      detached: true,
    },
  );
  return new Promise((resolve, reject) => {
    let text = '';
    child.once('exit', (code) => reject(new Error(`the emulator ended with ${code}: ${text}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const line = text.split('\n').find((part) => part.includes('"ready"'));
      if (line) resolve({ child, ready: JSON.parse(line) as Record<string, unknown> });
    });
  });
}

function end({ child }: Running, signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
  return new Promise((resolve) => {
    child.removeAllListeners('exit');
    child.once('exit', (code) => resolve(code));
    // A kill takes the launcher and the program together; a request to stop goes to the launcher, which passes it on.
    if (child.pid) process.kill(signal === 'SIGKILL' ? -child.pid : child.pid, signal);
  });
}

async function plug(): Promise<{ host: TestHost; socket: Socket }> {
  // The module lets the last host go a moment after its socket is closed.
  await new Promise((resolve) => setTimeout(resolve, 50));
  return new Promise((resolve, reject) => {
    const socket = connect(TCP_PORT, '127.0.0.1');
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      socket.on('error', () => undefined);
      const host = new TestHost({
        write: (bytes) => void socket.write(bytes),
        onData: (listener) => void socket.on('data', listener),
      });
      resolve({ host, socket });
    });
  });
}

const control = async (path: string, init?: RequestInit): Promise<unknown> =>
  (await fetch(`http://127.0.0.1:${CONTROL_PORT}${path}`, init)).json();

interface Document {
  fd: number;
  form: number;
  fiscalSign: number;
  tlvHex: string;
}

const documents = async (): Promise<Document[]> =>
  ((await control(`/modules/${serialOf(0)}/documents`)) as { documents: Document[] }).documents;

describe('the emulator as a process', () => {
  let dataDir: string;
  let running: Running | undefined;
  beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'kkt-emulator-'))));
  afterEach(async () => {
    if (running) await end(running, 'SIGKILL');
    running = undefined;
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('keeps every document it has answered for through kill -9, again and again', async () => {
    running = await start(dataDir, '--modules', '1', '--transport', 'tcp', '--pace', '20');
    const first = await plug();
    await first.host.abort();
    await first.host.register(today(), serialOf(0));
    await first.host.openShift();
    first.socket.destroy();
    const answered: Document[] = [];
    for (let life = 0; life < 4; life += 1) {
      const { host } = await plug();
      await host.abort();
      await host.mode(1);
      await host.call(COMMANDS.cancelReceipt, {}).catch(() => undefined);
      // Sells until it is killed at a moment that has nothing to do with what it does.
      let sold = await host.lastFd();
      const killing = new Promise((resolve) => setTimeout(resolve, 150 + life * 37));
      let alive = true;
      void killing.then(() => (alive = false));
      const selling = (async () => {
        while (alive) {
          await host.receipt(100 + life);
          sold += 1;
        }
      })();
      await Promise.race([selling, killing]);
      const seen = sold;
      await end(running, 'SIGKILL');
      running = await start(dataDir, '--modules', '1', '--transport', 'tcp', '--pace', '20');
      const kept = await documents();
      expect(kept.length).toBeGreaterThanOrEqual(seen);
      expect(kept.length).toBeLessThanOrEqual(seen + 1);
      expect(kept.map(({ fd }) => fd)).toEqual(kept.map((_, at) => at + 1));
      expect(kept.slice(0, answered.length)).toEqual(answered);
      answered.splice(0, answered.length, ...kept);
    }
    expect(answered.length).toBeGreaterThan(6);
  });

  it('makes a delivery note, breaks modules on demand, ends cleanly', async () => {
    running = await start(dataDir, '--modules', '3', '--transport', 'mixed', '--pace', 'instant');
    const note = JSON.parse(readFileSync(join(dataDir, 'world.json'), 'utf8')) as WorldFile;
    expect(note.modules.map(({ serial, fnNumber }) => [serial, fnNumber])).toEqual([
      ['00106000000001', '9999078900000001'],
      ['00106000000002', '9999078900000002'],
      ['00106000000003', '9999078900000003'],
    ]);
    expect(note.modules[0]?.transport).toEqual({ kind: 'tcp', host: '127.0.0.1', port: TCP_PORT });
    expect(note.modules[1]?.transport).toEqual({
      kind: 'serial',
      path: join(dataDir, 'tty', '00106000000002'),
    });
    expect(note.modules[2]?.place).toEqual({ dc: 'dc1', rack: 1, assembly: 1, slot: 3 });
    expect(await control('/health/ready')).toEqual({ status: 'ok' });
    const path = `/modules/${serialOf(0)}`;
    const post = (to: string, body: object) =>
      control(`${path}/${to}`, { method: 'POST', body: JSON.stringify(body) });
    expect(await post('faults', { name: 'nonsense' })).toHaveProperty('error');
    await post('faults', { name: 'powerOff' });
    await expect(plug()).rejects.toThrow('ECONNREFUSED');
    expect(await post('power', { on: true })).toMatchObject({ powered: true });
    await post('faults', { name: 'hang' });
    expect(await control(path)).toMatchObject({ faults: [{ fault: { name: 'hang' } }] });
    expect(await control(`${path}/faults`, { method: 'DELETE' })).toEqual({ removed: 1 });
    const metrics = await (await fetch(`http://127.0.0.1:${CONTROL_PORT}/metrics`)).text();
    expect(metrics).toContain('emulator_modules 3');
    const { host, socket } = await plug();
    expect(await host.lastFd()).toBe(0);
    expect(await end(running, 'SIGTERM')).toBe(0);
    running = undefined;
    socket.destroy();
  });
});
