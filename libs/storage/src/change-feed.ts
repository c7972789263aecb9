import { Client } from 'pg';
import type { Clock, Log, Timer } from '@kkt/contracts';
import type { Sql } from './sql';

/**
 * What of the farm's state changed so that somebody may want to look now: registers that went silent or came back, the
 * network and power of a hall, alerts that opened, changed or closed.
 */
export type FarmChange = 'registers' | 'plant' | 'alerts';
const everyChange: readonly FarmChange[] = ['registers', 'plant', 'alerts'];

const channel = 'farm_changes';

/** An expression for a statement that changes something: whoever listens hears of it once the transaction has committed. */
export const notifyOf = (change: FarmChange): string => `pg_notify('${channel}', '${change}')`;

/** Tells in this transaction, or at once outside of one. Many within one transaction are one. */
export async function tellChange(sql: Sql, change: FarmChange): Promise<void> {
  await sql.query(`select ${notifyOf(change)}`, [], `tell_${change}`);
}

export interface FarmChangesOptions {
  url: string;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  clock: Clock;
  log: Log;
}

const reconnectMs = 1_000;

/**
 * Hears of changes over a connection of its own. It only says when to look: whoever listens looks by itself as well, so a
 * lost word costs time and nothing else. After a lost connection everything is said to have changed.
 */
export class FarmChanges {
  private readonly listeners = new Set<(change: FarmChange) => void>();
  private client: Client | undefined;
  private timer: Timer | undefined;
  private isStopped = false;

  constructor(private readonly options: FarmChangesOptions) {}

  /** The returned function stops telling. */
  onChange(listener: (change: FarmChange) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Resolves once it listens, or when the first try failed: it goes on trying by itself. */
  async start(): Promise<void> {
    if (this.isStopped) return;
    const { url, applicationName, log } = this.options;
    const client = new Client({ connectionString: url, application_name: applicationName, keepAlive: true });
    this.client = client;
    let isLost = false;
    const lose = (error?: Error): void => {
      if (isLost) return;
      isLost = true;
      if (this.client === client) this.client = undefined;
      void client.end().catch(() => undefined);
      if (this.isStopped) return;
      log.warn({ err: error?.message ?? 'closed' }, 'changes of the farm are not heard of: listening again');
      this.timer = this.options.clock.setTimer(reconnectMs, () => void this.again());
    };
    client.on('error', lose);
    client.on('end', () => lose());
    client.on('notification', ({ payload }) => {
      const change = everyChange.find((one) => one === payload);
      if (change) this.tell(change);
    });
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
    } catch (error) {
      lose(error as Error);
    }
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.timer?.cancel();
    const { client } = this;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  private async again(): Promise<void> {
    await this.start();
    if (this.client) everyChange.forEach((change) => this.tell(change));
  }

  private tell(change: FarmChange): void {
    for (const listener of this.listeners) listener(change);
  }
}
