import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instantPace, loadCatalog, planModules, World } from '@hardware/emulator';
import { systemClock, type FarmError } from '@kkt/contracts';
import { ManualClock } from '../test/manual-clock';
import { MemoryWire } from './memory.wire';
import { SerialWire } from './serial.wire';
import { SilenceCutter } from './silence';
import { TcpWire } from './tcp.wire';
import type { Wire } from './wire';

const never = new AbortController().signal;
const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const firstLoss = (wire: Wire): Promise<FarmError> =>
  new Promise((resolve) => {
    wire.onLost = resolve;
  });
const firstData = (wire: Wire): Promise<string> =>
  new Promise((resolve) => {
    wire.onData = (chunk) => resolve(chunk.toString());
  });

describe('TCP wire', () => {
  let server: Server;
  let port = 0;
  let sockets: Socket[] = [];

  beforeEach(async () => {
    sockets = [];
    server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    port = typeof address === 'object' && address ? address.port : 0;
  });

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  const make = (clock = systemClock): TcpWire => new TcpWire({ host: '127.0.0.1', port, clock });

  it('carries bytes both ways and opens again after closing', async () => {
    const wire = make();
    for (let round = 0; round < 2; round += 1) {
      await wire.open(never);
      while (!sockets[round]) await after(1);
      const heard = firstData(wire);
      sockets[round]?.once('data', (bytes) => sockets[round]?.write(`echo ${bytes.toString()}`));
      wire.write(Buffer.from('ask'));
      expect(await heard).toBe('echo ask');
      await wire.close();
    }
  });

  it('tells a loss once, and none for our own closing', async () => {
    const wire = make();
    const losses: string[] = [];
    wire.onLost = (error) => void losses.push(error.code);
    await wire.open(never);
    while (!sockets[0]) await after(1);
    sockets[0].write('word');
    await after(10);
    sockets[0].destroy();
    await after(20);
    expect(losses).toEqual(['WIRE-LOST']);
    wire.write(Buffer.from('into nothing'));
    await wire.open(never);
    await wire.close();
    await after(10);
    expect(losses).toEqual(['WIRE-LOST']);
  });

  it('calls a module that hangs up without a word busy', async () => {
    const wire = make();
    const loss = firstLoss(wire);
    server.once('connection', (socket) => socket.destroy());
    await wire.open(never);
    expect((await loss).code).toBe('WIRE-PORT-BUSY');
  });

  it('fails when nobody listens, when nobody answers in time, when told to stop', async () => {
    const closed = new TcpWire({ host: '127.0.0.1', port: 1, clock: systemClock });
    await expect(closed.open(never)).rejects.toMatchObject({ code: 'WIRE-OPEN' });
    const clock = new ManualClock();
    // 192.0.2.0/24 is reserved for documentation: no host answers there.
    const silent = new TcpWire({ host: '192.0.2.1', port: 5555, clock });
    const opening = silent.open(never).catch((error: FarmError) => error.code);
    await clock.pass(3000);
    expect(['WIRE-OPEN-TIMEOUT', 'WIRE-OPEN']).toContain(await opening);
    expect(clock.pending).toBe(0);
    const closing = make();
    const hasty = closing.open(never).catch((error: FarmError) => error.code);
    await closing.close();
    expect(await hasty).toBe('WIRE-CLOSED');
    const abort = new AbortController();
    const stopped = make().open(abort.signal);
    abort.abort(new Error('told to'));
    await expect(stopped).rejects.toThrow('told to');
  });
});

describe('serial wire', () => {
  let dataDir = '';
  let world: World;
  let path = '';

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'kkt-wire-'));
    world = new World({ plan: planModules(1, 'pty'), dataDir, pace: instantPace, catalog: loadCatalog() });
    await world.open();
    path = join(dataDir, 'tty', world.at(0).serial);
  });

  afterEach(async () => {
    await world.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const make = (): SerialWire =>
    new SerialWire({ path, baudRate: 115200, clock: systemClock, pathCheckMs: 20 });
  const request = Buffer.from('fe010000c402', 'hex');

  it('carries bytes both ways, many at once', async () => {
    const wire = make();
    await wire.open(never);
    let bytes = 0;
    wire.onData = (chunk) => void (bytes += chunk.length);
    for (let n = 0; n < 3000; n += 1) wire.write(request);
    for (let wait = 0; bytes < 3000 * 6 && wait < 200; wait += 1) await after(10);
    expect(bytes).toBe(3000 * 6);
    await wire.close();
  });

  it('refuses a second opening by anybody and frees the port on closing', async () => {
    const first = make();
    const second = make();
    await first.open(never);
    await expect(first.open(never)).rejects.toMatchObject({ code: 'WIRE-PORT-BUSY' });
    await expect(second.open(never)).rejects.toMatchObject({ code: 'WIRE-PORT-BUSY' });
    await first.close();
    await second.open(never);
    await second.close();
    await second.close();
  });

  it('closes while it is being opened', async () => {
    const wire = make();
    const opening = wire.open(never).catch((error: FarmError) => error.code);
    await wire.close();
    expect(await opening).toBe('WIRE-CLOSED');
    await wire.open(never);
    await wire.close();
  });

  it('notices that the module was pulled out, without a spinning read behind it', async () => {
    const wire = make();
    await wire.open(never);
    const loss = firstLoss(wire);
    world.at(0).unplug();
    expect((await loss).code).toBe('WIRE-LOST');
    const before = process.cpuUsage();
    await after(200);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(150);
    await expect(wire.open(never)).rejects.toMatchObject({ code: 'WIRE-OPEN' });
    world.at(0).replug();
    await wire.open(never);
    await wire.close();
  });

  it('notices that its path has vanished or leads elsewhere', async () => {
    const wire = make();
    await wire.open(never);
    const loss = firstLoss(wire);
    rmSync(path);
    expect((await loss).message).toContain('vanished');
  });

  it('says why a port cannot be opened', async () => {
    const wire = new SerialWire({ path: join(dataDir, 'none'), baudRate: 115200, clock: systemClock });
    await expect(wire.open(never)).rejects.toMatchObject({ code: 'WIRE-OPEN' });
    await expect(make().open(AbortSignal.abort(new Error('told to')))).rejects.toThrow('told to');
  });
});

describe('memory wire', () => {
  const peer = () => ({ heard: [] as string[], onOpen: () => undefined, onClose: () => undefined });

  it('never delivers a piece of an earlier opening', async () => {
    const clock = new ManualClock();
    const wire = new MemoryWire({ clock, delayMs: 5 });
    const side = peer();
    wire.attach({ ...side, onData: (bytes) => void side.heard.push(Buffer.from(bytes).toString()) });
    await wire.open(never);
    wire.write(Buffer.from('old'));
    await wire.close();
    await wire.open(never);
    wire.write(Buffer.from('new'));
    await clock.pass(10);
    expect(side.heard).toEqual(['new']);
  });

  it('is cut once and can be left without a module', async () => {
    const wire = new MemoryWire({ clock: new ManualClock() });
    wire.attach({ ...peer(), onData: () => undefined });
    await wire.open(never);
    await expect(wire.open(never)).rejects.toMatchObject({ code: 'WIRE-PORT-BUSY' });
    const losses: string[] = [];
    wire.onLost = (error) => void losses.push(error.code);
    wire.cut(true);
    wire.cut(true);
    expect(losses).toEqual(['WIRE-LOST']);
    await expect(wire.open(never)).rejects.toMatchObject({ code: 'WIRE-OPEN' });
  });
});

describe('silence cutter', () => {
  it('gives what came between two silences as one block', async () => {
    const blocks: string[] = [];
    const cutter = new SilenceCutter(20, (block) => void blocks.push(block.toString()));
    cutter.push(Buffer.from('one '));
    cutter.push(Buffer.from('block'));
    await after(60);
    cutter.push(Buffer.from('two'));
    await after(60);
    cutter.push(Buffer.from('never heard'));
    cutter.close();
    await after(60);
    expect(blocks).toEqual(['one block', 'two']);
  });
});
