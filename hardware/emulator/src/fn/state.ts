import type { FfdVersion, SettlementSign } from '@kkt/contracts';
import type { WallMs } from '../wall-time';
import type { SoldMark } from '@kkt/ofd-protocol';
import { addDelta, emptyTotals, type Totals, type TotalsDelta } from './totals';

/** 1 ready for registration, 3 fiscal mode, 7 closed and sending, 15 archive read only. */
export type FnPhase = 1 | 3 | 7 | 15;

/** What a registration report (form 1 or 11) put into the FN. */
export interface Registration {
  fd: number;
  fiscalSign: number;
  at: WallMs;
  inn: string;
  rnm: string;
  ofdInn: string;
  /** Mask of tag 1062. */
  taxSystems: number;
  /** Mode bits: 1 encryption, 2 autonomous, 4 automatic, 8 services, 16 BSO, 32 internet. */
  mode: number;
  /** Extended mode bits: 1 excise, 2 gambling, 4 lottery, 8 printer in machine, 16 marking, 32 pawnshop, 64 insurance. */
  extMode: number;
  ffd: FfdVersion;
  /** Mask of tag 1205 (form 11). */
  reasons: number;
}

/** Head of one record of the FN's memory. The tail of a `doc` record is the document's TLV. */
export type FnRecord =
  | { k: 'born'; fn: string; model: string; at: WallMs; validUntil: WallMs }
  | {
      k: 'doc';
      fd: number;
      form: number;
      at: WallMs;
      fiscalSign: number;
      shift: number;
      receipt?: number;
      sign?: SettlementSign;
      totalKop?: number;
      row?: number[];
      registration?: Registration;
      validUntil?: WallMs;
      /** Marked goods were sold: the notification that this document brings about. */
      notice?: { number: number; goods: SoldMark[] };
    }
  /** The marking system's receipt for a notification (tag 2111 as `code`). */
  | { k: 'noticed'; number: number; code: number }
  | { k: 'ack'; fd: number; at: WallMs; operatorSign: string; message: number }
  | { k: 'reset' };

export type DocumentRecord = Extract<FnRecord, { k: 'doc' }>;

export interface ShiftState {
  open: boolean;
  /** Open shift, or the last closed one. */
  number: number;
  openedAt: WallMs;
  /** Tag 1118. */
  receipts: number;
  /** Tag 1111, the opening report included. */
  documents: number;
  totals: Totals;
}

/** A document without the operator's receipt, and what it added to the counters. */
export interface UnsentDocument {
  at: WallMs;
  bytes: number;
  delta?: TotalsDelta;
}

/** Unsent documents, oldest first. A month without an operator makes the queue long, so its head is an index. */
export class UnsentQueue {
  private waiting: UnsentDocument[] = [];
  private head = 0;
  /** Size of all waiting documents. */
  bytes = 0;

  get length(): number {
    return this.waiting.length - this.head;
  }

  get oldest(): UnsentDocument | undefined {
    return this.waiting[this.head];
  }

  push(document: UnsentDocument): void {
    this.waiting.push(document);
    this.bytes += document.bytes;
  }

  takeOldest(): UnsentDocument | undefined {
    const { oldest } = this;
    if (!oldest) return undefined;
    this.head += 1;
    this.bytes -= oldest.bytes;
    if (this.head * 2 > this.waiting.length) {
      this.waiting = this.waiting.slice(this.head);
      this.head = 0;
    }
    return oldest;
  }
}

/** A notification for the marking system that has no receipt yet. */
export interface PendingNotice {
  /** Tag 2002. */
  number: number;
  /** The document it tells of. */
  fd: number;
  at: WallMs;
}

export interface FnState {
  fnNumber: string;
  modelId: string;
  phase: FnPhase;
  validUntil: WallMs;
  lastFd: number;
  lastAt: WallMs;
  registrations: Registration[];
  shift: ShiftState;
  totals: Totals;
  /** Documents 1…confirmed have the operator's receipt. */
  confirmed: number;
  unsent: UnsentQueue;
  unsentTotals: Totals;
  /** Bits of tag 1206 gathered since the last shift opening. */
  operatorMessage: number;
  /** Notifications without the marking system's receipt, oldest first (tag 2104). */
  notices: PendingNotice[];
  lastNotice: number;
}

export const initialState = (): FnState => ({
  fnNumber: '',
  modelId: '',
  phase: 1,
  validUntil: 0,
  lastFd: 0,
  lastAt: 0,
  registrations: [],
  shift: { open: false, number: 0, openedAt: 0, receipts: 0, documents: 0, totals: emptyTotals() },
  totals: emptyTotals(),
  confirmed: 0,
  unsent: new UnsentQueue(),
  unsentTotals: emptyTotals(),
  operatorMessage: 0,
  notices: [],
  lastNotice: 0,
});

export const currentRegistration = (state: FnState): Registration | undefined => state.registrations.at(-1);

/** Autonomous mode (tag 1002): nothing is sent to an operator. */
export const isAutonomous = (state: FnState): boolean =>
  ((currentRegistration(state)?.mode ?? 0) & 0x02) !== 0;

/**
 * Takes one record into the state. The only way the state changes: replaying the journal after a power cut gives
 * the same FN. `tailBytes` is the size of the record's tail.
 */
export function applyRecord(state: FnState, record: FnRecord, tailBytes: number): void {
  switch (record.k) {
    case 'born':
      state.fnNumber = record.fn;
      state.modelId = record.model;
      state.validUntil = record.validUntil;
      return;
    case 'reset': {
      const { fnNumber, modelId, validUntil } = state;
      Object.assign(state, initialState(), { fnNumber, modelId, validUntil });
      return;
    }
    case 'ack':
      return applyConfirmation(state, record.fd, record.message);
    case 'noticed':
      state.notices = state.notices.filter(({ number }) => number !== record.number);
      return;
    case 'doc':
      return applyDocument(state, record, tailBytes);
  }
}

function applyDocument(state: FnState, record: DocumentRecord, tailBytes: number): void {
  state.lastFd = record.fd;
  state.lastAt = record.at;
  if (record.registration) state.registrations.push(record.registration);
  if (record.validUntil !== undefined) state.validUntil = record.validUntil;
  let delta: TotalsDelta | undefined;
  if (record.row && record.sign) {
    delta = { sign: record.sign, correction: record.form === 31, row: record.row };
    addDelta(state.totals, delta);
    addDelta(state.shift.totals, delta);
    state.shift.receipts = record.receipt ?? state.shift.receipts + 1;
  }
  if (record.form === 2) {
    state.shift = {
      open: true,
      number: record.shift,
      openedAt: record.at,
      receipts: 0,
      documents: 0,
      totals: emptyTotals(),
    };
    state.operatorMessage = 0;
  }
  if (state.shift.open) state.shift.documents += 1;
  if (record.form === 5) state.shift.open = false;
  if (record.form === 1 || record.form === 11) state.phase = 3;
  if (record.form === 6) state.phase = 7;
  if (record.notice) {
    state.lastNotice = record.notice.number;
    state.notices.push({ number: record.notice.number, fd: record.fd, at: record.at });
  }
  if (isAutonomous(state)) {
    state.confirmed = record.fd;
    if (record.form === 6) state.phase = 15;
    return;
  }
  state.unsent.push({ at: record.at, bytes: tailBytes, delta });
  if (delta) addDelta(state.unsentTotals, delta);
}

function applyConfirmation(state: FnState, fd: number, message: number): void {
  state.confirmed = fd;
  const gone = state.unsent.takeOldest();
  if (gone?.delta) addDelta(state.unsentTotals, gone.delta, -1);
  state.operatorMessage |= message;
  if (state.phase === 7 && state.confirmed === state.lastFd) state.phase = 15;
}
