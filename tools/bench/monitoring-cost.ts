import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type ReceiptContent, silentLog, systemClock, systemIds, systemRandom } from '@kkt/contracts';
import {
  type Assignment,
  defaultDispatchSettings,
  type DispatchPorts,
  DriverEngine,
  ffdComparer,
  type LeasedRegister,
} from '@kkt/dispatch';
import { makeRnm } from '@kkt/ffd';
import { AtolDevice, wireTo } from '@kkt/kkt-driver';
import { openDatabase, ReadingStore, type RegisterReadings } from '@kkt/storage';

/** What monitoring costs, by blocks of load measured side by side. */
export interface MonitoringCost {
  /** Receipts per second of each block. */
  without: number[];
  with: number[];
  /** Loss of throughput by medians; negative when noise won. */
  costPercent: number;
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
};

/**
 * Runs blocks of load in the order without, with, with, without…, so that a machine that warms up or gets busy favours
 * neither. `block` runs the load for its time and answers receipts per second.
 */
export async function sideBySide(
  block: (monitoring: boolean) => Promise<number>,
  rounds: number,
): Promise<MonitoringCost> {
  const result: MonitoringCost = { without: [], with: [], costPercent: 0 };
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? [false, true] : [true, false];
    for (const monitoring of order) (monitoring ? result.with : result.without).push(await block(monitoring));
  }
  const base = median(result.without);
  result.costPercent = base === 0 ? 0 : Math.round((1 - median(result.with) / base) * 1_000) / 10;
  return result;
}

const inn = '5544332219';
const group: NonNullable<LeasedRegister['group']> = {
  id: 1,
  code: 'bench',
  inn,
  userName: 'ООО «Пример»',
  taxSystems: 1,
  defaultTaxSystem: null,
  paymentAddress: 'https://shop.example',
  address: 'г. Москва',
  senderEmail: 'check@shop.example',
  fnsSite: 'www.nalog.gov.ru',
  ofdInn: '7799999997',
  ofdName: 'ОФД',
  ofdHost: '127.0.0.1',
  ofdPort: 1,
};

const content: ReceiptContent = {
  form: 'receipt',
  sign: 1,
  company: { inn, taxSystem: 1, email: 'check@shop.example', place: group.paymentAddress },
  client: { email: 'buyer@example.com' },
  items: [
    {
      name: 'Кофе',
      priceKop: 54_000,
      quantityMicro: 1_000_000,
      sumKop: 54_000,
      method: 4,
      subject: 1,
      vat: 6,
    },
  ],
  payments: { cashKop: 0, ecashKop: 54_000, prepaidKop: 0, creditKop: 0, provisionKop: 0 },
  vatTotals: {},
  totalKop: 54_000,
} as ReceiptContent;

/** Endless work for every register that is free; nothing is stored but numbers. */
class EndlessStore {
  receipts = 0;
  private next = 0;
  private readonly known = new Map<string, number>();

  asPort(): DispatchPorts['store'] {
    return {
      claim: (_owner, slots) =>
        Promise.resolve(
          slots.map((slot): Assignment => {
            this.next += 1;
            const id = String(this.next);
            return {
              registerId: slot.registerId,
              intentId: id,
              receiptId: id,
              externalId: id,
              content,
              attempts: 0,
              fdBefore: slot.fdBefore,
            };
          }),
        ),
      intend: () => Promise.resolve(`r${(this.next += 1)}`),
      openIntent: () => Promise.resolve(undefined),
      complete: (batch) => {
        for (const { proof, receiptId } of batch) {
          this.known.set(proof.fnNumber, proof.fdNumber);
          if (receiptId !== null) this.receipts += 1;
        }
        return Promise.resolve([]);
      },
      voidIntent: () => Promise.resolve(),
      markInDoubt: () => Promise.resolve(),
      markStuck: () => Promise.resolve(),
      lastKnownFd: (fnNumber) => Promise.resolve(this.known.get(fnNumber) ?? 0),
      groupsWaiting: () => Promise.resolve([group.id]),
      explainWaiting: () => Promise.resolve(),
    } as DispatchPorts['store'];
  }
}

interface BenchOptions {
  registers: number;
  blockS: number;
  rounds: number;
  databaseUrl?: string;
}

function startEmulator(registers: number, dataDir: string, port: number): ChildProcess {
  const program = join(__dirname, '..', '..', 'hardware', 'emulator', 'src', 'main.js');
  const args = [
    `--modules=${registers}`,
    `--data=${dataDir}`,
    `--tcp-base-port=${port}`,
    `--control-port=${port - 1}`,
    ...['--pace=instant', '--memory=ram', '--transport=tcp', '--fresh-fns'],
  ];
  return spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

const ready = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    child.stdout?.on('data', (bytes: Buffer) => {
      if (bytes.toString().includes('"ready"')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`the emulator ended with ${code}`)));
  });

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The true driver engine over TCP on emulated modules that take no time: the driver itself is the limit. */
export async function measure(options: BenchOptions): Promise<MonitoringCost & { readings: number }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'kkt-bench-'));
  const port = 30_100;
  const emulator = startEmulator(options.registers, dataDir, port);
  const database = options.databaseUrl
    ? openDatabase({ url: options.databaseUrl, applicationName: 'bench', maxConnections: 2 })
    : undefined;
  try {
    await ready(emulator);
    const store = new EndlessStore();
    const real = database && new ReadingStore(database);
    let stored = 0;
    const readings: NonNullable<DispatchPorts['readings']> = {
      save: async (batch: readonly RegisterReadings[]) => {
        stored += batch.length;
        if (real) await real.save(batch);
        else JSON.stringify(batch);
      },
    };
    const leased = Array.from({ length: options.registers }, (_, index): LeasedRegister => {
      const serial = String(106_000_000_001 + index).padStart(14, '0');
      return {
        registerId: index + 1,
        fence: '1',
        serial,
        model: 'atol-42fs',
        transport: { kind: 'tcp', host: '127.0.0.1', port: port + index },
        state: 'registering',
        rnm: makeRnm(index + 1, inn, serial),
        ffd: 2,
        fnNumber: String(9_999_078_900_000_001n + BigInt(index)),
        machineNumber: null,
        group,
        operatorChange: null,
      };
    });
    const moved = new Set<number>();
    const current = () =>
      leased.map((one) => ({ ...one, state: moved.has(one.registerId) ? ('ready' as const) : one.state }));
    const ports = {
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
      settings: { ...defaultDispatchSettings, readingsEveryMs: 10_000, pumpUnderLoadEveryMs: 3_600_000 },
      store: store.asPort(),
      leases: {
        registerProcess: () => Promise.resolve(),
        holders: () => Promise.resolve([]),
        acquire: () => Promise.resolve(current()),
        renew: () => Promise.resolve(current()),
        release: () => Promise.resolve(),
        releaseOne: () => Promise.resolve(),
      },
      registers: {
        saveStatus: () => Promise.resolve(),
        move: (id: number) => {
          moved.add(id);
          return Promise.resolve(true);
        },
        fnInstalled: () => Promise.resolve(),
      },
      alerts: { raise: () => Promise.resolve(), close: () => Promise.resolve() },
      messages: {
        putMessage: () => Promise.resolve(),
        answersFor: () => Promise.resolve([]),
        confirmed: () => Promise.resolve(),
        confirmedBefore: () => Promise.resolve(),
        refusedByFn: () => Promise.resolve(),
      },
      readings: readings as typeof readings | undefined,
      wake: { wake: () => Promise.resolve() },
      compare: ffdComparer,
      device: (register: LeasedRegister) =>
        new AtolDevice({
          clock: systemClock,
          random: systemRandom,
          log: silentLog,
          wire: wireTo(register.transport as Parameters<typeof wireTo>[0], systemClock),
        }),
      owner: 'bench',
    };
    const engine = new DriverEngine(ports as unknown as DispatchPorts, {
      process: {
        owner: 'bench',
        driverId: 'bench',
        host: '',
        bootId: '',
        pid: process.pid,
        startTicks: '',
      } as never,
      isDead: () => false,
    });
    await engine.start();
    while (store.receipts < options.registers) {
      engine.onWake(String(group.id));
      await wait(500);
    }
    const block = async (monitoring: boolean): Promise<number> => {
      ports.readings = monitoring ? readings : undefined;
      await wait(1_000);
      const from = store.receipts;
      const sinceMs = systemClock.monotonicMs();
      await wait(options.blockS * 1_000);
      const perS = ((store.receipts - from) * 1_000) / (systemClock.monotonicMs() - sinceMs);
      process.stderr.write(
        `${monitoring ? 'with   ' : 'without'} monitoring: ${perS.toFixed(1)} receipts/s\n`,
      );
      return perS;
    };
    const cost = await sideBySide(block, options.rounds);
    await engine.stop(5_000);
    return { ...cost, readings: stored };
  } finally {
    emulator.kill('SIGKILL');
    await database?.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      registers: { type: 'string', default: '576' },
      'block-s': { type: 'string', default: '30' },
      rounds: { type: 'string', default: '4' },
      database: { type: 'string' },
    },
  });
  const result = await measure({
    registers: Number(values.registers),
    blockS: Number(values['block-s']),
    rounds: Number(values.rounds),
    databaseUrl: values.database,
  });
  process.stdout.write(
    `${JSON.stringify({ run: systemIds.uuid(), registers: Number(values.registers), ...result })}\n`,
  );
  process.exit(result.costPercent < 5 ? 0 : 1);
}

if (require.main === module) void main();
