import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { Registry } from 'prom-client';
import { HealthChecks, HealthModule, MetricsModule } from '@kkt/observability';
import { Sealer } from '@kkt/security';
import {
  AuditStore,
  CallbackStore,
  ConsoleReadStore,
  DocumentStore,
  InventoryReadStore,
  NotificationStore,
  PlantStore,
  ReadingStore,
  OperatorStore,
  ReceiptHistoryStore,
  ReceiptStore,
  RegisterListStore,
  RegisterStore,
  SessionStore,
} from '@kkt/storage';
import { LiveFeed, LoginService, SessionCookie } from '@kkt/web-server';
import { AccountController } from './account/account.controller';
import { StaffFactorDesk } from './account/staff-factor';
import { AlertDesk } from './alerts/alert-desk';
import { AlertsController } from './alerts/alerts.controller';
import { AlertsService } from './alerts/alerts.service';
import { AuditController } from './audit/audit.controller';
import { CapacityController } from './capacity/capacity.controller';
import { CapacityService } from './capacity/capacity.service';
import { DemoController } from './demo/demo.controller';
import { DemoService } from './demo/demo.service';
import { EmulatedHall } from './demo/emulated-hall';
import { DocumentsController } from './documents/documents.controller';
import { FarmController } from './farm/farm.controller';
import { FarmService } from './farm/farm.service';
import { createFnDesks, FN_DESKS } from './fn-life/desks';
import { FnLedgerController } from './fn-life/ledger.controller';
import { FnRegistrationsController } from './fn-life/registrations.controller';
import { FnWorkflowsController } from './fn-life/workflows.controller';
import { LiveController } from './live/live.controller';
import { Topics } from './live/topics';
import { MailboxController } from './mailbox/mailbox.controller';
import { MoneyController } from './money/money.controller';
import { OperatorActions } from './operators/operator-actions';
import { RelayingDesk } from './operators/relaying-desk';
import { OperatorsController } from './operators/operators.controller';
import { OverviewController } from './overview/overview.controller';
import { OverviewService } from './overview/overview.service';
import { type ConsoleParts, PARTS } from './parts';
import { PlantController } from './plant/plant.controller';
import { PlantService } from './plant/plant.service';
import { RackActions } from './racks/rack-actions';
import { DoubtDesk } from './queues/doubt-desk';
import { GroupDesk } from './queues/group-desk';
import { VerdictDesk } from './queues/verdict-desk';
import { QueuesController } from './queues/queues.controller';
import { RacksController } from './racks/racks.controller';
import { RacksService } from './racks/racks.service';
import { CallbackDesk } from './receipts/callback-desk';
import { ReceiptsController } from './receipts/receipts.controller';
import { ReceiptsService } from './receipts/receipts.service';
import { ReadingsController } from './readings/readings.controller';
import { RegisterActions } from './registers/register-actions';
import { RegisterDesk } from './registers/register-desk';
import { RegisterDeskController } from './registers/register-desk.controller';
import { RegisterListController } from './registers/register-list.controller';
import { RegistersController } from './registers/registers.controller';
import { RegistersService } from './registers/registers.service';
import { SupportController } from './support/support.controller';
import { SessionController } from './session/session.controller';
import { SessionGuard } from './session/session.guard';
import { VisitsController } from './visits/visits.controller';
import { VisitsService } from './visits/visits.service';
import { WallsController } from './walls/walls.controller';
import { WallsService } from './walls/walls.service';
import { ZabbixController } from './zabbix/zabbix.controller';

export interface ConsoleModuleParts {
  parts: ConsoleParts;
  health: HealthChecks;
  metrics: Registry;
  feed: LiveFeed;
}

/** Everything behind the console's door. */
@Module({})
export class ConsoleModule {
  static forRoot({ parts, health, metrics, feed }: ConsoleModuleParts): DynamicModule {
    const { database } = parts;
    health.add('database', async () => {
      await database.query('select 1');
    });
    const sessions = new SessionStore(database);
    return {
      module: ConsoleModule,
      imports: [HealthModule.forRoot(health), MetricsModule.forRoot(metrics)],
      controllers: [
        SessionController,
        OverviewController,
        RacksController,
        RegisterListController,
        RegistersController,
        RegisterDeskController,
        QueuesController,
        ReceiptsController,
        DocumentsController,
        FarmController,
        LiveController,
        FnLedgerController,
        FnRegistrationsController,
        FnWorkflowsController,
        MailboxController,
        SupportController,
        MoneyController,
        AlertsController,
        PlantController,
        DemoController,
        WallsController,
        AccountController,
        AuditController,
        CapacityController,
        VisitsController,
        ReadingsController,
        ZabbixController,
        OperatorsController,
      ],
      providers: [
        { provide: PARTS, useValue: parts },
        { provide: FN_DESKS, useValue: createFnDesks(parts) },
        { provide: LiveFeed, useValue: feed },
        { provide: SessionStore, useValue: sessions },
        { provide: LoginService, useValue: new LoginService('console', sessions, parts.log) },
        { provide: SessionCookie, useValue: new SessionCookie('kkt_console', parts.isSecure) },
        { provide: AuditStore, useValue: new AuditStore(database) },
        { provide: CallbackStore, useValue: new CallbackStore(database) },
        { provide: ConsoleReadStore, useValue: new ConsoleReadStore(database) },
        { provide: DocumentStore, useValue: new DocumentStore(database) },
        { provide: InventoryReadStore, useValue: new InventoryReadStore(database) },
        { provide: NotificationStore, useValue: new NotificationStore(database) },
        { provide: PlantStore, useValue: new PlantStore(database) },
        { provide: ReadingStore, useValue: new ReadingStore(database) },
        { provide: OperatorStore, useValue: new OperatorStore(database) },
        { provide: ReceiptHistoryStore, useValue: new ReceiptHistoryStore(database) },
        { provide: ReceiptStore, useValue: new ReceiptStore(database) },
        { provide: RegisterListStore, useValue: new RegisterListStore(database) },
        { provide: RegisterStore, useValue: new RegisterStore(database) },
        {
          provide: StaffFactorDesk,
          useValue: new StaffFactorDesk(parts, new Sealer(parts.secretKey, 'staff totp')),
        },
        { provide: EmulatedHall, useValue: new EmulatedHall(parts.emulatorControlUrl) },
        DemoService,
        PlantService,
        WallsService,
        VisitsService,
        CapacityService,
        AlertsService,
        AlertDesk,
        OverviewService,
        RacksService,
        RackActions,
        RegistersService,
        RegisterActions,
        RegisterDesk,
        DoubtDesk,
        VerdictDesk,
        CallbackDesk,
        GroupDesk,
        OperatorActions,
        RelayingDesk,
        ReceiptsService,
        FarmService,
        Topics,
        { provide: APP_GUARD, useClass: SessionGuard },
      ],
    };
  }
}
