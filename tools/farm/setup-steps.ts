import type { Settings } from '@kkt/config';
import { farmMigrations, migrate } from '@kkt/storage';

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

/** Something done to the database before the processes start. Must be safe to repeat. */
export interface SetupStep {
  readonly name: string;
  readonly run: (settings: Settings<'tool'>) => Promise<StepResult>;
}

const count = (done: readonly string[]): string =>
  done.length === 0 ? 'up to date' : `${done.length} applied`;

/** In order; the first that fails stops the start. */
export const setupSteps: readonly SetupStep[] = [
  {
    name: 'migrations',
    run: async ({ databaseUrl }) => ({
      told: count(await migrate({ url: databaseUrl, migrations: farmMigrations })),
    }),
  },
];
