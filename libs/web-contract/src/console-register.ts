import type { Condition, LocalTime, Moment, Place, TagView } from './common';

export type RegisterCommandWord =
  | 'ping'
  | 'identify'
  | 'sync_clock'
  | 'open_shift'
  | 'close_shift'
  | 'settlement_report'
  | 'reconnect'
  | 'read_documents'
  | 'reconcile';

/** An order of an engineer to a register. */
export interface RegisterCommandView {
  id: string;
  kind: RegisterCommandWord;
  state: 'waiting' | 'running' | 'done' | 'failed' | 'expired';
  /** What the device said, by name. */
  facts: Record<string, string | number | boolean | null>;
  /** Code of the refusal. */
  reason: string | null;
  askedBy: string;
  askedWhy: string;
  createdAt: Moment;
  finishedAt: Moment | null;
  /** Documents that were read; only of one order asked for by itself. */
  documents: ArchiveDocumentView[] | null;
}

/** A document as the FN's archive has it, buyers' contacts masked; all null: the FN has no such number. */
export interface ArchiveDocumentView {
  fdNumber: number;
  form: number | null;
  at: LocalTime | null;
  fiscalSign: number | null;
  totalKop: number | null;
  tlvBytes: number;
  tags: TagView[];
}

/** One exchange on a register's wire; masked bytes are `**`. */
export interface WireLineView {
  id: string;
  at: Moment;
  name: string;
  fiscal: boolean;
  sent: string;
  received: string | null;
  words: string;
  refused: boolean;
  tookMs: number | null;
  error: string | null;
}

/** `GET /api/registers/:id/trace` and the live topic `trace:<id>`, whose patches carry new lines only. */
export interface WireTraceView {
  until: Moment | null;
  askedBy: string | null;
  lines: WireLineView[];
}

/** A register of a group as the dispatcher sees it. */
export interface GroupRegisterView {
  id: number;
  serial: string;
  place: Place;
  state: string;
  condition: Condition;
  online: boolean;
  problem: string | null;
  documentsLeft: number | null;
  unsent: number | null;
  busySince: Moment | null;
  finished5m: number;
}

/** What the numbers of the FN and of the database say of an intent that is not decided. */
export type DoubtEvidence =
  'offline' | 'fn_away' | 'unknown' | 'nothing_made' | 'one_made' | 'many_made' | 'fn_behind';

/** An intent whose outcome is not known. `GET /api/doubt` and the live topic `doubt`. */
export interface DoubtView {
  intentId: string;
  kind: string;
  state: 'open' | 'stuck';
  note: string | null;
  createdAt: Moment;
  fence: string;
  fnNumber: string;
  fdBefore: number;
  registerId: number;
  serial: string;
  place: Place;
  registerState: string;
  driverId: string;
  online: boolean;
  fnInSlot: string | null;
  lastFdSeen: number | null;
  seenAt: Moment | null;
  lastFdStored: number;
  receiptId: string | null;
  externalId: string | null;
  receiptState: string | null;
  waitReason: string | null;
  totalKop: number | null;
  groupCode: string | null;
  clientName: string | null;
  evidence: DoubtEvidence;
  /** The last question to the FN since it is open. */
  order: { state: string; outcome: string | null; why: string | null; askedBy: string } | null;
}
