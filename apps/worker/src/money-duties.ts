import { acquirerOf } from '@kkt/acquiring';
import { type Clock, type Ids, type Log } from '@kkt/contracts';
import { ReferenceOperatorRegistry } from '@kkt/operators';
import { AutoTopUpDesk, BillingRun, CardDesk, CardRefundDesk, OrderRun } from '@kkt/rental-desk';
import type { Database } from '@kkt/storage';
import { Duty } from './duty';
import { OwnReceipts } from './own-receipts';
import type { WorkerSettings } from './tokens';

const billEveryMs = 60_000;
const askEveryMs = 5_000;
const receiptsEveryMs = 2_000;
const ordersEveryMs = 2_000;

/** Register-days, renewals, reminders, acts; payments by card whose payer did not come back; receipts for them. */
export function moneyDuties(
  ports: { database: Database; clock: Clock; ids: Ids; log: Log },
  settings: WorkerSettings,
): Duty[] {
  const { clock, log, database } = ports;
  const run = new BillingRun(ports, settings.cabinetBaseUrl);
  const { secretKey, publicBaseUrl: apiUrl } = settings;
  const receipts = new OwnReceipts({ database, clock, log, secretKey, apiUrl });
  const acquirer = acquirerOf(settings);
  const cards = acquirer && new CardDesk(ports, acquirer, settings.cabinetBaseUrl);
  const autos = acquirer && new AutoTopUpDesk(ports, acquirer, settings.cabinetBaseUrl);
  const refunds = acquirer && new CardRefundDesk(ports, acquirer);
  const registry = new ReferenceOperatorRegistry({
    baseUrl: `http://127.0.0.1:${settings.ofdPortalPort}`,
    ...(settings.ofdApiKey && { apiKey: settings.ofdApiKey }),
  });
  const orders = new OrderRun(ports, registry);
  return [
    new Duty({
      name: 'move orders of registers on',
      everyMs: ordersEveryMs,
      clock,
      log,
      run: async () => {
        await orders.turn();
        return false;
      },
    }),
    new Duty({
      name: 'bill register-days',
      everyMs: billEveryMs,
      clock,
      log,
      run: async () => {
        await run.turn();
        return false;
      },
    }),
    new Duty({
      name: 'make receipts of our own',
      everyMs: receiptsEveryMs,
      clock,
      log,
      run: () => receipts.turn(),
    }),
    ...(autos
      ? [
          new Duty({
            name: 'top up by itself',
            everyMs: askEveryMs,
            clock,
            log,
            run: async () => {
              await autos.forget();
              return autos.sweep();
            },
          }),
        ]
      : []),
    ...(refunds
      ? [
          new Duty({
            name: 'give back to cards',
            everyMs: askEveryMs,
            clock,
            log,
            run: () => refunds.sweep(),
          }),
        ]
      : []),
    ...(cards
      ? [new Duty({ name: 'ask the acquirer', everyMs: askEveryMs, clock, log, run: () => cards.sweep() })]
      : []),
  ];
}
