import type { Clock, Ids, Log } from '@kkt/contracts';
import type { Database } from '@kkt/storage';

/** What the desks of rental work with. */
export interface RentalPorts {
  database: Database;
  clock: Clock;
  ids: Ids;
  log: Log;
}
