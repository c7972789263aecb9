import 'reflect-metadata';
import { createReceiptApi } from '../../apps/receipt-api/src/create-receipt-api';
import { defaultSettings } from '../../apps/receipt-api/src/settings';
import { silentLog, systemClock, systemIds } from '@kkt/contracts';
import { BullWakeBus } from '@kkt/queue';
import { type Database, openDatabase, type SqlValue } from '@kkt/storage';

/** The first column of every row of a batch begins so, and nothing inside a receipt does. */
const rowStart = '{"content":';

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
        ? Promise.resolve(
            Array.from(
              { length: String(values?.[0]).split(rowStart).length - 1 },
              () => ({ id: 'taken' }) as unknown as Row,
            ),
          )
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
