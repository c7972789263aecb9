import { parseArgs } from 'node:util';
import { loadSettings } from '@kkt/config';
import type { DemoFault, DemoView } from '@kkt/web-contract';
import type { Page } from 'playwright-core';
import { findChromium, openBrowser } from '../pages/browser';
import { signIn } from '../pages/walk';
import { demoEngineer } from '../seed/seed-staff';

/**
 * Throws faults from the console's panel of a running demonstration, one after another, and measures in the browser
 * when the alert is on the engineers' screen, how many were told by which channel, and when it goes after mending.
 * Ends with 1 when one was seen later than 3 s (an FN at rest: 15 s, it is asked every ten), not at all, told twice to
 * one person by one channel, or did not close.
 *
 * npm run drill:faults -- [--rounds 3]
 */

const goalMs = 3_000;
const restingFnGoalMs = 15_000;
const seenWithinMs = 60_000;
const closedWithinMs = 120_000;
/** Messages of the first step go out within this. */
const toldWithinMs = 5_000;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

interface Throw {
  name: string;
  path: string;
  body: Readonly<Record<string, string>>;
  goalMs: number;
  is(fault: DemoFault): boolean;
}

/** Asks the console as the page does. */
const ask = <T>(page: Page, method: string, path: string, body?: object): Promise<T> =>
  page.evaluate(
    async ([method, path, body]) => {
      const answer = await fetch(`/api/${path}`, {
        method,
        headers: { 'x-kkt-web': '1', ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body }),
      });
      if (!answer.ok) throw new Error(`${method} ${path}: HTTP ${answer.status} ${await answer.text()}`);
      return answer.status === 204 ? undefined : ((await answer.json()) as unknown);
    },
    [method, path, body && JSON.stringify(body)] as const,
  ) as Promise<T>;

/** Milliseconds until the list of open alerts has so many rows; undefined when it has not in time. */
async function untilRows(page: Page, rows: number, withinMs: number): Promise<number | undefined> {
  const sinceMs = performance.now();
  const isThere = await page
    .waitForFunction(
      (rows) => document.querySelectorAll('[role="tabpanel"] table.kit-table tbody tr').length === rows,
      rows,
      { timeout: withinMs, polling: 'raf' },
    )
    .then(
      () => true,
      () => false,
    );
  return isThere ? performance.now() - sinceMs : undefined;
}

const seconds = (ms: number | undefined): string =>
  ms === undefined ? 'never' : `${(ms / 1000).toFixed(1)} s`;

/** @returns what was wrong, in words; empty: all as it should be */
async function drill(page: Page, fault: Throw): Promise<string[]> {
  const wrong: string[] = [];
  const broke = ask(page, 'POST', fault.path, fault.body);
  const seenMs = await untilRows(page, 1, seenWithinMs);
  await broke;
  if (seenMs === undefined) wrong.push('not seen');
  else if (seenMs > fault.goalMs) wrong.push(`seen after ${seconds(seenMs)}`);
  await new Promise((resolve) => setTimeout(resolve, toldWithinMs));
  const { now } = await ask<DemoView>(page, 'GET', 'demo');
  const incident = now.find((one) => fault.is(one))?.incident;
  if (!incident) wrong.push('the panel knows no incident of it');
  const told = (incident?.told ?? []).map(({ who, channel }) => `${who} ${channel}`);
  if (told.length === 0) wrong.push('nobody was told');
  if (new Set(told).size !== told.length) wrong.push('somebody was told twice');
  await ask(page, 'DELETE', 'demo/faults');
  const closedMs = await untilRows(page, 0, closedWithinMs);
  if (closedMs === undefined) wrong.push('did not close');
  say(
    `${fault.name.padEnd(26)} on the screen ${seconds(seenMs).padEnd(7)} P${incident?.severity ?? '?'}, ` +
      `${incident?.registers ?? 0} registers, closed ${seconds(closedMs)} after mending; told: ${told.join(', ') || 'nobody'}`,
  );
  return wrong.map((text) => `${fault.name}: ${text}`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '1' } } });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds must be a whole number above zero');
  const executable = findChromium();
  if (!executable) return say('SKIPPED: there is no chromium or chrome on this machine.');
  const base = `http://127.0.0.1:${loadSettings('farm').consolePort}`;
  const browser = await openBrowser(executable);
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    await signIn(page, base, demoEngineer.login, demoEngineer.password);
    await page.goto(`${base}/alerts`);
    if ((await untilRows(page, 0, seenWithinMs)) === undefined)
      throw new Error(
        'There are open alerts already: mend everything on the fault panel and wait until they close',
      );
    const { registers } = await ask<{ registers: { serial: string }[] }>(page, 'GET', 'demo/candidates');
    const serial = registers[0]?.serial;
    if (serial === undefined)
      throw new Error('No register is online and well: wait until the farm has settled');
    const plant = (kind: DemoFault['kind'], code: string, name: string): Throw => ({
      name,
      path: 'demo/faults',
      body: { kind, code },
      goalMs,
      is: (fault) => fault.kind === kind && fault.code === code,
    });
    const module = (word: string, name: string, goalOfIt = goalMs): Throw => ({
      name,
      path: 'demo/module-faults',
      body: { serial, fault: word },
      goalMs: goalOfIt,
      is: (fault) => fault.kind === 'module' && fault.code === serial,
    });
    const faults = [
      plant('switch', 'r1-a', 'switch A of a rack'),
      plant('feed', 'A', 'power feed A'),
      module('unplug', 'module unplugged'),
      module('power-off', 'module without power'),
      module('fn-fault', 'FN at rest does not answer', restingFnGoalMs),
    ];
    const wrong: string[] = [];
    for (let round = 0; round < rounds; round += 1)
      for (const fault of faults) wrong.push(...(await drill(page, fault)));
    for (const line of wrong) say(`WRONG ${line}`);
    process.exitCode = wrong.length === 0 ? 0 : 1;
  } finally {
    await browser.close();
  }
}

void main().catch((error: unknown) => {
  say(`FAILED: ${(error as Error).message}`);
  process.exitCode = 1;
});
