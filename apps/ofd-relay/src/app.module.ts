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
import { RelayService } from './relay.service';
import { DATABASE, LOG, RELAY_SETTINGS, type RelayAppSettings } from './tokens';

/** Carries messages of FNs to operators of fiscal data and brings their answers back. */
@Module({})
export class OfdRelayModule {
  constructor(
    @Inject(DATABASE) database: Database,
    health: HealthChecks,
    @Inject(METRICS) registry: Registry,
    relay: RelayService,
    @Inject(WAKE_BUS) wakeBus: BullWakeBus,
  ) {
    watchNumbers(registry, 'kkt_wake', 'Wake-ups over Redis', () => ({ ...wakeBus.stats() }));
    health.add('database', async () => {
      await database.query('select 1');
    });
    health.add('relay', () => {
      if (!relay.isRunning) throw new Error('not started');
    });
    new Gauge({
      name: 'kkt_relay_backlog',
      help: 'Messages in the database: ready wait for operators, answered wait for FNs, oldest_ready_seconds is an age',
      labelNames: ['kind'],
      registers: [registry],
      async collect() {
        // Metrics are read also when the database is away.
        const backlog = await relay.backlog().catch(() => undefined);
        if (!backlog) return this.reset();
        this.set({ kind: 'ready' }, backlog.ready);
        this.set({ kind: 'answered' }, backlog.answered);
        this.set({ kind: 'oldest_ready_seconds' }, backlog.oldestReadyS);
      },
    });
  }

  static forRoot(settings: RelayAppSettings, log: Log): DynamicModule {
    return {
      module: OfdRelayModule,
      imports: [
        HealthModule.forRoot(new HealthChecks()),
        MetricsModule.forRoot(createMetrics('ofd-relay')),
        QueueModule.forRoot({ redisUrl: settings.redisUrl, channels: ['relay'], log }),
      ],
      providers: [
        RelayService,
        { provide: RELAY_SETTINGS, useValue: settings },
        { provide: LOG, useValue: log },
        {
          provide: DATABASE,
          useFactory: () =>
            openDatabase({
              url: settings.databaseUrl,
              applicationName: 'ofd-relay',
              maxConnections: settings.databasePoolSize,
              keepsPlans: true,
              log,
            }),
        },
      ],
    };
  }
}
