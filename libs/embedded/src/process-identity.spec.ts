import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  commandLine,
  endProcess,
  identifyProcess,
  isAlive,
  signalProcess,
  waitForExit,
} from './process-identity';

describe('a process', () => {
  it('is recognised as long as it lives', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'a-mark']);
    await once(child, 'spawn');
    const identity = identifyProcess(child.pid ?? 0);
    if (!identity) throw new Error('not found');
    expect(isAlive(identity)).toBe(true);
    expect(isAlive({ ...identity, startedAt: 'another time' })).toBe(false);
    expect(commandLine(identity.pid)).toMatch(/a-mark/);
    expect(await waitForExit(identity, 30)).toBe(false);
    expect(await endProcess(identity, [{ signal: 'SIGTERM', waitMs: 3000 }])).toBe(true);
    expect(isAlive(identity)).toBe(false);
    expect(signalProcess(identity, 'SIGTERM')).toBe(false);
  });

  it('that ignores the polite signal gets the next one', async () => {
    const child = spawn(process.execPath, [
      '-e',
      'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up")',
    ]);
    await once(child.stdout, 'data');
    const identity = identifyProcess(child.pid ?? 0);
    if (!identity) throw new Error('not found');
    const closed = once(child, 'close');
    const isGone = await endProcess(identity, [
      { signal: 'SIGTERM', waitMs: 100 },
      { signal: 'SIGKILL', waitMs: 3000 },
    ]);
    expect(isGone).toBe(true);
    expect(await closed).toEqual([null, 'SIGKILL']);
  });

  it.each([0, -1, Number.NaN, 2 ** 30])('number %p is nobody', (pid) =>
    expect(identifyProcess(pid)).toBeUndefined(),
  );
});
