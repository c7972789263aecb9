import { type ReceiptContent, silentLog, systemClock, systemRandom } from '@kkt/contracts';
import {
  type Assignment,
  defaultDispatchSettings,
  type DispatchPorts,
  DriverEngine,
  ffdComparer,
  type LeasedRegister,
} from '@kkt/dispatch';
import { freePort } from '@kkt/embedded';
import { makeRnm } from '@kkt/ffd';
import { AtolDevice, wireTo } from '@kkt/kkt-driver';
import { startEmulator } from './emulator-child';
import { wait } from './servers';
import { allEndedSince, ratePerS } from './steps';

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

/** Registers of one group; as many share an assembly. */
export const groupSize = 48;

/** The last receipt of a register is waited for so long when a window is over. */
const lastStepMs = 2_000;

/** Endless work for the free registers of the first `groups` groups; nothing is stored but numbers. */
class EndlessStore {
  receipts = 0;
  groups = Infinity;
  /** When each register ended its receipts since this was emptied. */
  readonly steps = new Map<number, number[]>();
  private next = 0;
  private readonly known = new Map<string, number>();

  asPort(): DispatchPorts['store'] {
    return {
      claim: (_owner, slots) =>
        Promise.resolve(
          slots
            .filter(({ groupId }) => groupId <= this.groups)
            .map((slot): Assignment => {
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
        const nowMs = performance.now();
        for (const { proof, receiptId, registerId } of batch) {
          this.known.set(proof.fnNumber, proof.fdNumber);
          if (receiptId === null) continue;
          this.receipts += 1;
          const ends = this.steps.get(registerId);
          if (ends) ends.push(nowMs);
          else this.steps.set(registerId, [nowMs]);
        }
        return Promise.resolve([]);
      },
      voidIntent: () => Promise.resolve(),
      markInDoubt: () => Promise.resolve(),
      markStuck: () => Promise.resolve(),
      lastKnownFd: (fnNumber) => Promise.resolve(this.known.get(fnNumber) ?? 0),
      groupsWaiting: (ids) => Promise.resolve(ids.filter((id) => id <= this.groups)),
      explainWaiting: () => Promise.resolve(),
    } as DispatchPorts['store'];
  }
}

export interface EngineWorld {
  /** Receipts done so far. */
  readonly receipts: number;
  /** Only the first so many groups of {@link groupSize} registers get work. */
  work(groups: number): void;
  /** Turns readings on or off. */
  watch(isOn: boolean): void;
  /** Receipts a second over so long, each register by its own whole receipts. */
  perS(seconds: number): Promise<number>;
  stop(): Promise<void>;
}

/**
 * The true driver engine in this process over TCP on emulated modules in a process of their own. Work is endless and
 * results are kept in memory, so that the driver itself is the limit. Every register has done a receipt when it resolves.
 */
export async function startEngine(options: {
  registers: number;
  pace: string;
  /** Where readings go; without it none are taken. */
  readings?: DispatchPorts['readings'];
}): Promise<EngineWorld> {
  const port = 30_100;
  const emulator = await startEmulator(options.registers, {
    tcpBasePort: port,
    controlPort: await freePort(),
    pace: options.pace,
    // The engine makes the registration itself.
    more: ['--fresh-fns'],
  });
  try {
    const store = new EndlessStore();
    const leased = Array.from({ length: options.registers }, (_, index): LeasedRegister => {
      const serial = String(106_000_000_001 + index).padStart(14, '0');
      return {
        registerId: index + 1,
        fence: '1',
        serial,
        model: 'atol-42fs',
        transport: { kind: 'tcp', host: '127.0.0.1', port: emulator.port(index) },
        state: 'registering',
        rnm: makeRnm(index + 1, inn, serial),
        ffd: 2,
        fnNumber: String(9_999_078_900_000_001n + BigInt(index)),
        machineNumber: null,
        group: { ...group, id: Math.floor(index / groupSize) + 1 },
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
      settings: {
        ...defaultDispatchSettings,
        readingsEveryMs: 10_000,
        pumpUnderLoadEveryMs: 3_600_000,
        textsOwedAtMost: Infinity,
      },
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
      readings: options.readings,
      // Texts are owed, as in a farm under load; nobody fetches them here.
      texts: {
        owed: () => Promise.resolve([]),
        receiptOf: () => Promise.resolve(undefined),
        put: () => Promise.resolve(),
      },
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
    const heat = (): void => {
      const last = Math.min(store.groups, Math.ceil(options.registers / groupSize));
      for (let id = 1; id <= last; id += 1) engine.onWake(String(id));
    };
    const endMs = performance.now() + 120_000;
    while (store.receipts < options.registers) {
      if (performance.now() > endMs) throw new Error('the registers did not begin to work in two minutes');
      heat();
      await wait(200);
    }
    return {
      get receipts() {
        return store.receipts;
      },
      work(groups) {
        store.groups = groups;
        heat();
      },
      watch: (isOn) => {
        ports.readings = isOn ? options.readings : undefined;
      },
      async perS(seconds) {
        store.steps.clear();
        const fromMs = performance.now();
        await wait(seconds * 1_000);
        const untilMs = performance.now();
        while (
          !allEndedSince(store.steps, [...store.steps.keys()], untilMs) &&
          performance.now() < untilMs + lastStepMs
        )
          await wait(20);
        return ratePerS(store.steps, fromMs, untilMs, performance.now());
      },
      async stop() {
        await engine.stop(5_000);
        await emulator.stop();
      },
    };
  } catch (error) {
    await emulator.stop();
    throw error;
  }
}
