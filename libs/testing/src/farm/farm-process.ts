import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The compiled farm; `npm test` builds it before the tests run. */
const dist = resolve(__dirname, '..', '..', '..', '..', 'dist');

export interface FarmProcessOptions {
  name: string;
  /** Below dist/, without `.js`. */
  entry: string;
  args?: readonly string[];
  env: Readonly<Record<string, string>>;
  healthUrl: string;
  logFile: string;
}

/** One real process of the farm under test: started, killed, started again. */
export class FarmProcess {
  private child: ChildProcess | undefined;

  constructor(private readonly options: FarmProcessOptions) {}

  get pid(): number {
    if (!this.child?.pid) throw new Error(`${this.options.name} is not running`);
    return this.child.pid;
  }

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  async start(limitMs = 30_000): Promise<void> {
    const { entry, args = [], env, logFile, name } = this.options;
    mkdirSync(dirname(logFile), { recursive: true });
    const log = createWriteStream(logFile, { flags: 'a' });
    const child = spawn(process.execPath, ['--enable-source-maps', `${join(dist, entry)}.js`, ...args], {
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    this.child = child;
    const endMs = Date.now() + limitMs;
    for (;;) {
      if (!this.isRunning)
        throw new Error(`${name} ended with ${child.exitCode ?? child.signalCode}; see ${logFile}`);
      const ready = await fetch(this.options.healthUrl, { signal: AbortSignal.timeout(1_000) }).then(
        (answer) => answer.ok,
        () => false,
      );
      if (ready) return;
      if (Date.now() > endMs) throw new Error(`${name} was not ready in ${limitMs} ms; see ${logFile}`);
      await new Promise((go) => setTimeout(go, 50));
    }
  }

  /** Sends a signal and waits until the process is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL', limitMs = 12_000): Promise<void> {
    const { child } = this;
    if (!child || !this.isRunning) return;
    const gone = new Promise<void>((done) => child.once('exit', () => done()));
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), limitMs);
    await gone;
    clearTimeout(late);
  }
}
