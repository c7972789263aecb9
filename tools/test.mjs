/**
 * npm test: install → build → check → every test; the last line is `N passed, N failed`.
 * npm test -- <path or pattern> …: only the tests that match, without the checks. Options that begin with
 * a hyphen go to jest as they are.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { check } from './check.mjs';
import { prepare } from './prepare.mjs';
import { cacheFolder, root, say } from './workspace.mjs';

const args = process.argv.slice(2);
const isPartial = args.length > 0;

/**
 * Unit tests share nothing and take every core; the others share two servers and start processes. A file of the
 * latter that failed is run once more, alone: a machine that gave it no time for minutes is told from a fault, and
 * the file is named either way.
 */
const runs = [
  { title: 'unit', projects: ['unit'], workers: Math.max(2, availableParallelism()), mostSecondTries: 0 },
  { title: 'db, e2e', projects: ['db', 'e2e'], workers: 2, mostSecondTries: 4 },
];

/** What jest says about projects, besides the reporter. */
const chatter = /^(Running (one|\d+) projects?\b.*|- (unit|db|e2e)|No tests found, exiting with code 0)$/;

function readTotals(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, failedFiles: [] };
  }
}

async function jest({ title, projects, workers }, folder, files = []) {
  const totalsFile = join(folder, `${title.replace(/\W+/g, '-')}.json`);
  const jestArgs = [
    ...(files.length > 0
      ? [...args.filter((arg) => arg.startsWith('-')), '--runTestsByPath', ...files]
      : args),
    `--reporters=${join(root, 'tools/jest-reporter.cjs')}`,
    `--maxWorkers=${workers}`,
    '--passWithNoTests',
    '--selectProjects',
    ...projects,
  ];
  const child = spawn(process.execPath, [join(root, 'node_modules/jest/bin/jest.js'), ...jestArgs], {
    env: { ...process.env, KKT_TEST_TOTALS: totalsFile, KKT_TEST_TITLE: title },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on('line', (line) => void (chatter.test(line) || say(line)));
  const code = await closed;
  const totals = readTotals(totalsFile);
  // Jest itself may fail (a server that does not start, a bad option): that is a failure too.
  if (code !== 0 && totals.failed === 0) totals.failed = 1;
  return totals;
}

async function run(one, folder) {
  const first = await jest(one, folder);
  const failed = first.failedFiles;
  if (first.failed === 0 || failed.length === 0 || failed.length > one.mostSecondTries) return first;
  say(`Once more, alone: ${failed.join(', ')}`);
  const second = await jest({ ...one, title: 'again', workers: 1 }, folder, failed);
  if (second.failed > 0) return first;
  say(`UNSTEADY: failed beside the others, passed alone: ${failed.join(', ')}`);
  return { passed: first.passed + first.failed, failed: 0 };
}

process.chdir(root);
await prepare();
mkdirSync(cacheFolder, { recursive: true });
const folder = mkdtempSync(join(cacheFolder, 'test-'));
const totals = [];
try {
  if (!isPartial) totals.push({ passed: 0, failed: (await check()).failed });
  for (const one of runs) totals.push(await run(one, folder));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const sum = (key) => totals.reduce((total, one) => total + one[key], 0);
if (isPartial && sum('passed') + sum('failed') === 0) say('No test matches.');
process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`, () =>
  process.exit(sum('failed') === 0 ? 0 : 1),
);
