import type { Clock, Log } from '@kkt/contracts';
import { type Database, ReadingStore } from '@kkt/storage';
import { sendValues, valuesOf } from '@kkt/zabbix';

const discoveryEveryMs = 600_000;
/** One packet holds the registers of a few racks at most. */
const atOnce = 600;
const feedLock = 540_078;

export interface ZabbixStats {
  processed: number;
  failed: number;
}

/** Sends the last readings of all registers to a Zabbix server; one of several workers does it. */
export class ZabbixFeed {
  readonly stats: ZabbixStats = { processed: 0, failed: 0 };
  private discoveredAtMs = -Infinity;

  constructor(
    private readonly database: Database,
    private readonly server: { host: string; port: number },
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  async turn(): Promise<void> {
    await this.database.transaction(async (sql) => {
      const [lock] = await sql.query<{ got: boolean }>('select pg_try_advisory_xact_lock($1) as got', [
        feedLock,
      ]);
      if (lock?.got) await this.send();
    });
  }

  private async send(): Promise<void> {
    const registers = await new ReadingStore(this.database).last();
    const nowMs = this.clock.monotonicMs();
    const withDiscovery = nowMs - this.discoveredAtMs >= discoveryEveryMs;
    const clockS = Math.floor(this.clock.nowMs() / 1_000);
    const values = valuesOf(registers, clockS, withDiscovery);
    for (let at = 0; at < values.length; at += atOnce) {
      const { processed, failed } = await sendValues(this.server, values.slice(at, at + atOnce), clockS);
      this.stats.processed += processed;
      this.stats.failed += failed;
      if (failed > 0)
        this.log.warn(
          { failed, processed },
          'Zabbix did not take all values: import docker/zabbix and make the hosts',
        );
    }
    if (withDiscovery) this.discoveredAtMs = nowMs;
  }
}
