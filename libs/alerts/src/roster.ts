export interface DutyShift {
  staffId: string;
  role: 'duty' | 'second' | 'head';
  fromMs: number;
  toMs: number;
}

/** Times within the span in which nobody has this duty. */
export function gaps(
  shifts: readonly DutyShift[],
  role: DutyShift['role'],
  span: { fromMs: number; toMs: number },
): { fromMs: number; toMs: number }[] {
  const sorted = shifts
    .filter((shift) => shift.role === role && shift.toMs > span.fromMs && shift.fromMs < span.toMs)
    .sort((a, b) => a.fromMs - b.fromMs);
  const found: { fromMs: number; toMs: number }[] = [];
  let coveredToMs = span.fromMs;
  for (const shift of sorted) {
    if (shift.fromMs > coveredToMs) found.push({ fromMs: coveredToMs, toMs: shift.fromMs });
    coveredToMs = Math.max(coveredToMs, shift.toMs);
  }
  if (coveredToMs < span.toMs) found.push({ fromMs: coveredToMs, toMs: span.toMs });
  return found;
}

/** Who has duty at a moment; the later-begun shift first, as at a hand-over. */
export const onDuty = (shifts: readonly DutyShift[], role: DutyShift['role'], atMs: number): string[] =>
  shifts
    .filter((shift) => shift.role === role && shift.fromMs <= atMs && atMs < shift.toMs)
    .sort((a, b) => b.fromMs - a.fromMs)
    .map(({ staffId }) => staffId);
