import type { DeviceTrace } from './trace/device-trace';
import type { FfdVersion, FiscalProof, ReceiptContent, SettlementSign, TaxSystem } from '@kkt/contracts';

/** Who the module says it is. Compared with the inventory before anything is written to it. */
export interface DeviceIdentity {
  modelCode: number;
  modelName: string;
  firmware: string;
  /** Factory number of the KKT (tag 1013). */
  serial: string;
  /** Tag 1041; empty when no FN is inserted. */
  fnNumber: string;
  /** Both absent when no FN is inserted. */
  ffdKkt?: FfdVersion;
  ffdFn?: FfdVersion;
}

/** FN life phase (A4 30): 0 setup, 1 ready for registration, 3 fiscal mode, 7 closed and sending, 15 archive read only. */
export type FnPhase = 0 | 1 | 3 | 7 | 15;

/** What the FN itself says (A4 30). */
export interface FnState {
  fnNumber: string;
  phase: FnPhase;
  /** Code of the document that is being made; 0 when none. */
  openDocument: number;
  shiftOpen: boolean;
  /** Bits: 1 replace within 3 days, 2 within 30 days, 4 memory 90 %, 8 operator's answer overdue, 128 critical. */
  warnings: number;
  /** Wall clock of the last document, `YYYY-MM-DDTHH:MM:SS`; absent on a fresh FN. */
  lastDocumentAt?: string;
  lastFdNumber: number;
}

/** FN limits by its own word (A4 32, 3B, 3D). */
export interface FnLife {
  /** `YYYY-MM-DD`. */
  validUntil: string;
  registrationsDone: number;
  registrationsLeft: number;
  daysLeft?: number;
  documentsLeft?: number;
}

/** Who made the FN what it is (A4 33, 3F). */
export interface FnMake {
  version: string;
  /** False: a debug FN, whose documents no tax service takes. */
  isSerial: boolean;
  /** Name of the execution; FN 1.2 only. */
  execution?: string;
}

/** Shift as the FN counts it (A4 10) and the register's end of the 24 hours (register 18). */
export interface ShiftState {
  open: boolean;
  /** Number of the open shift, or of the last closed one. */
  number: number;
  receipts: number;
  /** Local wall clock at which the open shift reaches 24 h. */
  expiresAt?: string;
}

/** The FN's queue to the operator (A4 20). */
export interface OfdQueueState {
  unsent: number;
  firstFdNumber: number;
  firstAt?: string;
  messageWaiting: boolean;
  answerAwaited: boolean;
}

/** One message of the FN for the operator: opaque bytes, carried unchanged. */
export interface OfdMessage {
  fnNumber: string;
  fdNumber: number;
  container: Buffer;
}

/**
 * Carries an FN's request about a marking code to the marking system and brings its answer, container for container;
 * undefined when there is none in time. Never rejects.
 */
export type MarkingLine = (request: Buffer) => Promise<Buffer | undefined>;

/** One notification about sold marked goods (document 82): opaque bytes, carried unchanged. */
export interface MarkNotice {
  /** Tag 2002. */
  number: number;
  /** Notifications in the queue, this one included. */
  queued: number;
  container: Buffer;
}

/** The FN's queue of notifications for the marking system. */
export interface NotificationDesk {
  /** The oldest one, or undefined when there is none. The same is given until it is confirmed. */
  read(): Promise<MarkNotice | undefined>;
  /** Hands the marking system's receipt (document 84) to the FN. */
  confirm(receipt: Buffer): Promise<void>;
}

/** Data of a registration (form 1) or re-registration (form 11) report. */
export interface RegistrationData {
  kind: 'new' | 'fn-change' | 'parameters';
  ffd: FfdVersion;
  inn: string;
  /** Registration number of the KKT (tag 1037). */
  rnm: string;
  userName: string;
  /** Mask of tag 1062. */
  taxSystems: number;
  defaultTaxSystem?: TaxSystem;
  address: string;
  place: string;
  ofdInn: string;
  ofdName: string;
  senderEmail?: string;
  fnsSite: string;
  automaticMode: boolean;
  machineNumber?: string;
  internetOnly: boolean;
  services: boolean;
  excise: boolean;
  marking: boolean;
  agents?: number;
  /** Mask of tag 1205 for form 11. */
  reasons?: number;
  cashier?: { name: string; inn?: string };
}

/** Facts of the register that a receipt's requisites need. */
export interface ReceiptContext {
  ffd: FfdVersion;
  inn: string;
  rnm: string;
  place: string;
  address: string;
  fnsSite: string;
  ofdInn: string;
  senderEmail?: string;
  taxSystems: number;
  machineNumber?: string;
}

/** Counters of the link, for the register's metrics. */
export interface LinkCounters {
  framesSent: number;
  framesReceived: number;
  crcErrors: number;
  repeatsAsked: number;
  repeatsServed: number;
  /** Packets sent again after silence. */
  resends: number;
  /** Replies nobody waited for. */
  staleFrames: number;
  /** Bytes that belonged to no frame. */
  noiseBytes: number;
  reconnects: number;
  bytesSent: number;
  bytesReceived: number;
}

/** How one command of the device has fared since the device object was made. */
export interface CommandStats {
  count: number;
  errors: number;
  totalMs: number;
  maxMs: number;
  /** Error code of the last failure and its wall time. */
  lastError?: string;
  lastErrorAtMs?: number;
}

/** What a reading gave, by the keys of the table of readings; moments are local wall time, null = the device does not say. */
export type ProbeValues = Record<string, string | number | boolean | null>;

/** A reading for people and charts: one command that changes nothing. */
export interface DeviceProbe {
  readonly name: string;
  readonly period: 'minute' | 'ten-minutes' | 'hour';
  /** `DEVICE-*` when this device does not know it. */
  read(): Promise<ProbeValues>;
}

/** How the tasks put into the device's buffer have fared. */
export interface TaskCounters {
  added: number;
  bufferFull: number;
  alreadyExists: number;
  notFound: number;
  stopped: number;
  asks: number;
  aborts: number;
}

/** The FN's short record of a document, kept for its whole life: the full text is erased some time after delivery. */
export interface DocumentRecord {
  /** Tag 1040. */
  fdNumber: number;
  /** Tag 1077. */
  fiscalSign: number;
  /** Code of the document as in `FnState.openDocument`. */
  type: number;
  /** Form by the FFD; 0 when the code is not known. */
  form: number;
  /** `YYYY-MM-DDTHH:MM:SS`. */
  at: string;
  /** The operator's confirmation is in the FN. */
  delivered: boolean;
  /** Receipts and corrections only. */
  sign?: SettlementSign;
  totalKop?: number;
  /** Shift reports only. */
  shiftNumber?: number;
}

/** The FN's word on its newest document; see `saleWord`. */
export interface SaleWord {
  state: FnState;
  record: DocumentRecord | undefined;
  /** Tag 1038 and 1042 of the newest receipt. */
  shift: Pick<ShiftState, 'open' | 'number' | 'receipts'>;
}

/**
 * One fiscal register, whatever its maker and wire.
 *
 * Calls run one at a time in the order they were made. Every wait inside has a timeout. Errors are `FarmError`:
 * - `WIRE-*`   the command did not reach the device or may be repeated without harm;
 * - `DOUBT-*`  a fiscal command may have been executed: read `fnState` and `document` before anything else;
 * - `DEVICE-*` the device or the FN refused, `context.deviceCode` and `context.driverCode` say why.
 * The caller proves the outcome of every fiscal command by the FN's own archive, whatever this object reports.
 */
export interface FiscalDevice {
  /**
   * Opens the link and settles the task buffer: when it resolves, no command of an earlier session is still
   * being executed by the device and none is waiting.
   */
  connect(signal: AbortSignal): Promise<void>;
  disconnect(): Promise<void>;
  readonly connected: boolean;
  /** Resolves when the link is lost for a reason other than `disconnect`. */
  readonly lost: Promise<Error>;
  readonly counters: LinkCounters;
  readonly tasks: TaskCounters;
  /** By command name; `receipt` and `document` are whole exchanges of many commands. */
  readonly commands: ReadonlyMap<string, CommandStats>;
  /** How long the last single commands took, at most 64, in no order. */
  readonly recentMs?: readonly number[];
  /** What goes between us and the device, for an engineer who looks; absent when it cannot be shown. */
  readonly trace?: DeviceTrace;
  /** What can be read of it besides; absent when the maker's door gives no more than the jobs below. */
  readonly probes?: readonly DeviceProbe[];

  identity(): Promise<DeviceIdentity>;
  fnState(): Promise<FnState>;
  fnLife(): Promise<FnLife>;
  /** Firmware and execution of the FN; absent for a device that cannot say. */
  fnMake?(): Promise<FnMake>;
  shift(): Promise<ShiftState>;
  ofdQueue(): Promise<OfdQueueState>;
  /**
   * Calls somebody who stands at the rack to this very module: three beeps within two seconds. Makes no document and
   * changes nothing. Absent for a device that has no such command.
   */
  identify?(): Promise<void>;
  /** Device clock, local wall time `YYYY-MM-DDTHH:MM:SS`. */
  clock(): Promise<string>;
  setClock(at: string): Promise<void>;

  /** Cancels the document that is open in the device; does nothing when none is. */
  cancelDocument(): Promise<void>;
  register(data: RegistrationData): Promise<void>;
  openShift(cashier?: { name?: string; inn?: string }): Promise<void>;
  closeShift(cashier?: { name?: string; inn?: string }): Promise<void>;
  /** Settlement state report (form 21). */
  settlementReport(): Promise<void>;
  /** X report: no fiscal document. */
  xReport(): Promise<void>;
  /** Closes the FN (form 6). */
  closeFn(data: { rnm: string; cashier?: { name: string; inn?: string } }): Promise<void>;
  /**
   * Registers a receipt (form 3) or a correction (form 31). `marking` carries requests about marking codes where the
   * farm does that for the device; without it the FN's own check is all.
   */
  receipt(content: ReceiptContent, context: ReceiptContext, marking?: MarkingLine): Promise<void>;

  /** Absent: the device tells the marking system by itself, or cannot. */
  readonly notifications?: NotificationDesk;

  /**
   * Reads one document of the FN archive with its requisites; undefined when the FN has no such number. `tlvHex` is the
   * inside of the document, and empty when the FN has erased it and keeps only the short record.
   */
  document(fdNumber: number): Promise<FiscalProof | undefined>;
  /** The short record alone. */
  documentRecord(fdNumber: number): Promise<DocumentRecord | undefined>;
  /**
   * What the FN says once a receipt was answered well: its state, the short record of that number (undefined: none), the
   * shift. One round trip where the device takes commands in a row.
   */
  saleWord(fdNumber: number): Promise<SaleWord>;
  /** `documentRecord` costs one command and `document` dozens: the text is better read when there is time. */
  readonly textIsCostly: boolean;

  /**
   * False: the device reaches the operator by itself (Ethernet of its own, or its maker's program on the host). Then
   * `readOfdMessage` gives nothing, and the queue is only watched.
   */
  readonly carriesOfdMessages: boolean;
  /** Next message for the operator, or undefined when there is none. The same message is given until it is confirmed. */
  readOfdMessage(): Promise<OfdMessage | undefined>;
  /** Hands the operator's answer container to the FN. `DEVICE-OFD-ANSWER` when the FN does not accept it. */
  confirmOfdMessage(answer: Buffer): Promise<void>;

  /** Register read (command 91) and table cell read (46), for engineers and metrics. */
  readRegister(number: number, p1?: number, p2?: number): Promise<Record<string, string | number | boolean>>;
  readTable(table: number, row: number, field: number): Promise<Buffer>;
}
