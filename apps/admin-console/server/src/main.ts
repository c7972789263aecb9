import 'reflect-metadata';
import { join } from 'node:path';
import { loadSettings } from '@kkt/config';
import { systemClock, systemIds } from '@kkt/contracts';
import { createLog, exitOnUncaught, shutdownOnSignals } from '@kkt/observability';
import { FarmChanges, openDatabase } from '@kkt/storage';
import { createConsole } from './create-console';

async function main(): Promise<void> {
  const settings = loadSettings('admin-console');
  const log = createLog('admin-console', settings.logLevel);
  exitOnUncaught(log);
  const database = openDatabase({
    url: settings.databaseUrl,
    applicationName: 'admin-console',
    maxConnections: settings.databasePoolSize,
    log,
  });
  const changes = new FarmChanges({
    url: settings.databaseUrl,
    applicationName: 'admin-console',
    clock: systemClock,
    log,
  });
  await changes.start();
  const { app, health, stop } = await createConsole({
    database,
    changes,
    clock: systemClock,
    ids: systemIds,
    log,
    isSecure: settings.publicBaseUrl.startsWith('https:'),
    trustedProxies: settings.trustedProxies,
    secretKey: settings.secretKey,
    mailboxOpen: settings.mailboxOpen,
    emulatorControlUrl: settings.emulatorPanel
      ? `http://127.0.0.1:${settings.emulatorControlPort}`
      : undefined,
    webFolder: join(__dirname, '..', '..', 'web'),
  });
  shutdownOnSignals({
    log,
    health,
    timeoutMs: settings.shutdownTimeoutMs,
    steps: [
      { name: 'http', run: stop },
      { name: 'changes', run: () => changes.stop() },
      { name: 'database', run: () => database.close() },
    ],
  });
  await app.listen(settings.port, settings.host);
  log.info({ host: settings.host, port: settings.port }, 'console listens');
}

void main();
