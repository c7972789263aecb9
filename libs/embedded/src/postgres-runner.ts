import { execFileSync, spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { FarmError } from '@kkt/contracts';
import { completeBinaries, findBinaries } from './postgres-binaries';

/** What PostgreSQL's programs see; nothing of ours (secrets, PG* variables) is passed on. */
const cleanEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** How PostgreSQL's programs are started on this machine, and with which right. PostgreSQL refuses root. */
export interface PostgresRunner {
  readonly kind: 'direct' | 'user-namespace' | 'system-user';
  /** Where the cluster lives: the folder asked for, or another when its user cannot enter that one. */
  readonly folder: string;
  /** Gives a file or folder made by us to the user PostgreSQL runs as. */
  own(path: string): void;
  spawn(program: 'initdb' | 'postgres' | 'sh', args: readonly string[], stdio: StdioOptions): ChildProcess;
}

interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

function accounts(): Account[] {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .filter((fields) => fields.length >= 4)
      .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
      .filter(({ uid }) => Number.isInteger(uid) && uid > 0);
  } catch {
    return [];
  }
}

const byName = (all: Account[], ...names: string[]): Account | undefined =>
  names.map((name) => all.find((account) => account.name === name)).find(Boolean);

/** The marker left where the data were asked for, when they had to be put elsewhere. */
const locationFile = (folder: string): string => join(folder, 'location.json');

interface Location {
  /** The folder asked for: a copy of it elsewhere must not lead to the same cluster. */
  readonly wanted: string;
  readonly folder: string;
}

/** Where the cluster of `folder` was put, when not inside it. */
export function relocatedFolder(folder: string): string | undefined {
  if (!existsSync(locationFile(folder))) return undefined;
  const location = JSON.parse(readFileSync(locationFile(folder), 'utf8')) as Location;
  return location.wanted === folder ? location.folder : undefined;
}

interface Way {
  readonly kind: PostgresRunner['kind'];
  readonly prefix: readonly string[];
  readonly identity: { uid?: number; gid?: number };
}

function runner(way: Way, nativeFolder: string, folder: string): PostgresRunner {
  const programPath = (program: string) =>
    program === 'sh' ? '/bin/sh' : join(nativeFolder, 'bin', program);
  return {
    kind: way.kind,
    folder,
    own(path) {
      if (way.identity.uid !== undefined)
        chownSync(path, way.identity.uid, way.identity.gid ?? way.identity.uid);
    },
    spawn(program, args, stdio) {
      const [command = '', ...rest] = [...way.prefix, programPath(program), ...args];
      // Own process group: Ctrl-C in the terminal must reach the launcher only, which stops the parts in order.
      return spawn(command, rest, {
        ...way.identity,
        stdio,
        cwd: '/',
        env: cleanEnvironment,
        detached: true,
      });
    },
  };
}

/** Tries whether the programs start this way and whether they may write in the folder. */
function works(way: Way, nativeFolder: string, folder: string): boolean {
  const [command = '', ...args] = [
    ...way.prefix,
    '/bin/sh',
    '-c',
    '"$0" --version && test -w "$1" && test -x "$1" && test -r "$1"',
    join(nativeFolder, 'bin', 'postgres'),
    folder,
  ];
  try {
    execFileSync(command, args, {
      ...way.identity,
      cwd: '/',
      env: cleanEnvironment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return true;
  } catch {
    return false;
  }
}

/** A copy of the programs that everyone may read, for the case that node_modules may not be entered or changed. */
function copyBinaries(nativeFolder: string, version: string, under: string): string {
  mkdirSync(under, { recursive: true, mode: 0o755 });
  const { uid, mode } = lstatSync(under);
  // Whoever may write there decides what we run.
  if (uid !== process.geteuid?.() || (mode & 0o022) !== 0)
    throw new FarmError('SYS-UNSAFE-FOLDER', `${under} can be written by others: remove it`, { under });
  const copy = join(under, `postgresql-${version}`);
  if (!existsSync(copy)) {
    const half = `${copy}.${process.pid}`;
    cpSync(nativeFolder, half, { recursive: true, verbatimSymlinks: true });
    chmodSync(half, 0o755);
    try {
      renameSync(half, copy);
    } catch (error) {
      if (!existsSync(copy)) throw error;
      rmSync(half, { recursive: true, force: true });
    }
  }
  completeBinaries(copy);
  return copy;
}

/** A user for PostgreSQL when we are root and namespaces are forbidden: found, else made, else nobody. */
function systemAccount(): Account | undefined {
  const found = byName(accounts(), 'kkt-farm', 'postgres');
  if (found) return found;
  try {
    execFileSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', 'kkt-farm'], {
      stdio: 'ignore',
    });
  } catch {
    // No such program here, or the user list is read-only.
  }
  return byName(accounts(), 'kkt-farm', 'nobody');
}

/** A place any user may enter, for the data of a system user that cannot enter the wanted folder. */
function sharedPlace(): string {
  for (const place of ['/var/lib/kkt-farm', '/var/tmp/kkt-farm']) {
    try {
      mkdirSync(place, { recursive: true });
      chmodSync(place, 0o755);
      if (statSync(place).uid === 0) return place;
    } catch {
      // Read-only there: try the next one.
    }
  }
  throw new FarmError('SYS-NO-POSTGRES-PLACE', 'Neither /var/lib/kkt-farm nor /var/tmp/kkt-farm can be made');
}

function asSystemUser(nativeFolder: string, version: string, wanted: string): PostgresRunner | undefined {
  const account = systemAccount();
  if (!account) return undefined;
  const way: Way = { kind: 'system-user', prefix: [], identity: { uid: account.uid, gid: account.gid } };
  const shared = sharedPlace();
  const native = works(way, nativeFolder, tmpdir())
    ? nativeFolder
    : copyBinaries(nativeFolder, version, shared);
  if (!relocatedFolder(wanted)) {
    // Owner stays root: the user writes only inside the folder it is given.
    chownSync(wanted, account.uid, account.gid);
    if (works(way, native, wanted)) return runner(way, native, wanted);
    chownSync(wanted, 0, 0);
  }
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 16);
  const folder = relocatedFolder(wanted) ?? join(shared, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chownSync(folder, account.uid, account.gid);
  const location: Location = { wanted, folder };
  writeFileSync(locationFile(wanted), JSON.stringify(location));
  return works(way, native, folder) ? runner(way, native, folder) : undefined;
}

const hasCluster = (folder: string): boolean => existsSync(join(folder, 'cluster', 'PG_VERSION'));

const namespaceAs = (uid: number): Way => ({
  kind: 'user-namespace',
  prefix: ['unshare', '--user', `--map-user=${uid}`, '--'],
  identity: {},
});

const direct: Way = { kind: 'direct', prefix: [], identity: {} };

function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

/**
 * Chooses how to run PostgreSQL for the data in `folder` (which must exist).
 * An ordinary user runs it directly. Root runs it as the owner of existing data, else inside a user
 * namespace (its files stay root's, so that it works below a 0700 home too), else as a system user, whose
 * data are put elsewhere when it cannot enter `folder`.
 * @throws FarmError SYS-NO-POSTGRES-USER when no way works here
 */
export function choosePostgresRunner(folder: string): PostgresRunner {
  const binaries = findBinaries();
  const isRoot = process.geteuid?.() === 0;
  const nativeFolder = binaries.complete
    ? binaries.nativeFolder
    : copyBinaries(
        binaries.nativeFolder,
        binaries.version,
        join(tmpdir(), `kkt-farm-${process.geteuid?.() ?? 0}`),
      );

  // initdb asks the user list for its own name, so the mapped number must be a listed one.
  const mapped = byName(accounts(), 'nobody', 'postgres') ?? accounts()[0];
  const candidates: Way[] = [];
  const owner = statSync(folder);
  if (isRoot && hasCluster(folder) && owner.uid !== 0)
    candidates.push({ kind: 'system-user', prefix: [], identity: { uid: owner.uid, gid: owner.gid } });
  if (!isRoot && hasName()) candidates.push(direct);
  if (mapped && !relocatedFolder(folder)) candidates.push(namespaceAs(mapped.uid));

  for (const way of candidates)
    if (works(way, nativeFolder, folder)) return runner(way, nativeFolder, folder);
  const other = isRoot ? asSystemUser(nativeFolder, binaries.version, folder) : undefined;
  if (other) return other;
  throw new FarmError(
    'SYS-NO-POSTGRES-USER',
    isRoot
      ? `PostgreSQL refuses to run as root, user namespaces are forbidden here and no system user can be used for ${folder}. Start as an ordinary user, or set DATABASE_URL`
      : `PostgreSQL cannot be run for the data in ${folder}: the folder belongs to uid ${owner.uid} or the programs do not start here. Start as its owner, or set DATABASE_URL`,
    { folder, uid: process.geteuid?.() ?? -1 },
  );
}
