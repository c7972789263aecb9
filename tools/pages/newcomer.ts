import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { parseArgs, promisify } from 'node:util';
import axios from 'axios';
import { loadSettings } from '@kkt/config';
import { FarmError } from '@kkt/contracts';
import { isInn } from '@kkt/ffd';
import type { Locator, Page } from 'playwright-core';
import { findChromium, openBrowser } from './browser';
import { look, type PageFault } from './look';

/**
 * Walks a newcomer's path through the cabinet of a running farm: sign-up, the code from the mailbox, the company, the
 * sandbox, its login, the shown commands, the first receipt seen. Prints clicks and seconds; fails above the limits.
 *
 * npm run newcomer -- [--look=FOLDER]   pictures and axe at each station; then time is not judged
 */

const limits = { clicks: 25, seconds: 120 };
const waitMs = 60_000;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** An INN of an organisation with right check digits, of nobody. */
function someInn(): string {
  for (;;) {
    const inn = `99${randomInt(10_000_000, 99_999_999)}`;
    if (isInn(inn)) return inn;
  }
}

/** The code of the newest letter to an address, from the console's mailbox. */
async function mailedCode(consoleUrl: string, to: string): Promise<string> {
  for (const until = Date.now() + waitMs; Date.now() < until;) {
    const { data } = await axios.get<{ messages: { body: string }[] }>(`${consoleUrl}/api/mailbox`, {
      params: { search: to, channel: 'email' },
      timeout: 10_000,
    });
    const code = /\d{4} \d{4}/.exec(data.messages[0]?.body ?? '')?.[0];
    if (code) return code;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new FarmError('SYS-MAILBOX', `No letter to ${to} came in ${waitMs / 1000} s`);
}

class Walk {
  clicks = 0;
  /** Fields a person goes into; each may cost a click too. */
  fields = 0;

  constructor(readonly page: Page) {}

  async click(target: Locator): Promise<void> {
    await target.click();
    this.clicks += 1;
  }

  async press(role: 'button' | 'link', name: string): Promise<void> {
    await this.click(this.page.getByRole(role, { name, exact: true }));
  }

  async fill(label: string, value: string): Promise<void> {
    await this.page.getByLabel(label).first().fill(value);
    this.fields += 1;
  }
}

async function walk(
  page: Page,
  doors: { cabinet: string; console: string },
  station: (name: string, everyLanguage?: boolean) => Promise<void>,
): Promise<Walk> {
  const way = new Walk(page);
  const email = `newcomer-${Date.now()}@shop.example`;
  await page.goto(doors.cabinet);
  await page.getByRole('button', { name: 'Войти' }).waitFor();
  await station('login', true);
  await way.press('link', 'Зарегистрироваться');
  await page.getByRole('heading', { name: 'Регистрация' }).waitFor();
  await station('sign-up', true);
  await way.fill('Электронная почта', email);
  await way.fill('Телефон', `+7 9${randomInt(100_000_000, 999_999_999)}`);
  await way.fill('Полное название компании', 'ООО «Новичок»');
  await way.press('button', 'Придумать пароль');
  await way.click(page.getByRole('checkbox'));
  await way.press('button', 'Продолжить');
  await page.getByLabel('Код из письма').waitFor();
  await station('confirm');
  await way.fill('Код из письма', await mailedCode(doors.console, email));
  await way.press('button', 'Подтвердить');
  await page.getByLabel('ИНН').waitFor({ timeout: waitMs });
  await station('first-company', true);
  await way.fill('ИНН', someInn());
  await way.press('button', 'Добавить');
  const make = page.getByRole('button', { name: 'Создать песочницу' });
  await make.waitFor({ timeout: waitMs });
  await station('first-steps', true);
  await way.click(make);
  const commands = page.getByLabel('Команды для терминала');
  await commands.waitFor({ timeout: waitMs });
  await station('sandbox');
  // What stands on the page goes into the terminal as it is: it has the login and the password in it.
  await way.press('button', 'Копировать');
  const shown = (await commands.textContent()) ?? '';
  const { stdout } = await promisify(execFile)('bash', ['-c', shown], { timeout: waitMs });
  if (!stdout.includes('"uuid"')) throw new FarmError('SYS-NEWCOMER', `The shown commands failed: ${stdout}`);
  await way.click(page.getByRole('link', { name: 'Открыть чек' }).or(page.getByText('Открыть чек')).first());
  await page.locator('.cabinet-paper').waitFor({ timeout: waitMs });
  return way;
}

/** Pages of the account and the company, as the newcomer sees them. */
async function lookAround(
  page: Page,
  cabinet: string,
  station: (name: string, all?: boolean) => Promise<void>,
) {
  for (const [name, path] of [
    ['home', '/'],
    ['company', '/company'],
    ['profile', '/profile'],
    ['integration', '/integration'],
    ['keys', '/integration?tab=keys'],
    ['callbacks', '/integration?tab=callbacks'],
    ['payments', '/integration?tab=payments'],
    ['requests', '/integration?tab=requests'],
    ['receipts', '/receipts'],
    ['analytics', '/analytics'],
    ['report', '/analytics?tab=report'],
    ['support', '/support'],
  ] as const) {
    await page.goto(`${cabinet}${path}`);
    await page.locator('h1').first().waitFor();
    await page.waitForTimeout(1_500);
    await station(name, true);
  }
  await page.goto(`${cabinet}/company`);
  await page.getByRole('button', { name: 'Пригласить' }).click();
  await page.getByRole('dialog').waitFor();
  await station('invite');
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { look: { type: 'string' } } });
  const executable = findChromium();
  if (!executable) {
    say('SKIPPED: there is no chromium or chrome on this machine, the path was not walked.');
    return;
  }
  const settings = loadSettings('farm');
  const doors = {
    cabinet: `http://127.0.0.1:${settings.cabinetPort}`,
    console: `http://127.0.0.1:${settings.consolePort}`,
  };
  const faults: PageFault[] = [];
  const browser = await openBrowser(executable);
  try {
    const context = await browser.newContext({
      viewport: { width: 1920, height: 1080 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const page = await context.newPage();
    page.setDefaultTimeout(waitMs);
    const station = async (name: string, everyLanguage = false): Promise<void> => {
      if (values.look !== undefined) faults.push(...(await look(page, name, values.look, everyLanguage)));
    };
    const startedAt = performance.now();
    const { clicks, fields } = await walk(page, doors, station);
    const seconds = (performance.now() - startedAt) / 1000;
    say(`first receipt seen: ${clicks} clicks, ${fields} fields, ${seconds.toFixed(1)} s`);
    if (clicks + fields > limits.clicks) say(`FAILED: more than ${limits.clicks} clicks and fields`);
    const isSlow = values.look === undefined && seconds > limits.seconds;
    if (isSlow) say(`FAILED: longer than ${limits.seconds} s`);
    if (values.look !== undefined) {
      await station('receipt', true);
      await lookAround(page, doors.cabinet, station);
      for (const fault of faults) say(`axe ${fault.impact} ${fault.rule} on ${fault.page}: ${fault.where}`);
      say(`axe: ${faults.length} serious faults`);
    }
    if (clicks + fields > limits.clicks || isSlow || faults.length > 0) process.exitCode = 1;
  } finally {
    await browser.close();
  }
}

void main().catch((error: unknown) => {
  say(`FAILED: ${(error as Error).message}`);
  process.exitCode = 1;
});
