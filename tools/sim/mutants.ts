import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type Mutant, mutants } from './mutant-list';

/**
 * Proves the simulation itself: takes one guard out of the farm at a time and runs seeds until one goes red.
 * `node tools/run.mjs tools/sim/mutants [name…]`; ends with 1 when a mutant lives.
 */
const seeds = 60;

interface Fate {
  killedBy: string | undefined;
  output: string;
}

function run(mutant: Mutant): Promise<Fate> {
  return new Promise((resolve) => {
    const args = [
      '--require',
      join(__dirname, 'mutate.js'),
      join(__dirname, 'main.js'),
      ...['--seeds', String(seeds), '--faults', mutant.faults ?? 'all', '--quiet', '--parallel', '4'],
      ...(mutant.args ?? []),
      ...(mutant.finding ? [] : ['--stop-at-bad']),
    ];
    const child = spawn(process.execPath, args, { env: { ...process.env, SIM_MUTANT: mutant.name } });
    let output = '';
    child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString()));
    child.once('close', () => {
      const findings = output.split('\n').filter((line) => /^seed \d+: /.test(line));
      const killedBy = findings.find((line) => mutant.finding?.test(line) ?? true);
      resolve({ killedBy, output });
    });
  });
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  let alive = 0;
  for (const mutant of mutants.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    const { killedBy, output } = await run(mutant);
    if (!killedBy && !mutant.test) alive += 1;
    const last = output.trim().split('\n').at(-1) ?? '';
    const held = mutant.test
      ? `green here, red in ${mutant.test.file}: ${mutant.test.title}`
      : `LIVES ${last}`;
    const verdict = killedBy ? `red   ${killedBy}` : held;
    process.stdout.write(`${mutant.name.padEnd(28)} ${verdict.slice(0, 160)}\n`);
  }
  process.exitCode = alive === 0 ? 0 : 1;
}

void main();
