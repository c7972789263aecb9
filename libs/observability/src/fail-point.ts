import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import {
  armFailPoint,
  type FailPlan,
  type FailSetting,
  FarmError,
  type Log,
  parseFailPlan,
} from '@kkt/contracts';
import { flushLog } from './log';

const pauseStepMs = 10;

/** Holds the whole process, timers and sockets included, until the file is removed. */
function pauseWhile(file: string): void {
  writeFileSync(file, String(process.pid));
  const cell = new Int32Array(new SharedArrayBuffer(4));
  while (existsSync(file)) Atomics.wait(cell, 0, 0, pauseStepMs);
}

function fail({ step, action }: FailPlan, log: Log): void {
  log.warn({ step, action: action.do }, 'failing on purpose');
  flushLog();
  switch (action.do) {
    case 'kill':
      process.kill(process.pid, 'SIGKILL');
      return;
    case 'stop':
      process.kill(process.pid, 'SIGSTOP');
      return;
    case 'pause':
      pauseWhile(action.file);
      return;
    case 'throw':
      throw new FarmError('SYS-FAIL-POINT', 'Failing on purpose', { step });
  }
}

/** Arms the planned fault of this process, if any (setting FAIL_POINT); for kill tests. */
export function armPlannedFault(setting: FailSetting | undefined, log: Log): void {
  if (!setting) return;
  const arm = (plan: FailPlan): void => armFailPoint(plan, () => fail(plan, log));
  if ('plan' in setting) {
    arm(setting.plan);
    log.warn({ step: setting.plan.step, hit: setting.plan.hit }, 'this process will fail on purpose');
    return;
  }
  const { planFile } = setting;
  process.on('SIGUSR2', () => {
    arm(parseFailPlan(readFileSync(planFile, 'utf8')));
    // Whoever wrote it sees by this that the plan is known.
    rmSync(planFile);
  });
  log.warn({ planFile }, 'this process may be told to fail on purpose');
}
