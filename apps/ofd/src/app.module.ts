import { type DynamicModule, Module } from '@nestjs/common';
import { Press } from '@kkt/documents';
import { HealthChecks, HealthModule, MetricsModule } from '@kkt/observability';
import type { Registry } from 'prom-client';
import { DocumentsController } from './http/documents.controller';
import { FaultsController } from './http/faults.controller';
import { MarkingController } from './http/marking.controller';
import { RegistryController } from './http/registry.controller';
import { ReportsController } from './http/reports.controller';
import { StateController } from './http/state.controller';
import { Operator } from './operator';
import { BuyerStore } from './buyers/buyer-store';
import { BusinessController } from './portal/business.controller';
import { HistoryController } from './portal/history.controller';
import { PortalController } from './portal/portal.controller';
import { LookupLimit } from './portal/lookup-limit';

export interface OperatorModuleParts {
  operator: Operator;
  health: HealthChecks;
  metrics: Registry;
  lookupLimit: LookupLimit;
}

/** The operator's HTTP door: JSON API, portal, health, metrics. */
@Module({})
export class OperatorModule {
  static forRoot({ operator, health, metrics, lookupLimit }: OperatorModuleParts): DynamicModule {
    health.add('database', async () => {
      await operator.database.query('select 1');
    });
    health.add('exchange', () => {
      if (!operator.server.isListening) throw new Error('the port for documents is closed');
    });
    return {
      module: OperatorModule,
      imports: [HealthModule.forRoot(health), MetricsModule.forRoot(metrics)],
      controllers: [
        RegistryController,
        DocumentsController,
        ReportsController,
        StateController,
        PortalController,
        ...(operator.settings.faults ? [FaultsController, MarkingController] : []),
        HistoryController,
        BusinessController,
      ],
      providers: [
        { provide: Operator, useValue: operator },
        { provide: LookupLimit, useValue: lookupLimit },
        { provide: BuyerStore, useValue: operator.buyers },
        { provide: Press, useValue: operator.press },
      ],
    };
  }
}
