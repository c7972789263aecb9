import type { DateText, Moment } from './common';

/** A rental of one register as the cabinet shows it. */
export interface RentalView {
  id: string;
  registerId: number;
  serial: string;
  groupCode: string | null;
  tariffId: string;
  firstDay: DateText;
  lastDay: DateText;
  termDays: number;
  daysLeft: number;
  priceKop: number;
  isTrial: boolean;
  renewsItself: boolean;
  /** A later rental is paid for already. */
  hasNext: boolean;
  /** The price of the next term by today's tariff. */
  nextPriceKop: number;
}

/** `GET /api/money`. */
export interface MoneyView {
  balanceKop: number;
  /** Rent paid ahead and not used yet. */
  deferredKop: number;
  /** When the first register stops being paid for; null: not within three years. */
  stop: {
    day: DateText;
    daysLeft: number;
    registers: number;
    because: 'not_renewed' | 'balance';
    missingKop: number;
  } | null;
  rentals: RentalView[];
  warnBelowKop: number | null;
  receiptEmail: string | null;
  /** Cards are taken. */
  takesCards: boolean;
  mayPay: boolean;
}

export interface OperationView {
  day: DateText;
  text: string;
  kind: string;
  amountKop: number;
  balanceKop: number;
}

/** `GET /api/money/operations`. */
export interface OperationsView {
  from: DateText;
  to: DateText;
  openingKop: number;
  closingKop: number;
  lines: OperationView[];
}

export interface PaperBrief {
  series: 'invoice' | 'act' | 'reconciliation' | 'correction';
  number: string;
  day: DateText;
  from: DateText;
  to: DateText;
  totalKop: number;
  vatKop: number;
  paidKop: number;
}

/** A payment by card and the receipt for it. */
export interface CardPaymentView {
  id: string;
  amountKop: number;
  state: 'new' | 'pending' | 'paid' | 'failed';
  payUrl: string | null;
  note: string | null;
  createdAt: Moment;
  settledAt: Moment | null;
  /** The farm asked for it by itself. */
  isAuto: boolean;
  receipt: 'awaited' | 'sent' | 'done' | 'failed' | null;
  /** The receipt's page for its buyer. */
  receiptUrl: string | null;
}

/** Money on its way back to a card. */
export interface CardRefundView {
  id: string;
  amountKop: number;
  state: 'pending' | 'done' | 'failed';
  /** The paper it was made for. */
  reason: string;
  note: string | null;
  createdAt: Moment;
  receipt: 'awaited' | 'sent' | 'done' | 'failed' | null;
  receiptUrl: string | null;
}

/** `GET /api/registers/:id/closing`: what comes back when the register is closed today. */
export interface ClosingView {
  rentals: {
    rentalId: string;
    firstDay: DateText;
    lastDay: DateText;
    paidKop: number;
    usedDays: number;
    unusedDays: number;
    /** What the used days cost by the tariff. */
    usedKop: number;
    backKop: number;
  }[];
  backKop: number;
  /** What of it can go back to the cards that were paid with; 0 when cards are not taken or he may not pay. */
  cardKop: number;
}

/** `POST /api/registers/:id/close`. */
export interface ClosedView {
  workflow: string;
  backKop: number;
  cardKop: number;
  /** The correction act; null when nothing comes back. */
  paper: string | null;
}

/** Words that somebody agrees to. */
export interface ConsentView {
  version: string;
  ru: string;
  en: string;
}

/** `GET /api/money/auto`. */
export interface AutoTopUpView {
  cards: {
    id: string;
    mask: string;
    system: string;
    expiresOn: DateText | null;
    savedBy: string;
    savedAt: Moment;
  }[];
  auto: {
    cardId: string;
    belowKop: number;
    amountKop: number;
    monthLimitKop: number;
    receiptEmail: string;
    isOn: boolean;
    agreedBy: string;
    agreedAt: Moment;
    failures: number;
    lastFailure: string | null;
  } | null;
  /** Taken by itself this month. */
  monthKop: number;
  consents: { card: ConsentView; auto: ConsentView };
}

export interface TariffView {
  id: string;
  name: { ru: string; en: string };
  pricePerDayKop: number;
  isOperatorIncluded: boolean;
  discounts: { fromDays: number; discountBp: number }[];
}

/** `GET /api/tariffs`. */
export interface TariffsView {
  tariffs: TariffView[];
  drives: { model: string; name: string; priceKop: number }[];
  shortestTermDays: number;
  longestTermDays: number;
}

/** `POST /api/quote`. */
export interface QuoteView {
  lines: {
    what: 'rent' | 'term_discount' | 'promo' | 'drive';
    detail: string | null;
    count: number;
    priceKop: number;
    sumKop: number;
  }[];
  discountBp: number;
  rentPerRegisterKop: number;
  totalKop: number;
  vatKop: number;
  /** What the balance lacks; 0 when it covers the rent. */
  missingKop: number;
}

/** `GET /api/money/requisites`. */
export interface RequisitesView {
  inn: string;
  fullName: string;
  kpp: string | null;
  ogrn: string | null;
  address: string;
  bankName: string | null;
  bik: string | null;
  account: string | null;
  headPost: string;
  headName: string;
  actsOn: string;
}

/** `POST /api/money/statements` of the console. */
export interface StatementImportView {
  booked: { clientName: string; amountKop: number; reference: string; invoice: string | null }[];
  repeated: number;
  parked: number;
  outgoing: number;
}

export interface ParkedPaymentView {
  reference: string;
  day: DateText;
  amountKop: number;
  payerInn: string;
  payerName: string;
  purpose: string;
  reason: 'unknown_payer' | 'several_clients';
  settledFor: string | null;
}

/** `GET /api/money` of the console. */
export interface FarmMoneyView {
  parked: ParkedPaymentView[];
  clients: { id: string; name: string; inn: string; balanceKop: number }[];
  /** Everything in the ledger together: zero, unless the books are broken. */
  sumOfEverythingKop: number;
}

export type OrderStep = 'reserved' | 'paid' | 'number' | 'fn' | 'operator' | 'ready';

/** A register of an order: its steps, each done or not, and where the client's own registration stands. */
export interface OrderedRegisterView {
  registerId: number;
  serial: string;
  rnm: string | null;
  fnNumber: string | null;
  steps: { step: OrderStep; state: 'done' | 'now' | 'ahead' | 'failed' }[];
  note: string | null;
  applicationId: string | null;
}

/** `GET /api/orders/:id`. */
export interface OrderView {
  id: string;
  groupCode: string;
  tariffId: string;
  registers: number;
  termDays: number;
  firstDay: DateText;
  totalKop: number;
  registeredBy: 'farm' | 'client';
  createdBy: string;
  createdAt: Moment;
  isReady: boolean;
  items: OrderedRegisterView[];
}

/** `GET /api/load`: what the client's registers really do, over the last seven days. */
export interface LoadView {
  receipts7d: number;
  busiestDayReceipts: number;
  peakPerMinute: number;
  /** Middle time in which a register made a receipt; null while there were none. */
  paceMs: number | null;
  registers: number;
  groups: { code: string; registers: number; receipts7d: number; peakPerMinute: number }[];
}

/** `POST /api/calculator`. */
export interface CalculationView {
  minimum: number;
  optimal: number;
  fnsPerYear: number;
  fnDays: number;
  predictedP99S: number;
  utilisation: number;
  options: { registers: number; predictedP99S: number; utilisation: number }[];
  arithmetic: { ru: string; en: string }[];
}

/** A contract and where it stands. */
/** What was found of a detached signature. */
export interface SignatureChecksView {
  /** `streebog256`, `sha256`…; an OID when it is not known here. */
  algorithm: string;
  digest: 'matches' | 'other_algorithm';
  mathematics: 'checked' | 'not_checked';
  inns: string[];
  validFrom: DateText;
  validTo: DateText;
}

export interface ContractView {
  id: string;
  clientName: string;
  number: string;
  day: DateText;
  state: 'made' | 'signed' | 'in_force' | 'rejected' | 'archived';
  signer: string | null;
  checks: SignatureChecksView | null;
  signedAt: Moment | null;
  decidedBy: string | null;
  decidedAt: Moment | null;
  note: string | null;
}
