/** How many callbacks may be under way to one authority: grows while it answers quickly, shrinks when it does not. */
const minLimit = 1;
const startLimit = 4;
const maxLimit = 32;
/** An answer slower than this is no reason to send more at once. */
const quickMs = 2_000;

/** Past this many hosts what was learned about the idle ones is forgotten. */
const maxLanes = 10_000;

interface Lane {
  active: number;
  limit: number;
  waiting: ((isTurn: boolean) => void)[];
}

/**
 * A lane per authority (host and port), so that a slow shop uses up only its own lane. A lane takes in as many
 * callbacks as it may send at once, and the same again to wait.
 */
export class Lanes {
  private readonly lanes = new Map<string, Lane>();

  /** True when the lane can take one more. */
  hasRoom(authority: string): boolean {
    const lane = this.lanes.get(authority);
    return !lane || lane.active + lane.waiting.length < 2 * lane.limit;
  }

  /** Lanes so full that nothing new should be fetched for them. */
  full(): string[] {
    return [...this.lanes].flatMap(([authority, lane]) =>
      lane.active + lane.waiting.length >= Math.max(lane.limit, 2 * lane.limit - 1) ? [authority] : [],
    );
  }

  /** Resolves with true when it is this caller's turn, with false when the lane became too slow to wait in. */
  enter(authority: string): Promise<boolean> {
    const lane = this.lanes.get(authority) ?? { active: 0, limit: startLimit, waiting: [] };
    this.lanes.set(authority, lane);
    if (lane.active < lane.limit) {
      lane.active++;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => lane.waiting.push(resolve));
  }

  /** Ends a turn begun with {@link enter}. */
  leave(authority: string, outcome: { isAnswered: boolean; tookMs: number }): void {
    const lane = this.lanes.get(authority);
    if (!lane) return;
    if (!outcome.isAnswered) lane.limit = Math.max(minLimit, Math.floor(lane.limit / 2));
    else if (outcome.tookMs <= quickMs) lane.limit = Math.min(maxLimit, lane.limit + 1);
    lane.active--;
    while (lane.active < lane.limit) {
      const next = lane.waiting.shift();
      if (!next) break;
      lane.active++;
      next(true);
    }
    while (lane.waiting.length > lane.limit) lane.waiting.pop()?.(false);
    if (this.lanes.size > maxLanes) this.forgetIdle();
  }

  private forgetIdle(): void {
    for (const [authority, lane] of this.lanes) if (lane.active === 0) this.lanes.delete(authority);
  }
}
