import type { FnLife, FnState, OfdQueueState } from '@kkt/kkt-driver';
import { fromLocal } from '../local-time';
import type { DispatchSettings } from '../settings';

/** Why a register may take no receipts although its link is well. */
export type FnProblem =
  'fn_not_registered' | 'fn_closed' | 'fn_critical' | 'fn_full' | 'fn_expired' | 'ofd_silent';

const CRITICAL = 0x80;

/**
 * Leaves before the FN refuses: out of fiscal phase, nearly full, out of term, or near the 30 days without the
 * operator's confirmation (54-FZ art. 4.1), after which an FN makes no documents.
 */
export function fnProblem(
  seen: { state: FnState; life?: FnLife; queue?: OfdQueueState },
  nowMs: number,
  settings: DispatchSettings,
): FnProblem | undefined {
  const { state, life, queue } = seen;
  if (state.phase === 0 || state.phase === 1) return 'fn_not_registered';
  if (state.phase !== 3) return 'fn_closed';
  if (state.warnings & CRITICAL) return 'fn_critical';
  if (life) {
    if (life.documentsLeft !== undefined && life.documentsLeft <= settings.fnReserveDocuments)
      return 'fn_full';
    // The last day of the term still counts; the shift must be closed before it ends.
    const endMs = fromLocal(`${life.validUntil}T23:00:00`, settings.deviceUtcOffsetMin);
    if (nowMs >= endMs) return 'fn_expired';
  }
  if (queue && queue.unsent > 0 && queue.firstAt) {
    const ageMs = nowMs - fromLocal(queue.firstAt, settings.deviceUtcOffsetMin);
    if (ageMs >= settings.unsentLimitMs) return 'ofd_silent';
  }
  return undefined;
}
