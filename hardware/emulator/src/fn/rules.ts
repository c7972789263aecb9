import type { FnModel } from '../catalog/fn-model';
import { DAY_MS, HOUR_MS, MINUTE_MS, toMinute, type WallMs } from '../wall-time';
import type { DocumentKind } from './document-kind';
import { daysLeft } from './limits';
import { FN_CODE, FnRefusal } from './refusal';
import { isAutonomous, type FnState } from './state';

/** Conditions put upon an FN by an experiment; absent = as the model says. */
export interface FnCondition {
  /** Every command answers 03. */
  failed?: boolean;
  /** Overrides the document capacity of the model. */
  documents?: number;
  /** The life of the keys is over whatever the date. */
  expired?: boolean;
}

export const WARNING = {
  replaceIn3Days: 0x01,
  replaceIn30Days: 0x02,
  memory90Percent: 0x04,
  operatorOverdue: 0x08,
  formatControlFailed: 0x10,
  settingsOffered: 0x20,
  operatorClosed: 0x40,
  critical: 0x80,
} as const;

const SHIFT_LIMIT_MS = 24 * HOUR_MS;
const UNSENT_LIMIT_MS = 30 * DAY_MS;
/** Tag 1053: no operator's answer for two days. */
const OVERDUE_MS = 2 * DAY_MS;
const CLOCK_LIMIT_MS = 5 * MINUTE_MS;

/** Documents that may be made when the life, the memory or the patience of the FN is over. */
const CLOSING_KINDS: readonly DocumentKind[] = ['shiftClose', 'settlement', 'closing'];

export const capacityOf = (model: FnModel, condition: FnCondition): number =>
  condition.documents ?? model.documents;

/** Bits of the warning byte (answer to command 30; tags 1050–1053). */
export function warningsOf(state: FnState, model: FnModel, condition: FnCondition, now: WallMs): number {
  if (state.phase === 1) return condition.failed ? WARNING.critical : 0;
  const left = condition.expired ? 0 : daysLeft(state.validUntil, now);
  const oldest = state.unsent.oldest;
  return (
    (left <= 3 ? WARNING.replaceIn3Days : 0) |
    (left <= 30 ? WARNING.replaceIn30Days : 0) |
    (state.lastFd >= Math.floor(capacityOf(model, condition) * 0.9) ? WARNING.memory90Percent : 0) |
    (oldest && now - oldest.at >= OVERDUE_MS ? WARNING.operatorOverdue : 0) |
    (state.operatorMessage & 0x02 ? WARNING.formatControlFailed : 0) |
    (condition.failed ? WARNING.critical : 0)
  );
}

/** What the rules need to know about the attempt. */
export interface Attempt {
  kind: DocumentKind;
  /** Wall clock the KKT claims. */
  at: WallMs;
  /** Wall clock by the FN's own timer; absent until it was set by a document after power on. */
  fnTimer?: WallMs;
}

/**
 * Checks every rule that may forbid the document; throws `FnRefusal` with the answer code of the first broken one.
 * Source: FNS KKT–FN protocol v1.1 for the codes, FFD facts C.1 and C.2 for phases and limits.
 */
export function assertAllowed(
  state: FnState,
  model: FnModel,
  condition: FnCondition,
  attempt: Attempt,
): void {
  const { kind, at } = attempt;
  if (condition.failed) throw new FnRefusal(FN_CODE.failure, 'FN is out of order');
  assertPhase(state, model, kind);
  if (toMinute(at) < toMinute(state.lastAt)) {
    throw new FnRefusal(FN_CODE.badTime, 'earlier than the last document');
  }
  if (kind !== 'shiftOpen' && attempt.fnTimer !== undefined) {
    if (Math.abs(at - attempt.fnTimer) > CLOCK_LIMIT_MS) {
      throw new FnRefusal(FN_CODE.clockDifference, 'clock of the KKT left the timer of the FN');
    }
  }
  if (CLOSING_KINDS.includes(kind)) {
    if (state.lastFd >= capacityOf(model, condition))
      throw new FnRefusal(FN_CODE.archiveFull, 'archive is full');
    if (kind === 'closing') assertPatience(state, at);
    return;
  }
  if (condition.expired || (state.phase === 3 && at >= state.validUntil)) {
    throw new FnRefusal(FN_CODE.lifeOver, 'life of the keys is over');
  }
  if (state.lastFd >= capacityOf(model, condition) - model.closingReserve) {
    throw new FnRefusal(FN_CODE.archiveFull, 'only closing documents have room left');
  }
  assertPatience(state, at);
  if (kind === 'receipt' || kind === 'correction') {
    if (at - state.shift.openedAt >= SHIFT_LIMIT_MS) {
      throw new FnRefusal(FN_CODE.shiftTooLong, 'shift is older than 24 hours');
    }
  }
  if (!isAutonomous(state) && state.unsent.bytes >= model.unsentStoreKib * 1024) {
    throw new FnRefusal(FN_CODE.ofdStorageFull, 'store of unsent documents is full');
  }
}

function assertPhase(state: FnState, model: FnModel, kind: DocumentKind): void {
  const wrong = (why: string): FnRefusal => new FnRefusal(FN_CODE.wrongState, why);
  switch (kind) {
    case 'registration':
    case 'fnChange':
      if (state.phase !== 1) throw wrong('already registered');
      return;
    case 'reregistration':
      if (state.phase !== 3) throw wrong('not in fiscal mode');
      if (state.shift.open) throw wrong('shift is open');
      if (state.registrations.length > model.reregistrations) throw wrong('re-registrations are used up');
      return;
    case 'shiftOpen':
    case 'closing':
      if (state.phase !== 3) throw wrong('not in fiscal mode');
      if (state.shift.open) throw wrong('shift is open');
      return;
    case 'receipt':
    case 'correction':
    case 'shiftClose':
      if (state.phase !== 3) throw wrong('not in fiscal mode');
      if (!state.shift.open) throw wrong('shift is closed');
      return;
    case 'settlement':
      if (state.phase !== 3) throw wrong('not in fiscal mode');
      return;
  }
}

function assertPatience(state: FnState, at: WallMs): void {
  const oldest = state.unsent.oldest;
  if (oldest && at - oldest.at > UNSENT_LIMIT_MS) {
    throw new FnRefusal(FN_CODE.unsentTooLong, 'a document waited for the operator over 30 days');
  }
}
