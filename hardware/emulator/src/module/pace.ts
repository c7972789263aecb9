import { fnCommandByCode } from '@kkt/atol-protocol';

/** How long a task works before the FN's commit and after it, ms. */
export interface TaskTime {
  beforeMs: number;
  afterMs: number;
}

/** Times of one module. `name` is the row of the command table; for A4 the row of the FN command. */
export interface Pace {
  readonly receiptMs: number;
  timeOf(name: string): TaskTime;
}

const NOTHING: TaskTime = { beforeMs: 0, afterMs: 0 };

/** No waiting at all: simulations and tests of content. */
export const instantPace: Pace = { receiptMs: 0, timeOf: () => NOTHING };

/** A document without a receipt's items: its share of a receipt's time. */
const LONG: Readonly<Record<string, number>> = {
  closeReceipt: 0.85,
  openShift: 1.2,
  closeShift: 2.5,
  report: 1.5,
  finishRegistration: 4,
  finishRegistrationFfd11: 4,
  finishClosing: 4,
  finishShiftOpening: 1,
  finishShiftClosing: 1.5,
  finishReceipt: 0.85,
  finishSettlementsReport: 1,
  openReceipt: 0.04,
  endItem: 0.02,
  putConfirmation: 0.1,
};

/** The FN commits near the end: most of the time goes before it, some after (archive, answer). */
const BEFORE_COMMIT = 0.8;
const SHORT_MS = 2;
/** Below this everything is scaled down: a module that makes a receipt in 10 ms answers a status in no time. */
const REALISTIC_RECEIPT_MS = 350;

/**
 * Pace of a module by the time one small receipt takes in all. No public figure exists for the real module; 350 ms is
 * ours (the FN's own work is said to dominate, 0.3–1 s a receipt).
 */
export function realisticPace(receiptMs = REALISTIC_RECEIPT_MS): Pace {
  if (receiptMs <= 0) return instantPace;
  const short: TaskTime = { beforeMs: Math.min(SHORT_MS, receiptMs / 100), afterMs: 0 };
  const times = new Map(
    Object.entries(LONG).map(([name, share]): [string, TaskTime] => [
      name,
      { beforeMs: receiptMs * share * BEFORE_COMMIT, afterMs: receiptMs * share * (1 - BEFORE_COMMIT) },
    ]),
  );
  return { receiptMs, timeOf: (name) => times.get(name) ?? short };
}

/** Name of the work a task asks for: the command's row, for A4 the FN command's. */
export function workName(commandName: string, request: Buffer): string {
  return commandName === 'passToFn' ? (fnCommandByCode(request[1] ?? 0)?.name ?? commandName) : commandName;
}
