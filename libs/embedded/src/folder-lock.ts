import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FarmError } from '@kkt/contracts';
import { identifyProcess, isAlive, type ProcessIdentity } from './process-identity';

/** A folder that belongs to this process until `release`. */
export interface FolderLock {
  release(): void;
}

const fileOf = (folder: string): string => join(folder, 'owner.json');

/** The live process that holds the folder, if any. The record of a dead one does not count. */
export function folderOwner(folder: string): ProcessIdentity | undefined {
  try {
    const record = JSON.parse(readFileSync(fileOf(folder), 'utf8')) as ProcessIdentity;
    return isAlive(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Moves the record away first and looks at it then: a rival may have replaced it a moment ago. */
function setAsideDeadRecord(folder: string): void {
  const aside = join(folder, `owner.${process.pid}.json`);
  try {
    renameSync(fileOf(folder), aside);
    const record = JSON.parse(readFileSync(aside, 'utf8')) as ProcessIdentity;
    if (isAlive(record)) renameSync(aside, fileOf(folder));
  } catch {
    // Gone or unreadable: the next attempt to create the record decides.
  }
  rmSync(aside, { force: true });
}

/**
 * Takes the folder for this process: two launchers must not run servers on the same data.
 * The record of a launcher that was killed is replaced; that of a live one is an error.
 * @throws FarmError SYS-FOLDER-IN-USE, SYS-FOLDER-FORBIDDEN
 */
export function lockFolder(folder: string): FolderLock {
  const me = identifyProcess(process.pid);
  if (!me) throw new FarmError('SYS-PROCESS-UNKNOWN', 'This process cannot find itself in the process table');
  mkdirSync(folder, { recursive: true });
  const file = fileOf(folder);
  const record = JSON.stringify(me);
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      writeFileSync(file, record, { flag: 'wx' });
      return {
        release: () => {
          if (folderOwner(folder)?.pid === process.pid) rmSync(file, { force: true });
        },
      };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EACCES' || code === 'EROFS')
        throw new FarmError(
          'SYS-FOLDER-FORBIDDEN',
          `${folder} may not be written by this user; its owner is another`,
          {
            folder,
          },
        );
      if (code !== 'EEXIST') throw error;
    }
    const owner = folderOwner(folder);
    if (owner)
      throw new FarmError('SYS-FOLDER-IN-USE', `${folder} is used by process ${owner.pid}; stop it first`, {
        folder,
        pid: owner.pid,
      });
    setAsideDeadRecord(folder);
  }
  throw new FarmError('SYS-FOLDER-IN-USE', `${folder} is being taken by another process`, { folder });
}
