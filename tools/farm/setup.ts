import { fork } from 'node:child_process';
import { join } from 'node:path';
import { FarmError } from '@kkt/contracts';
import type { StepReport } from './migrate-and-seed';
import { sayDone } from './screen';
import type { DemoLogin, SetupMoment } from './setup-steps';

/**
 * Runs the database steps in a process of their own and tells each as it ends.
 * @throws FarmError SYS-SETUP when a step failed; its words are on the console already
 */
export function runSetup(env: NodeJS.ProcessEnv, moment: SetupMoment): Promise<DemoLogin[]> {
  return new Promise((resolve, reject) => {
    const logins: DemoLogin[] = [];
    const child = fork(join(__dirname, 'migrate-and-seed.js'), [moment], {
      env,
      execArgv: ['--enable-source-maps'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.on('message', (message) => {
      const report = message as StepReport;
      sayDone(report.step, report.told, report.elapsedMs);
      logins.push(...report.logins);
    });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0
        ? resolve(logins)
        : reject(new FarmError('SYS-SETUP', `Preparing the database failed (code ${code})`)),
    );
  });
}
