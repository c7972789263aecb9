import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  freePort,
  type RunningPostgres,
  type RunningRedis,
  startPostgres,
  startRedis,
  wipePostgres,
} from '@kkt/embedded';
import { patienceMs } from './patience';
import { clusterTemplate as template } from './places';

interface Running {
  pid: number;
  url: string;
  ended: Promise<void>;
  stop(): Promise<void>;
}

/** A server of one farm under test, with its data: killed and started again on the same port. */
export class KillableServer {
  private running: Running | undefined;

  private constructor(
    readonly name: 'postgres' | 'redis',
    private readonly folder: string,
    private readonly begin: () => Promise<Running>,
  ) {}

  /** PostgreSQL with full durability: what it acknowledged must outlive SIGKILL. */
  static async postgres(dataDir: string): Promise<KillableServer> {
    const port = await freePort();
    const folder = join(dataDir, 'postgres');
    const begin = (): Promise<RunningPostgres> =>
      startPostgres({
        dataDir: folder,
        port,
        durability: 'full',
        maxConnections: 100,
        ...(existsSync(template) ? { template } : {}),
      });
    return KillableServer.started('postgres', folder, begin);
  }

  static async redis(dataDir: string): Promise<KillableServer> {
    const port = await freePort();
    const folder = join(dataDir, 'redis');
    const begin = async (): Promise<Running> => {
      const server: RunningRedis = await startRedis({ dataDir: folder, port });
      if (server.pid === undefined) throw new Error('the Redis of a farm under test must be its own');
      return { ...server, pid: server.pid };
    };
    return KillableServer.started('redis', folder, begin);
  }

  private static async started(
    name: 'postgres' | 'redis',
    folder: string,
    begin: () => Promise<Running>,
  ): Promise<KillableServer> {
    const server = new KillableServer(name, folder, begin);
    server.running = await begin();
    return server;
  }

  get url(): string {
    if (!this.running) throw new Error(`${this.name} is not running`);
    return this.running.url;
  }

  /** SIGKILL to the server's first process; its data stay as they are. */
  async kill(): Promise<void> {
    const { running } = this;
    if (!running) return;
    process.kill(running.pid, 'SIGKILL');
    await running.ended;
    // Nothing is left to stop; the folder becomes free for the next start.
    await running.stop();
    this.running = undefined;
  }

  async start(): Promise<void> {
    if (this.running) return;
    const endMs = Date.now() + patienceMs;
    for (;;) {
      try {
        this.running = await this.begin();
        return;
      } catch (error) {
        // Children of the killed server may hold its memory and its port for a moment.
        if (Date.now() > endMs) throw error;
        await new Promise((go) => setTimeout(go, 100));
      }
    }
  }

  /** Stops it and deletes its data. */
  async wipe(): Promise<void> {
    await this.running?.stop();
    this.running = undefined;
    if (this.name === 'postgres') await wipePostgres(this.folder);
  }
}
