import { parseArgs } from 'node:util';
import { loadSettings } from '@kkt/config';
import { demoPerson } from '../seed/seed-people';
import { demoEngineer, demoLead } from '../seed/seed-staff';
import { findChromium, openBrowser } from './browser';
import { haveExternalRegister } from './external-register';
import { cabinetPlaces, consolePlaces } from './places';
import { signIn, tellWalk, walk } from './walk';

/**
 * Walks every page and tab of the console or the cabinet of a running farm: each opens without an error and has no
 * serious fault by axe.
 *
 * npm run pages -- console|cabinet [--look=FOLDER] [--languages] [--only=WORD] [--lead]
 *   --look=FOLDER  pictures at 1920 and 360 px; --languages: in Russian and English
 *   --only=WORD    pages with the word in their address
 *   --lead         the console as the senior engineer sees it
 */

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      look: { type: 'string' },
      languages: { type: 'boolean', default: false },
      only: { type: 'string' },
      lead: { type: 'boolean', default: false },
    },
  });
  const executable = findChromium();
  if (!executable) {
    say('SKIPPED: there is no chromium or chrome on this machine, the pages were not walked.');
    return;
  }
  const isCabinet = positionals[0] === 'cabinet';
  const settings = loadSettings('farm');
  const base = `http://127.0.0.1:${isCabinet ? settings.cabinetPort : settings.consolePort}`;
  const person = isCabinet ? demoPerson : values.lead ? demoLead : demoEngineer;
  const browser = await openBrowser(executable);
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    await signIn(page, base, person.login, person.password);
    if (isCabinet) await haveExternalRegister(page, base);
    const walked = await walk(page, base, {
      places: isCabinet ? cabinetPlaces : consolePlaces,
      folder: values.look,
      everyLanguage: values.languages,
      only: values.only,
      say,
    });
    if (!tellWalk(walked, say)) process.exitCode = 1;
  } finally {
    await browser.close();
  }
}

void main().catch((error: unknown) => {
  say(`FAILED: ${(error as Error).message}`);
  process.exitCode = 1;
});
