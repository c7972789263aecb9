import { coverageOf } from './coverage';
import { faults } from './fault-table';

/**
 * `npm run faults`: what stands for each of the sixty faults. Ends with 1 when one has neither cover nor reason, or
 * names a test that is gone. Programs are started from the repository's root.
 */
const lines = faults.map((fault) => coverageOf(fault, process.cwd()));
for (const { fault, simulated, gone, isBare } of lines) {
  const { number, what, tests, reason } = fault;
  process.stdout.write(`${String(number).padStart(2)}  ${what}\n`);
  if (simulated.length > 0) process.stdout.write(`      simulated: ${simulated.join(', ')}\n`);
  for (const { file, title } of tests) process.stdout.write(`      ${file}: ${title}\n`);
  if (reason) process.stdout.write(`      but: ${reason}\n`);
  if (isBare) process.stdout.write('      NOT COVERED\n');
  for (const { file, title } of gone) process.stdout.write(`      GONE: ${file}: “${title}”\n`);
}
const bad = lines.filter(({ isBare, gone }) => isBare || gone.length > 0).length;
const count = (is: (line: (typeof lines)[number]) => boolean): number => lines.filter(is).length;
process.stdout.write(
  `\n${count(({ simulated }) => simulated.length > 0)} simulated, ` +
    `${count(({ fault }) => fault.tests.length > 0)} with other tests, ` +
    `${count(({ simulated, fault }) => simulated.length + fault.tests.length === 0)} with a reason only, ${bad} bad\n`,
);
process.exitCode = bad === 0 ? 0 : 1;
