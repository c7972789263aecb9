import 'reflect-metadata';
import { createReceiptApi } from '../../apps/receipt-api/src/create-receipt-api';
import { defaultSettings } from '../../apps/receipt-api/src/settings';
import { silentLog, systemClock, systemIds } from '@kkt/contracts';
import { BullWakeBus } from '@kkt/queue';
import { type Database, openDatabase, type SqlValue } from '@kkt/storage';

/** Where a binary array tells how many elements it has. */
const lengthAt = 12;

/**
 * The receipt API whose commits take no time: the statement that stores a batch is answered at once, everything else
 * (logins, groups) is asked of the database as usual. What remains is the process's own limit. Prints its port.
 */
async function main(): Promise<void> {
  const real = openDatabase({ url: process.env.DATABASE_URL ?? '', applicationName: 'no-database' });
  const database: Database = {
    ...real,
    query: <Row extends object>(text: string, values?: readonly SqlValue[], name?: string) =>
      name === 'receipts_accept'
        ? Promise.resolve([{ n: (values?.[0] as Buffer).readInt32BE(lengthAt), ids: null } as unknown as Row])
        : real.query<Row>(text, values, name),
  };
  const wakeBus = new BullWakeBus({ redisUrl: process.env.REDIS_URL ?? '', log: silentLog });
  const api = await createReceiptApi({
    database,
    wakeBus,
    clock: systemClock,
    ids: systemIds,
    log: silentLog,
    settings: defaultSettings,
  });
  await api.app.listen(0, '127.0.0.1');
  const address = api.app.getHttpServer().address() as { port: number };
  process.stdout.write(`${address.port}\n`);
  process.once('SIGTERM', () => void api.stop().then(() => process.exit(0)));
}

void main();
