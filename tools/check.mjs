/** npm run check: what can be told without running the farm. One line for each tool, details only of failures. */
import { performance } from 'node:perf_hooks';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkNode, ensureInstalled, root, runCaptured, say } from './workspace.mjs';

const folders = ['apps', 'libs', 'hardware', 'tools'];
const mostLines = 60;

const bin = (path) => join(root, 'node_modules', path);
const cache = (name) => join(root, '.cache', name);

/** The longest first, since two run at a time. */
const checks = [
  {
    name: 'lint',
    program: bin('eslint/bin/eslint.js'),
    args: ['--cache', `--cache-location=${cache('eslint')}`, '--no-error-on-unmatched-pattern', ...folders],
  },
  { name: 'types', program: bin('typescript/bin/tsc'), args: ['-p', 'tsconfig.json', '--pretty', 'false'] },
  {
    name: 'arrows',
    program: bin('dependency-cruiser/bin/dependency-cruise.mjs'),
    args: ['--config', '.dependency-cruiser.cjs', '--output-type', 'err', ...folders],
  },
  {
    name: 'format',
    program: bin('prettier/bin/prettier.cjs'),
    args: [
      '--check',
      '--log-level=warn',
      '--no-error-on-unmatched-pattern',
      '--cache',
      `--cache-location=${cache('prettier')}`,
      '{apps,libs,hardware,tools}/**/*.{ts,tsx,mjs,json}',
    ],
  },
];

async function runCheck({ name, program, args }) {
  const started = performance.now();
  const { code, output } = await runCaptured(process.execPath, [program, ...args]);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`${code === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(7)} ${seconds} s`);
  if (code !== 0) {
    const lines = output.split('\n');
    say(lines.slice(0, mostLines).join('\n'));
    if (lines.length > mostLines) say(`… and ${lines.length - mostLines} more lines`);
  }
  return code === 0;
}

/** @returns {Promise<{passed: number, failed: number}>} how many of the tools were content */
export async function check() {
  const waiting = [...checks];
  const results = [];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results.push(await runCheck(next));
  };
  await Promise.all([lane(), lane()]);
  return { passed: results.filter(Boolean).length, failed: results.filter((ok) => !ok).length };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  checkNode();
  await ensureInstalled();
  const { failed } = await check();
  process.exit(failed === 0 ? 0 : 1);
}
