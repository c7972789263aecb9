import type { Moment } from './common';
import type { AuditView } from './console';

/** A person's visit to the hall with what he did there. */
export interface VisitView {
  id: string;
  staffId: string;
  staffName: string;
  dc: string;
  rack: string | null;
  purpose: string;
  companion: string | null;
  openedAt: Moment;
  closedAt: Moment | null;
  result: string | null;
  /** What was done to hardware by that person meanwhile, by the audit log. */
  actions: AuditView[];
}

/** `GET /api/visits`. */
export interface VisitsView {
  /** Data centres that can be visited. */
  centres: string[];
  visits: VisitView[];
}

/** `GET /api/audit/check`: the chain from its first row to its last. */
export interface ChainCheck {
  rows: number;
  /** Number of the first row that does not fit; null: the chain holds. */
  firstBad: number | null;
  checkedAt: Moment;
  tookMs: number;
  /** Hash of the last row, hexadecimal: keep it elsewhere, and a tail cut off whole shows as well. */
  head: string | null;
}

/** A live session of the console. */
export interface StaffSessionView {
  /** Names the session without opening it. */
  name: string;
  staffName: string;
  role: string;
  address: string;
  agent: string;
  createdAt: Moment;
  seenAt: Moment;
  expiresAt: Moment;
  isOwn: boolean;
}

/** `GET /api/account`. */
export interface StaffAccountView {
  hasTotp: boolean;
  /** All of the staff for the lead, one's own for the others. */
  sessions: StaffSessionView[];
  logins: { at: Moment; outcome: string; address: string; agent: string }[];
}
