/**
 * node tools/run.mjs <entry> [arguments]: builds what has changed, then runs dist/<entry>.js (or
 * dist/<entry>/main.js, dist/<entry>/index.js). Only the program writes to stdout; its exit code is ours.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from './prepare.mjs';
import { fail, root } from './workspace.mjs';

const [entry, ...args] = process.argv.slice(2);
if (!entry) fail('usage: node tools/run.mjs <entry> [arguments]', 64);

await prepare();
const base = join(root, 'dist', entry);
const program = [`${base}.js`, join(base, 'main.js'), join(base, 'index.js')].find((file) =>
  existsSync(file),
);
if (!program) fail(`There is no program ${entry} in dist/.`, 66);

const child = spawn(process.execPath, ['--enable-source-maps', program, ...args], { stdio: 'inherit' });
// At a terminal Ctrl-C reaches the program by itself; a second one would mean "at once" to it.
process.on('SIGINT', () => void (process.stdin.isTTY || child.kill('SIGINT')));
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('error', (error) => fail(error.message));
child.once('close', (code, signal) => {
  if (signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  } else process.exit(code ?? 1);
});
