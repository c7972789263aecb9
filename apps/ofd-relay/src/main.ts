import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadSettings } from '@kkt/config';
import {
  armPlannedFault,
  createLog,
  exitOnUncaught,
  HealthChecks,
  shutdownOnSignals,
} from '@kkt/observability';
import type { Database } from '@kkt/storage';
import { OfdRelayModule } from './app.module';
import { RelayService } from './relay.service';
import { DATABASE } from './tokens';

async function main(): Promise<void> {
  const settings = loadSettings('ofd-relay');
  const log = createLog('ofd-relay', settings.logLevel);
  exitOnUncaught(log);
  armPlannedFault(settings.failPoint, log);
  const app = await NestFactory.create<NestFastifyApplication>(
    OfdRelayModule.forRoot(settings, log),
    new FastifyAdapter(),
    { logger: ['error', 'warn'] },
  );
  const relay = app.get(RelayService);
  shutdownOnSignals({
    log,
    health: app.get(HealthChecks),
    timeoutMs: settings.shutdownTimeoutMs,
    steps: [
      { name: 'relay', run: () => relay.stop() },
      { name: 'http', run: () => app.close() },
      { name: 'database', run: () => app.get<Database>(DATABASE).close() },
    ],
  });
  await app.listen(settings.port, settings.host);
  await relay.start();
  log.info({ host: settings.host, port: settings.port }, 'relay runs');
}

void main();
