import type { FailStep } from '@kkt/contracts';
import type { FarmVictim } from './test-farm';

/** What brings the farm to a step: receipts, shifts that close or open, or a process that finds another's remains. */
export type Trigger = 'sell' | 'close-shifts' | 'open-shifts' | 'recover';

export interface KillStep {
  step: FailStep;
  /** Numbers of the fault model that a death here stands for. */
  faults: readonly number[];
  trigger: Trigger;
  /** Which passes of the step are tried: frames of a receipt differ. The first one is tried with every process. */
  hits?: readonly number[];
  /** For `recover`: where the process dies first, so that the next one has something to find. */
  diesFirstAt?: FailStep;
}

/**
 * The kill matrix's rows: every step of a receipt from request to callback, and of its document to the operator. Listed
 * as they are run: first those after which something waits for the end of a dead process's lease.
 */
export const killSteps: readonly KillStep[] = [
  { step: 'open-shift-intended', faults: [31], trigger: 'open-shifts' },
  { step: 'message-claimed', faults: [11], trigger: 'sell' },
  { step: 'message-sent', faults: [12], trigger: 'sell' },
  { step: 'message-answered', faults: [12], trigger: 'sell' },
  { step: 'answer-stored', faults: [12], trigger: 'sell' },
  { step: 'callback-claimed', faults: [9], trigger: 'sell' },
  { step: 'callback-posted', faults: [10], trigger: 'sell' },
  { step: 'callback-saved', faults: [10], trigger: 'sell' },
  { step: 'accept-before-commit', faults: [1], trigger: 'sell' },
  { step: 'accept-committed', faults: [2], trigger: 'sell' },
  { step: 'accept-answered', faults: [3], trigger: 'sell' },
  { step: 'claim-before', faults: [4], trigger: 'sell' },
  { step: 'claim-committed', faults: [5], trigger: 'sell' },
  { step: 'receipt-begins', faults: [5], trigger: 'sell' },
  { step: 'device-first-byte', faults: [6], trigger: 'sell' },
  {
    step: 'device-mid-frame',
    faults: [6, 24],
    trigger: 'sell',
    hits: [5, 1, 2, 3, 4, 8, 12, 16, 20, 30],
  },
  { step: 'device-frame-sent', faults: [6], trigger: 'sell', hits: [3, 1, 2, 6, 9, 14, 20, 30] },
  { step: 'close-sent', faults: [7], trigger: 'sell' },
  { step: 'device-answered', faults: [8], trigger: 'sell' },
  { step: 'proof-read', faults: [8], trigger: 'sell' },
  { step: 'proof-stored', faults: [9], trigger: 'sell' },
  { step: 'recovery-found', faults: [7, 8], trigger: 'recover', diesFirstAt: 'device-answered' },
  { step: 'recovery-absent', faults: [5], trigger: 'recover', diesFirstAt: 'receipt-begins' },
  { step: 'message-read', faults: [11], trigger: 'sell' },
  { step: 'answer-before-fn', faults: [12], trigger: 'sell' },
  { step: 'confirmed-in-fn', faults: [12], trigger: 'sell' },
  { step: 'close-shift-intended', faults: [31], trigger: 'close-shifts' },
  { step: 'open-shift-answered', faults: [31], trigger: 'open-shifts' },
  { step: 'close-shift-answered', faults: [31], trigger: 'close-shifts' },
  { step: 'open-shift-proven', faults: [31], trigger: 'open-shifts' },
  { step: 'close-shift-proven', faults: [31], trigger: 'close-shifts' },
];

/** The kill matrix's columns; `itself` is the process that stands at the step. */
export type Victim = 'itself' | FarmVictim;

/** Faults of the model that the death of this one stands for, beside those of the step. */
export const victims: Readonly<Record<Victim, readonly number[]>> = {
  itself: [],
  postgres: [41],
  redis: [40],
  emulator: [18, 19, 57],
  'hardware-driver': [13],
  'receipt-api': [13],
  'ofd-relay': [13],
  worker: [13],
  ofd: [34],
};

/**
 * What `npm test` tries of the matrix: a death of each process, before and behind the points that matter most; the rest
 * is for `npm run kill-matrix`. Nothing here waits for the end of a lease.
 */
export const sample: readonly (readonly [FailStep, Victim])[] = [
  ['answer-stored', 'itself'],
  ['callback-posted', 'itself'],
  ['callback-posted', 'redis'],
  ['accept-committed', 'itself'],
  ['accept-committed', 'hardware-driver'],
  ['claim-committed', 'itself'],
  ['claim-committed', 'receipt-api'],
  ['device-mid-frame', 'itself'],
  ['device-mid-frame', 'emulator'],
  ['close-sent', 'itself'],
  ['close-sent', 'postgres'],
  ['device-answered', 'worker'],
  ['proof-read', 'itself'],
  ['proof-stored', 'ofd-relay'],
  ['answer-before-fn', 'ofd'],
];
