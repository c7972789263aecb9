import type { Clock, Ids, Log } from '@kkt/contracts';
import { ExportRunner, FactsAbsorber, ReportMail } from '@kkt/sales';
import { type Database, PersonalStore, ReceiptExportStore } from '@kkt/storage';
import { Duty } from './duty';

const absorbEveryMs = 3_000;
const mailEveryMs = 5_000;
const exportEveryMs = 500;
const forgetEveryMs = 10 * 60_000;
const forgottenAtOnce = 50;
/** Log-ins and messages are kept for a year. */
const personalDays = 365;
const personalAtOnce = 1_000;

/** Facts of finished receipts for clients' searches, and the files they ask for. */
export function salesDuties(options: {
  database: Database;
  secretKey: Buffer;
  clock: Clock;
  ids: Ids;
  log: Log;
}): Duty[] {
  const { database, secretKey, clock, ids, log } = options;
  const reports = new ReportMail(database, ids, () => clock.nowMs());
  const absorber = new FactsAbsorber(database, secretKey);
  const runner = new ExportRunner(database, log);
  const exports = new ReceiptExportStore(database);
  return [
    new Duty({
      name: 'take facts of receipts',
      everyMs: absorbEveryMs,
      clock,
      log,
      run: () => absorber.turn(),
    }),
    new Duty({ name: 'mail reports on sales', everyMs: mailEveryMs, clock, log, run: () => reports.turn() }),
    new Duty({ name: 'write exports', everyMs: exportEveryMs, clock, log, run: () => runner.turn() }),
    new Duty({
      name: 'forget personal data past their time',
      everyMs: forgetEveryMs,
      clock,
      log,
      run: async () =>
        (await new PersonalStore(database).forgetOld(personalDays, personalAtOnce)) >= personalAtOnce,
    }),
    new Duty({
      name: 'forget old exports',
      everyMs: forgetEveryMs,
      clock,
      log,
      run: async () => (await exports.forgetOld(forgottenAtOnce)) === forgottenAtOnce,
    }),
  ];
}
