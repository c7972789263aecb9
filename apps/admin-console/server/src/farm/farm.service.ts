import { Inject, Injectable } from '@nestjs/common';
import { CallbackStore, ConsoleReadStore, InventoryReadStore } from '@kkt/storage';
import type { OperatorsView, QueuesView, StockView } from '@kkt/web-contract';
import { moment, momentOrNull } from '@kkt/web-server';
import { OverviewService } from '../overview/overview.service';

/** A driver renews its leases every ten seconds: three times that without a sign is silence. */
const driverSilentMs = 30_000;

/** Screens about the farm as a whole: queues, operators, alerts, stock. */
@Injectable()
export class FarmService {
  constructor(
    @Inject(ConsoleReadStore) private readonly console: ConsoleReadStore,
    @Inject(InventoryReadStore) private readonly inventory: InventoryReadStore,
    @Inject(CallbackStore) private readonly callbacks: CallbackStore,
    @Inject(OverviewService) private readonly overview: OverviewService,
  ) {}

  async queues(): Promise<QueuesView> {
    const [totals, minutes, groups, drivers, callbacks, nowMs] = await Promise.all([
      this.console.queueTotals(),
      this.overview.minutes(),
      this.console.groupQueues(),
      this.console.drivers(),
      this.callbacks.backlog(),
      this.console.now(),
    ]);
    return {
      totals: { ...totals, oldestS: Math.round(totals.oldestS) },
      minutes,
      groups: groups.map((group) => ({ ...group, oldestS: Math.round(group.oldestS) })),
      drivers: drivers.map((driver) => ({
        ...driver,
        startedAt: moment(driver.startedAt),
        seenAt: moment(driver.seenAt),
        isAlive: driver.leases > 0 && nowMs - driver.seenAt.getTime() < driverSilentMs,
      })),
      callbacks: { pending: callbacks.pending, oldestS: Math.round(callbacks.oldestS) },
    };
  }

  async operators(): Promise<OperatorsView> {
    const [operators, oldest] = await Promise.all([this.console.operators(), this.console.oldestUnsent(50)]);
    return {
      operators: operators.map((row) => ({
        inn: row.ofdInn,
        name: row.ofdName,
        host: row.ofdHost,
        port: row.ofdPort,
        registers: row.registers,
        unsent: row.unsent,
        firstUnsentAt: momentOrNull(row.firstUnsentAt),
        ready: row.ready,
        answered: row.answered,
        oldestS: Math.round(row.oldestS),
        confirmed5m: row.confirmed5m,
        affected: row.affected,
        lastConfirmedAt: momentOrNull(row.lastConfirmedAt),
        downSince: momentOrNull(row.downSince),
        pause:
          row.pausedAt === null
            ? null
            : { by: row.pausedBy ?? '', why: row.pausedWhy ?? '', at: moment(row.pausedAt) },
        causes: row.causes,
      })),
      oldest: oldest.map((row) => ({ ...row, firstUnsentAt: moment(row.firstUnsentAt) })),
    };
  }

  async stock(): Promise<StockView> {
    const [drives, modules] = await Promise.all([
      this.inventory.driveCounts(),
      this.inventory.moduleCounts(),
    ]);
    return { drives, modules };
  }
}
