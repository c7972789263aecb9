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
import { HardwareDriverModule } from './app.module';
import { DriverService } from './driver.service';
import { DATABASE } from './tokens';

/** Kept back from the time for stopping, to give leases back and close connections. */
const closingMs = 1_500;

async function main(): Promise<void> {
  const settings = loadSettings('hardware-driver');
  const log = createLog('hardware-driver', settings.logLevel);
  exitOnUncaught(log);
  armPlannedFault(settings.failPoint, log);
  const app = await NestFactory.create<NestFastifyApplication>(
    HardwareDriverModule.forRoot(settings, log),
    new FastifyAdapter(),
    { logger: ['error', 'warn'] },
  );
  const driver = app.get(DriverService);
  shutdownOnSignals({
    log,
    health: app.get(HealthChecks),
    timeoutMs: settings.shutdownTimeoutMs,
    steps: [
      { name: 'driver', run: () => driver.stop(Math.max(500, settings.shutdownTimeoutMs - closingMs)) },
      { name: 'http', run: () => app.close() },
      { name: 'database', run: () => app.get<Database>(DATABASE).close() },
    ],
  });
  await app.listen(settings.port, settings.host);
  await driver.start();
}

void main();
