import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { instantPace, planModules, serialOf, World } from '../src/index';
import { TestHost, type HostWire } from '../src/testing/test-host';

const TCP_PORT = 19_480;
const today = (): string => new Date(Date.now() + 3 * 3_600_000).toISOString().slice(0, 16);

let dataDir: string;
let world: World;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'kkt-ports-'));
  world = new World({ plan: planModules(2, 'mixed'), dataDir, tcpBasePort: TCP_PORT, pace: instantPace });
  await world.open();
});

afterEach(async () => {
  await world.close();
  rmSync(dataDir, { recursive: true });
});

async function makeReceipt(host: TestHost, serial: string): Promise<void> {
  await host.abort();
  await host.register(today(), serial);
  await host.openShift();
  await host.receipt(100_00, { items: 5 });
}

function tcp(): Promise<{ wire: HostWire; closed: Promise<void>; end: () => void }> {
  return new Promise((resolve, reject) => {
    const socket = connect(TCP_PORT, '127.0.0.1');
    socket.once('error', reject);
    const closed = new Promise<void>((done) => socket.once('close', () => done()));
    socket.once('connect', () =>
      resolve({
        wire: {
          write: (bytes) => void socket.write(bytes),
          onData: (listener) => void socket.on('data', listener),
        },
        closed,
        end: () => socket.destroy(),
      }),
    );
  });
}

function serial(path: string): Promise<SerialPort> {
  return new Promise((resolve, reject) => {
    const port = new SerialPort({ path, baudRate: 115_200 }, (error) =>
      error ? reject(error) : resolve(port),
    );
  });
}

const wireOf = (port: SerialPort): HostWire => ({
  write: (bytes) => void port.write(Buffer.from(bytes)),
  onData: (listener) => void port.on('data', listener),
});

it('makes a receipt over TCP; a second host is closed at once', async () => {
  const first = await tcp();
  await makeReceipt(new TestHost(first.wire), serialOf(0));
  expect(world.at(0).fn?.state.lastFd).toBe(3);
  const second = await tcp();
  await second.closed;
  first.end();
  await first.closed;
  await new Promise((resolve) => setTimeout(resolve, 20));
  const third = await tcp();
  expect(await new TestHost(third.wire).lastFd()).toBe(3);
  third.end();
});

it('makes a receipt over a pseudo-terminal opened as a serial port; its name goes and comes with the cable', async () => {
  const path = join(dataDir, 'tty', serialOf(1));
  const port = await serial(path);
  await makeReceipt(new TestHost(wireOf(port)), serialOf(1));
  expect(world.at(1).fn?.state.lastFd).toBe(3);
  world.at(1).unplug();
  // A terminal that has hung up gives "end of file" for ever; the host has to notice by the name, as with udev.
  expect(existsSync(path)).toBe(false);
  await new Promise<void>((resolve) => port.close(() => resolve()));
  await expect(serial(path)).rejects.toThrow();
  world.at(1).replug();
  const again = await serial(path);
  expect(await new TestHost(wireOf(again)).lastFd()).toBe(3);
  await new Promise<void>((resolve) => again.close(() => resolve()));
});

it('refuses connections without power and listens again with it', async () => {
  world.at(0).powerOff();
  await new Promise((resolve) => setTimeout(resolve, 20));
  await expect(tcp()).rejects.toThrow('ECONNREFUSED');
  world.at(0).powerOn();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const host = await tcp();
  expect(await new TestHost(host.wire).lastFd()).toBe(0);
  host.end();
});
