import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { patienceMs } from './patience';
import { dist } from './places';

export interface FarmProcessOptions {
  name: string;
  /** Below dist/, without `.js`. */
  entry: string;
  args?: readonly string[];
  env: Readonly<Record<string, string>>;
  healthUrl: string;
  logFile: string;
}

export interface StartOptions {
  limitMs?: number;
  env?: Readonly<Record<string, string>>;
}

/** One real process of the farm under test: started, killed, started again. */
export class FarmProcess {
  private child: ChildProcess | undefined;

  constructor(private readonly options: FarmProcessOptions) {}

  get pid(): number {
    if (!this.child?.pid) throw new Error(`${this.options.name} is not running`);
    return this.child.pid;
  }

  get port(): number {
    return Number(new URL(this.options.healthUrl).port);
  }

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Starts it and waits until it is ready. `env` adds settings for this start only. */
  async start({ limitMs = patienceMs, env }: StartOptions = {}): Promise<void> {
    this.launch(env);
    await this.ready(limitMs);
  }

  /** Starts it and waits for nothing: a process that is to fail on purpose may never become ready. */
  launch(more: Readonly<Record<string, string>> = {}): void {
    const { entry, args = [], env, logFile } = this.options;
    mkdirSync(dirname(logFile), { recursive: true });
    const log = createWriteStream(logFile, { flags: 'a' });
    const child = spawn(process.execPath, ['--enable-source-maps', `${join(dist, entry)}.js`, ...args], {
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    this.child = child;
  }

  /** Waits until its health says that it works. */
  async ready(limitMs = patienceMs): Promise<void> {
    const { name, logFile, healthUrl } = this.options;
    const endMs = Date.now() + limitMs;
    for (;;) {
      if (!this.isRunning)
        throw new Error(
          `${name} ended with ${this.child?.exitCode ?? this.child?.signalCode}; see ${logFile}`,
        );
      const ready = await fetch(healthUrl, { signal: AbortSignal.timeout(10_000) }).then(
        (answer) => answer.ok,
        () => false,
      );
      if (ready) return;
      if (Date.now() > endMs) throw new Error(`${name} was not ready in ${limitMs} ms; see ${logFile}`);
      await new Promise((go) => setTimeout(go, 50));
    }
  }

  /** Sends a signal and does not wait: SIGSTOP, SIGCONT. */
  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** Waits until it has ended by itself; how it ended. */
  async ended(limitMs: number): Promise<NodeJS.Signals | number> {
    const { child } = this;
    const endMs = Date.now() + limitMs;
    while (this.isRunning) {
      if (Date.now() > endMs) throw new Error(`${this.options.name} still runs after ${limitMs} ms`);
      await new Promise((go) => setTimeout(go, 10));
    }
    return child?.signalCode ?? child?.exitCode ?? 0;
  }

  /** Sends a signal and waits until the process is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL', limitMs = 30_000): Promise<void> {
    const { child } = this;
    if (!child || !this.isRunning) return;
    const gone = new Promise<void>((done) => child.once('exit', () => done()));
    child.kill(signal);
    // A stopped process hears only SIGKILL.
    if (signal !== 'SIGKILL') child.kill('SIGCONT');
    const late = setTimeout(() => child.kill('SIGKILL'), limitMs);
    await gone;
    clearTimeout(late);
  }
}
