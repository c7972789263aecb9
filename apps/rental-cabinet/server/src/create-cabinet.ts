import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Press } from '@kkt/documents';
import { createMetrics, HealthChecks, watchNumbers } from '@kkt/observability';
import { createWebApp, LiveFeed } from '@kkt/web-server';
import { CabinetModule } from './cabinet.module';
import type { CabinetParts } from './parts';

export interface CabinetOptions extends CabinetParts {
  /** Folder of the built browser part. */
  webFolder: string;
}

export interface CabinetApplication {
  app: NestFastifyApplication;
  health: HealthChecks;
  stop(): Promise<void>;
}

/** A table of documents of a register of the client's own: five thousand lines. */
const largestBodyBytes = 1024 * 1024;

/** The clients' cabinet, not yet listening. */
export async function createCabinet(options: CabinetOptions): Promise<CabinetApplication> {
  const { webFolder, ...parts } = options;
  const health = new HealthChecks();
  const metrics = createMetrics('rental-cabinet');
  const feed = new LiveFeed(parts.clock, parts.log);
  watchNumbers(metrics, 'kkt_cabinet_live', 'Live updates', () => ({
    topics: feed.topics,
    watchers: feed.watchers,
  }));
  const press = new Press({ clock: parts.clock });
  const app = await createWebApp({
    module: CabinetModule.forRoot({ parts, health, metrics, feed, press }),
    webFolder,
    isSecure: parts.isSecure,
    trustedProxies: parts.trustedProxies,
    bodyLimitBytes: largestBodyBytes,
    log: parts.log,
    ids: parts.ids,
  });
  return {
    app,
    health,
    stop: async () => {
      feed.stop();
      press.close();
      await app.close();
    },
  };
}
