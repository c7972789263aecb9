import type { LinkedReceipt, TaxStateView } from './cabinet-receipts';
import type {
  CallbackView,
  Condition,
  DateText,
  DocumentBrief,
  FnView,
  LocalTime,
  Moment,
  ReceiptBrief,
  TagView,
  TimelineEvent,
} from './common';

export type CompanyRoleWord = 'owner' | 'manager' | 'accountant' | 'developer' | 'cashier' | 'viewer';
export type PersonRoleWord = CompanyRoleWord | 'member';

/** `GET /api/session` of the cabinet. */
export interface PersonView {
  login: string;
  name: string;
  /** Null together with `client`: the person has no company yet. */
  role: PersonRoleWord | null;
  client: { id: string; name: string; inn: string } | null;
  /** What he may do somewhere in the company: decides what the menu shows. */
  rights: string[];
  clients: { id: string; name: string; inn: string }[];
  expiresAt: Moment;
}

export type CheckState = 'ok' | 'warning' | 'trouble' | 'unknown';

/** One check of the monitoring board. */
export interface CheckView {
  code: 'online' | 'sending' | 'operator' | 'fn' | 'shift' | 'queue' | 'failures' | 'clock' | 'ready';
  state: CheckState;
  /** How many registers (or receipts) make it so. */
  count: number;
  total: number;
  /** Since when, where it is known. */
  since: Moment | null;
}

/** How one shop does; a group of registers below no shop stands for itself. */
export interface ShopChecks {
  name: string;
  registers: number;
  state: CheckState;
  checks: Pick<CheckView, 'code' | 'state'>[];
}

/** Something the client should look at, the most urgent first. */
export interface TodoView {
  code:
    | 'offline'
    | 'stopped'
    | 'attention'
    | 'unsent_old'
    | 'operator_unpaid'
    | 'operator_term'
    | 'fn_term'
    | 'fn_full'
    | 'failed_receipts'
    | 'paused'
    | 'group_paused';
  severity: 'trouble' | 'warning';
  registerId: number | null;
  serial: string | null;
  groupCode: string | null;
  count: number;
  until: DateText | null;
  since: Moment | null;
  reason: string | null;
}

export interface DayFigures {
  receipts: number;
  failed: number;
  /** Income less its returns. */
  revenueKop: number;
  averageKop: number;
  returnsKop: number;
}

/** `GET /api/home` and the live topic `home`. */
export interface HomeView {
  health: 'ok' | 'warning' | 'trouble' | 'empty';
  checks: CheckView[];
  /** The same by shop, the worst first. */
  shops: ShopChecks[];
  todo: TodoView[];
  today: DayFigures;
  yesterday: DayFigures;
  /** By hours of the Moscow day. */
  hours: { hour: number; receipts: number; revenueKop: number }[];
  waiting: number;
  lastReceipt: ReceiptBrief | null;
  registers: { total: number; working: number };
}

/** `GET /api/receipts/totals`. */
export interface ReceiptTotals {
  receipts: number;
  done: number;
  doneKop: number;
  failed: number;
}

/** The receipt as the buyer sees it. */
export interface PaperView {
  form: number;
  userName: string;
  inn: string;
  address: string;
  place: string;
  sign: 1 | 2 | 3 | 4;
  at: LocalTime;
  shiftNumber: number;
  receiptNumber: number;
  items: {
    name: string;
    priceKop: number;
    quantityMicro: number;
    sumKop: number;
    vat: string | null;
    vatSumKop: number | null;
    unit: string | null;
    isMarked: boolean;
  }[];
  payments: {
    cashKop: number;
    ecashKop: number;
    prepaidKop: number;
    creditKop: number;
    provisionKop: number;
  };
  vatTotals: { name: string; sumKop: number }[];
  totalKop: number;
  cashier: string | null;
  taxSystem: string | null;
  buyerContact: string | null;
  senderEmail: string | null;
  fnsSite: string;
  rnm: string;
  fnNumber: string;
  fdNumber: number;
  fiscalSign: number;
  ffd: string;
  correction: { type: string; date: string; number: string | null } | null;
}

/** `GET /api/receipts/:id` and the live topic `receipt:<id>`. */
export interface ClientReceipt {
  receipt: ReceiptBrief & {
    api: string;
    errorType: string | null;
    callbackUrl: string | null;
    callbackNote: string | null;
  };
  timeline: TimelineEvent[];
  paper: PaperView | null;
  tags: TagView[] | null;
  /** The operator's page of this receipt, where one is known. */
  operatorPage: { name: string; url: string } | null;
  callback: CallbackView | null;
  /** The receipt it was made from and those made from it. */
  linked: LinkedReceipt[];
  tax: TaxStateView | null;
  /** The buyer's page, for whoever is given the link; null while there is no document. */
  shareUrl: string | null;
  /** What of it was taken back already, kopecks. */
  returnedKop: number;
  content: unknown;
  answer: unknown;
}

/** A register as its tenant sees it. */
export interface ClientRegister {
  id: number;
  serial: string;
  model: string;
  groupCode: string;
  rnm: string | null;
  ffd: number | null;
  address: string;
  site: string;
  ofdName: string;
  condition: Condition;
  problem: string | null;
  since: Moment;
  fn: FnView | null;
  shift: { open: boolean; number: number | null; expiresAt: Moment | null } | null;
  unsent: number | null;
  firstUnsentAt: Moment | null;
  /** Why the operator has not confirmed the first of them; null when nothing stands in the way. */
  operatorCause: string | null;
  lastFd: number | null;
  /** Last paid day of the rental; null when it is not rented by the day. */
  paidTo: DateText | null;
  isTrial: boolean;
  /** Why it is paused, when the client paused it himself. */
  pausedBecause: string | null;
  /** When its FN will end by the forecast, and because of what. */
  fnEnds: { on: DateText; cause: 'capacity' | 'validity' } | null;
  /** Last receipt of this register. */
  lastReceiptAt: Moment | null;
  operatorPaid: OperatorPaidView;
}

/**
 * Whether the operator is paid, and how that is known: its own refusal for money, our tariff that includes it, the
 * client's word, or only that it takes documents.
 */
export interface OperatorPaidView {
  how: 'refused' | 'tariff' | 'said' | 'accepts' | 'unknown';
  until: DateText | null;
  /** Since when it refuses, when it was said, when it last took a document. */
  at: Moment | null;
  by: string | null;
  contract: string | null;
}

export interface ClientGroup {
  code: string;
  protocol: 4 | 5;
  ffd: number;
  inn: string;
  paymentAddress: string;
  address: string;
  taxSystems: number;
  ofdName: string;
  paused: boolean;
  registers: number;
  working: number;
  waiting: number;
  finished5m: number;
  /** What the load of last night's forecast asks for; null before the first. */
  advice: { minimum: number; optimal: number } | null;
}

/** `GET /api/registers` and the live topic `registers`. */
export interface ClientRegisters {
  groups: ClientGroup[];
  registers: ClientRegister[];
}

/** `GET /api/registers/:id/tasks/:task`: what came of a wish to the device. */
export interface RegisterTaskView {
  state: 'waiting' | 'done' | 'failed';
  reason: string | null;
  fnNumber: string | null;
  /** The document that was made. */
  fdNumber: number | null;
  /** The shift was open already. */
  wasOpen: boolean | null;
}

/** `GET /api/registers/:id`. */
export interface ClientRegisterPage {
  register: ClientRegister;
  totals: { sign: number; documents: number; totalKop: number }[];
  documents: DocumentBrief[];
  next: number | null;
}

/** `GET /api/integration`. */
export interface IntegrationView {
  apiUrl: string;
  groups: ClientGroup[];
  logins: { login: string; blocked: boolean; tokensLive: number; lastTokenAt: Moment | null }[];
  failures: {
    id: string;
    externalId: string;
    groupCode: string;
    operation: string;
    at: Moment;
    code: number;
    text: string;
  }[];
  topErrors: { code: number; type: string; text: string; receipts: number }[];
  callbacks: { host: string; delivered: number; pending: number; gaveUp: number; lastError: string | null }[];
}
