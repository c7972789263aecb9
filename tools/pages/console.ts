import { parseArgs } from 'node:util';
import { loadSettings } from '@kkt/config';
import type { Page } from 'playwright-core';
import { demoEngineer, demoLead } from '../seed/seed-staff';
import { findChromium, openBrowser } from './browser';
import { look, type PageFault } from './look';

/**
 * Walks the engineers' console of a running farm: every page opens without an error, fits both widths, and has no
 * serious fault by axe.
 *
 * npm run pages:console -- [--look=FOLDER] [--only=WORD]   pictures; only pages with the word in their address
 */

const waitMs = 30_000;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Addresses that need no number of a thing. */
const pages = [
  '/',
  '/plant',
  '/demo',
  '/wall/service',
  '/wall/hardware',
  '/duty',
  '/visits',
  '/audit',
  '/queues',
  '/queues?tab=doubt',
  '/alerts',
  '/alerts?state=rules',
  '/alerts?state=silences',
  '/registers/1',
  '/registers/1?tab=metrics&reading=fn_documents',
  '/registers/1?tab=wire',
  '/registers/1?tab=journal',
] as const;

/** Goes there and waits for its heading; tells what went wrong on the way. */
async function open(page: Page, base: string, path: string): Promise<string[]> {
  const troubles: string[] = [];
  const onError = (error: Error): void => void troubles.push(`${path}: ${error.message}`);
  page.on('pageerror', onError);
  await page.goto(`${base}${path}`);
  await page.locator('h1').first().waitFor({ timeout: waitMs });
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached', timeout: waitMs });
  if ((await page.locator('[role="alert"]').count()) > 0)
    troubles.push(`${path}: ${(await page.locator('[role="alert"]').first().textContent()) ?? ''}`);
  page.off('pageerror', onError);
  return troubles;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      look: { type: 'string' },
      only: { type: 'string' },
      lead: { type: 'boolean', default: false },
    },
  });
  const executable = findChromium();
  if (!executable) {
    say('SKIPPED: there is no chromium or chrome on this machine, the pages were not walked.');
    return;
  }
  const base = `http://127.0.0.1:${loadSettings('farm').consolePort}`;
  const browser = await openBrowser(executable);
  const faults: PageFault[] = [];
  const troubles: string[] = [];
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    page.setDefaultTimeout(waitMs);
    const { login, password } = values.lead ? demoLead : demoEngineer;
    await page.goto(base);
    await page.getByLabel('Логин').fill(login);
    await page.getByLabel('Пароль').first().fill(password);
    await page.getByRole('button', { name: 'Войти' }).click();
    // The form has a heading too: only its going tells that the session began.
    await page.getByLabel('Пароль').first().waitFor({ state: 'detached' });
    await page.locator('h1').first().waitFor();
    for (const path of pages.filter((one) => values.only === undefined || one.includes(values.only))) {
      const startedAt = performance.now();
      troubles.push(...(await open(page, base, path)));
      say(`${path}: ${Math.round(performance.now() - startedAt)} ms`);
      const name = path === '/' ? 'overview' : path.slice(1).replaceAll(/[/?=&]/g, '-');
      if (values.look !== undefined) faults.push(...(await look(page, name, values.look)));
    }
    for (const fault of faults) say(`axe ${fault.impact} ${fault.rule} on ${fault.page}: ${fault.where}`);
    for (const trouble of troubles) say(`FAILED ${trouble}`);
    say(`axe: ${faults.length} serious faults; ${troubles.length} pages with trouble`);
    if (faults.length + troubles.length > 0) process.exitCode = 1;
  } finally {
    await browser.close();
  }
}

void main().catch((error: unknown) => {
  say(`FAILED: ${(error as Error).message}`);
  process.exitCode = 1;
});
