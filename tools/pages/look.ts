import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { source as axeSource } from 'axe-core';
import type { Page } from 'playwright-core';

/** A fault that a page has for people who do not see or point. */
export interface PageFault {
  page: string;
  rule: string;
  impact: string;
  where: string;
}

const widths = [1920, 360] as const;
const languages = ['ru', 'en'] as const;

interface AxeResult {
  violations: { id: string; impact: string | null; nodes: { target: string[] }[] }[];
}

/** Runs axe on the page as it is; serious and critical faults only. */
export async function seriousFaults(page: Page, name: string): Promise<PageFault[]> {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate<AxeResult>('axe.run(document)');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, impact, nodes }) =>
      nodes.map(({ target }) => ({ page: name, rule: id, impact: impact ?? '', where: target.join(' ') })),
    );
}

/**
 * Takes a picture of the page at both widths and checks it with axe. With `everyLanguage` it is loaded anew in each
 * language, so that what lives in the page only is lost.
 */
export async function look(
  page: Page,
  name: string,
  folder: string,
  everyLanguage = false,
): Promise<PageFault[]> {
  mkdirSync(folder, { recursive: true });
  const faults: PageFault[] = [];
  for (const language of everyLanguage ? languages : ['ru']) {
    if (everyLanguage) {
      await page.evaluate((word) => localStorage.setItem('kkt-language', word), language);
      await page.reload();
      await page.locator('h1').first().waitFor();
    }
    for (const width of widths) {
      await page.setViewportSize({ width, height: width === 360 ? 740 : 1080 });
      await page.waitForTimeout(400);
      const title = `${name}-${language}-${width}`;
      await page.screenshot({ path: join(folder, `${title}.png`), fullPage: true });
      faults.push(...(await seriousFaults(page, title)));
    }
  }
  if (everyLanguage) {
    await page.evaluate(() => localStorage.setItem('kkt-language', 'ru'));
    await page.reload();
    await page.locator('h1').first().waitFor();
  }
  await page.setViewportSize({ width: 1920, height: 1080 });
  return faults;
}
