import { FarmError, type FiscalProof, type ReceiptContent } from '@kkt/contracts';
import type {
  CommandStats,
  DeviceIdentity,
  DocumentRecord,
  FiscalDevice,
  FnLife,
  FnState,
  LinkCounters,
  OfdMessage,
  OfdQueueState,
  ReceiptContext,
  RegistrationData,
  SaleWord,
  ShiftState,
  TaskCounters,
} from '../../device';
import { DeviceTrace } from '../../trace/device-trace';
import { tracedClient } from '../../trace/traced-channel';
import { requisitesOf } from '../atol/receipt-plan';
import { JsonArchive } from './json-archive';
import { JsonReader } from './json-reader';
import { JsonSession, type JsonSessionOptions } from './json.session';
import { MarkChecker } from './mark-checker';
import { operatorOf, receiptTask } from './receipt-task';
import { registrationTask } from './registration-task';

interface Cashier {
  name?: string;
  inn?: string;
}

export type AtolJsonDeviceOptions = JsonSessionOptions;

/**
 * A fiscal register behind the vendor's web server: whole tasks in JSON instead of commands in bytes. It reaches the
 * operator by itself, so no messages are carried for it.
 */
export class AtolJsonDevice implements FiscalDevice {
  readonly carriesOfdMessages = false;
  /** One task gives record and text alike. */
  readonly textIsCostly = false;
  readonly trace: DeviceTrace;
  private readonly session: JsonSession;
  private readonly reader: JsonReader;
  private readonly archive: JsonArchive;
  private readonly marks: MarkChecker;

  constructor(options: AtolJsonDeviceOptions) {
    this.trace = new DeviceTrace(options.clock);
    const client = tracedClient(options.client, this.trace, options.clock);
    this.session = new JsonSession({ ...options, client });
    this.archive = new JsonArchive(this.session);
    this.reader = new JsonReader(this.session, (fdNumber) => this.archive.momentOf(fdNumber));
    this.marks = new MarkChecker(this.session);
  }

  get connected(): boolean {
    return this.session.connected;
  }

  get lost(): Promise<Error> {
    return this.session.lost;
  }

  /** Requests count as frames, their bodies as bytes. */
  get counters(): LinkCounters {
    return this.session.counters;
  }

  get tasks(): TaskCounters {
    return this.session.tasks;
  }

  /** By type of task; `receipt` and `document` are whole exchanges. */
  get commands(): ReadonlyMap<string, CommandStats> {
    return this.session.book.stats;
  }

  connect(signal: AbortSignal): Promise<void> {
    return this.session.connect(signal);
  }

  disconnect(): Promise<void> {
    return this.session.disconnect();
  }

  identity(): Promise<DeviceIdentity> {
    return this.session.exclusive(() => this.reader.identity());
  }

  fnState(): Promise<FnState> {
    return this.session.exclusive(() => this.reader.fnState());
  }

  fnLife(): Promise<FnLife> {
    return this.session.exclusive(() => this.reader.fnLife());
  }

  shift(): Promise<ShiftState> {
    return this.session.exclusive(() => this.reader.shift());
  }

  ofdQueue(): Promise<OfdQueueState> {
    return this.session.exclusive(() => this.reader.ofdQueue());
  }

  clock(): Promise<string> {
    return this.session.exclusive(() => this.reader.clock());
  }

  setClock(at: string): Promise<void> {
    return this.session.exclusive(() => this.reader.setClock(at));
  }

  /**
   * Ends what the driver may have left of its last task. It cancels an open receipt itself before each new one; what it
   * cannot do by itself is to finish a document whose printing was broken off.
   */
  cancelDocument(): Promise<void> {
    return this.session.exclusive(async () => void (await this.session.ask({ type: 'continuePrint' })));
  }

  register(data: RegistrationData): Promise<void> {
    return this.make(registrationTask(data));
  }

  openShift(cashier?: Cashier): Promise<void> {
    return this.make({ type: 'openShift', ...by(cashier) });
  }

  closeShift(cashier?: Cashier): Promise<void> {
    return this.make({ type: 'closeShift', ...by(cashier) });
  }

  settlementReport(): Promise<void> {
    return this.make({ type: 'reportOfdExchangeStatus' });
  }

  xReport(): Promise<void> {
    return this.session.exclusive(async () => void (await this.session.ask({ type: 'reportX' })));
  }

  /** The driver knows the RNM; it is not asked for. */
  closeFn(data: { rnm: string; cashier?: { name: string; inn?: string } }): Promise<void> {
    return this.make({ type: 'closeArchive', ...by(data.cashier) });
  }

  receipt(content: ReceiptContent, context: ReceiptContext): Promise<void> {
    return this.session.exclusive(() =>
      this.session.book.measure('receipt', async () => {
        const requisites = requisitesOf(content, context);
        const verdicts = await this.marks.check(requisites, content);
        await this.session.fiscal(receiptTask(content, requisites, context, verdicts));
      }),
    );
  }

  document(fdNumber: number): Promise<FiscalProof | undefined> {
    return this.session.exclusive(() =>
      this.session.book.measure('document', () => this.archive.document(fdNumber)),
    );
  }

  documentRecord(fdNumber: number): Promise<DocumentRecord | undefined> {
    return this.session.exclusive(() => this.archive.record(fdNumber));
  }

  saleWord(fdNumber: number): Promise<SaleWord> {
    return this.session.exclusive(async () => ({
      state: await this.reader.fnState(),
      record: await this.archive.record(fdNumber),
      shift: await this.reader.shift(),
    }));
  }

  /** Always undefined: the device has its own way to the operator. */
  readOfdMessage(): Promise<OfdMessage | undefined> {
    return Promise.resolve(undefined);
  }

  confirmOfdMessage(): Promise<void> {
    return Promise.reject(this.cannot('DEVICE-OFD-ANSWER', 'The device talks to the operator by itself'));
  }

  readRegister(): Promise<Record<string, string | number | boolean>> {
    return Promise.reject(this.cannot('DEVICE-NOT-ON-THIS-MODEL', 'Registers are not read by JSON tasks'));
  }

  readTable(): Promise<Buffer> {
    return Promise.reject(this.cannot('DEVICE-NOT-ON-THIS-MODEL', 'Tables are not read by JSON tasks'));
  }

  private make(task: { type: string }): Promise<void> {
    return this.session.exclusive(async () => void (await this.session.fiscal(task)));
  }

  private cannot(code: `DEVICE-${string}`, message: string): FarmError {
    return new FarmError(code, message, { wire: this.session.wireName, recovery: 'other-register' });
  }
}

function by(cashier: Cashier | undefined): { operator?: object } {
  const operator = operatorOf(cashier?.name, cashier?.inn);
  return operator ? { operator } : {};
}
