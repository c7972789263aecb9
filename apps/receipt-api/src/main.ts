import 'reflect-metadata';
import { loadSettings } from '@kkt/config';
import { systemClock, systemIds } from '@kkt/contracts';
import { armPlannedFault, createLog, exitOnUncaught, shutdownOnSignals } from '@kkt/observability';
import { BullWakeBus } from '@kkt/queue';
import { deskCallbackPolicy, publicCallbackPolicy } from '@kkt/security';
import { openDatabase } from '@kkt/storage';
import { createReceiptApi } from './create-receipt-api';
import { defaultSettings, limitsOf } from './settings';

/** No client waits longer, so neither does a statement. */
const statementTimeoutMs = 5_000;

async function main(): Promise<void> {
  const settings = loadSettings('receipt-api');
  const log = createLog('receipt-api', settings.logLevel);
  exitOnUncaught(log);
  armPlannedFault(settings.failPoint, log);
  const database = openDatabase({
    url: settings.databaseUrl,
    applicationName: 'receipt-api',
    maxConnections: settings.databasePoolSize,
    statementTimeoutMs,
    log,
  });
  const wakeBus = new BullWakeBus({ redisUrl: settings.redisUrl, log });
  const api = await createReceiptApi({
    database,
    wakeBus,
    clock: systemClock,
    ids: systemIds,
    log,
    payments: {
      secretKey: settings.secretKey,
      publicBaseUrl: settings.publicBaseUrl,
      emulatorUrl: settings.paymentEmulatorUrl,
    },
    settings: {
      ...defaultSettings,
      callbacks: settings.callbackAllowPrivate ? deskCallbackPolicy : publicCallbackPolicy,
      trustedProxies: settings.trustedProxies,
      limits: limitsOf(settings.atolRequestsPerS, settings.atolClientRequestsPerS),
      polls: { ...defaultSettings.polls, perRegisterPerS: settings.atolReportPollsPerS },
      ownApi: {
        ...defaultSettings.ownApi,
        ...limitsOf(settings.apiRequestsPerS, settings.apiClientRequestsPerS),
      },
    },
  });
  shutdownOnSignals({
    log,
    health: api.health,
    timeoutMs: settings.shutdownTimeoutMs,
    steps: [
      { name: 'http', run: () => api.stop() },
      { name: 'wake-ups', run: () => wakeBus.close() },
      { name: 'database', run: () => database.close() },
    ],
  });
  await api.app.listen(settings.port, settings.host);
  log.info({ host: settings.host, port: settings.port }, 'receipt API listens');
}

void main();
