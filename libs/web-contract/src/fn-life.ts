import type { OperatorPaidView } from './cabinet';

/** The life of fiscal drives as the console and the cabinet show it. Moments are ISO texts, days `YYYY-MM-DD`. */

export type FnFacts = Record<string, string | number | boolean | null>;

export interface FnWorkflowView {
  id: string;
  kind: 'swap' | 'install' | 'reregister' | 'close';
  registerId: number;
  serial: string;
  place: string;
  clientName: string;
  groupCode: string;
  oldFn: string | null;
  newFn: string | null;
  oldFnBroken: boolean;
  why: string;
  joins: string | null;
  step: string;
  status: 'running' | 'waiting' | 'failed' | 'cancelled' | 'done';
  turn: 'system' | 'device' | 'engineer' | 'approver' | 'client';
  note: string | null;
  assigneeName: string;
  isMine: boolean;
  approvedName: string | null;
  dueAt: string;
  isOverdue: boolean;
  createdAt: string;
  stepSince: string;
  finishedAt: string | null;
  /** Seconds out of dispatch, so far or in all; null before. */
  downtimeS: number | null;
  steps: { name: string; state: 'done' | 'now' | 'ahead'; canCancel: boolean; isDangerous: boolean }[];
}

export interface FnWorkflowPage extends FnWorkflowView {
  proofs: Record<string, FnFacts>;
  events: {
    step: string;
    event: string;
    actorName: string;
    proof: FnFacts | null;
    note: string | null;
    at: string;
  }[];
  application: FnApplicationView | null;
}

export interface FnWorkflowList {
  workflows: FnWorkflowView[];
  durations: {
    kind: string;
    finished: number;
    medianS: number | null;
    medianDowntimeS: number | null;
    maxDowntimeS: number | null;
  }[];
}

export interface FnDriveView {
  fnNumber: string;
  model: string;
  state: string;
  clientId: string | null;
  clientName: string | null;
  registerId: number | null;
  serial: string | null;
  capacityDocuments: number;
  documentsLeft: number | null;
  validUntil: string | null;
  registrationsLeft: number | null;
  cell: string | null;
  responsible: string | null;
  keepUntil: string | null;
  returnAct: string | null;
}

export interface FnDrivePage extends FnDriveView {
  moves: {
    from: string | null;
    to: string;
    clientName: string | null;
    serial: string | null;
    cell: string | null;
    responsible: string | null;
    keepUntil: string | null;
    act: string | null;
    actorName: string;
    reason: string | null;
    at: string;
  }[];
}

export interface FnStockView {
  counts: { state: string; clientName: string | null; drives: number }[];
  models: { id: string; name: string }[];
  clients: { id: string; name: string }[];
  outlook: { usable: number; needed: number; missing: number; until: string };
}

export interface FnRenewalView {
  id: string;
  fnNumber: string;
  registerId: number;
  serial: string;
  clientName: string;
  groupCode: string | null;
  state: 'offer' | 'accepted' | 'declined' | 'silent' | 'closed';
  endDate: string;
  endCause: string;
  daysLeft: number;
  nextAt: string | null;
  nextPerson: string | null;
  answeredBy: string | null;
  note: string | null;
  openedAt: string;
}

export interface FnEndView {
  fnNumber: string;
  registerId: number;
  serial: string;
  clientName: string;
  groupCode: string | null;
  endDate: string;
  daysLeft: number;
  cause: 'capacity' | 'validity';
  reason: string;
  reasonEn: string;
  renewal: FnRenewalView | null;
}

export interface FnApplicationView {
  id: string;
  kind: 'registration' | 'reregistration' | 'deregistration';
  registerId: number;
  serial: string;
  clientName: string;
  workflowId: string | null;
  state: 'draft' | 'sent' | 'number_received' | 'report_entered' | 'card' | 'cancelled';
  nextStates: string[];
  reasons: number[];
  rnm: string | null;
  fnNumber: string | null;
  report: { fdNumber: number; at: string; fiscalSign: number } | null;
  closing: { fdNumber: number; at: string; fiscalSign: number } | null;
  card: { number: string; date: string } | null;
  problems: { field: string; text: string }[];
  dueAt: string;
  isOverdue: boolean;
  createdAt: string;
}

export interface FnReportView {
  fnNumber: string;
  fdNumber: number;
  form: number;
  rnm: string | null;
  fiscalSign: number;
  at: string;
}

/** A fiscal drive the client owns outside of registers. */
export interface OwnDriveView {
  fnNumber: string;
  model: string;
  name: string;
  state: string;
  cell: string | null;
  responsible: string | null;
  keepUntil: string | null;
  returnAct: string | null;
}

/** A change of a register's operator as the client follows it. */
export interface OperatorMoveView {
  id: string;
  registerId: number;
  serial: string;
  state: 'draining' | 'registering' | 'done' | 'cancelled';
  fromName: string;
  toName: string;
  reason: string;
  askedBy: string;
  /** What it waits for or what went wrong, in Russian. */
  note: string | null;
  createdAt: string;
  finishedAt: string | null;
  /** The application to the tax service; null until it is made. */
  applicationId: string | null;
}

/** `GET /api/registers/:id/operator`. */
export interface OperatorMovePage {
  register: { id: number; serial: string; groupCode: string; rnm: string | null; fnNumber: string | null };
  operator: { inn: string; name: string };
  paid: OperatorPaidView;
  /** Documents that the present operator has not confirmed; null when the register has told nothing yet. */
  unsent: number | null;
  firstUnsentAt: string | null;
  /** Why the operator has not confirmed the first of them, a word of the relay. */
  cause: string | null;
  isShiftOpen: boolean | null;
  /** Other working registers of the group, that take receipts meanwhile. */
  others: number;
  registrationsLeft: number | null;
  /** Operators it can go to. `isToldByUs`: we make the register known there, no step of the client's is needed. */
  choices: { id: number; inn: string; name: string; isToldByUs: boolean }[];
  /** Under way now. */
  change: OperatorMoveView | null;
  past: OperatorMoveView[];
  mayMove: boolean;
}
