import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { FrameParser, decodeTaskReply, encodeFrame } from '@kkt/atol-protocol';
import { silentLog, systemClock, systemRandom, type ReceiptContent } from '@kkt/contracts';
import { ffdComparer } from '@kkt/dispatch';
import { AtolDevice, wireTo, type ReceiptContext, type Wire } from '@kkt/kkt-driver';
import { startEmulator } from './emulator-child';
import { threeItems } from './sample-receipt';

const INN = '7704358518';
const context: ReceiptContext = {
  ffd: 4,
  inn: INN,
  rnm: '0000000001000000',
  place: 'https://shop.example',
  address: '127006, г. Москва, ул. Примерная, д. 1',
  fnsSite: 'www.nalog.gov.ru',
  ofdInn: '7704211201',
  senderEmail: 'check@shop.example',
  taxSystems: 0x37,
};

/** Where the emulated modules listen. */
export interface Ports {
  tcpBasePort: number;
  controlPort: number;
}

export interface ExchangeOptions extends Ports {
  modules: number;
  receipts: number;
  /** `record`: as under load; `text`: as without it. */
  proof: Proof;
  /** Measured so often, one after another. */
  repeats: number;
}

export type Proof = 'record' | 'text';

export interface ExchangeFigures {
  /** CPU of the driver's side per receipt: the sale, the FN's word, the comparison. */
  cpuMsPerReceipt: number;
  /** CPU of framing and task buffer alone for the same bytes. */
  codecMsPerReceipt: number;
  commandsPerReceipt: number;
  framesPerReceipt: number;
  bytesPerReceipt: number;
  wallMsPerReceipt: number;
}

/** Records what goes over a wire. */
class Tap implements Wire {
  readonly sent: Buffer[] = [];
  readonly came: Buffer[] = [];
  onData: (chunk: Buffer) => void = () => undefined;
  isOn = false;

  clear(): void {
    this.sent.length = 0;
    this.came.length = 0;
  }

  constructor(private readonly wire: Wire) {
    wire.onData = (chunk) => {
      if (this.isOn) this.came.push(Buffer.from(chunk));
      this.onData(chunk);
    };
  }

  get name(): string {
    return this.wire.name;
  }

  set onLost(listener: Wire['onLost']) {
    this.wire.onLost = listener;
  }

  get onLost(): Wire['onLost'] {
    return this.wire.onLost;
  }

  open(signal: AbortSignal): Promise<void> {
    return this.wire.open(signal);
  }

  write(bytes: Uint8Array): void {
    if (this.isOn) this.sent.push(Buffer.from(bytes));
    this.wire.write(bytes);
  }

  close(): Promise<void> {
    return this.wire.close();
  }
}

const cpuMs = (since: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

const deviceAt = (wire: Wire): AtolDevice =>
  new AtolDevice({ wire, clock: systemClock, random: systemRandom, log: silentLog });

/**
 * One sale as the dispatch makes it. Under load the FN's short record proves it and the text is read later; without load,
 * and after any disturbance, the text is read and compared at once.
 */
async function sell(
  device: AtolDevice,
  content: ReceiptContent,
  proof: Proof,
  fdNumber: number,
): Promise<number> {
  await device.receipt(content, context);
  if (proof === 'text') {
    const { lastFdNumber } = await device.fnState();
    const document = await device.document(lastFdNumber);
    if (!document || !ffdComparer.same(content, document)) throw new Error('the FN tells another document');
    return lastFdNumber;
  }
  const { state, record } = await device.saleWord(fdNumber);
  if (state.lastFdNumber !== fdNumber || record?.totalKop !== content.totalKop)
    throw new Error('the FN tells another document');
  return fdNumber;
}

const toModule = (port: number): Wire => wireTo({ kind: 'tcp', host: '127.0.0.1', port }, systemClock);

async function connectAll(wires: readonly Wire[]): Promise<AtolDevice[]> {
  const { signal } = new AbortController();
  const devices = wires.map(deviceAt);
  for (const device of devices) await device.connect(signal);
  return devices;
}

/** CPU of the driver per receipt against modules that take no time, in a process of their own. */
export async function measureExchange(options: ExchangeOptions): Promise<ExchangeFigures[]> {
  const { modules, receipts, proof, repeats } = options;
  const emulator = await startEmulator(modules, { ...options, pace: 'instant' });
  const content = threeItems(INN);
  try {
    const tap = new Tap(toModule(emulator.port(0)));
    const others = Array.from({ length: modules - 1 }, (_, index) => toModule(emulator.port(index + 1)));
    const devices = await connectAll([tap, ...others]);
    for (const device of devices) await device.openShift({ name: 'Администратор' });
    const lastFd = new Map<AtolDevice, number>();
    for (const device of devices) lastFd.set(device, (await device.fnState()).lastFdNumber);
    const sellOn = (device: AtolDevice, count: number): Promise<void> =>
      times(count, async () => {
        lastFd.set(device, await sell(device, content, proof, (lastFd.get(device) ?? 0) + 1));
      });
    // Warm: the first receipts are compiled, not run.
    await Promise.all(devices.map((device) => sellOn(device, 40)));
    const each = Math.ceil(receipts / modules);
    const made = each * modules;
    const runs: ExchangeFigures[] = [];
    for (let turn = 0; turn < repeats; turn += 1) {
      const before = totals(devices);
      const startedMs = performance.now();
      const cpu = process.cpuUsage();
      await Promise.all(devices.map((device) => sellOn(device, each)));
      const usedMs = cpuMs(cpu);
      const wallMs = performance.now() - startedMs;
      const after = totals(devices);
      tap.clear();
      tap.isOn = true;
      for (const device of devices.slice(0, 1)) await sellOn(device, 1);
      tap.isOn = false;
      runs.push({
        cpuMsPerReceipt: usedMs / made,
        codecMsPerReceipt: codecMs(tap),
        commandsPerReceipt: (after.commands - before.commands) / made,
        framesPerReceipt: (after.frames - before.frames) / made,
        bytesPerReceipt: (after.bytes - before.bytes) / made,
        wallMsPerReceipt: wallMs / made,
      });
    }
    for (const device of devices) await device.disconnect();
    return runs;
  } finally {
    await emulator.stop();
  }
}

/** Memory of the driver's side per connected module, KiB: heap and buffers outside it, after a full collection. */
export async function measureModuleMemory(
  options: Ports & { modules: number; repeats: number },
): Promise<number[]> {
  const emulator = await startEmulator(options.modules, { ...options, pace: 'instant' });
  try {
    const runs: number[] = [];
    for (let turn = 0; turn < options.repeats; turn += 1) {
      runs.push(await memoryOnce(options.modules, (index) => emulator.port(index)));
      // What the last run left is gone before the next one looks.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return runs;
  } finally {
    await emulator.stop();
  }
}

async function memoryOnce(modules: number, portOf: (index: number) => number): Promise<number> {
  const wires = Array.from({ length: modules }, (_, index) => toModule(portOf(index)));
  const before = usedBytes();
  const devices = await connectAll(wires);
  // Each has worked: what it keeps between receipts is there.
  for (const device of devices) await device.fnState();
  const bytes = usedBytes() - before;
  for (const device of devices) await device.disconnect();
  return bytes / 1024 / modules;
}

function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function totals(devices: readonly AtolDevice[]): { commands: number; frames: number; bytes: number } {
  const sum = { commands: 0, frames: 0, bytes: 0 };
  for (const { tasks, counters } of devices) {
    sum.commands += tasks.added;
    sum.frames += counters.framesSent + counters.framesReceived;
    sum.bytes += counters.bytesSent + counters.bytesReceived;
  }
  return sum;
}

async function times(count: number, job: () => Promise<void>): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await job();
}

/** Cuts the recorded stream into frames, reads the replies, builds the sent frames again. */
function codecMs(tap: Tap): number {
  const sent = new FrameParser().push(Buffer.concat(tap.sent));
  const once = (): number => {
    let size = 0;
    const parser = new FrameParser();
    for (const event of tap.came.flatMap((chunk) => parser.push(chunk)))
      if (event.type === 'frame' && event.data.length > 0) size += decodeTaskReply(event.data).status.length;
    for (const event of sent) if (event.type === 'frame') size += encodeFrame(event.id, event.data).length;
    return size;
  };
  const turns = 2000;
  for (let turn = 0; turn < turns; turn += 1) once();
  const cpu = process.cpuUsage();
  for (let turn = 0; turn < turns; turn += 1) once();
  return cpuMs(cpu) / turns;
}
