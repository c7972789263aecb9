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
import { WorkerModule } from './app.module';
import { WorkerService } from './worker.service';
import { DATABASE } from './tokens';

async function main(): Promise<void> {
  const settings = loadSettings('worker');
  const log = createLog('worker', settings.logLevel);
  exitOnUncaught(log);
  armPlannedFault(settings.failPoint, log);
  const app = await NestFactory.create<NestFastifyApplication>(
    WorkerModule.forRoot(settings, log),
    new FastifyAdapter(),
    { logger: ['error', 'warn'] },
  );
  const worker = app.get(WorkerService);
  shutdownOnSignals({
    log,
    health: app.get(HealthChecks),
    timeoutMs: settings.shutdownTimeoutMs,
    steps: [
      { name: 'worker', run: () => worker.stop() },
      { name: 'http', run: () => app.close() },
      { name: 'database', run: () => app.get<Database>(DATABASE).close() },
    ],
  });
  await app.listen(settings.port, settings.host);
  await worker.start();
  log.info({ host: settings.host, port: settings.port }, 'worker runs');
}

void main();
