import { calculate, calculatorFaults } from '@kkt/calculator';
import type { GroupLoad, GroupNeedRow } from '@kkt/storage';

/** Seconds that 99 of 100 receipts of a peak must keep: the farm's own goal. */
const wantedP99S = 10;
/** The peak is the busiest ten minutes; in them receipts do not come more evenly than this. */
const peakMinutes = 10;
/** Beyond this difference from what the group has, its client is told. */
const toldBeyond = 0.2;

/** What a true load asks for; undefined when nothing can be reckoned from it. */
export function groupNeed(load: GroupLoad): GroupNeedRow | undefined {
  const paceMs = Math.max(1, Math.round(load.paceMs));
  const input = {
    receiptsPerDay: Math.max(1, load.receiptsPerDay),
    peakPerMinute: Math.max(load.peakPerMinute, load.receiptsPerDay / 1440, 0.01),
    peakMinutes,
    paceMs,
    // A register slower than the goal cannot keep it: then what it can is asked for.
    p99S: Math.max(wantedP99S, (2 * paceMs) / 1000),
  };
  if (calculatorFaults(input).length > 0) return undefined;
  const { minimum, optimal, predictedP99S, arithmetic } = calculate(input);
  const drift = load.registers > 0 ? (optimal - load.registers) / load.registers : optimal;
  return {
    ...load,
    minimum,
    optimal,
    predictedP99S,
    drift,
    isDrifted: Math.abs(drift) > toldBeyond,
    arithmetic,
  };
}
