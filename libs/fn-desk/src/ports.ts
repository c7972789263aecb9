import type { Clock, Ids, Log } from '@kkt/contracts';
import type { FnModelFacts } from '@kkt/fn-life';
import type { Database } from '@kkt/storage';

/** Who does something. */
export interface Actor {
  kind: 'staff' | 'person' | 'system';
  id: string | null;
  name: string;
  requestId?: string;
}

/** The farm itself: device answers, timers. */
export const farmActor: Actor = { kind: 'system', id: null, name: 'KKT Farm' };

export interface DeskPorts {
  database: Database;
  clock: Clock;
  ids: Ids;
  log: Log;
  models: ReadonlyMap<string, FnModelFacts>;
}
