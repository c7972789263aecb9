import { type Clock, type Ids, type Log } from '@kkt/contracts';
import { createPayments } from '@kkt/payments';
import type { WakeBus } from '@kkt/queue';
import { type Database, DirectoryStore } from '@kkt/storage';
import { Duty } from './duty';

export interface PaymentDutiesOptions {
  database: Database;
  secretKey: Buffer;
  emulatorUrl?: string;
  wakeBus: Pick<WakeBus, 'wake'>;
  clock: Clock;
  ids: Ids;
  log: Log;
}

const sweepEveryMs = 5_000;
const pollEveryMs = 60_000;
const forgetEveryMs = 3_600_000;

/** Payments that nobody else moves on: events left behind, orders that came late, money no callback told. */
export function paymentDuties(options: PaymentDutiesOptions): Duty[] {
  const { database, wakeBus, clock, log } = options;
  const directory = new DirectoryStore(database);
  const wake = async (groupId: number): Promise<void> => {
    const drivers = await directory.driversOfGroup(groupId);
    await Promise.all(drivers.map((driver) => wakeBus.wake(`driver:${driver}`, String(groupId))));
  };
  const { reconciler } = createPayments({
    ...options,
    wakeGroup: (groupId) =>
      void wake(groupId).catch((error: unknown) =>
        log.warn({ err: error, groupId }, 'drivers were not woken'),
      ),
  });
  return [
    new Duty({
      name: 'apply payment events',
      everyMs: sweepEveryMs,
      clock,
      log,
      run: () => reconciler.sweep(),
    }),
    new Duty({
      name: 'ask payment providers',
      everyMs: pollEveryMs,
      clock,
      log,
      run: () => reconciler.poll(),
    }),
    new Duty({
      name: 'forget old payment callbacks',
      everyMs: forgetEveryMs,
      clock,
      log,
      run: async () => {
        await reconciler.forgetOld();
        return false;
      },
    }),
  ];
}
