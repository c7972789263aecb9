import type { Settings } from '@kkt/config';
import { farmMigrations, migrate } from '@kkt/storage';
import { announceToOperator } from '../seed/announce';
import { demoClient } from '../seed/demo-data';
import { seedApiKey } from '../seed/seed-api-key';
import { seedDemo } from '../seed/seed-demo';
import { seedDuty } from '../seed/seed-duty';
import { seedHall } from '../seed/seed-hall';
import { seedMoney } from '../seed/seed-money';
import { demoPerson, seedPeople } from '../seed/seed-people';
import { demoEngineer, demoLead, seedStaff } from '../seed/seed-staff';
import { seedSynthetic } from '../seed/seed-synthetic';

/** A login made by the demo seed, shown at the end of the start. */
export interface DemoLogin {
  readonly where: string;
  readonly login: string;
  readonly password: string;
}

/** What a step tells the person who started the farm. */
export interface StepResult {
  /** One short phrase, e.g. `3 applied`. */
  readonly told: string;
  /** Told at every start, not only when they were made. */
  readonly logins?: readonly DemoLogin[];
}

export type SetupMoment = 'database' | 'hardware';

/** Something done to the database while the farm starts. Must be safe to repeat. */
export interface SetupStep {
  readonly name: string;
  /** `database`: before any process; `hardware`: when the registers and the operator answer. */
  readonly when: SetupMoment;
  readonly run: (settings: Settings<'tool'>) => Promise<StepResult>;
}

const count = (done: readonly string[]): string =>
  done.length === 0 ? 'up to date' : `${done.length} applied`;

/** In order; the first that fails stops the start. */
export const setupSteps: readonly SetupStep[] = [
  {
    name: 'migrations',
    when: 'database',
    run: async ({ databaseUrl }) => ({
      told: count(await migrate({ url: databaseUrl, migrations: farmMigrations })),
    }),
  },
  {
    name: 'demo tenant',
    when: 'hardware',
    run: async (settings) => {
      if (!settings.seedDemo) return { told: 'off' };
      const { groups, rented, stock } = await seedDemo(settings);
      await seedHall(settings);
      const own = [...(await seedSynthetic(settings)), ...(await seedMoney(settings))];
      await announceToOperator(settings, [...rented, ...own]);
      await seedStaff(settings);
      await seedDuty(settings);
      await seedApiKey(settings);
      await seedPeople(settings);
      return {
        told: `${groups} groups, ${rented.length} registers rented, ${stock} in stock`,
        logins: [
          { where: 'Receipt API', login: demoClient.login, password: demoClient.password },
          { where: 'Rental cabinet', login: demoPerson.login, password: demoPerson.password },
          { where: 'Console of engineers', login: demoEngineer.login, password: demoEngineer.password },
          { where: 'Console, second person', login: demoLead.login, password: demoLead.password },
        ],
      };
    },
  },
];
