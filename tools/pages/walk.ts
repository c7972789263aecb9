import type { Page } from 'playwright-core';
import { look, type PageFault, seriousFaults } from './look';

export const waitMs = 30_000;

/** A page whose address holds the number of a thing: the first link that begins so, on a page that lists them. */
export interface Linked {
  on: string;
  begins: string;
}

export interface WalkOptions {
  /** Addresses, or where their link is found. */
  places: readonly (string | Linked)[];
  /** Pictures go there, at both widths; without it axe looks at the page as it is. */
  folder?: string;
  /** Pictures in both languages. */
  everyLanguage?: boolean;
  /** Only places whose address has this word. */
  only?: string;
  say(text: string): void;
}

export interface Walked {
  pages: number;
  troubles: string[];
  faults: PageFault[];
}

/** Waits until the page that is opening has its heading and nothing in it is busy; tells what went wrong. */
export async function settled(page: Page, name: string): Promise<string[]> {
  await page.locator('h1').first().waitFor({ timeout: waitMs });
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached', timeout: waitMs });
  const alert = page.locator('.kit-empty[role="alert"]');
  if ((await alert.count()) === 0) return [];
  return [`${name}: ${(await alert.first().textContent()) ?? ''}`];
}

/** Signs in with the form that both applications have. */
export async function signIn(page: Page, base: string, login: string, password: string): Promise<void> {
  page.setDefaultTimeout(waitMs);
  await page.goto(base);
  await page.locator('input[autocomplete="username"]').fill(login);
  await page.locator('input[type="password"]').first().fill(password);
  await page.locator('button[type="submit"]').first().click();
  // The form has a heading too: only its going tells that the session began.
  await page.locator('input[type="password"]').first().waitFor({ state: 'detached' });
  await page.locator('h1').first().waitFor();
}

/** Opens every place and every tab in it: each shows its heading without an error and has no serious fault by axe. */
export async function walk(page: Page, base: string, options: WalkOptions): Promise<Walked> {
  const walked: Walked = { pages: 0, troubles: [], faults: [] };
  let at = '';
  page.on('pageerror', (error) => void walked.troubles.push(`${at}: ${error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 500) walked.troubles.push(`${at}: ${response.status()} of ${response.url()}`);
  });
  for (const place of options.places) {
    const path = typeof place === 'string' ? place : await found(page, base, place);
    if (path === undefined) {
      options.say(`${JSON.stringify(place)}: nothing to open`);
      continue;
    }
    if (options.only !== undefined && !path.includes(options.only)) continue;
    at = path;
    const startedAt = performance.now();
    await page.goto(`${base}${path}`);
    walked.troubles.push(...(await settled(page, path)));
    options.say(`${path}: ${Math.round(performance.now() - startedAt)} ms`);
    const name = path === '/' ? 'home' : path.slice(1).replaceAll(/[/?=&]/g, '-');
    await examine(page, name, options, walked);
    const tabs = await page.locator('main [role="tab"]:not([aria-selected="true"])').allTextContents();
    for (const [index, title] of tabs.entries()) {
      at = `${path} ${title}`;
      await page.locator('main [role="tab"]').filter({ hasText: title }).first().click();
      walked.troubles.push(...(await settled(page, at)));
      await examine(page, `${name}-tab${index + 1}`, options, walked);
    }
  }
  return walked;
}

async function found(page: Page, base: string, { on, begins }: Linked): Promise<string | undefined> {
  await page.goto(`${base}${on}`);
  await settled(page, on);
  const links = page.locator(`main a[href^="${begins}"]`);
  await links
    .first()
    .waitFor({ timeout: 3_000 })
    .catch(() => undefined);
  return (await links.count()) > 0 ? ((await links.first().getAttribute('href')) ?? undefined) : undefined;
}

async function examine(page: Page, name: string, options: WalkOptions, walked: Walked): Promise<void> {
  walked.pages += 1;
  const { folder, everyLanguage } = options;
  const faults =
    folder === undefined
      ? await seriousFaults(page, name)
      : await look(page, name, folder, everyLanguage === true);
  walked.faults.push(...faults);
}

/** Prints what a walk found. True: nothing. */
export function tellWalk({ pages, troubles, faults }: Walked, say: (text: string) => void): boolean {
  for (const fault of faults) say(`axe ${fault.impact} ${fault.rule} on ${fault.page}: ${fault.where}`);
  for (const trouble of troubles) say(`FAILED ${trouble}`);
  say(`${pages} pages, axe: ${faults.length} serious faults; ${troubles.length} troubles`);
  return faults.length + troubles.length === 0;
}
