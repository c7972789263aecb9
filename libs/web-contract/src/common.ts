/** ISO 8601 moment, UTC. */
export type Moment = string;
/** `YYYY-MM-DDTHH:MM:SS` of the settlement place, no zone. */
export type LocalTime = string;
/** `YYYY-MM-DD`. */
export type DateText = string;

/** Body of every error: `{ "error": … }`. The web part translates by `code`. */
export interface ErrorBody {
  code: string;
  message: string;
  /** What is wrong, by field. */
  fields?: Record<string, string[]>;
}

/** A page of a list and where the next one begins; null at the end. */
export interface Page<T> {
  rows: T[];
  next: string | null;
}

/** What a person needs to know about a register in one word. */
export type Condition =
  | 'works'
  /** Online, but takes no receipts: the problem says why. */
  | 'attention'
  | 'offline'
  | 'paused'
  | 'stopped'
  | 'swap'
  | 'registering'
  | 'stock'
  | 'closed';

export type ReceiptStateWord = 'queued' | 'working' | 'in_doubt' | 'done' | 'failed';

/** Place of a register in the data centre. */
export interface Place {
  dc: string;
  rack: string;
  assembly: number;
  slot: number;
}

/** Fill and term of an FN. */
export interface FnView {
  fnNumber: string;
  model: string | null;
  capacityDocuments: number | null;
  documentsLeft: number | null;
  validUntil: DateText | null;
  /** Code of the life phase: 1 ready, 3 in use, 7 closed with documents to send, 15 closed. */
  phase: number | null;
  /** Bits of the FN's own warnings. */
  warnings: number | null;
  registrationsLeft: number | null;
}

/** One requisite of a document. The browser formats values by `kind`. */
export interface TagView {
  tag: number;
  ru: string;
  en: string;
  kind: 'text' | 'number' | 'money' | 'quantity' | 'time' | 'flag' | 'choice' | 'bytes' | 'group';
  value: string | number | boolean | null;
  /** Meanings of the number, for `choice`. */
  choices?: { ru: string; en: string }[];
  /** Bytes of the value as they lie in the FN. */
  hex?: string;
  inside?: TagView[];
}

/** A fiscal document as lists show it. */
export interface DocumentBrief {
  fnNumber: string;
  fdNumber: number;
  form: number;
  registerId: number;
  serial: string;
  groupCode: string | null;
  receiptId: string | null;
  fiscalSign: number;
  at: LocalTime;
  shiftNumber: number | null;
  receiptNumber: number | null;
  totalKop: number | null;
  adopted: boolean;
  recordedAt: Moment;
  confirmedAt: Moment | null;
}

/** A document with every requisite. */
export interface DocumentView extends DocumentBrief {
  rnm: string | null;
  tlvBytes: number;
  tags: TagView[];
}

/** A receipt as lists show it. */
export interface ReceiptBrief {
  id: string;
  externalId: string;
  groupCode: string;
  operation: string;
  state: ReceiptStateWord;
  totalKop: number;
  acceptedAt: Moment;
  finishedAt: Moment | null;
  serial: string | null;
  registerId: number | null;
  fnNumber: string | null;
  fdNumber: number | null;
  errorCode: number | null;
  errorText: string | null;
  waitReason: string | null;
  confirmedAt: Moment | null;
}

/** One thing that happened to a receipt. */
export interface TimelineEvent {
  at: Moment;
  kind:
    | 'accepted'
    | 'refused'
    | 'attempt'
    | 'attempt_void'
    | 'fn_lost'
    | 'stuck'
    | 'doubt'
    | 'registered'
    | 'failed'
    | 'ofd_sent'
    | 'ofd_answered'
    | 'ofd_confirmed'
    | 'callback_due'
    | 'callback_delivered'
    | 'callback_gave_up';
  /** Machine words and numbers that explain it. */
  facts: Record<string, string | number | boolean | null>;
}

export interface CallbackView {
  url: string;
  state: 'pending' | 'delivered' | 'gave_up';
  attempts: number;
  nextAt: Moment;
  lastStatus: number | null;
  lastError: string | null;
  createdAt: Moment;
  finishedAt: Moment | null;
}

/** One try of telling the shop, with what its server answered. */
export interface CallbackAttemptView {
  at: Moment;
  url: string;
  outcome: 'delivered' | 'failed' | 'gave_up';
  status: number | null;
  error: string | null;
  tookMs: number | null;
}

/** The document's message to the operator. */
export interface OfdMessageView {
  state: 'ready' | 'answered' | 'confirmed';
  attempts: number;
  cause: string | null;
  causeText: string | null;
  containerBytes: number;
  createdAt: Moment;
  answeredAt: Moment | null;
  confirmedAt: Moment | null;
}

/** How a register's documents get to its operator. */
export interface ExchangeView {
  operator: { id: number | null; inn: string; name: string; host: string; port: number };
  /** The message under way and why it is not confirmed yet. */
  message: {
    fdNumber: number;
    state: 'ready' | 'answered';
    attempts: number;
    /** Word of the relay: `not_registered`, `not_activated`, `unpaid`, `wrong_fn`, `operator_unavailable`, `network`… */
    cause: string | null;
    causeText: string | null;
    nextAt: Moment;
    since: Moment;
  } | null;
  change: OperatorChangeView | null;
}

export interface OperatorChangeView {
  id: string;
  registerId: number;
  state: 'draining' | 'registering' | 'done' | 'cancelled';
  fromName: string;
  toName: string;
  note: string | null;
  askedBy: string;
  reason: string;
  createdAt: Moment;
  finishedAt: Moment | null;
}

/** An operator of the directory. */
export interface OperatorEntryView {
  id: number;
  inn: string;
  name: string;
  host: string;
  port: number;
  receiptUrl: string | null;
  enabled: boolean;
  note: string | null;
}
