import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { FarmError } from '@kkt/contracts';
import type { KeptProcess } from './kept-process';
import { sayDone, sayWarning } from './screen';

const pollMs = 60;
const patienceMs = 90_000;
const noticeEveryMs = 10_000;
const mostFalls = 3;

/** True when GET answers 200. */
function isOk(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { timeout: 2000, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}

/**
 * Waits until a process says it can work.
 * @throws FarmError SYS-NOT-READY when it keeps falling, is misconfigured, or takes too long
 */
export async function waitReady(child: KeptProcess, url: string, isStopping: () => boolean): Promise<void> {
  const started = performance.now();
  let noticeAt = noticeEveryMs;
  for (;;) {
    if (await isOk(url)) break;
    if (isStopping()) return;
    const waitedMs = performance.now() - started;
    if (child.isMisconfigured || child.falls >= mostFalls || waitedMs > patienceMs) {
      const why = waitedMs > patienceMs ? `is not ready after ${patienceMs / 1000} s` : 'does not stay up';
      throw new FarmError('SYS-NOT-READY', `${child.name} ${why}; see ${child.logFile}`, {
        name: child.name,
      });
    }
    if (waitedMs > noticeAt) {
      noticeAt += noticeEveryMs;
      sayWarning(child.name, `not ready yet, ${Math.round(waitedMs / 1000)} s`);
    }
    await delay(pollMs);
  }
  sayDone(child.name, 'ready', performance.now() - started);
}
