import { command } from '@kkt/atol-protocol';
import type { FiscalProof, ReceiptContent } from '@kkt/contracts';
import type {
  CommandStats,
  DeviceIdentity,
  DeviceProbe,
  DocumentRecord,
  FiscalDevice,
  FnLife,
  FnMake,
  FnState,
  LinkCounters,
  MarkingLine,
  NotificationDesk,
  OfdMessage,
  OfdQueueState,
  ReceiptContext,
  RegistrationData,
  SaleWord,
  ShiftState,
  TaskCounters,
} from '../../device';
import type { DeviceTrace } from '../../trace/device-trace';
import { ArchiveReader } from './archive-reader';
import { ATOL_42FS, ATOL_42FS_V2, type AtolProfile } from './atol.profile';
import { AtolSession, type AtolSessionOptions } from './atol.session';
import { NotificationCourier } from './notification-courier';
import { OfdCourier } from './ofd-courier';
import { atolProbes } from './probes';
import { Reader } from './reader';
import { ReceiptMaker } from './receipt-maker';
import { Registrar } from './registrar';
import { Reporter } from './reporter';
import { saleWord } from './sale-word';

export interface AtolDeviceOptions extends AtolSessionOptions {
  /** Default: ATOL 42FS by its transport. */
  profile?: AtolProfile;
}

/** A fiscal register of the ATOL family. Each job has a file of its own; this one gives them turns. */
export class AtolDevice implements FiscalDevice {
  /** The farm carries them by FN commands 20–26. */
  readonly carriesOfdMessages = true;
  /** Requisites come one to a command (46). */
  readonly textIsCostly = true;
  readonly probes: readonly DeviceProbe[];
  readonly notifications: NotificationDesk;
  private readonly session: AtolSession;
  private readonly reader: Reader;
  private readonly reporter: Reporter;
  private readonly registrar: Registrar;
  private readonly receipts: ReceiptMaker;
  private readonly archive: ArchiveReader;
  private readonly courier: OfdCourier;

  constructor(options: AtolDeviceOptions) {
    const profile = options.profile ?? (options.protocol === 'v2' ? ATOL_42FS_V2 : ATOL_42FS);
    this.session = new AtolSession(options);
    this.probes = atolProbes(this.session);
    this.reader = new Reader(this.session);
    this.reporter = new Reporter(this.session, profile);
    this.registrar = new Registrar(this.session, this.reader, profile);
    this.receipts = new ReceiptMaker(this.session, profile);
    this.archive = new ArchiveReader(this.session);
    this.courier = new OfdCourier(this.session, profile);
    this.notifications = new NotificationCourier(this.session, profile);
  }

  get connected(): boolean {
    return this.session.connected;
  }

  get lost(): Promise<Error> {
    return this.session.lost;
  }

  get counters(): LinkCounters {
    return this.session.counters;
  }

  get tasks(): TaskCounters {
    return this.session.channel.counters;
  }

  get commands(): ReadonlyMap<string, CommandStats> {
    return this.session.book.stats;
  }

  get trace(): DeviceTrace {
    return this.session.trace;
  }

  get recentMs(): readonly number[] {
    return this.session.book.recentMs;
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

  fnMake(): Promise<FnMake> {
    return this.session.exclusive(() => this.reader.fnMake());
  }

  shift(): Promise<ShiftState> {
    return this.session.exclusive(() => this.reader.shift());
  }

  ofdQueue(): Promise<OfdQueueState> {
    return this.session.exclusive(() => this.reader.ofdQueue());
  }

  identify(): Promise<void> {
    return this.session.exclusive(() => this.reporter.identify());
  }

  clock(): Promise<string> {
    return this.session.exclusive(() => this.reader.clock());
  }

  setClock(at: string): Promise<void> {
    return this.session.exclusive(() => this.reader.setClock(at));
  }

  /** A receipt is open in the register, a report in the FN: either may have been left. */
  cancelDocument(): Promise<void> {
    return this.session.exclusive(async () => {
      const { receiptState } = await this.session.ask(command('status'));
      if (receiptState !== 0) await this.receipts.cancel();
      const { openDocument } = await this.reader.fnState();
      if (openDocument !== 0) await this.registrar.cancel();
    });
  }

  register(data: RegistrationData): Promise<void> {
    return this.session.exclusive(() => this.registrar.register(data));
  }

  openShift(cashier?: { name?: string; inn?: string }): Promise<void> {
    return this.session.exclusive(() => this.reporter.openShift(cashier));
  }

  closeShift(cashier?: { name?: string; inn?: string }): Promise<void> {
    return this.session.exclusive(() => this.reporter.closeShift(cashier));
  }

  settlementReport(): Promise<void> {
    return this.session.exclusive(() => this.reporter.settlementReport());
  }

  xReport(): Promise<void> {
    return this.session.exclusive(() => this.reporter.xReport());
  }

  closeFn(data: { rnm: string; cashier?: { name: string; inn?: string } }): Promise<void> {
    return this.session.exclusive(() => this.registrar.closeFn(data));
  }

  receipt(content: ReceiptContent, context: ReceiptContext, marking?: MarkingLine): Promise<void> {
    return this.session.exclusive(() =>
      this.session.book.measure('receipt', () => this.receipts.register(content, context, marking)),
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
    return this.session.exclusive(() => saleWord(this.session, this.reader, this.archive, fdNumber));
  }

  readOfdMessage(): Promise<OfdMessage | undefined> {
    return this.session.exclusive(() => this.courier.read());
  }

  confirmOfdMessage(answer: Buffer): Promise<void> {
    return this.session.exclusive(() => this.courier.confirm(answer));
  }

  readRegister(number: number, p1?: number, p2?: number): Promise<Record<string, string | number | boolean>> {
    return this.session.exclusive(() => this.reader.readRegister(number, p1, p2));
  }

  readTable(table: number, row: number, field: number): Promise<Buffer> {
    return this.session.exclusive(() => this.reader.readTable(table, row, field));
  }
}
