import { existsSync, writeFileSync } from 'node:fs';
import { armFailPoint, type FailPlan, FarmError, type Log } from '@kkt/contracts';
import { flushLog } from './log';

const pauseStepMs = 10;

/** Holds the whole process, timers and sockets included, until the file is removed. */
function pauseWhile(file: string): void {
  writeFileSync(file, String(process.pid));
  const cell = new Int32Array(new SharedArrayBuffer(4));
  while (existsSync(file)) Atomics.wait(cell, 0, 0, pauseStepMs);
}

/** Arms the planned fault of this process, if any (setting FAIL_POINT); for kill tests. */
export function armPlannedFault(plan: FailPlan | undefined, log: Log): void {
  if (!plan) return;
  log.warn({ step: plan.step, hit: plan.hit, action: plan.action.do }, 'this process will fail on purpose');
  armFailPoint(plan, () => {
    log.warn({ step: plan.step, action: plan.action.do }, 'failing on purpose');
    flushLog();
    switch (plan.action.do) {
      case 'kill':
        process.kill(process.pid, 'SIGKILL');
        return;
      case 'stop':
        process.kill(process.pid, 'SIGSTOP');
        return;
      case 'pause':
        pauseWhile(plan.action.file);
        return;
      case 'throw':
        throw new FarmError('SYS-FAIL-POINT', 'Failing on purpose', { step: plan.step });
    }
  });
}
