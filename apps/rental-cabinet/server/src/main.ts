import 'reflect-metadata';
import { join } from 'node:path';
import { acquirerOf } from '@kkt/acquiring';
import { loadSettings } from '@kkt/config';
import { systemClock, systemIds } from '@kkt/contracts';
import { createLog, exitOnUncaught, shutdownOnSignals } from '@kkt/observability';
import { ReferenceOperatorRegistry } from '@kkt/operators';
import { BullWakeBus } from '@kkt/queue';
import { DirectoryStore, openDatabase } from '@kkt/storage';
import { createCabinet } from './create-cabinet';

async function main(): Promise<void> {
  const settings = loadSettings('rental-cabinet');
  const log = createLog('rental-cabinet', settings.logLevel);
  exitOnUncaught(log);
  const database = openDatabase({
    url: settings.databaseUrl,
    applicationName: 'rental-cabinet',
    maxConnections: settings.databasePoolSize,
    log,
  });
  const wakeBus = new BullWakeBus({ redisUrl: settings.redisUrl, log });
  const directory = new DirectoryStore(database);
  const wakeGroup = async (groupId: number): Promise<void> => {
    const drivers = await directory.driversOfGroup(groupId);
    await Promise.all(drivers.map((driver) => wakeBus.wake(`driver:${driver}`, String(groupId))));
  };
  const { app, health, stop } = await createCabinet({
    database,
    clock: systemClock,
    ids: systemIds,
    log,
    isSecure: settings.cabinetBaseUrl.startsWith('https:'),
    trustedProxies: settings.trustedProxies,
    secretKey: settings.secretKey,
    cabinetUrl: settings.cabinetBaseUrl,
    apiUrl: settings.publicBaseUrl,
    ...(settings.paymentEmulatorUrl && { paymentEmulatorUrl: settings.paymentEmulatorUrl }),
    wake: {
      group: (groupId) =>
        void wakeGroup(groupId).catch((error: unknown) =>
          log.warn({ err: error, groupId }, 'drivers were not woken'),
        ),
      callbacks: () => void wakeBus.wake('callbacks', 'due'),
    },
    operator: {
      inn: settings.ofdInn,
      registry: new ReferenceOperatorRegistry({
        baseUrl: `http://127.0.0.1:${settings.ofdPortalPort}`,
        ...(settings.ofdApiKey && { apiKey: settings.ofdApiKey }),
      }),
    },
    acquirer: acquirerOf(settings),
    webFolder: join(__dirname, '..', '..', 'web'),
  });
  shutdownOnSignals({
    log,
    health,
    timeoutMs: settings.shutdownTimeoutMs,
    steps: [
      { name: 'http', run: stop },
      { name: 'queue', run: () => wakeBus.close() },
      { name: 'database', run: () => database.close() },
    ],
  });
  await app.listen(settings.port, settings.host);
  log.info({ host: settings.host, port: settings.port }, 'cabinet listens');
}

void main();
