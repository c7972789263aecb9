/**
 * Builds dist/ from apps, libs, hardware and tools. TypeScript goes through swc file by file, other assets
 * are copied, web parts go through vite. What has not changed since the last build is left alone.
 *
 * `@kkt/<lib>` and `@hardware/emulator` become relative paths here, so that dist/ runs as it is.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { cacheFolder, checkNode, ensureInstalled, fail, root, run, say, withLock } from './workspace.mjs';

const require = createRequire(import.meta.url);
const sourceFolders = ['libs', 'hardware', 'tools', 'apps'];
const dist = join(root, 'dist');
const manifestFile = join(cacheFolder, 'build.json');
const isTest = (path) => /\.(spec|db-spec|e2e-spec)\.ts$/.test(path);
const isTypescript = (path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !isTest(path);
const assets = /\.(json|ya?ml|sql|html|css|ttf|woff2|svg|png|txt|mjs|cjs|csv)$/;

const hash = (...parts) =>
  parts
    .reduce((sum, part) => sum.update(part), createHash('sha256'))
    .digest('hex')
    .slice(0, 32);

/** Files below a folder, relative to the root, with what tells a change cheaply. */
function* files(folder, skip = () => false) {
  let entries;
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (entry.name === 'node_modules' || entry.name.startsWith('.') || skip(path)) continue;
    if (entry.isDirectory()) yield* files(path, skip);
    else if (entry.isFile()) yield path;
  }
}

function signature(path) {
  const { mtimeMs, size } = statSync(join(root, path));
  return `${mtimeMs}:${size}`;
}

const isWeb = (path) => /^apps\/[^/]+\/web$/.test(path);

function readManifest(key) {
  try {
    const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
    if (manifest.key === key && existsSync(dist)) return manifest;
  } catch {
    // None yet, or one cut short: build everything.
  }
  return { key, files: {}, web: {} };
}

/** Never a half-written file: a running program may be reading the old one. */
function writeWhole(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  const half = `${path}.${process.pid}.new`;
  writeFileSync(half, content);
  renameSync(half, path);
}

const outputsOf = (path) =>
  isTypescript(path) ? [path.replace(/\.ts$/, '.js'), path.replace(/\.ts$/, '.js.map')] : [path];

/** `@kkt/x` → the library's compiled door, relative to the importing file. */
function relativeImports(code, path) {
  const door = (name) =>
    name === '@hardware/emulator' ? 'hardware/emulator' : `libs/${name.slice('@kkt/'.length)}`;
  return code.replace(
    /\b(require|require\.resolve|import)\((["'])(@kkt\/[a-z0-9-]+|@hardware\/emulator)\2\)/g,
    (_all, call, quote, name) => {
      const target = posix.relative(posix.dirname(path), `${door(name)}/src/index.js`);
      return `${call}(${quote}${target.startsWith('.') ? target : `./${target}`}${quote})`;
    },
  );
}

function compile(swc, options, path) {
  const source = readFileSync(join(root, path), 'utf8');
  const { code, map } = swc.transformSync(source, {
    ...options,
    swcrc: false,
    configFile: false,
    filename: join(root, path),
    sourceFileName: join(root, path),
  });
  const out = join(dist, path.replace(/\.ts$/, '.js'));
  writeWhole(`${out}.map`, map ?? '{}');
  writeWhole(
    out,
    `${relativeImports(code, path)}\n//# sourceMappingURL=${posix.basename(path, '.ts')}.js.map\n`,
  );
}

function removeGone(manifest, seen) {
  for (const path of Object.keys(manifest.files)) {
    if (seen.has(path)) continue;
    for (const output of outputsOf(path)) rmSync(join(dist, output), { force: true });
    delete manifest.files[path];
  }
}

/** @returns number of files written, or -1 after a syntax error (told on stderr). */
function buildServer(manifest, key) {
  const seen = new Set();
  const changed = [];
  for (const folder of sourceFolders)
    for (const path of files(folder, isWeb)) {
      if (!isTypescript(path) && (!assets.test(path) || isTest(path))) continue;
      seen.add(path);
      const now = signature(path);
      const known = manifest.files[path];
      if (known?.signature === now) continue;
      const sum = hash(key, readFileSync(join(root, path)));
      if (known?.sum === sum && existsSync(join(dist, outputsOf(path)[0]))) known.signature = now;
      else changed.push({ path, now, sum });
    }
  removeGone(manifest, seen);
  if (changed.length === 0) return 0;

  const swc = require('@swc/core');
  const options = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));
  delete options.$schema;
  let isBroken = false;
  for (const { path, now, sum } of changed) {
    try {
      if (isTypescript(path)) compile(swc, options, path);
      else writeWhole(join(dist, path), readFileSync(join(root, path)));
      manifest.files[path] = { signature: now, sum };
    } catch (error) {
      isBroken = true;
      delete manifest.files[path];
      say(`${path}: ${error.message}`);
    }
  }
  return isBroken ? -1 : changed.length;
}

/** Everything a web part is made of: its own sources and the shared kit. */
function webSum(app, manifest) {
  const parts = [];
  for (const folder of [`apps/${app}/web`, 'libs/web-kit'])
    for (const path of files(folder, (name) => name.endsWith('/dist'))) {
      const now = signature(path);
      const known = manifest.webFiles?.[path];
      const sum = known?.signature === now ? known.sum : hash(readFileSync(join(root, path)));
      (manifest.webFiles ??= {})[path] = { signature: now, sum };
      parts.push(path, sum);
    }
  return hash(...parts, readFileSync(join(root, 'package-lock.json')));
}

async function buildWeb(manifest, quiet) {
  let isFine = true;
  const apps = existsSync(join(root, 'apps')) ? readdirSync(join(root, 'apps')) : [];
  for (const app of apps) {
    const folder = join(root, 'apps', app, 'web');
    if (!['ts', 'mts', 'js', 'mjs'].some((ending) => existsSync(join(folder, `vite.config.${ending}`))))
      continue;
    const out = join(dist, 'apps', app, 'web');
    const sum = webSum(app, manifest);
    if (manifest.web[app] === sum && existsSync(join(out, 'index.html'))) continue;
    say(`building the web part of ${app} …`);
    const args = [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--outDir', out, '--emptyOutDir'];
    const code = await run(process.execPath, [...args, '--logLevel', quiet ? 'error' : 'warn'], {
      cwd: folder,
      env: { ...process.env, NODE_ENV: 'production' },
    });
    if (code === 0) manifest.web[app] = sum;
    else {
      isFine = false;
      delete manifest.web[app];
    }
  }
  return isFine;
}

/**
 * @param {{quiet?: boolean, web?: boolean}} options `web: false` leaves the browser parts alone
 * @returns {Promise<boolean>} false when something did not compile; the reason is on stderr
 */
export function build({ quiet = false, web = true } = {}) {
  return withLock('build', async () => {
    const started = performance.now();
    const key = hash(
      readFileSync(join(root, '.swcrc')),
      readFileSync(join(root, 'tools/build.mjs')),
      readFileSync(join(root, 'node_modules/@swc/core/package.json')),
    );
    const manifest = readManifest(key);
    const before = JSON.stringify(manifest);
    const written = buildServer(manifest, key);
    const isWebFine = web ? await buildWeb(manifest, quiet) : true;
    const after = JSON.stringify(manifest);
    if (after !== before) writeWhole(manifestFile, after);
    if (!quiet && written >= 0)
      say(
        `built ${written} file${written === 1 ? '' : 's'} in ${((performance.now() - started) / 1000).toFixed(1)} s`,
      );
    return written >= 0 && isWebFine;
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  checkNode();
  await ensureInstalled();
  if (process.argv.includes('--clean')) {
    rmSync(dist, { recursive: true, force: true });
    rmSync(manifestFile, { force: true });
  }
  if (!(await build())) fail('The build failed.');
}
