import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instantPace, loadCatalog, planModules, World, type KktModule } from '@hardware/emulator';
import { FarmError, silentLog, systemClock, type Clock, type Random } from '@kkt/contracts';
import { parseDocument } from '@kkt/ffd';
import {
  buildConfirmation,
  decodeContainer,
  encodeContainer,
  readPlainBody,
  REFERENCE_OPERATOR_KEY,
} from '@kkt/ofd-protocol';
import { ContractBench, eventually, type Rig } from '../../test/contract-bench';
import { describeDevice } from '../../test/device-contract';
import { describeLosses, describeNoise } from '../../test/fault-contract';
import { OFD_INN, threeItems } from '../../test/samples';
import { MemoryWire } from '../../transports/memory.wire';
import { SerialWire } from '../../transports/serial.wire';
import { TcpWire } from '../../transports/tcp.wire';
import type { Wire } from '../../transports/wire';
import { AtolDevice, type AtolDeviceOptions } from './atol.device';

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

function rigOf(
  world: World,
  wire: () => Wire,
  close: () => Promise<void>,
  more: Partial<AtolDeviceOptions> = {},
): Rig {
  const module = world.at(0);
  const random = seeded(7);
  return {
    serial: module.serial,
    fnNumber: module.fn?.fnNumber ?? '',
    plug: (options = {}) =>
      new AtolDevice({
        ...options,
        ...fast,
        wire: wire(),
        clock: systemClock,
        random,
        log: silentLog,
        ...more,
      }),
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

/** v2 waits half a second for this and that: its clock runs fifty times faster, for both ends. */
const hastyClock: Clock = {
  nowMs: () => systemClock.nowMs(),
  monotonicMs: () => systemClock.monotonicMs() * 50,
  setTimer: (delayMs, run) => systemClock.setTimer(delayMs / 50, run),
};

function v2Rig(): Promise<Rig> {
  const world = new World({ ...common, plan: planModules(1, 'tcp'), protocol: 'v2', clock: hastyClock });
  return Promise.resolve(
    rigOf(
      world,
      () => memoryWire(world.at(0)),
      () => Promise.resolve(),
      { protocol: 'v2', clock: hastyClock },
    ),
  );
}

const rigs = [
  ['in memory', memoryRig],
  ['over TCP', tcpRig],
  ['over a serial port', ptyRig],
] as const;

for (const [where, makeRig] of rigs) {
  describeDevice(`ATOL device ${where}`, makeRig);
  describeLosses(`losses ${where}`, makeRig);
  describeNoise(`noise ${where}`, makeRig);
}
describe('a module that calls somebody to its slot', () => {
  it('beeps three times and makes no document', async () => {
    const world = new World({ ...common, plan: planModules(1, 'tcp') });
    const module = world.at(0);
    const rig = rigOf(
      world,
      () => memoryWire(module),
      () => Promise.resolve(),
    );
    const device = rig.plug();
    await device.connect(AbortSignal.timeout(5_000));
    await device.identify?.();
    expect(module.device.beeps).toBe(3);
    expect((await device.fnState()).lastFdNumber).toBe(0);
    await device.disconnect();
  });
});

describe('ATOL device, transport v2', () => {
  const bench = new ContractBench(v2Rig);

  it('goes the main road', async () => {
    expect(await bench.device.identity()).toMatchObject({
      serial: bench.rig.serial,
      fnNumber: bench.rig.fnNumber,
    });
    await bench.start(4);
    for (const sign of [1, 2] as const) {
      const content = { ...threeItems(), sign };
      await bench.sell(content);
      await bench.provenAs(content);
    }
    const message = await bench.device.readOfdMessage();
    expect(message).toMatchObject({ fdNumber: 1 });
    await bench.device.confirmOfdMessage(bench.rig.confirm(message?.container ?? Buffer.alloc(0)));
    await bench.device.closeShift();
    expect((await bench.device.fnState()).lastFdNumber).toBe(5);
  });

  it('refuses with the device’s reason and leaves nothing open', async () => {
    await bench.start(4);
    const company = { ...threeItems().company, taxSystem: 32 as const };
    await expect(bench.sell({ ...threeItems(), company })).rejects.toMatchObject({
      code: 'DEVICE-BAD-TAX-SYSTEM',
    });
    await bench.sell(threeItems());
    await bench.provenAs(threeItems());
  });

  it('waits while the device is busy', async () => {
    await bench.start(4);
    bench.rig.inject({ name: 'busy', times: 5 });
    await bench.sell(threeItems());
    await bench.provenAs(threeItems());
  });

  it.each([
    ['before', 'loseAnswerBeforeCommit', 2],
    ['after', 'loseAnswerAfterCommit', 3],
  ] as const)('an answer lost %s the commit is doubt; the archive tells', async (_, name, lastFd) => {
    await bench.start(4);
    bench.rig.inject({ name, command: 'closeReceipt' });
    await expect(bench.sell(threeItems())).rejects.toMatchObject({ code: 'DOUBT-SILENCE' });
    expect((await bench.device.fnState()).lastFdNumber).toBe(lastFd);
    await bench.sell(threeItems(' ещё'));
    await bench.provenAs(threeItems(' ещё'));
  });

  it('a wire torn at the closing is doubt, at a line of the receipt it is not', async () => {
    await bench.start(4);
    bench.rig.inject({ name: 'unplug', at: 'beforeCommit', command: 'endItem', forMs: 500 });
    await expect(bench.sell(threeItems())).rejects.toMatchObject({ code: 'WIRE-LOST' });
    await eventually(() => bench.reconnect());
    bench.rig.inject({ name: 'unplug', at: 'afterCommit', command: 'closeReceipt', forMs: 500 });
    await expect(bench.sell(threeItems())).rejects.toMatchObject({ code: 'DOUBT-LINK-LOST' });
    await eventually(() => bench.reconnect());
    await bench.provenAs(threeItems());
  });
});

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
