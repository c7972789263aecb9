import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultKinds } from '../sim/fault-kinds';
import { type Fault, faults } from './fault-table';

/** `npm run faults`: what stands for each of the sixty faults. Ends with 1 when one has neither cover nor reason. */

interface Line {
  fault: Fault;
  simulated: string[];
  /** Tests named in the table that are not there any more. */
  missing: string[];
}

function lineOf(fault: Fault, root: string): Line {
  const simulated = faultKinds
    .filter(({ numbers }) => numbers.includes(fault.number))
    .map(({ name }) => name);
  const missing = fault.tests
    .filter(({ file, title }) => {
      const path = join(root, file);
      return !existsSync(path) || !readFileSync(path, 'utf8').includes(title);
    })
    .map(({ file, title }) => `${file}: “${title}”`);
  return { fault, simulated, missing };
}

/** Programs are started from the repository's root. */
const lines = faults.map((fault) => lineOf(fault, process.cwd()));
let bad = 0;
for (const { fault, simulated, missing } of lines) {
  const { number, what, tests, reason } = fault;
  process.stdout.write(`${String(number).padStart(2)}  ${what}\n`);
  if (simulated.length > 0) process.stdout.write(`      simulated: ${simulated.join(', ')}\n`);
  for (const { file, title } of tests) process.stdout.write(`      ${file}: ${title}\n`);
  if (reason) process.stdout.write(`      but: ${reason}\n`);
  const isBare = simulated.length + tests.length === 0 && !reason;
  if (isBare) process.stdout.write('      NOT COVERED\n');
  for (const test of missing) process.stdout.write(`      GONE: ${test}\n`);
  if (isBare || missing.length > 0) bad += 1;
}
const count = (is: (line: Line) => boolean): number => lines.filter(is).length;
process.stdout.write(
  `\n${count(({ simulated }) => simulated.length > 0)} simulated, ` +
    `${count(({ fault }) => fault.tests.length > 0)} with other tests, ` +
    `${count(({ simulated, fault }) => simulated.length + fault.tests.length === 0)} with a reason only, ${bad} bad\n`,
);
process.exitCode = bad === 0 ? 0 : 1;
