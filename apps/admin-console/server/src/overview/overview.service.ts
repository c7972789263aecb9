import { Inject, Injectable } from '@nestjs/common';
import {
  AuditStore,
  CallbackStore,
  ConsoleReadStore,
  InventoryReadStore,
  type RackStateCount,
} from '@kkt/storage';
import type { Complaint, Condition, MinutePoint, Overview, RackTile } from '@kkt/web-contract';
import { conditionOf, conditionRank } from '@kkt/web-server';
import { alertView, auditView } from '../views';
import { MinuteSeries } from './minute-series';

const queueOldS = 60;
const unsentOldMs = 24 * 3_600_000;
const fnBuckets = [3, 14, 60];
/** Less than this share of the FN's documents is left. */
const fnNearlyFull = 0.05;

/** The first screen: is the farm well, and if not, what is wrong. */
@Injectable()
export class OverviewService {
  private readonly series: MinuteSeries;

  constructor(
    @Inject(ConsoleReadStore) private readonly console: ConsoleReadStore,
    @Inject(InventoryReadStore) private readonly inventory: InventoryReadStore,
    @Inject(CallbackStore) private readonly callbacks: CallbackStore,
    @Inject(AuditStore) private readonly audit: AuditStore,
  ) {
    this.series = new MinuteSeries(console);
  }

  minutes(): Promise<MinutePoint[]> {
    return this.series.read();
  }

  async read(): Promise<Overview> {
    const [
      minutes,
      queue,
      states,
      operators,
      callbacks,
      alertCounts,
      alerts,
      errors,
      drives,
      drivers,
      fnEnding,
      changes,
      nowMs,
    ] = await Promise.all([
      this.series.read(),
      this.console.queueTotals(),
      this.console.rackStates(),
      this.console.operators(),
      this.callbacks.backlog(),
      this.inventory.openAlertCounts(),
      this.inventory.alerts({ open: true, limit: 5 }),
      this.console.errorsToday(5),
      this.inventory.driveCounts(),
      this.console.drivers(),
      this.console.fnEnding(fnBuckets, fnNearlyFull),
      this.audit.list({ limit: 5 }),
      this.console.now(),
    ]);
    const registers = countConditions(states);
    const complaints = complaintsOf({
      registers,
      inDoubt: queue.inDoubt,
      oldestS: queue.oldestS,
      urgent: alertCounts[0] + alertCounts[1],
      unsentOld: operators.filter(
        (one) => one.firstUnsentAt && nowMs - one.firstUnsentAt.getTime() > unsentOldMs,
      ).length,
      deadDrivers: drivers.filter((driver) => driver.registers > 0 && driver.leases === 0).length,
    });
    return {
      health: healthOf(complaints, alertCounts[0]),
      complaints,
      minutes,
      queue: { ...queue, oldestS: Math.round(queue.oldestS) },
      registers,
      operators: operators.map((one) => ({
        name: one.ofdName,
        inn: one.ofdInn,
        unsent: one.unsent,
        ready: one.ready,
        oldestS: Math.round(one.oldestS),
      })),
      callbacks: { pending: callbacks.pending, oldestS: Math.round(callbacks.oldestS) },
      alertCounts,
      topAlerts: alerts.map(alertView),
      fnEnding: fnEnding.byTerm,
      fnNearlyFull: fnEnding.nearlyFull,
      errors,
      racks: rackTiles(states),
      stock: {
        modules: registers.stock ?? 0,
        drives: drives.filter(({ state }) => state === 'stock').reduce((sum, row) => sum + row.drives, 0),
      },
      changes: changes.map(auditView),
    };
  }
}

export function countConditions(states: readonly RackStateCount[]): Partial<Record<Condition, number>> {
  const counts: Partial<Record<Condition, number>> = {};
  for (const row of states) {
    const condition = conditionOf(row);
    counts[condition] = (counts[condition] ?? 0) + row.registers;
  }
  return counts;
}

/** A tile per rack, by its place. */
export function rackTiles(states: readonly RackStateCount[]): RackTile[] {
  const racks = new Map<string, RackStateCount[]>();
  for (const row of states) {
    const key = JSON.stringify([row.dc, row.rack]);
    racks.set(key, [...(racks.get(key) ?? []), row]);
  }
  return [...racks.values()].map((inside) => {
    const conditions = countConditions(inside);
    const worst = conditionRank.find((condition) => conditions[condition]) ?? 'stock';
    const places = inside.reduce((sum, row) => sum + row.registers, 0);
    return { dc: inside[0]?.dc ?? '', rack: inside[0]?.rack ?? '', places, conditions, worst };
  });
}

function complaintsOf(facts: {
  registers: Partial<Record<Condition, number>>;
  inDoubt: number;
  oldestS: number;
  urgent: number;
  unsentOld: number;
  deadDrivers: number;
}): Complaint[] {
  const all: Complaint[] = [
    { code: 'no_driver', count: facts.deadDrivers },
    { code: 'alerts', count: facts.urgent },
    { code: 'in_doubt', count: facts.inDoubt },
    { code: 'stopped', count: facts.registers.stopped ?? 0 },
    { code: 'offline', count: facts.registers.offline ?? 0 },
    { code: 'queue_old', count: facts.oldestS > queueOldS ? Math.round(facts.oldestS) : 0 },
    { code: 'attention', count: facts.registers.attention ?? 0 },
    { code: 'unsent_old', count: facts.unsentOld },
  ];
  return all.filter(({ count }) => count > 0);
}

const grave: readonly Complaint['code'][] = ['no_driver', 'stopped', 'queue_old'];

const healthOf = (complaints: readonly Complaint[], firstPriority: number): Overview['health'] =>
  firstPriority > 0 || complaints.some(({ code }) => grave.includes(code))
    ? 'trouble'
    : complaints.length > 0
      ? 'attention'
      : 'ok';
