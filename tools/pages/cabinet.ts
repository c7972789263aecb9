import { parseArgs } from 'node:util';
import { loadSettings } from '@kkt/config';
import type { Page } from 'playwright-core';
import { demoPerson } from '../seed/seed-people';
import { findChromium, openBrowser } from './browser';
import { look, type PageFault } from './look';

/**
 * Walks the rental cabinet of a running farm as its demo client: every page opens without an error, fits both widths in
 * both languages, and has no serious fault by axe.
 *
 * npm run pages:cabinet -- [--look=FOLDER] [--only=WORD]   pictures; only pages with the word in their address
 */

const waitMs = 30_000;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Addresses that need no number of a thing but the first register's. */
const pages = [
  '/',
  '/receipts',
  '/registers',
  '/registers/1',
  '/registers/1/operator',
  '/fn',
  '/order',
  '/money',
  '/integration',
  '/analytics',
  '/support',
  '/company',
  '/profile',
] as const;

/** A register of the client's own, so that its page can be looked at. */
async function externalPage(page: Page, base: string): Promise<string> {
  const headers = { 'x-kkt-web': '1' };
  const list = await page.request.get(`${base}/api/external-registers`, { headers });
  const { registers } = (await list.json()) as { registers: { id: string }[] };
  if (registers[0]) return `/external/${registers[0].id}`;
  const made = await page.request.post(`${base}/api/external-registers`, {
    headers,
    data: {
      nodeId: null,
      name: 'Касса у входа',
      model: 'АТОЛ 30Ф',
      serial: '00106900000999',
      rnm: null,
      address: 'г. Москва, ул. Лесная, д. 1',
      fnNumber: '9999078900001234',
      fnValidUntil: new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10),
      operatorName: 'ПК ОФД',
      operatorPaidUntil: new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10),
      note: 'Стоит в зале, ключ у администратора',
    },
  });
  const { id } = (await made.json()) as { id: string };
  await page.request.post(`${base}/api/external-registers/${id}/documents`, {
    headers,
    data: {
      text: 'ФД;ФП;дата;сумма;признак\n41;123456789;27.11.2026 10:00;1 250,50;приход\n42;987654321;27.11.2026 11:20;250,50;возврат прихода',
    },
  });
  return `/external/${id}`;
}

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
  const { values } = parseArgs({ options: { look: { type: 'string' }, only: { type: 'string' } } });
  const executable = findChromium();
  if (!executable) {
    say('SKIPPED: there is no chromium or chrome on this machine, the pages were not walked.');
    return;
  }
  const base = `http://127.0.0.1:${loadSettings('farm').cabinetPort}`;
  const browser = await openBrowser(executable);
  const faults: PageFault[] = [];
  const troubles: string[] = [];
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    page.setDefaultTimeout(waitMs);
    await page.goto(base);
    await page.getByLabel('Логин').fill(demoPerson.login);
    await page.getByLabel('Пароль').first().fill(demoPerson.password);
    await page.getByRole('button', { name: 'Войти' }).click();
    // The form has a heading too: only its going tells that the session began.
    await page.getByLabel('Пароль').first().waitFor({ state: 'detached' });
    await page.locator('h1').first().waitFor();
    const known = [...pages, await externalPage(page, base)];
    const wanted = known.filter((one) => values.only === undefined || new RegExp(values.only).test(one));
    for (const path of wanted) {
      const startedAt = performance.now();
      troubles.push(...(await open(page, base, path)));
      say(`${path}: ${Math.round(performance.now() - startedAt)} ms`);
      const name = path === '/' ? 'home' : path.slice(1).replaceAll(/[/?=&]/g, '-');
      if (values.look !== undefined) faults.push(...(await look(page, name, values.look, true)));
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
