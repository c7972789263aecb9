import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@kkt/embedded';

/** The operator as it runs in production: a process of its own. */
export interface OperatorProcess {
  tcpPort: number;
  /** Of its HTTP API. */
  baseUrl: string;
  /** CPU time it has used, seconds. */
  cpuS(): Promise<number>;
  stop(): Promise<void>;
}

const startWithinMs = 120_000;
const ticksPerS = 100;

export async function startOperator(databaseUrl: string, dataDir: string): Promise<OperatorProcess> {
  const [tcpPort, portalPort] = [await freePort(), await freePort()];
  const entry = join(__dirname, '..', '..', 'apps', 'ofd', 'src', 'main.js');
  const child = spawn(process.execPath, [entry], {
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      OFD_TCP_PORT: String(tcpPort),
      OFD_PORTAL_PORT: String(portalPort),
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(join(dataDir, 'ofd.log'));
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const baseUrl = `http://127.0.0.1:${portalPort}`;
  await untilReady(child, `${baseUrl}/health/ready`);
  return {
    tcpPort,
    baseUrl,
    cpuS: async () => {
      const fields = (await readFile(`/proc/${child.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) / ticksPerS;
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  const endMs = performance.now() + startWithinMs;
  while (performance.now() < endMs) {
    if (child.exitCode !== null) throw new Error(`the operator ended with ${child.exitCode}`);
    const isReady = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('the operator was not ready in time');
}
