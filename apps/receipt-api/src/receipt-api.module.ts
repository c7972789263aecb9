import { type DynamicModule, Module } from '@nestjs/common';
import { HealthChecks, HealthModule, MetricsModule } from '@kkt/observability';
import type { Registry } from 'prom-client';
import { AtolDoor } from './atol-door';
import { ReceiptIntake } from './intake/receipt-intake';

export interface ReceiptApiModuleParts {
  door: AtolDoor;
  intake: ReceiptIntake;
  health: HealthChecks;
  registry: Registry;
}

/**
 * The application. The compatible doors are plain routes beside Nest (see `http/atol-routes`); doors of our own are
 * controllers, which join here and use the same intake.
 */
@Module({})
export class ReceiptApiModule {
  static forRoot({ door, intake, health, registry }: ReceiptApiModuleParts): DynamicModule {
    return {
      module: ReceiptApiModule,
      imports: [HealthModule.forRoot(health), MetricsModule.forRoot(registry)],
      providers: [
        { provide: AtolDoor, useValue: door },
        { provide: ReceiptIntake, useValue: intake },
      ],
    };
  }
}
