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
import { QueueModule } from '@kkt/queue';
import { type Database, openDatabase } from '@kkt/storage';
import { DriverService } from './driver.service';
import { DATABASE, DRIVER_SETTINGS, type DriverSettings, LOG } from './tokens';

/** The driver process: one per host with modules; the only one that opens a port. */
@Module({})
export class HardwareDriverModule {
  constructor(
    @Inject(DATABASE) database: Database,
    health: HealthChecks,
    @Inject(METRICS) registry: Registry,
    driver: DriverService,
  ) {
    health.add('database', async () => {
      await database.query('select 1');
    });
    health.add('engine', () => {
      if (!driver.isStarted) throw new Error('leases are not taken yet');
    });
    health.add('registers', () => {
      const { sessions, holders } = driver.snapshot();
      if (sessions === 0 && holders.length > 0)
        throw new Error(`another driver works under this DRIVER_ID: ${holders.join(', ')}`);
    });
    watchNumbers(registry, 'kkt_driver', 'Driver of fiscal modules', () => {
      const { problems: _problems, holders: _holders, ...figures } = driver.snapshot();
      return figures;
    });
    new Gauge({
      name: 'kkt_driver_registers_with_problem',
      help: 'Registers that take no receipts, by reason',
      labelNames: ['reason'],
      registers: [registry],
      collect() {
        this.reset();
        for (const [reason, count] of Object.entries(driver.snapshot().problems)) this.set({ reason }, count);
      },
    });
  }

  static forRoot(settings: DriverSettings, log: Log): DynamicModule {
    return {
      module: HardwareDriverModule,
      imports: [
        HealthModule.forRoot(new HealthChecks()),
        MetricsModule.forRoot(createMetrics('hardware-driver')),
        QueueModule.forRoot({ redisUrl: settings.redisUrl, log }),
      ],
      providers: [
        DriverService,
        { provide: DRIVER_SETTINGS, useValue: settings },
        { provide: LOG, useValue: log },
        {
          provide: DATABASE,
          useFactory: () =>
            openDatabase({
              url: settings.databaseUrl,
              applicationName: 'hardware-driver',
              maxConnections: settings.databasePoolSize,
              keepsPlans: true,
              log,
            }),
        },
      ],
    };
  }
}
