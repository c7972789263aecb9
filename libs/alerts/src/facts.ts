import type { Element, Plant } from '@kkt/topology';

/** A register that something may be wrong with; those that are well are only counted. */
export interface RegisterFact {
  id: number;
  serial: string;
  dc: string;
  rack: string;
  assembly: number;
  slot: number;
  state: 'stock' | 'registering' | 'ready' | 'paused' | 'stopped' | 'swap' | 'closed';
  stateReason: string | null;
  /** Its driver says so and holds its lease. */
  online: boolean;
  /** A driver process holds it. */
  isLeased: boolean;
  problem: string | null;
  driverId: string;
  clientId: string | null;
  clientName: string | null;
  groupCode: string | null;
  fnNumber: string | null;
  documentsLeft: number | null;
  capacityDocuments: number | null;
  /** Of the FN's term; negative when over. */
  fnDaysLeft: number | null;
  unsent: number;
  unsentAgeS: number;
  /** Until the 24 hours of an open shift are over. */
  shiftLeftS: number | null;
  clockOffsetS: number | null;
  commandP95S: number | null;
  /** A receipt is in its hands. */
  hasReceipt: boolean;
  ofdInn: string | null;
  ofdName: string | null;
  /** What the operator said to its oldest message. */
  ofdCause: string | null;
}

/** Registers of an assembly: those in use, and all that stand there. */
export interface PlaceCount {
  dc: string;
  rack: string;
  assembly: number;
  registers: number;
  modules: number;
}

export interface GroupFact {
  code: string;
  clientId: string;
  clientName: string;
  paused: boolean;
  waiting: number;
  oldestS: number;
  registersReady: number;
  registersTotal: number;
  acceptedPerMinute: number;
  finishedPerMinute: number;
}

/** Refused receipts of a group by one code within ten minutes. */
export interface RefusalFact {
  groupCode: string;
  clientId: string;
  clientName: string;
  code: number;
  receipts: number;
  /** The last refusal's words. */
  text: string;
}

export interface Facts {
  /** Unix milliseconds. */
  nowMs: number;
  registers: readonly RegisterFact[];
  places: readonly PlaceCount[];
  groups: readonly GroupFact[];
  refusals: readonly RefusalFact[];
  plants: readonly Plant[];
  down: readonly (Element & { dc: string; sinceMs?: number })[];
  drivers: readonly { driverId: string; registers: number; leases: number }[];
  /** Receipts finished in the last two minutes, over the whole farm. */
  finished2m: { done: number; failed: number };
  inDoubt: { receipts: number; oldestS: number };
  /** Open findings of the reconciliation. */
  ledgerFindings: number;
  /** Last test receipts; absent when none are sent. */
  synthetic?: { failedInRow: number; lastOkAgeS: number | null; error: string | null };
  spares: readonly { kind: string; code: string; name: string; spares: number; minimum: number }[];
  /** Seconds until the duty roster has nobody; 0 now, null when there is no gap within a day. */
  rosterGapInS: number | null;
  /**
   * Registers of common causes that are open or were within the last minute: they come back one by one, and those that
   * take longer are no news of their own yet. `places` are those whose place has a cause besides its own silence.
   */
  recovering: { registers: ReadonlySet<number>; places: ReadonlySet<number> };
  /** Callback hosts that take nothing. */
  callbackHosts: readonly {
    clientId: string;
    clientName: string;
    host: string;
    pending: number;
    oldestS: number;
  }[];
}

export const noFacts = (nowMs: number): Facts => ({
  nowMs,
  registers: [],
  places: [],
  groups: [],
  refusals: [],
  plants: [],
  down: [],
  drivers: [],
  finished2m: { done: 0, failed: 0 },
  inDoubt: { receipts: 0, oldestS: 0 },
  ledgerFindings: 0,
  spares: [],
  rosterGapInS: null,
  recovering: { registers: new Set(), places: new Set() },
  callbackHosts: [],
});
