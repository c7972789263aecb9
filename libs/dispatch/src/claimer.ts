import { failPoint } from '@kkt/contracts';
import { isDatabaseAway } from '@kkt/storage';
import type { DispatchPorts } from './ports';
import type { RegisterSession } from './session/session';
import { byWear, planWear, type Wear, type WearPlan } from './wear';

/**
 * Gives waiting receipts to free registers of this driver. Woken by a group's signal or by a session that became free;
 * one claim statement serves all groups at once. A group stays hot while claims come back full.
 */
export class Claimer {
  private readonly hot = new Set<number>();
  /** Groups woken since the claim that is under way was sent: it may not have seen what they were woken for. */
  private readonly wokenMeanwhile = new Set<number>();
  private running = false;
  private again = false;
  private stopped = false;
  claims = 0;
  claimed = 0;
  /** Documents a day that each register's FN is foretold. */
  perDay: ReadonlyMap<number, number> = new Map();

  constructor(
    private readonly ports: DispatchPorts,
    private readonly sessions: () => Iterable<RegisterSession>,
  ) {}

  /** Something may be waiting in this group. */
  heat(groupId: number): void {
    this.hot.add(groupId);
    this.wokenMeanwhile.add(groupId);
    this.kick();
  }

  /** A session became free or changed. */
  kick(): void {
    if (this.stopped) return;
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = true;
    void this.run();
  }

  stop(): void {
    this.stopped = true;
  }

  /** Asks PostgreSQL which groups have something waiting: makes lost wake-ups harmless. */
  async sweep(): Promise<void> {
    const groups = new Set<number>();
    for (const session of this.sessions()) {
      if (session.groupId !== undefined) groups.add(session.groupId);
    }
    if (groups.size === 0) return;
    const waiting = await this.ports.store.groupsWaiting([...groups]);
    for (const groupId of waiting) this.heat(groupId);
    await this.explain(waiting);
  }

  private async run(): Promise<void> {
    try {
      do {
        this.again = false;
        // Let sessions that become free in the same turn of the event loop join one statement.
        await Promise.resolve();
        if (this.hot.size > 0) await this.claimOnce();
      } while (this.again && !this.stopped);
    } finally {
      // In the same turn as the last look: who kicks after it begins a new run.
      this.running = false;
    }
  }

  private async claimOnce(): Promise<void> {
    const free = new Map<number, RegisterSession>();
    const askedByGroup = new Map<number, number>();
    const sleepersByGroup = new Map<number, RegisterSession[]>();
    for (const session of this.sessions()) {
      const { groupId } = session;
      if (groupId === undefined || !this.hot.has(groupId)) continue;
      if (session.available) {
        free.set(session.register.registerId, session);
        askedByGroup.set(groupId, (askedByGroup.get(groupId) ?? 0) + 1);
      } else if (session.sleeping) {
        sleepersByGroup.set(groupId, [...(sleepersByGroup.get(groupId) ?? []), session]);
      }
    }
    for (const [groupId, sleepers] of sleepersByGroup) {
      // Nobody is awake: open every shift at once, the queue behind the signal may be long.
      if (!askedByGroup.has(groupId)) for (const session of sleepers) session.wakeUp();
    }
    if (free.size === 0) return;

    const order = this.inOrderOfWear([...free.values()]);
    for (const session of order) session.reserved = true;
    const slots = order.map((session) => ({
      registerId: session.register.registerId,
      groupId: session.groupId as number,
      fence: session.register.fence,
      fnNumber: session.view.fnNumber,
      fdBefore: session.view.lastFd,
    }));
    let given = 0;
    try {
      this.claims += 1;
      failPoint('claim-before');
      this.wokenMeanwhile.clear();
      const assignments = await this.ports.store.claim(this.ports.owner, slots);
      if (assignments.length > 0) failPoint('claim-committed');
      const givenByGroup = new Map<number, number>();
      for (const assignment of assignments) {
        const session = free.get(assignment.registerId);
        if (!session?.groupId) continue;
        givenByGroup.set(session.groupId, (givenByGroup.get(session.groupId) ?? 0) + 1);
        session.assign(assignment);
        free.delete(assignment.registerId);
        given += 1;
      }
      this.claimed += given;
      for (const [groupId, asked] of askedByGroup) {
        if ((givenByGroup.get(groupId) ?? 0) < asked) {
          if (!this.wokenMeanwhile.has(groupId)) this.hot.delete(groupId);
        } else for (const session of sleepersByGroup.get(groupId)?.slice(0, 1) ?? []) session.wakeUp();
      }
      for (const session of free.values()) session.unreserve();
    } catch (error) {
      // The claim may have been stored although its answer was lost: each session looks before it goes on.
      const away = isDatabaseAway(error);
      this.ports.log.warn({ err: (error as Error).message, away }, 'claim failed');
      for (const session of free.values()) session.unreserve(true);
    }
  }

  /** Nobody idles while receipts wait; the choice is only who is first, and keeps the ends of a group's FNs apart. */
  private inOrderOfWear(free: readonly RegisterSession[]): RegisterSession[] {
    if (free.length < 2) return [...free];
    const members = new Map<number, Wear[]>();
    for (const session of this.sessions()) {
      const wear = wearOf(session);
      if (!wear || !this.hot.has(wear.groupId)) continue;
      const group = members.get(wear.groupId);
      if (group) group.push(wear);
      else members.set(wear.groupId, [wear]);
    }
    const plans = new Map<number, WearPlan>();
    for (const [groupId, group] of members) plans.set(groupId, planWear(group, this.perDay));
    const none = planWear([], this.perDay);
    return byWear(
      free.map((session) => ({ ...(wearOf(session) as Wear), session })),
      (groupId) => plans.get(groupId) ?? none,
    ).map(({ session }) => session);
  }

  /** Why nobody takes what waits, when every register of the group has an obstacle. */
  private async explain(groupIds: readonly number[]): Promise<void> {
    for (const groupId of groupIds) {
      const reasons = new Set<string>();
      let workable = false;
      for (const session of this.sessions()) {
        if (session.groupId !== groupId) continue;
        const { view } = session;
        const obstacle = view.online || view.refusing ? view.obstacle(this.ports) : 'offline';
        if (obstacle === undefined) workable = true;
        else reasons.add(obstacle);
      }
      const reason = workable ? 'registers_busy' : [...reasons].sort().join(',') || 'no_registers';
      await this.ports.store.explainWaiting(groupId, reason);
    }
  }
}

function wearOf({ groupId, register, view }: RegisterSession): Wear | undefined {
  if (groupId === undefined) return undefined;
  const { lastFd, documentsLeft } = view;
  return { registerId: register.registerId, groupId, lastFd, documentsLeft };
}
