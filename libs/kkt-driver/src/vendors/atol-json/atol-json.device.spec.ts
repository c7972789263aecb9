import { instantPace, loadCatalog, planModules, World } from '@hardware/emulator';
import { silentLog, systemClock, systemIds, type ReceiptContent } from '@kkt/contracts';
import { childrenOf, numberOf, parseDocument, TAG } from '@kkt/ffd';
import { WebDoor } from '../../../../../hardware/json-emulator/src';
import {
  ContractBench,
  eventually,
  inTime,
  type ContractFault,
  type DeviceTraits,
  type Rig,
} from '../../test/contract-bench';
import { describeDevice } from '../../test/device-contract';
import { describeLosses } from '../../test/fault-contract';
import { contextOf, item, receiptOf, registrationOf, threeItems } from '../../test/samples';
import { AtolJsonDevice } from './atol-json.device';
import { AxiosHttpClient, type JsonHttpClient } from './http-client';
import type { JsonTimings } from './request-desk';

const JSON_DEVICE: DeviceTraits = {
  receiptCommand: 'sell',
  stepwise: false,
  readsRegisters: false,
  hasPasswords: false,
  tellsDocumentsLeft: false,
  provesUnmade: true,
  taxSystemRefusal: { driverCode: 143, command: 'sell' },
};

/** Waits short enough for a test that loses requests: what is lost breaks its connection, so nobody waits for long. */
const fast: Partial<JsonTimings> = {
  requestTimeoutMs: 2_000,
  sends: 2,
  resendPauseMs: 5,
  pollMs: [1, 2, 5],
  queryTimeoutMs: 2_000,
  fiscalTimeoutMs: 2_000,
};

const catalog = loadCatalog();

interface JsonRig extends Rig {
  door: WebDoor;
  world: World;
  deviceBy(client: JsonHttpClient, timings?: Partial<JsonTimings>): AtolJsonDevice;
}

async function jsonRig(confirmEveryMs?: number): Promise<JsonRig> {
  const world = new World({ catalog, pace: instantPace, plan: planModules(1, 'tcp') });
  const module = world.at(0);
  const door = new WebDoor({ module, clock: systemClock, port: 0, confirmEveryMs });
  await door.open();
  const deviceBy = (client: JsonHttpClient, timings: Partial<JsonTimings> = {}): AtolJsonDevice =>
    new AtolJsonDevice({
      client,
      clock: systemClock,
      ids: systemIds,
      log: silentLog,
      timings: { ...fast, ...timings },
    });
  return {
    world,
    door,
    deviceBy,
    serial: module.serial,
    fnNumber: module.fn?.fnNumber ?? '',
    plug: () => deviceBy(new AxiosHttpClient(door.url)),
    inject: (fault) => injectInto(door, world, fault),
    heal: () => door.faults.clear(),
    documents: () => {
      const drive = module.fn;
      const count = drive?.state.lastFd ?? 0;
      return Array.from({ length: count }, (_, at) => drive?.document(at + 1)?.tlv ?? Buffer.alloc(0));
    },
    confirm: () => {
      throw new Error('no messages are carried for this device');
    },
    async close() {
      await door.close();
      await world.close();
    },
  };
}

/** An outage must outlast the patience of HTTP on a busy machine. */
const OUTAGE_FACTOR = 20;

/** The contract's faults in the words of the web door; a fault at "the closing" meets the whole receipt here. */
function injectInto(door: WebDoor, world: World, fault: ContractFault): void {
  switch (fault.name) {
    case 'loseAnswerBeforeCommit':
      return door.inject({ name: fault.name });
    case 'loseAnswerAfterCommit':
      return door.inject({ name: fault.name, result: fault.result });
    case 'unplug':
      return door.inject({ name: fault.name, at: fault.at, forMs: fault.forMs * OUTAGE_FACTOR });
    case 'powerOff':
      return door.inject({
        name: fault.name,
        at: fault.at,
        forMs: fault.forMs * OUTAGE_FACTOR,
        requests: 'lost',
      });
    case 'removeFn':
    case 'clockJump':
      return void world.at(0).inject(fault);
    default:
      throw new Error(`${fault.name} means nothing to a device behind HTTP`);
  }
}

describeDevice('ATOL device by JSON tasks', jsonRig, JSON_DEVICE);
describeLosses('losses of JSON tasks', jsonRig, JSON_DEVICE);

/** A rig and a connected device, with the web door at hand. */
class JsonBench extends ContractBench {
  get door(): WebDoor {
    return (this.rig as JsonRig).door;
  }

  get json(): JsonRig {
    return this.rig as JsonRig;
  }

  /** From now on a device that gives up on a silent server after 300 ms, twice. */
  async becomeImpatient(): Promise<void> {
    await this.device.disconnect();
    this.device = this.json.deviceBy(new AxiosHttpClient(this.door.url), { requestTimeoutMs: 300 });
    await this.device.connect(inTime());
  }

  /** Receipts in the FN, by its own memory. */
  get receipts(): number {
    return this.rig.documents().filter((tlv) => [3, 31].includes(tlv.readUInt16LE(0))).length;
  }
}

describe('requests of the JSON device', () => {
  const bench = new JsonBench(jsonRig);
  const codeOf = async (sold: Promise<void>): Promise<unknown> =>
    sold.then(
      () => 'sold',
      (error: { code: string }) => error.code,
    );

  it('a request that comes after its sender has given up is refused: its key was taken', async () => {
    await bench.start();
    await bench.becomeImpatient();
    bench.door.inject({ name: 'late', byMs: 1_200 });
    expect(await codeOf(bench.sell(threeItems(' поздний')))).toBe('WIRE-NOT-EXECUTED');
    await bench.sell(threeItems());
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    expect((await bench.device.fnState()).lastFdNumber).toBe(3);
    expect(bench.receipts).toBe(1);
    await bench.provenAs(threeItems());
  });

  it('a new process takes the keys of the old one', async () => {
    await bench.start();
    bench.door.inject({ name: 'late', byMs: 500 });
    const lost = bench.sell(threeItems(' старого процесса')).catch((error: { code: string }) => error.code);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await bench.device.disconnect();
    expect(await lost).toBe('DOUBT-LINK-LOST');
    bench.device = bench.rig.plug();
    await bench.device.connect(inTime());
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(bench.receipts).toBe(0);
    await bench.sell(threeItems());
    await bench.provenAs(threeItems());
    expect(bench.receipts).toBe(1);
  });

  it('a new process waits for the request that the old one left behind', async () => {
    await bench.start();
    bench.door.inject({ name: 'delay', forMs: 300 });
    const left = bench.sell(threeItems()).catch((error: { code: string }) => error.code);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await bench.device.disconnect();
    expect(await left).toBe('DOUBT-LINK-LOST');
    bench.device = bench.rig.plug();
    await bench.device.connect(inTime());
    bench.rig.heal();
    expect((await bench.device.fnState()).lastFdNumber).toBe(3);
    await bench.provenAs(threeItems());
  });

  it('a server that hangs in the middle of a receipt makes it once', async () => {
    await bench.start();
    await bench.becomeImpatient();
    bench.door.inject({ name: 'hang', forMs: 1_800 });
    const first = await codeOf(bench.sell(threeItems()));
    expect(first).toMatch(/^(DOUBT|WIRE)-/);
    await eventually(() => bench.reconnect());
    const made = (await bench.device.fnState()).lastFdNumber - 2;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await bench.device.fnState()).lastFdNumber - 2).toBe(made);
    expect(bench.receipts).toBe(made);
  });

  it('a receipt that takes too long is in doubt until the FN is asked', async () => {
    await bench.start();
    await bench.device.disconnect();
    const impatient = bench.json.deviceBy(new AxiosHttpClient(bench.door.url), { fiscalTimeoutMs: 150 });
    bench.device = impatient;
    await impatient.connect(inTime());
    bench.door.inject({ name: 'delay', forMs: 400 });
    expect(await codeOf(bench.sell(threeItems(' долгий')))).toBe('DOUBT-DEADLINE');
    bench.rig.heal();
    await eventually(async () => {
      await bench.reconnect();
      expect((await bench.device.fnState()).lastFdNumber).toBe(3);
    });
    await bench.provenAs(threeItems(' долгий'));
    expect(bench.receipts).toBe(1);
  });

  it('a request that waits too long is taken back, and is certainly not executed', async () => {
    await bench.start();
    await bench.device.disconnect();
    const impatient = bench.json.deviceBy(new AxiosHttpClient(bench.door.url), { fiscalTimeoutMs: 150 });
    bench.device = impatient;
    await impatient.connect(inTime());
    bench.door.inject({ name: 'delay', forMs: 100 });
    bench.door.queue.put(
      'of-somebody-else',
      Array.from({ length: 15 }, () => ({ type: 'getDeviceStatus' })),
    );
    expect(await codeOf(bench.sell(threeItems()))).toBe('WIRE-NOT-EXECUTED');
    bench.rig.heal();
    await eventually(() => {
      expect(bench.door.queue.length).toBe(0);
      return Promise.resolve();
    });
    expect(bench.receipts).toBe(0);
    await bench.sell(threeItems());
    await bench.provenAs(threeItems());
  });

  it('power lost with the requests kept: interrupted is in doubt, the FN tells', async () => {
    await bench.start();
    bench.door.inject({ name: 'powerOff', at: 'beforeCommit', forMs: 1, requests: 'kept' });
    expect(await codeOf(bench.sell(threeItems()))).toMatch(/^DOUBT-/);
    await eventually(() => bench.reconnect());
    expect((await bench.device.fnState()).lastFdNumber).toBe(2);
    await bench.sell(threeItems());
    await bench.provenAs(threeItems());
  });

  it.each([
    [68, 'DEVICE-SHIFT-OVER-24H', 'retry'],
    [120, 'DEVICE-FN-EXPIRED', 'other-register'],
    [128, 'DEVICE-TAX-ABOVE-SUM', 'fix-receipt'],
    [9_999, 'DEVICE-UNKNOWN', 'engineer'],
    [2, 'DOUBT-DRIVER', undefined],
    [115, 'DOUBT-DRIVER', undefined],
  ] as const)('driver error %i is %s', async (code, expected, recovery) => {
    await bench.start();
    bench.door.inject({ name: 'refuse', code });
    const failure: unknown = await bench.sell(threeItems()).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: expected, context: { driverCode: code, command: 'sell' } });
    if (recovery) expect(failure).toMatchObject({ context: { recovery } });
    await bench.sell(threeItems());
    await bench.provenAs(threeItems());
  });

  it('says what it cannot read, and puts no word of it on the wire', async () => {
    const sent = bench.device.counters.framesSent;
    await expect(bench.device.readRegister(22)).rejects.toMatchObject({ code: 'DEVICE-NOT-ON-THIS-MODEL' });
    await expect(bench.device.readTable(2, 1, 1)).rejects.toMatchObject({ code: 'DEVICE-NOT-ON-THIS-MODEL' });
    expect(bench.device.counters.framesSent).toBe(sent);
    await bench.start();
    await bench.device.cancelDocument();
    expect((await bench.device.fnState()).openDocument).toBe(0);
  });

  it('checks marking codes before the receipt and gives the verdict to the item', async () => {
    await bench.device.register({ ...registrationOf(bench.rig.serial, 4), marking: true });
    await bench.device.openShift({ name: 'Кассир Иванова' });
    const content = receiptOf([
      item({
        subject: 33,
        plannedStatus: 1,
        markMode: 0,
        mark: { kind: 'gs1m', code: '0104650117240408215!dHe*4\u001d93dGVz' },
      }),
    ]);
    await bench.sell(content);
    await bench.provenAs(content);
    const items = parseDocument(bench.rig.documents()[2] ?? Buffer.alloc(0)).nodes;
    expect(numberOf(childrenOf(items, TAG.item) ?? [], TAG.goodsCheckResult)).toBe(0);
    for (const task of [
      'beginMarkingCodeValidation',
      'getMarkingCodeValidationStatus',
      'acceptMarkingCode',
    ]) {
      expect(bench.device.commands.get(task)).toMatchObject({ count: 1, errors: 0 });
    }
  });

  it('two receipts in a row cost one exchange each', async () => {
    await bench.start();
    await bench.sell(threeItems());
    const { tasks } = bench.device;
    const before = tasks.added;
    await bench.sell(threeItems(' второй'));
    expect(tasks.added - before).toBe(1);
  });
});

describe('a device that reaches the operator by itself', () => {
  const bench = new JsonBench(() => jsonRig(30));

  it('empties its queue while it is watched', async () => {
    await bench.start();
    await bench.sell(threeItems());
    await eventually(async () => {
      expect(await bench.device.ofdQueue()).toMatchObject({ unsent: 0, messageWaiting: false });
    });
    expect(await bench.device.documentRecord(3)).toMatchObject({ delivered: true });
  });
});

describe('what the device sends', () => {
  it('money and quantities as exact decimals', async () => {
    const rig = await jsonRig();
    const bodies: string[] = [];
    const http = new AxiosHttpClient(rig.door.url);
    const device = rig.deviceBy({
      name: http.name,
      send: (request, signal) => {
        if (request.body) bodies.push(request.body);
        return http.send(request, signal);
      },
      close: () => http.close(),
    });
    await device.connect(inTime());
    await device.register(registrationOf(rig.serial, 4));
    await device.openShift();
    const content: ReceiptContent = receiptOf([
      item({ priceKop: 110, quantityMicro: 3_000_000, sumKop: 330 }),
      item({ priceKop: 29, quantityMicro: 1_000_001, sumKop: 29 }),
      item({ priceKop: 45_035_997, quantityMicro: 100_000_000, sumKop: 4_503_599_700 }),
    ]);
    await device.receipt(content, contextOf(rig.serial, 4));
    const body = bodies.find((text) => text.includes('"sell"')) ?? '';
    expect(body).toContain('"price":1.1,"quantity":3,"amount":3.3,');
    expect(body).toContain('"price":0.29,"quantity":1.000001,"amount":0.29,');
    expect(body).toContain('"price":450359.97,"quantity":100,"amount":45035997,');
    expect(body).toContain('"payments":[{"type":"electronically","sum":45036000.59}]');
    expect(parseDocument(rig.documents()[2] ?? Buffer.alloc(0)).totalKop).toBe(4_503_600_059);
    await device.disconnect();
    await rig.close();
  });
});
