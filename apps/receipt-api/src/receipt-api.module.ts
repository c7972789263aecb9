import { type DynamicModule, Module } from '@nestjs/common';
import { HealthChecks, HealthModule, MetricsModule } from '@kkt/observability';
import type { Registry } from 'prom-client';
import { AtolDoor } from './atol-door';
import { ReceiptIntake } from './intake/receipt-intake';
import type { PaymentDoors } from './payments/payment-doors';
import { PaymentsModule } from './payments/payments.module';
import type { OwnApi } from './v1/own-api';
import { OwnApiModule } from './v1/own-api.module';

export interface ReceiptApiModuleParts {
  door: AtolDoor;
  intake: ReceiptIntake;
  health: HealthChecks;
  registry: Registry;
  ownApi: OwnApi;
  /** Absent where nothing seals the shops' secrets. */
  payments?: PaymentDoors;
}

/**
 * The application. The compatible doors are plain routes beside Nest (see `http/atol-routes`); doors of our own are
 * controllers, which join here and use the same intake.
 */
@Module({})
export class ReceiptApiModule {
  static forRoot({ door, intake, health, registry, ownApi, payments }: ReceiptApiModuleParts): DynamicModule {
    return {
      module: ReceiptApiModule,
      imports: [
        HealthModule.forRoot(health),
        MetricsModule.forRoot(registry),
        OwnApiModule.forRoot(ownApi),
        ...(payments ? [PaymentsModule.forRoot(payments, ownApi)] : []),
      ],
      providers: [
        { provide: AtolDoor, useValue: door },
        { provide: ReceiptIntake, useValue: intake },
      ],
    };
  }
}
