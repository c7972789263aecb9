import { hkdfSync } from 'node:crypto';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { Registry } from 'prom-client';
import { HealthChecks, HealthModule, MetricsModule } from '@kkt/observability';
import {
  AccountStore,
  CabinetReadStore,
  CompanyStore,
  DocumentStore,
  ReceiptHistoryStore,
  ReceiptStore,
  SessionStore,
} from '@kkt/storage';
import { LiveFeed, LoginService, SessionCookie } from '@kkt/web-server';
import { AccountDesk } from '@kkt/accounts';
import { Press } from '@kkt/documents';
import { createPayments } from '@kkt/payments';
import { Sealer } from '@kkt/security';
import { AccountController } from './account/account.controller';
import { OpenSessions } from './account/open-sessions';
import { ProfileController } from './account/profile.controller';
import { AnalyticsController } from './analytics/analytics.controller';
import { AnalyticsService } from './analytics/analytics.service';
import { CompanyController } from './company/company.controller';
import { ExternalController } from './external/external.controller';
import { DrivesController } from './fn-life/drives.controller';
import { FnLifeController } from './fn-life/fn-life.controller';
import { HomeController } from './home/home.controller';
import { HomeService } from './home/home.service';
import { CallbacksController } from './integration/callbacks.controller';
import { IntegrationController } from './integration/integration.controller';
import { KeysController } from './integration/keys.controller';
import { PaymentsController } from './integration/payments.controller';
import { type CabinetPayments, PAYMENTS } from './integration/payments.token';
import { LiveController } from './live/live.controller';
import { ContractsController } from './money/contracts.controller';
import { MoneyController } from './money/money.controller';
import { MoneyService } from './money/money.service';
import { SavedCardsController } from './money/saved-cards.controller';
import { TariffsController } from './money/tariffs.controller';
import { CalculatorController } from './orders/calculator.controller';
import { OperatorMovesController } from './operators/operator-moves.controller';
import { OrdersController } from './orders/orders.controller';
import { type CabinetParts, PARTS } from './parts';
import { ExportsController } from './receipts/exports.controller';
import { ReceiptActionsController } from './receipts/receipt-actions.controller';
import { ReceiptSearchService } from './receipts/receipt-search.service';
import { ReceiptsController } from './receipts/receipts.controller';
import { ReceiptsService } from './receipts/receipts.service';
import { RegisterActionsController } from './registers/register-actions.controller';
import { RegistersController } from './registers/registers.controller';
import { RegistersService } from './registers/registers.service';
import { PersonalController } from './support/personal.controller';
import { SupportController } from './support/support.controller';
import { SandboxController } from './sandbox/sandbox.controller';
import { SandboxService } from './sandbox/sandbox.service';
import { SessionController } from './session/session.controller';
import { SessionGuard } from './session/session.guard';

export interface CabinetModuleParts {
  parts: CabinetParts;
  health: HealthChecks;
  metrics: Registry;
  feed: LiveFeed;
  /** Draws printed forms. */
  press: Press;
}

/** Everything behind the cabinet's door. */
@Module({})
export class CabinetModule {
  static forRoot({ parts, health, metrics, feed, press }: CabinetModuleParts): DynamicModule {
    const { database } = parts;
    health.add('database', async () => {
      await database.query('select 1');
    });
    const sessions = new SessionStore(database);
    return {
      module: CabinetModule,
      imports: [HealthModule.forRoot(health), MetricsModule.forRoot(metrics)],
      controllers: [
        SessionController,
        AccountController,
        ProfileController,
        CompanyController,
        HomeController,
        SandboxController,
        ReceiptsController,
        ExportsController,
        ReceiptActionsController,
        RegistersController,
        IntegrationController,
        KeysController,
        CallbacksController,
        PaymentsController,
        AnalyticsController,
        SupportController,
        PersonalController,
        LiveController,
        FnLifeController,
        DrivesController,
        MoneyController,
        ContractsController,
        SavedCardsController,
        TariffsController,
        RegisterActionsController,
        OperatorMovesController,
        ExternalController,
        OrdersController,
        CalculatorController,
      ],
      providers: [
        { provide: PARTS, useValue: parts },
        { provide: LiveFeed, useValue: feed },
        { provide: Press, useValue: press },
        { provide: PAYMENTS, useValue: paymentsOf(parts) },
        { provide: SessionStore, useValue: sessions },
        { provide: LoginService, useValue: new LoginService('cabinet', sessions, parts.log) },
        { provide: SessionCookie, useValue: new SessionCookie('kkt_cabinet', parts.isSecure) },
        { provide: AccountStore, useValue: new AccountStore(database) },
        { provide: CompanyStore, useValue: new CompanyStore(database) },
        { provide: AccountDesk, useValue: accountDesk(parts) },
        OpenSessions,
        { provide: CabinetReadStore, useValue: new CabinetReadStore(database) },
        { provide: DocumentStore, useValue: new DocumentStore(database) },
        { provide: ReceiptHistoryStore, useValue: new ReceiptHistoryStore(database) },
        { provide: ReceiptStore, useValue: new ReceiptStore(database) },
        HomeService,
        SandboxService,
        MoneyService,
        ReceiptsService,
        ReceiptSearchService,
        AnalyticsService,
        RegistersService,
        { provide: APP_GUARD, useClass: SessionGuard },
      ],
    };
  }
}

/** Keys of one purpose each, derived from the installation's own. */
function accountDesk({ database, clock, ids, secretKey, cabinetUrl }: CabinetParts): AccountDesk {
  const codeKey = Buffer.from(hkdfSync('sha256', secretKey, '', 'confirmation codes v1', 32));
  return new AccountDesk({
    database,
    clock,
    ids,
    cabinetUrl,
    codeKey,
    sealer: new Sealer(secretKey, 'totp'),
  });
}

/** Payments as people of the cabinet deal with them; callbacks come in elsewhere. */
function paymentsOf({
  database,
  clock,
  ids,
  log,
  secretKey,
  paymentEmulatorUrl,
  wake,
}: CabinetParts): CabinetPayments {
  const { desk, sealer, check } = createPayments({
    database,
    clock,
    ids,
    log,
    secretKey,
    emulatorUrl: paymentEmulatorUrl,
    wakeGroup: (groupId) => wake.group(groupId),
  });
  return { sealer, check, settle: (paymentId) => desk.settlePayment(paymentId, { isAsked: true }) };
}
