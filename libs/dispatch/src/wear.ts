/** A free register as wear levelling sees it. */
export interface Wear {
  registerId: number;
  groupId: number;
  lastFd: number;
  /** Documents its FN still takes; undefined when the FN does not say. */
  documentsLeft: number | undefined;
}

/**
 * Days that the ends of a group's FNs are kept apart: an exchange with its paper work may take two working days, and a
 * group must not lose two registers in one week.
 */
export const daysApart = 14;

/** What a group must know of all its registers to keep their ends apart, also of those that are not free now. */
export interface WearPlan {
  /** Documents that each register's FN should have left beyond the one that ends first. */
  reserveOf: (registerId: number) => number;
}

/**
 * The order in which FNs of a group are to end, by how many documents they have left, each some days of load after the
 * one before. Without a forecast there is no plan: then all are used alike.
 */
export function planWear(group: readonly Wear[], perDay: ReadonlyMap<number, number>): WearPlan {
  let total = 0;
  let known = 0;
  for (const { registerId } of group) {
    const value = perDay.get(registerId);
    if (value === undefined) continue;
    total += value;
    known += 1;
  }
  const apart = known > 0 ? (daysApart * total) / known : 0;
  const reserves = new Map<number, number>();
  const byEnd = [...group].sort(
    (a, b) => (a.documentsLeft ?? 0) - (b.documentsLeft ?? 0) || a.registerId - b.registerId,
  );
  byEnd.forEach(({ registerId }, rank) => reserves.set(registerId, rank * apart));
  return { reserveOf: (registerId) => reserves.get(registerId) ?? 0 };
}

/** Who takes the next receipt first: the FN that is farthest ahead of its plan; then the one that made fewest documents. */
export function byWear<T extends Wear>(free: readonly T[], planOf: (groupId: number) => WearPlan): T[] {
  const spare = new Map<number, number>();
  for (const { registerId, groupId, documentsLeft } of free)
    if (documentsLeft !== undefined)
      spare.set(registerId, documentsLeft - planOf(groupId).reserveOf(registerId));
  return [...free].sort((a, b) => {
    const left = spare.get(a.registerId);
    const right = spare.get(b.registerId);
    return (left !== undefined && right !== undefined ? right - left : 0) || a.lastFd - b.lastFd;
  });
}
