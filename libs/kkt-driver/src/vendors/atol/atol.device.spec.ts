import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instantPace, loadCatalog, planModules, World, type KktModule } from '@hardware/emulator';
import { FarmError, silentLog, systemClock, type Random } from '@kkt/contracts';
import { parseDocument } from '@kkt/ffd';
import {
  buildConfirmation,
  decodeContainer,
  encodeContainer,
  readPlainBody,
  REFERENCE_OPERATOR_KEY,
} from '@kkt/ofd-protocol';
import { describeDevice, type Rig } from '../../test/device-contract';
import { OFD_INN } from '../../test/samples';
import { MemoryWire } from '../../transports/memory.wire';
import { SerialWire } from '../../transports/serial.wire';
import { TcpWire } from '../../transports/tcp.wire';
import type { Wire } from '../../transports/wire';
import { AtolDevice } from './atol.device';

/** mulberry32: a failing run of noise can be repeated. */
function seeded(seed: number): Random {
  let state = seed;
  return {
    next() {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    },
  };
}

/** Waits short enough for a test that loses packets; the device works in no time. */
const fast = {
  link: { replyTimeoutMs: 60 },
  tasks: { askAfterMs: 40, fullPauseMs: 5 },
};

function confirm(bytes: Buffer): Buffer {
  const container = decodeContainer(bytes);
  if (!container.ok) throw container.error;
  const { fnNumber, fdNumber } = container.value;
  const body = readPlainBody(container.value);
  if (!body.ok) throw body.error;
  const { fiscalSign, at } = parseDocument(body.value.tlv);
  const tlv = buildConfirmation(
    { ffd: 4, ofdInn: OFD_INN, fnNumber, fdNumber, at: at ?? '2026-01-01T00:00:00', code: 0 },
    { key: REFERENCE_OPERATOR_KEY, fiscalSign: fiscalSign ?? 0 },
  );
  return encodeContainer({ documentCode: 7, fnNumber, fdNumber, body: tlv });
}

function rigOf(world: World, wire: () => Wire, close: () => Promise<void>): Rig {
  const module = world.at(0);
  const random = seeded(7);
  return {
    serial: module.serial,
    fnNumber: module.fn?.fnNumber ?? '',
    plug: (options = {}) =>
      new AtolDevice({ ...options, ...fast, wire: wire(), clock: systemClock, random, log: silentLog }),
    inject: (fault) => void module.inject(fault),
    heal: () => void module.heal(),
    documents: () => {
      const drive = module.fn;
      const count = drive?.state.lastFd ?? 0;
      return Array.from({ length: count }, (_, at) => drive?.document(at + 1)?.tlv ?? Buffer.alloc(0));
    },
    confirm,
    close,
  };
}

/** Plugs memory wires into a module. */
function memoryWire(module: KktModule): MemoryWire {
  const wire = new MemoryWire({ clock: systemClock });
  let session: ReturnType<KktModule['connect']>;
  wire.attach({
    onOpen: () => {
      session = module.connect({ send: (bytes) => wire.deliver(bytes), hangUp: () => wire.cut() });
      if (!session) throw new FarmError('WIRE-PORT-BUSY', 'The module is taken');
    },
    onData: (bytes) => session?.receive(Buffer.from(bytes)),
    onClose: () => session?.closed(),
  });
  return wire;
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

const common = { pace: instantPace, random: seeded(3), catalog: loadCatalog() };

function memoryRig(): Promise<Rig> {
  const world = new World({ ...common, plan: planModules(1, 'tcp') });
  return Promise.resolve(
    rigOf(
      world,
      () => memoryWire(world.at(0)),
      () => Promise.resolve(),
    ),
  );
}

async function tcpRig(): Promise<Rig> {
  const port = await freePort();
  const world = new World({ ...common, plan: planModules(1, 'tcp'), tcpBasePort: port });
  await world.open();
  return rigOf(
    world,
    () => new TcpWire({ host: '127.0.0.1', port, clock: systemClock }),
    () => world.close(),
  );
}

async function ptyRig(): Promise<Rig> {
  const dataDir = mkdtempSync(join(tmpdir(), 'kkt-pty-'));
  const world = new World({ ...common, plan: planModules(1, 'pty'), dataDir });
  await world.open();
  const path = join(dataDir, 'tty', world.at(0).serial);
  return rigOf(
    world,
    () => new SerialWire({ path, baudRate: 115200, clock: systemClock }),
    async () => {
      await world.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  );
}

describeDevice('ATOL device in memory', memoryRig);
describeDevice('ATOL device over TCP', tcpRig);
describeDevice('ATOL device over a serial port', ptyRig);

describe.each([
  ['TCP', tcpRig],
  ['a serial port', ptyRig],
] as const)('one host at a time over %s', (_, makeRig) => {
  it('refuses the second and lets it in when the first has gone', async () => {
    const rig = await makeRig();
    const first = rig.plug();
    const second = rig.plug();
    await first.connect(AbortSignal.timeout(5000));
    await expect(second.connect(AbortSignal.timeout(5000))).rejects.toMatchObject({ code: 'WIRE-PORT-BUSY' });
    expect(await first.fnState()).toMatchObject({ phase: 1 });
    await first.disconnect();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await second.connect(AbortSignal.timeout(5000));
    expect(await second.fnState()).toMatchObject({ phase: 1 });
    await second.disconnect();
    await rig.close();
  });
});
