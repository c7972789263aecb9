import type { TaxStateView } from './cabinet-receipts';
import type {
  CallbackAttemptView,
  CallbackView,
  Condition,
  DateText,
  DocumentBrief,
  DocumentView,
  ExchangeView,
  FnView,
  Moment,
  OfdMessageView,
  Place,
  ReceiptBrief,
  TimelineEvent,
} from './common';
import type { AlertView } from './console-alerts';
import type { RegisterCommandView } from './console-register';

export type StaffRoleWord = 'viewer' | 'support' | 'engineer' | 'lead';

/** `GET /api/session` of the console. */
export interface StaffView {
  id: string;
  login: string;
  name: string;
  role: StaffRoleWord;
  /** The hall is emulated and may be broken from the console. */
  panel: boolean;
  /** This browser is a screen on the wall. */
  isWall: boolean;
  expiresAt: Moment;
}

export interface MinutePoint {
  /** Unix seconds. */
  minute: number;
  done: number;
  failed: number;
}

export interface QueueView {
  waiting: number;
  oldestS: number;
  working: number;
  inDoubt: number;
}

export interface RackTile {
  dc: string;
  rack: string;
  places: number;
  conditions: Partial<Record<Condition, number>>;
  worst: Condition;
}

export interface AuditView {
  seq: number;
  at: Moment;
  actorName: string;
  action: string;
  objectKind: string;
  objectId: string;
  reason: string | null;
  before: unknown;
  after: unknown;
}

/** Something that keeps the farm from being well, with how much of it. */
export interface Complaint {
  code:
    'alerts' | 'in_doubt' | 'queue_old' | 'offline' | 'stopped' | 'attention' | 'unsent_old' | 'no_driver';
  count: number;
}

/** `GET /api/overview` and the live topic `overview`. */
export interface Overview {
  health: 'ok' | 'attention' | 'trouble';
  complaints: Complaint[];
  /** The last 60 minutes and the present one. */
  minutes: MinutePoint[];
  queue: QueueView;
  registers: Partial<Record<Condition, number>>;
  operators: { name: string; inn: string; unsent: number; ready: number; oldestS: number }[];
  callbacks: { pending: number; oldestS: number };
  alertCounts: [number, number, number, number];
  topAlerts: AlertView[];
  /** Installed FNs whose term ends within so many days. */
  fnEnding: { days: number; drives: number }[];
  /** Installed FNs with less than a twentieth of their documents left. */
  fnNearlyFull: number;
  errors: { code: number; type: string; text: string; receipts: number }[];
  racks: RackTile[];
  stock: { modules: number; drives: number };
  changes: AuditView[];
}

/** A place of a rack that holds a register. */
export interface Cell {
  registerId: number;
  assembly: number;
  slot: number;
  serial: string;
  condition: Condition;
  problem: string | null;
  clientName: string | null;
  groupCode: string | null;
  fnNumber: string | null;
  /** 0…1; null when unknown. */
  fnFill: number | null;
  documentsLeft: number | null;
  capacityDocuments: number | null;
  validUntil: DateText | null;
  unsent: number | null;
  shiftOpen: boolean | null;
}

/** `GET /api/registers/:id` and the live topic `register:<id>`. */
export interface RegisterView {
  id: number;
  serial: string;
  model: string;
  place: Place;
  transport: string;
  driverId: string;
  condition: Condition;
  state: string;
  stateReason: string | null;
  stateSince: Moment;
  online: boolean;
  onlineSince: Moment | null;
  problem: string | null;
  clientName: string | null;
  groupCode: string | null;
  rnm: string | null;
  ffd: number | null;
  fn: FnView | null;
  lastFd: number | null;
  shift: { open: boolean; number: number | null; expiresAt: Moment | null } | null;
  unsent: number | null;
  firstUnsentAt: Moment | null;
  exchange: ExchangeView | null;
  clockOffsetMs: number | null;
  receiptsDone: number;
  seenAt: Moment | null;
  /** What it is busy with now. */
  intent: {
    id: string;
    kind: string;
    state: string;
    note: string | null;
    createdAt: Moment;
    receiptId: string | null;
  } | null;
  /** The last orders of engineers, the newest first. */
  commands: RegisterCommandView[];
  /** The forecast of the last night for its FN. */
  forecast: {
    endOn: DateText | null;
    earliest: DateText | null;
    latest: DateText | null;
    cause: 'capacity' | 'validity' | 'none';
    perDay: number;
    reasonRu: string;
    reasonEn: string;
  } | null;
  receipts: ReceiptBrief[];
  documents: DocumentBrief[];
  alerts: AlertView[];
  changes: AuditView[];
}

/** A row of `GET /api/registers`. */
export interface RegisterRowView {
  id: number;
  serial: string;
  model: string;
  place: Place;
  condition: Condition;
  stateReason: string | null;
  problem: string | null;
  clientName: string | null;
  groupCode: string | null;
  rnm: string | null;
  fnNumber: string | null;
  documentsLeft: number | null;
  validUntil: DateText | null;
  unsent: number | null;
  firstUnsentAt: Moment | null;
  operatorName: string | null;
}

/** One attempt at a receipt. */
export interface IntentView {
  id: string;
  registerId: number;
  serial: string;
  fence: string;
  fnNumber: string;
  fdBefore: number;
  fdNumber: number | null;
  state: 'open' | 'stuck' | 'done' | 'void';
  note: string | null;
  createdAt: Moment;
  resolvedAt: Moment | null;
  /** Since when its outcome was not known; it was known again at `resolvedAt`. Null: it was never in doubt. */
  doubtedAt: Moment | null;
  doubtReason: string | null;
}

/** How the farm knows that the document is this receipt's. */
export interface ProofView {
  /**
   * `short_record`: number, sum and sign by the FN's short record, text still owed; `short_then_text`: the text has been read
   * and compared since; `whole_text`: the whole text at once; `archive`: found in the FN's archive after a silence.
   */
  kind: 'short_record' | 'short_then_text' | 'whole_text' | 'archive';
  /** When an owed text was read. */
  textAt: Moment | null;
  recordedAt: Moment;
  /** The document's bytes, two digits each, `**` where a buyer's requisite is hidden. */
  rawHex: string;
  /** Text of the document's QR code, by which the tax service's own program finds it; null for other forms. */
  qr: string | null;
}

/** What an engineer may decide about an undecided attempt now. */
export interface VerdictView {
  intentId: string;
  /** The FN may be asked again through the register's session. */
  mayAsk: boolean;
  /** Why the FN cannot be recorded as lost now; null: a senior engineer may do it. */
  lostRefusal: 'in_service' | 'fn_present' | 'operator_has_it' | null;
}

/** `GET /api/receipts/:id` and the live topic `receipt:<id>`. */
export interface ReceiptInspection {
  receipt: ReceiptBrief & {
    api: string;
    clientName: string;
    attempts: number;
    priority: number;
    deadlineAt: Moment;
    startedAt: Moment | null;
    errorType: string | null;
    bodyHash: string;
    callbackUrl: string | null;
    callbackNote: string | null;
    place: Place | null;
  };
  timeline: TimelineEvent[];
  intents: IntentView[];
  document: DocumentView | null;
  proof: ProofView | null;
  /** Null: nothing is undecided. */
  verdict: VerdictView | null;
  message: OfdMessageView | null;
  /** The operator's word; null: it tells nothing, or has not confirmed the document yet. */
  tax: TaxStateView | null;
  callback: CallbackView | null;
  /** Every try, the newest first, at most 50. */
  callbackAttempts: CallbackAttemptView[];
  /** What people did to this receipt, the newest first. */
  changes: AuditView[];
  /** What was accepted, as the farm keeps it; buyers' contacts masked. */
  content: unknown;
  /** What the shop's program is answered now. */
  answer: unknown;
}

export interface GroupQueueView extends QueueView {
  code: string;
  clientName: string;
  paused: boolean;
  reasons: { reason: string | null; receipts: number }[];
  registersReady: number;
  registersTotal: number;
  finished5m: number;
  /** Receipts a minute that its ready registers can make; null while no pace was measured. */
  capacityPerMin: number | null;
}

export interface DriverView {
  driverId: string;
  host: string;
  pid: number;
  startedAt: Moment;
  seenAt: Moment;
  leases: number;
  registers: number;
  maxFence: string;
  isAlive: boolean;
}

/** `GET /api/queues` and the live topic `queues`. */
export interface QueuesView {
  totals: QueueView;
  minutes: MinutePoint[];
  groups: GroupQueueView[];
  drivers: DriverView[];
  callbacks: { pending: number; oldestS: number };
}

export interface OperatorView {
  inn: string;
  name: string;
  host: string;
  port: number;
  registers: number;
  unsent: number;
  firstUnsentAt: Moment | null;
  ready: number;
  answered: number;
  oldestS: number;
  confirmed5m: number;
  /** Registers with documents it has not confirmed. */
  affected: number;
  /** Of documents made within a day; null: none of them is confirmed. */
  lastConfirmedAt: Moment | null;
  /** Since when the relay's circuit to it is open; null: closed. */
  downSince: Moment | null;
  /** A person stopped the relaying to it. */
  pause: { by: string; why: string; at: Moment } | null;
  causes: { cause: string; text: string | null; messages: number }[];
}

/** `GET /api/operators` and the live topic `operators`. */
export interface OperatorsView {
  operators: OperatorView[];
  /** Registers with documents that wait longest; an FN blocks itself after 30 days. */
  oldest: {
    registerId: number;
    serial: string;
    groupCode: string | null;
    clientName: string | null;
    ofdName: string;
    unsent: number;
    firstUnsentAt: Moment;
  }[];
}

export interface DriveView {
  fnNumber: string;
  model: string;
  state: 'stock' | 'installed' | 'closed' | 'in_cell' | 'returned' | 'faulty';
  clientName: string | null;
  registerId: number | null;
  serial: string | null;
  capacityDocuments: number;
  documentsLeft: number | null;
  validUntil: DateText | null;
  registrationsLeft: number | null;
}

/** `GET /api/stock`. */
export interface StockView {
  drives: { model: string; state: DriveView['state']; drives: number }[];
  modules: { model: string; state: string; modules: number }[];
}

/** `GET /api/audit`. */
export interface AuditPage {
  rows: AuditView[];
  next: number | null;
}

/** `GET /api/search`. */
export interface SearchHitView {
  kind: 'receipt' | 'register' | 'document' | 'group' | 'client';
  id: string;
  title: string;
  note: string;
}

/** A reading of a register with its meaning. */
export interface ReadingView {
  key: string;
  /** In Prometheus. */
  name: string;
  kind: 'gauge' | 'counter' | 'flag' | 'enum' | 'moment' | 'text';
  unit: string;
  period: string;
  source: string;
  ru: string;
  en: string;
  value: number | string | boolean | null;
  /** Of an enumeration's value. */
  meaning: string | null;
  hasHistory: boolean;
}

export interface ReadingsView {
  readAt: string | null;
  readings: ReadingView[];
}

export interface PlantElementView {
  kind: 'switch' | 'link' | 'port' | 'feed';
  code: string;
}

/** Network and power of the halls: as built and as they are. */
export interface PlantView {
  /** The hall is emulated and can be broken from here. */
  panel: boolean;
  centres: {
    dc: string;
    feeds: { code: string; up: boolean }[];
    switches: {
      code: string;
      role: 'access' | 'core';
      rack: string | null;
      up: boolean;
      uplinks: { to: string; up: boolean }[];
      feeds: string[];
      ports: { port: string; up: boolean; loadMbps?: number; expectedMbps?: number }[];
    }[];
    assemblies: {
      rack: string;
      number: number;
      network: 'ok' | 'degraded' | 'down';
      power: 'ok' | 'degraded' | 'down';
      /** Empty: no single point of failure. */
      singlePoints: PlantElementView[];
    }[];
    down: (PlantElementView & {
      since: string;
      assemblies: { rack: string; number: number; how: 'degraded' | 'down' }[];
    })[];
    seenAt: string | null;
  }[];
}

/** By what one register is reached and powered; nulls when its place has no network in the inventory. */
export interface RegisterPlantView {
  uplinks: Partial<Record<'a' | 'b', { switch: string; port: number }>>;
  feeds: Partial<Record<'a' | 'b', string>>;
  network: 'ok' | 'degraded' | 'down' | null;
  power: 'ok' | 'degraded' | 'down' | null;
  singlePoints: PlantElementView[] | null;
}
