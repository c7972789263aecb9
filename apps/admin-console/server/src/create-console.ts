import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createMetrics, HealthChecks, watchNumbers } from '@kkt/observability';
import type { FarmChanges } from '@kkt/storage';
import { createWebApp, LiveFeed } from '@kkt/web-server';
import { ConsoleModule } from './console.module';
import { isTouched } from './live/topics';
import type { ConsoleParts } from './parts';

export interface ConsoleOptions extends ConsoleParts {
  /** Folder of the built browser part. */
  webFolder: string;
  /** Says when to look, so that a change is on the screens at once; absent: they look by themselves every second. */
  changes?: Pick<FarmChanges, 'onChange'>;
}

export interface ConsoleApplication {
  app: NestFastifyApplication;
  health: HealthChecks;
  stop(): Promise<void>;
}

/** The engineers' console, not yet listening. */
export async function createConsole(options: ConsoleOptions): Promise<ConsoleApplication> {
  const { webFolder, changes, ...parts } = options;
  const health = new HealthChecks();
  const metrics = createMetrics('admin-console');
  const feed = new LiveFeed(parts.clock, parts.log);
  const stopHearing = changes?.onChange((change) => feed.poke((topic) => isTouched(change, topic)));
  watchNumbers(metrics, 'kkt_console_live', 'Live updates', () => ({
    topics: feed.topics,
    watchers: feed.watchers,
  }));
  const app = await createWebApp({
    module: ConsoleModule.forRoot({ parts, health, metrics, feed }),
    webFolder,
    isSecure: parts.isSecure,
    trustedProxies: parts.trustedProxies,
    bodyLimitBytes: 8 * 1024 * 1024,
    log: parts.log,
    ids: parts.ids,
  });
  return {
    app,
    health,
    stop: async () => {
      stopHearing?.();
      feed.stop();
      await app.close();
    },
  };
}
