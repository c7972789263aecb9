/**
 * npm run swap:drill: changes the FN of a register while its group sells at 80 % of its pace, with real processes over
 * emulated modules of 350 ms a receipt; prints downtime and the longest wait. Ends with 1 when a receipt waited over 10 s,
 * was lost or is double. Takes some minutes, so `npm test` leaves it out.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { prepare } from './prepare.mjs';
import { root } from './workspace.mjs';

process.chdir(root);
await prepare();
const child = spawn(
  process.execPath,
  [join(root, 'node_modules/jest/bin/jest.js'), 'libs/fn-desk/src/swap-drill', '--selectProjects', 'e2e'],
  { env: { ...process.env, SWAP_DRILL: 'full' }, stdio: 'inherit' },
);
child.once('close', (code) => process.exit(code ?? 1));
