import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Clock, Ids, Log } from '@kkt/contracts';
import { createMetrics, HealthChecks } from '@kkt/observability';
import { createPayments, type PaymentOptions } from '@kkt/payments';
import { TaxStates } from '@kkt/operators';
import type { WakeBus } from '@kkt/queue';
import { Press } from '@kkt/documents';
import { receiptLink } from '@kkt/security';
import {
  ApiReceiptStore,
  BuyerStore,
  type Database,
  DirectoryStore,
  ReceiptStore,
  RegisterStateStore,
} from '@kkt/storage';
import { Directory } from './access/directory';
import { FloodGate } from './access/flood-gate';
import { TokenIssuer } from './access/token-issuer';
import { AtolDoor } from './atol-door';
import { buyerRoutes } from './buyer/routes';

import { atolRoutes, registerStateRoutes } from './http/atol-routes';
import { createAdapter } from './http/server';
import { WallClock } from './http/wall-clock';
import { ReceiptIntake } from './intake/receipt-intake';
import { RefusalBook } from './intake/refusal-book';
import { RefusedRequests } from './v1/http/refused-requests';
import { ReceiptApiMetrics } from './metrics';
import { PaymentDoors } from './payments/payment-doors';
import { ReceiptApiModule } from './receipt-api.module';
import type { ReceiptApiSettings } from './settings';
import { statusRoutes } from './status/status-routes';
import { ownApiGate } from './v1/http/own-api-gate';
import { ProblemFilter } from './v1/http/problem.filter';
import { OwnApi } from './v1/own-api';
import { Explainer } from './v1/receipts/explainer';

/** Everything outside the process, injected. */
export interface ReceiptApiParts {
  database: Database;
  wakeBus: Pick<WakeBus, 'wake'>;
  clock: Clock;
  ids: Ids;
  log: Log;
  settings: ReceiptApiSettings;
  /** Opens the doors of payments, and buyers' pages behind signed links. */
  payments?: Pick<PaymentOptions, 'secretKey' | 'emulatorUrl'> & { publicBaseUrl: string };
  health?: HealthChecks;
}

export interface ReceiptApi {
  app: NestFastifyApplication;
  health: HealthChecks;
  /** Stops taking requests, then waits for the receipts already taken. */
  stop(): Promise<void>;
}

/** Builds the application; it does not listen yet. */
export async function createReceiptApi(parts: ReceiptApiParts): Promise<ReceiptApi> {
  const { database, wakeBus, clock, ids, log, settings } = parts;
  const health = parts.health ?? new HealthChecks({ clock });
  health.add('database', async () => void (await database.query('select 1')));
  const registry = createMetrics('receipt-api');
  const receipts = new ReceiptStore(database);
  const accounts = new DirectoryStore(database);
  const directory = new Directory(accounts, clock, settings.cacheTtlMs);
  const metrics: ReceiptApiMetrics = new ReceiptApiMetrics(registry, () => intake.depth);
  const intake: ReceiptIntake = new ReceiptIntake({
    store: receipts,
    directory,
    wakeBus,
    clock,
    log,
    metrics,
    maxBatch: settings.maxBatch,
    maxWaiting: settings.maxWaiting,
  });
  const refusals = new RefusalBook(database, clock, log);
  const issuer = new TokenIssuer(accounts, clock, settings);
  const gate = new FloodGate(clock, settings.flood);
  const door = new AtolDoor({
    directory,
    gate,
    issuer,
    intake,
    receipts,
    registers: new RegisterStateStore(database),
    clock,
    ids,
    log,
    metrics,
    refusals,
    settings,
    explain: (report) => explainer.explain(report),
  });
  const explainer = new Explainer(new ApiReceiptStore(database), directory, clock);

  const signing = parts.payments;
  const ownApi = new OwnApi({
    database,
    directory,
    gate,
    intake,
    clock,
    ids,
    log,
    metrics,
    settings,
    secretKey: parts.payments?.secretKey,
    ...(signing && {
      link: (document) => receiptLink(signing.publicBaseUrl, signing.secretKey, document),
      letters: { publicBaseUrl: signing.publicBaseUrl, secretKey: signing.secretKey },
    }),
  });

  const payments =
    parts.payments &&
    new PaymentDoors(
      createPayments({
        ...parts.payments,
        database,
        clock,
        ids,
        log,
        wakeGroup: (id) => intake.wakeGroup(id),
      }),
      parts.payments.publicBaseUrl,
      database,
      log,
    );

  const wall = new WallClock(clock);
  const adapter = createAdapter(settings, ids, wall);
  const server = adapter.getInstance<FastifyInstance>();
  const { maxBodyBytes } = settings;
  await server.register(statusRoutes, { database, clock });
  ownApiGate(server, gate, settings.ownApi.requestsPerS, ids);
  const shared = { door, gate, requestsPerS: settings.limits.requestsPerS, maxBodyBytes };
  await server.register(atolRoutes, { prefix: '/possystem', ...shared });
  await server.register(registerStateRoutes, { prefix: '/api', ...shared });
  await payments?.mount(server);
  const press = new Press({ clock });
  if (parts.payments) {
    const { secretKey } = parts.payments;
    const store = new BuyerStore(database);
    const taxStates = new TaxStates(clock);
    await server.register(buyerRoutes, { prefix: '/r', store, secretKey, taxStates, press, clock, log });
  }
  const app = await NestFactory.create<NestFastifyApplication>(
    ReceiptApiModule.forRoot({ door, intake, health, registry, ownApi, payments }),
    adapter,
    { bodyParser: false, logger: false },
  );
  app.useGlobalFilters(new ProblemFilter(ids, wall, log, new RefusedRequests(directory, refusals, log)));
  return {
    app,
    health,
    async stop() {
      await app.close();
      press.close();
      await payments?.callbacks.drained();
      await intake.drained();
      await refusals.flush();
    },
  };
}
