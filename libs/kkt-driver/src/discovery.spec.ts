import { instantPace, loadCatalog, planModules, World } from '@hardware/emulator';
import { FarmError, silentLog, systemClock, systemRandom } from '@kkt/contracts';
import { discover } from './discovery';
import { type ModelList, readModelList } from './model-list';
import type { WireAddress } from './transports/address';
import { MemoryWire } from './transports/memory.wire';
import { BAUD_RATES, type Wire } from './transports/wire';

const catalog = loadCatalog();

/** A module on a line that carries noise at every speed but its own. */
function line(protocol: 'v3' | 'v2', itsBaudRate: number, isHeld = false, models?: ModelList) {
  const world = new World({ plan: planModules(1, 'tcp'), pace: instantPace, catalog, protocol });
  const module = world.at(0);
  const tried: number[] = [];
  const wireAt = (address: WireAddress): Wire => {
    const baudRate = address.kind === 'serial' ? (address.baudRate ?? 0) : itsBaudRate;
    const wire = new MemoryWire({ clock: systemClock });
    let session: ReturnType<typeof module.connect>;
    const garble = (bytes: Uint8Array): Buffer => Buffer.from(bytes.map((byte) => (byte * 7 + 0x81) & 0xff));
    wire.attach({
      onOpen: () => {
        if (isHeld) throw new FarmError('WIRE-PORT-BUSY', 'Another process holds the port');
        tried.push(baudRate);
        session = module.connect({
          send: (bytes) => wire.deliver(baudRate === itsBaudRate ? bytes : garble(bytes)),
          hangUp: () => wire.cut(),
        });
      },
      onData: (bytes) => session?.receive(baudRate === itsBaudRate ? Buffer.from(bytes) : garble(bytes)),
      onClose: () => session?.closed(),
    });
    return wire;
  };
  const run = (address: WireAddress, signal = AbortSignal.timeout(20_000)) =>
    discover(address, {
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
      signal,
      wire: wireAt,
      limitMs: 80,
      models,
    });
  return { module, tried, run };
}

const network: WireAddress = { kind: 'tcp', host: '10.0.0.5', port: 5555 };
const port: WireAddress = { kind: 'serial', path: '/dev/ttyACM0' };

describe('discovery', () => {
  it.each([
    ['v3', 115200],
    ['v3', 9600],
    ['v2', 19200],
  ] as const)('finds a %s device at %i', async (protocol, baudRate) => {
    const { module, tried, run } = line(protocol, baudRate);
    expect(await run(port)).toMatchObject({
      address: { ...port, baudRate },
      protocol,
      identity: { serial: module.serial, modelCode: 77 },
    });
    // Once to ask which protocol, once to ask who it is.
    const before = BAUD_RATES.slice(0, BAUD_RATES.indexOf(baudRate));
    expect(tried).toEqual([...before, baudRate, baudRate]);
  });

  it('finds a device on the network', async () => {
    const { module, run } = line('v3', 0);
    const found = await run(network);
    expect(found).toMatchObject({ protocol: 'v3', identity: { serial: module.serial } });
  });

  it('names the model by its code, and leaves one that is not in the list unnamed', async () => {
    const known = readModelList('- { code: 77, name: АТОЛ 42ФС, certainty: bench }');
    expect(await line('v3', 0, false, known).run(network)).toMatchObject({ model: { name: 'АТОЛ 42ФС' } });
    const others = readModelList('- { code: 61, name: АТОЛ 30Ф, certainty: header }');
    const found = await line('v3', 0, false, others).run(network);
    expect(found).toMatchObject({ identity: { modelCode: 77 } });
    expect(found).not.toHaveProperty('model');
  });

  it('says that nobody answers, and what was tried', async () => {
    const { run } = line('v3', 1);
    const found = await run(port);
    expect(found).toEqual({
      reason: expect.objectContaining({ code: 'WIRE-NO-DEVICE' }),
      baudRates: [...BAUD_RATES],
    });
  });

  it('leaves a port alone that somebody holds', async () => {
    const { run } = line('v3', 9600, true);
    expect(await run(port)).toMatchObject({ reason: { code: 'WIRE-PORT-BUSY' } });
  });

  it('stops when told to', async () => {
    const { run } = line('v3', 1);
    await expect(run(port, AbortSignal.abort(new Error('told to')))).rejects.toThrow('told to');
  });
});
