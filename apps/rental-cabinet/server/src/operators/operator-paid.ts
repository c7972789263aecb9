import { tariffById } from '@kkt/billing';
import type { ClientRegisterRow } from '@kkt/storage';
import type { CheckState, OperatorPaidView } from '@kkt/web-contract';
import { momentOrNull } from '@kkt/web-server';

const dayMs = 86_400_000;
const moscowMs = 3 * 3_600_000;
/** From so many days before its end on a term is a warning. */
export const operatorWarnDays = 14;

/**
 * Whether a register's operator is paid, and how that is known. What the operator itself answers goes before what
 * anybody says: `refused` is its refusal for money, `accepts` only that it takes documents now. No operator tells the
 * end of a contract.
 * @param includedInn the operator that tariffs include; a register that moved to another has a contract of its client's
 */
export function operatorPaid(row: ClientRegisterRow, includedInn: string): OperatorPaidView {
  const none = { until: null, at: null, by: null, contract: null };
  if (row.operatorCause === 'unpaid') return { ...none, how: 'refused', at: momentOrNull(row.firstUnsentAt) };
  const isIncluded =
    row.ofdInn === includedInn &&
    row.rentTariffId !== null &&
    tariffById(row.rentTariffId)?.isOperatorIncluded === true;
  if (isIncluded && row.paidTo !== null) return { ...none, how: 'tariff', until: row.paidTo };
  if (row.termUntil !== null)
    return {
      how: 'said',
      until: row.termUntil,
      at: momentOrNull(row.termSaidAt),
      by: row.termSaidBy,
      contract: row.termContract || null,
    };
  if (row.lastConfirmedAt !== null) return { ...none, how: 'accepts', at: momentOrNull(row.lastConfirmedAt) };
  return { ...none, how: 'unknown' };
}

/** Days of the calendar of Moscow left of a term; negative when it is over. */
const daysLeft = (day: string, nowMs: number): number =>
  Math.round(Date.parse(`${day}T00:00:00Z`) / dayMs) - Math.floor((nowMs + moscowMs) / dayMs);

export function operatorPaidState(row: ClientRegisterRow, includedInn: string, nowMs: number): CheckState {
  const { how, until } = operatorPaid(row, includedInn);
  if (how === 'refused') return 'trouble';
  if (how === 'accepts') return 'ok';
  if (until === null) return 'unknown';
  // Rent that ends is told of by the money page; only a contract of the client's own is a matter here.
  if (how === 'tariff') return 'ok';
  const left = daysLeft(until, nowMs);
  // The operator's own word may still be better than a date that nobody brought up to date.
  return left < 0 ? 'warning' : left <= operatorWarnDays ? 'warning' : 'ok';
}
