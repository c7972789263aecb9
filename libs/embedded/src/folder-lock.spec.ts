import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderOwner, lockFolder } from './folder-lock';
import { identifyProcess } from './process-identity';

describe('a locked folder', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kkt-lock-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const leaveRecord = (record: object) => writeFileSync(join(folder, 'owner.json'), JSON.stringify(record));

  it('has one owner until it is released', () => {
    const lock = lockFolder(folder);
    expect(folderOwner(folder)?.pid).toBe(process.pid);
    expect(() => lockFolder(folder)).toThrow(new RegExp(`used by process ${process.pid}.*SYS-FOLDER-IN-USE`));
    lock.release();
    expect(folderOwner(folder)).toBeUndefined();
    lockFolder(folder).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is taken over from a process that is gone', () => {
    const { pid } = spawnSync('true');
    leaveRecord({ pid, startedAt: 'then' });
    lockFolder(folder);
    expect(folderOwner(folder)?.pid).toBe(process.pid);
  });

  it('is taken over when another process got the dead owner’s number', () => {
    leaveRecord({ pid: process.ppid, startedAt: 'an earlier life' });
    lockFolder(folder);
    expect(folderOwner(folder)?.pid).toBe(process.pid);
  });

  it('is left to a live owner', () => {
    leaveRecord(identifyProcess(process.ppid) ?? {});
    expect(() => lockFolder(folder)).toThrow(/SYS-FOLDER-IN-USE/);
    expect(folderOwner(folder)?.pid).toBe(process.ppid);
  });

  it.each(['', '{"pid":', '[]'])('is taken over from an unreadable record %j', (text) => {
    writeFileSync(join(folder, 'owner.json'), text);
    lockFolder(folder);
    expect(folderOwner(folder)?.pid).toBe(process.pid);
  });

  it('is made when missing', () => {
    lockFolder(join(folder, 'a', 'b'));
    expect(existsSync(join(folder, 'a', 'b', 'owner.json'))).toBe(true);
  });
});
