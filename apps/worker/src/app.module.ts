import { type DynamicModule, Inject, Module } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import type { Log } from '@kkt/contracts';
import {
  createMetrics,
  HealthChecks,
  HealthModule,
  METRICS,
  MetricsModule,
  watchNumbers,
} from '@kkt/observability';
import { BullWakeBus, QueueModule, WAKE_BUS } from '@kkt/queue';
import { type Database, openDatabase } from '@kkt/storage';
import { DATABASE, LOG, WORKER_SETTINGS, type WorkerSettings } from './tokens';
import { WorkerService } from './worker.service';

/** The process for what is timed. */
@Module({})
export class WorkerModule {
  constructor(
    @Inject(DATABASE) database: Database,
    health: HealthChecks,
    @Inject(METRICS) registry: Registry,
    worker: WorkerService,
    @Inject(WAKE_BUS) wakeBus: BullWakeBus,
  ) {
    watchNumbers(registry, 'kkt_wake', 'Wake-ups over Redis', () => ({ ...wakeBus.stats() }));
    health.add('database', async () => {
      await database.query('select 1');
    });
    health.add('worker', () => {
      if (!worker.isRunning) throw new Error('not started');
    });
    new Gauge({
      name: 'kkt_callbacks_backlog',
      help: 'Callbacks in the database: pending is a count, oldest_seconds is an age',
      labelNames: ['kind'],
      registers: [registry],
      async collect() {
        // Metrics are read also when the database is away.
        const backlog = await worker.backlog().catch(() => undefined);
        if (!backlog) return this.reset();
        this.set({ kind: 'pending' }, backlog.pending);
        this.set({ kind: 'oldest_seconds' }, backlog.oldestS);
      },
    });
  }

  static forRoot(settings: WorkerSettings, log: Log): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        HealthModule.forRoot(new HealthChecks()),
        MetricsModule.forRoot(createMetrics('worker')),
        QueueModule.forRoot({ redisUrl: settings.redisUrl, channels: ['callbacks'], log }),
      ],
      providers: [
        WorkerService,
        { provide: WORKER_SETTINGS, useValue: settings },
        { provide: LOG, useValue: log },
        {
          provide: DATABASE,
          useFactory: () =>
            openDatabase({
              url: settings.databaseUrl,
              applicationName: 'worker',
              maxConnections: settings.databasePoolSize,
              log,
            }),
        },
      ],
    };
  }
}
