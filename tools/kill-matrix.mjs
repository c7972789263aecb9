/**
 * npm run kill-matrix: kills every process of the farm at every step of a receipt (libs/testing/src/farm/steps.ts) and
 * prints `step × process → lost/doubled`. Takes about a quarter of an hour; `npm test` runs a part of it.
 * npm run kill-matrix -- <text>[,<text>…]: only the cases whose name (`step.pass.process`) has one of these texts.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from './prepare.mjs';
import { cacheFolder, fail, root } from './workspace.mjs';

const [only = ''] = process.argv.slice(2);
process.chdir(root);
await prepare();
mkdirSync(cacheFolder, { recursive: true });
const folder = mkdtempSync(join(cacheFolder, 'kill-'));
const resultFile = join(folder, 'results.json');

const child = spawn(
  process.execPath,
  [
    join(root, 'node_modules/jest/bin/jest.js'),
    'libs/testing/src/farm/kill-matrix',
    '--selectProjects',
    'e2e',
    '--silent',
  ],
  {
    env: { ...process.env, KKT_KILL_MATRIX: 'full', KKT_KILL_ONLY: only, KKT_KILL_RESULTS: resultFile },
    stdio: ['ignore', 'ignore', 'inherit'],
  },
);
const code = await new Promise((resolve) => child.once('close', resolve));

let cases;
try {
  cases = JSON.parse(readFileSync(resultFile, 'utf8'));
} catch {
  fail('The matrix did not run to its end.');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const victims = [...new Set(cases.map(({ victim }) => victim))];
const steps = [...new Set(cases.map(({ step }) => step))];
const cell = (step, victim) => {
  const found = cases.filter((one) => one.step === step && one.victim === victim);
  if (found.length === 0) return '';
  if (found.some(({ broken }) => broken)) return 'broken';
  const sum = (key) => found.reduce((total, one) => total + one[key].length, 0);
  return `${sum('lost')}/${sum('doubled')}`;
};
const rows = [
  ['lost/doubled', ...victims],
  ...steps.map((step) => [step, ...victims.map((v) => cell(step, v))]),
];
const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
for (const row of rows)
  console.log(
    row
      .map((text, column) => text.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
const total = (key) => cases.reduce((sum, one) => sum + (one[key]?.length ?? 0), 0);
const receipts = cases.reduce((sum, one) => sum + (one.receipts ?? 0), 0);
console.log(
  `cases=${cases.length} receipts=${receipts} lost=${total('lost')} doubled=${total('doubled')} untold=${total('untold')}`,
);
process.exit(code === 0 ? 0 : 1);
