import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Emulated modules in a process of their own, so that their work is not counted as the driver's. */
export interface EmulatorChild {
  /** TCP port of the n-th module, from 0. */
  port(index: number): number;
  controlPort: number;
  stop(): Promise<void>;
}

const START_LIMIT_MS = 60_000;

/** Registered modules on TCP with FNs in memory. `args` are more options of the emulator. */
export async function startEmulator(
  modules: number,
  {
    tcpBasePort,
    controlPort,
    pace,
    more = [],
  }: { tcpBasePort: number; controlPort: number; pace: string; more?: readonly string[] },
): Promise<EmulatorChild> {
  const dataDir = mkdtempSync(join(tmpdir(), 'kkt-bench-'));
  const entry = join(__dirname, '../../hardware/emulator/src/main.js');
  const args = [
    `--modules=${modules}`,
    '--transport=tcp',
    '--memory=ram',
    `--pace=${pace}`,
    `--data=${dataDir}`,
    ...more,
  ];
  const child = spawn(
    process.execPath,
    [entry, ...args, `--tcp-base-port=${tcpBasePort}`, `--control-port=${controlPort}`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  };
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the emulator did not start in time')), START_LIMIT_MS);
    child.once('exit', (code) => reject(new Error(`the emulator ended with ${code}`)));
    child.stdout.on('data', (text: Buffer) => {
      if (!text.includes('"ready"')) return;
      clearTimeout(timer);
      resolve();
    });
  }).catch(async (error: Error) => {
    await stop();
    throw error;
  });
  return { port: (index) => tcpBasePort + index, controlPort, stop };
}
