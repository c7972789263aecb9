import { BillingDesk, moscowDay } from '@kkt/billing';
import { BillingStore, type Sql } from '@kkt/storage';
import type { RentalPorts } from './ports';

/** The billing desk over the database; each of its methods is a transaction of its own. */
export const billingOf = ({ database, ids }: Pick<RentalPorts, 'database' | 'ids'>): BillingDesk =>
  new BillingDesk((run) => database.transaction((sql) => run(new BillingStore(sql))), ids);

/** The billing desk inside a transaction of the caller's: what he writes besides is committed with it. */
export const billingIn = (sql: Sql, { ids }: Pick<RentalPorts, 'ids'>): BillingDesk =>
  new BillingDesk((run) => run(new BillingStore(sql)), ids);

/** Today in Moscow, where the books are kept. */
export const todayOf = ({ clock }: Pick<RentalPorts, 'clock'>): string => moscowDay(clock.nowMs());
