import type { Clock, Log } from '@kkt/contracts';
import { NightlyPlanning, tellDriftedNeeds } from '@kkt/planning';
import { type Database, PlanningStore } from '@kkt/storage';
import { Duty } from './duty';

const lookEveryMs = 10 * 60_000;

/** Readings of FNs by day; by night forecasts, needs of groups, room of the farm. */
export function planningDuties(options: { database: Database; clock: Clock; log: Log }): Duty[] {
  const { database, clock, log } = options;
  const planning = new NightlyPlanning({ store: new PlanningStore(database), clock, log });
  return [
    new Duty({
      name: 'keep readings of FNs and plan at night',
      everyMs: lookEveryMs,
      clock,
      log,
      run: async () => {
        await planning.look();
        const told = await tellDriftedNeeds(database);
        if (told > 0) log.info({ told }, 'clients were told what their load needs');
        return false;
      },
    }),
  ];
}
