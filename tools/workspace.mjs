/**
 * What every command does first: check Node and install packages. Plain JavaScript without
 * dependencies, since it runs before there are any. All messages go to stderr: stdout belongs to the command.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const cacheFolder = join(root, '.cache');
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.kkt-stamp');

export const say = (line) => process.stderr.write(`${line}\n`);

/** Ends the command with a sentence instead of a stack. */
export function fail(message, code = 1) {
  say(message);
  process.exit(code);
}

/** Node 20.19 or newer of line 20, or 22 and newer: as package.json says. */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isFit = (major === 20 && minor >= 19) || major >= 22;
  if (!isFit) fail(`KKT Farm needs Node 20.19 or newer of line 20, or 22 and newer; this is ${version}.`, 78);
}

/** Runs a program to its end; resolves with its exit code. */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
    child.once('error', (error) => {
      say(`${command}: ${error.message}`);
      resolve(127);
    });
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** As `run`, but silent: what the program printed is returned. */
export function runCaptured(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += bytes));
    child.once('error', (error) => resolve({ code: 127, output: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 1, output: output.trim() }));
  });
}

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** A lock whose process is dead, or one that stayed empty because its process died while making it. */
function isAbandoned(lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    return pid > 0 ? !isAlive(pid) : Date.now() - statSync(lock).mtimeMs > 2000;
  } catch {
    return false;
  }
}

/** One at a time among the commands of this working tree; the lock of a dead process does not count. */
export async function withLock(name, work) {
  mkdirSync(cacheFolder, { recursive: true });
  const lock = join(cacheFolder, `${name}.lock`);
  for (let waited = 0; ; waited += 100) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (isAbandoned(lock)) rmSync(lock, { force: true });
    else {
      if (waited === 1000) say(`waiting for another ${name} to end (${lock})`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

const wantedStamp = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.platform} ${process.arch} ${process.versions.modules}`)
    .digest('hex');

/** True when what npm says it installed is what the lock file asks for on this machine. */
function isInstalled() {
  const hidden = join(modules, '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const have = readJson(hidden).packages ?? {};
  const want = readJson(join(root, 'package-lock.json')).packages ?? {};
  return Object.entries(want).every(
    ([path, entry]) => path === '' || entry.optional || entry.link || have[path]?.version === entry.version,
  );
}

/**
 * Brings node_modules in line with package-lock.json; nothing to do costs one hash.
 * Install scripts of packages are not run: everything used here ships ready binaries, and the links
 * PostgreSQL needs are made by libs/embedded.
 */
export async function ensureInstalled() {
  const stamp = wantedStamp();
  const isStamped = () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
  if (isStamped()) return;
  await withLock('install', async () => {
    if (isStamped()) return;
    if (!isInstalled()) {
      const isFirst = !existsSync(modules);
      say(
        `Installing packages (${isFirst ? 'the first time takes a minute or two' : 'the lock file has changed'}) …`,
      );
      const options = ['--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
      const npm = (...args) => runCaptured('npm', [...args, ...options, '--loglevel=error']);
      const started = Date.now();
      const ticking = setInterval(
        () => say(`  still installing, ${Math.round((Date.now() - started) / 1000)} s`),
        10_000,
      );
      // From nothing, exactly the lock file; else what differs. Each is the other's second try.
      const ways = [['ci'], ['install', '--no-save']];
      let result = { code: 1, output: '' };
      for (const way of isFirst ? ways : ways.toReversed()) {
        result = await npm(...way);
        if (result.code === 0) break;
      }
      clearInterval(ticking);
      if (result.code !== 0) fail(`${result.output}\nPackages could not be installed; npm said why above.`);
      say(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
    }
    writeFileSync(stampFile, stamp);
  });
}
