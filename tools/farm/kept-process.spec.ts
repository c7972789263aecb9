import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identifyProcess, isAlive, type ProcessIdentity } from '@kkt/embedded';
import { endLeftover, KeptProcess } from './kept-process';

jest.setTimeout(30_000);

describe('a process of the farm', () => {
  let folder: string;
  let child: KeptProcess | undefined;
  let told: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kkt-kept-'));
    mkdirSync(join(folder, 'run'));
    told = '';
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      told += String(text);
      return true;
    });
  });
  afterEach(async () => {
    await child?.stop(100);
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
  });

  function keep(source: string, args: string[] = []): KeptProcess {
    const program = join(folder, 'program.js');
    writeFileSync(program, source);
    child = new KeptProcess({
      name: 'program',
      program,
      args,
      env: process.env,
      cwd: folder,
      logFolder: folder,
      runFolder: join(folder, 'run'),
    });
    child.start();
    return child;
  }

  const log = () => readFileSync(join(folder, 'program.log'), 'utf8');
  const record = () =>
    JSON.parse(readFileSync(join(folder, 'run', 'program.json'), 'utf8')) as ProcessIdentity;

  async function until(isTrue: () => boolean): Promise<void> {
    for (let waitedMs = 0; !isTrue(); waitedMs += 20) {
      if (waitedMs > 60_000) throw new Error(`waited in vain; told so far: ${told}`);
      await delay(20);
    }
  }

  it('writes its own log, leaves a record while it runs, and ends on SIGTERM', async () => {
    const kept = keep(
      `console.log('up', process.argv[2]); setInterval(() => {}, 1000);
      process.on('SIGTERM', () => { console.log('bye'); process.exit(0); });`,
      ['--some=option'],
    );
    await until(() => log().includes('up --some=option'));
    expect(isAlive(record())).toBe(true);
    await kept.stop(5000);
    expect(log()).toContain('bye');
    await until(() => readdirSync(join(folder, 'run')).length === 0);
    expect(kept.falls).toBe(0);
  });

  it('is started again after it fell, and the reason is told', async () => {
    const kept = keep(`console.error('no such register'); process.exit(3);`);
    await until(() => kept.falls === 2);
    expect(told).toMatch(/program +no such register/);
    expect(told).toMatch(/program +ended \(exit code 3\); again in 0.5 s/);
    expect(told).toMatch(/again in 1 s/);
    expect(log().match(/no such register/g)).toHaveLength(2);
  });

  it('is not started again when its settings are wrong', async () => {
    const kept = keep(`process.exit(78);`);
    await until(() => kept.isMisconfigured);
    await delay(700);
    expect(kept.falls).toBe(1);
    expect(told).toMatch(/settings are wrong, not started again/);
  });

  it('is killed when it does not end in time', async () => {
    const kept = keep(`process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000);`);
    await until(() => log().includes('up'));
    const identity = record();
    await kept.stop(100);
    expect(isAlive(identity)).toBe(false);
  });

  it('shows the errors of its log and nothing less', async () => {
    keep(`console.log(JSON.stringify({ level: 30, msg: 'fine' }));
      console.log(JSON.stringify({ level: 50, msg: 'refused', err: { message: 'shift is open' } }));
      setInterval(() => {}, 1000);`);
    await until(() => told.includes('refused: shift is open'));
    expect(told).not.toContain('fine');
  });

  it('left by a supervisor that was killed is ended by the next one; a stranger with its number is not', async () => {
    keep(`console.log('up'); setInterval(() => {}, 1000);`);
    await until(() => log().includes('up'));
    const identity = record();
    const recordFile = join(folder, 'left.json');

    writeFileSync(recordFile, JSON.stringify({ ...identity, startedAt: 'another life' }));
    expect(await endLeftover(recordFile)).toBe(false);
    expect(isAlive(identity)).toBe(true);

    writeFileSync(recordFile, JSON.stringify(identity));
    expect(await endLeftover(recordFile)).toBe(true);
    expect(identifyProcess(identity.pid)?.startedAt).not.toBe(identity.startedAt);
  });
});
