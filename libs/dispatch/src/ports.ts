import type { Clock, FiscalProof, Log, Random, ReceiptContent } from '@kkt/contracts';
import type { FiscalDevice, ModelList } from '@kkt/kkt-driver';
import type {
  AlertStore,
  ArchiveReadStore,
  Assignment,
  ClaimSlot,
  Completion,
  DispatchStore,
  DocumentTextStore,
  LeasedRegister,
  LeaseStore,
  OpenIntent,
  PlanningStore,
  ReadingStore,
  OperatorStore,
  RegisterCommandStore,
  RegisterStore,
  RegisterTaskStore,
  WireTraceStore,
} from '@kkt/storage';
import type { DispatchSettings } from './settings';

/** The relay's rows as the driver uses them: messages out of the FN, answers into it. */
export interface OfdMessagePort {
  /**
   * Stores the FN's next message. Messages of the same FN with smaller numbers are confirmed by that very fact:
   * an FN gives the next one only after it took the answer to the one before.
   */
  putMessage(message: {
    registerId: number;
    fnNumber: string;
    fdNumber: number;
    container: Buffer;
  }): Promise<void>;
  /** Answers of operators that wait to be written into the FNs of these registers. */
  answersFor(registerIds: readonly number[]): Promise<OfdAnswer[]>;
  confirmed(batch: readonly { fnNumber: string; fdNumber: number }[]): Promise<void>;
  /** Everything before this document is confirmed: the FN's own queue begins with it. */
  confirmedBefore(message: { fnNumber: string; fdNumber: number }): Promise<void>;
  /** The FN did not accept the answer: the message is due again. */
  refusedByFn(message: { fnNumber: string; fdNumber: number }, reason: string): Promise<void>;
}

export interface OfdAnswer {
  registerId: number;
  fnNumber: string;
  fdNumber: number;
  answer: Buffer;
}

/** The way to the marking system. */
export interface MarkingPort {
  /**
   * Carries one container of this register's FN (a request or a notification) and brings what came back; undefined when
   * nothing did in time. Never rejects.
   */
  ask(register: LeasedRegister, container: Buffer): Promise<Buffer | undefined>;
}

/** Wake-ups between processes; losing one costs only time. */
export interface WakePort {
  wake(channel: string, key: string): Promise<void>;
}

/** Makes the device of a register. `guard` must be called before each write to the wire and may throw. */
export type DeviceFactory = (register: LeasedRegister, guard: () => void) => FiscalDevice;

/** Compares an archived document with what was asked, in the words of the FFD. */
export interface DocumentComparer {
  same(content: ReceiptContent, proof: FiscalProof): boolean;
  /** Which requisites differ; for the engineer. */
  difference(content: ReceiptContent, proof: FiscalProof): string[];
}

/** Everything outside a session, injected. */
export interface DispatchPorts {
  clock: Clock;
  random: Random;
  log: Log;
  settings: DispatchSettings;
  store: Pick<
    DispatchStore,
    | 'claim'
    | 'intend'
    | 'openIntent'
    | 'complete'
    | 'voidIntent'
    | 'markInDoubt'
    | 'markStuck'
    | 'lastKnownFd'
    | 'groupsWaiting'
    | 'explainWaiting'
  >;
  leases: Pick<LeaseStore, 'registerProcess' | 'holders' | 'acquire' | 'renew' | 'release' | 'releaseOne'>;
  registers: Pick<RegisterStore, 'saveStatus' | 'move' | 'fnInstalled'>;
  alerts: Pick<AlertStore, 'raise' | 'close'>;
  messages: OfdMessagePort;
  /** Without it FNs check marking codes by themselves only, and their notifications wait. */
  marking?: MarkingPort;
  /** Wishes to read FN archives; a driver without it serves none. */
  archive?: Pick<ArchiveReadStore, 'waitingFor' | 'put' | 'fail'>;
  /** Readings for people and charts; a driver without it takes none. */
  readings?: Pick<ReadingStore, 'save'>;
  /** Forecasts for wear levelling; without them FNs are used alike. */
  planning?: Pick<PlanningStore, 'documentsPerDay'>;
  /** What workflows want of the device; a driver without it serves none. */
  tasks?: Pick<RegisterTaskStore, 'waitingFor' | 'progress' | 'finish' | 'intendTestReceipt' | 'testReceipt'>;
  /** Orders of engineers; a driver without it carries none out. */
  commands?: Pick<RegisterCommandStore, 'waitingFor' | 'begin' | 'finish'>;
  /** Traffic of wires that engineers look at; a driver without it shows none. */
  traces?: Pick<WireTraceStore, 'active' | 'put' | 'forgetOld'>;
  /** Changes of operator; a driver without it carries none out. */
  operators?: Pick<OperatorStore, 'switchOver' | 'changeDone' | 'noteChange'>;
  /** Texts of documents that were proven by their short record; a driver without it reads each text at once. */
  texts?: Pick<DocumentTextStore, 'owed' | 'receiptOf' | 'put'>;
  wake: WakePort;
  compare: DocumentComparer;
  /** Models by the inventory's words; a driver without it compares serial number and FN only. */
  models?: Pick<ModelList, 'named'>;
  device: DeviceFactory;
  /** This driver process, as in its leases. */
  owner: string;
}

export type { Assignment, ClaimSlot, Completion, LeasedRegister, OpenIntent };
