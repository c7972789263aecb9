import { instantPace, type KktModule, planModules, World } from '@hardware/emulator';
import { FarmError, type FfdVersion, type ReceiptContent, silentLog, systemClock } from '@kkt/contracts';
import { contentDigest, digestOfDocument, explainDifference, makeRnm } from '@kkt/ffd';
import { AtolDevice, MemoryWire, type ReceiptContext } from '@kkt/kkt-driver';
import { Dice } from './dice';
import { shopInn, shopPlace } from './good-body';

/** Documents after which a fresh module takes over: an FN without an operator fills its store. */
const documentsOfOne = 20_000;
const address = 'Москва';
const ofdInn = '7709364346';

/** A fresh emulated register of one FFD and the farm's own driver on it. */
class Register {
  private constructor(
    private readonly device: AtolDevice,
    private readonly module: KktModule,
    private readonly context: ReceiptContext,
  ) {}

  static async open(ffd: FfdVersion): Promise<Register> {
    const random = new Dice(1);
    const world = new World({ plan: planModules(1, 'tcp'), clock: systemClock, random, pace: instantPace });
    const module = world.at(0);
    const wire = new MemoryWire({ clock: systemClock });
    let session: ReturnType<KktModule['connect']>;
    wire.attach({
      onOpen: () => {
        session = module.connect({ send: (bytes) => wire.deliver(bytes), hangUp: () => wire.cut() });
      },
      onData: (bytes) => session?.receive(Buffer.from(bytes)),
      onClose: () => session?.closed(),
    });
    const device = new AtolDevice({ wire, clock: systemClock, random, log: silentLog });
    await device.connect(AbortSignal.timeout(60_000));
    const facts = {
      inn: shopInn,
      rnm: makeRnm(1, shopInn, module.serial),
      ffd,
      address,
      place: shopPlace,
      ofdInn,
      senderEmail: 'kassa@shop.example',
      fnsSite: 'www.nalog.gov.ru',
      taxSystems: 3,
    };
    await device.register({
      ...facts,
      kind: 'new',
      userName: 'Магазин',
      ofdName: 'ОФД',
      automaticMode: false,
      internetOnly: true,
      services: false,
      excise: false,
      marking: ffd === 4,
      cashier: { name: 'Администратор' },
    });
    await device.openShift({ name: 'Кассир' });
    return new Register(device, module, facts);
  }

  get isFull(): boolean {
    return (this.module.fn?.state.lastFd ?? 0) > documentsOfOne;
  }

  /** Why this receipt did not become the document it should; undefined when it did. */
  async sell(content: ReceiptContent): Promise<string | undefined> {
    const before = this.module.fn?.state.lastFd ?? 0;
    try {
      await this.device.receipt(content, this.context);
    } catch (error) {
      if (!(error instanceof FarmError)) throw error;
      return `${error.code}: ${error.message} ${JSON.stringify(error.context)}`;
    }
    const document = this.module.fn?.document(before + 1);
    if (!document) return 'the FN has no document';
    // The driver takes a document for its receipt only when these are equal; otherwise it stops the register.
    if (contentDigest(content, this.context.ffd) === digestOfDocument(document.tlv)) return undefined;
    return `the document differs: ${explainDifference(content, document.tlv).slice(0, 3).join('; ')}`;
  }

  async close(): Promise<void> {
    await this.device.disconnect();
  }
}

/** Registers accepted receipts on emulated modules, one of each FFD, through the farm's driver. */
export class Drain {
  private readonly registers = new Map<FfdVersion, Register>();

  async sell(content: ReceiptContent, ffd: FfdVersion): Promise<string | undefined> {
    let register = this.registers.get(ffd);
    if (!register || register.isFull) {
      await register?.close();
      register = await Register.open(ffd);
      this.registers.set(ffd, register);
    }
    return register.sell(content);
  }

  async close(): Promise<void> {
    for (const register of this.registers.values()) await register.close();
  }
}
