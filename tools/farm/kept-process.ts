import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configExitCode } from '@kkt/config';
import { endProcess, identifyProcess, signalProcess, type ProcessIdentity } from '@kkt/embedded';
import { crashWords, lastLines, logSize, rotateLog, watchErrors } from './log-watch';
import { sayError, sayWarning } from './screen';

export interface KeptProcessOptions {
  readonly name: string;
  /** Absolute path of the compiled program. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly logFolder: string;
  /** Holds `<name>.json`, by which the next start finds what we could not stop. */
  readonly runFolder: string;
}

const backoff = { firstMs: 500, mostMs: 30_000, forgottenAfterMs: 60_000 };

/** A child of the farm: started, restarted when it falls, stopped when told. */
export class KeptProcess {
  readonly name: string;
  readonly logFile: string;
  private identity: ProcessIdentity | undefined;
  private isWanted = false;
  private delayMs = backoff.firstMs;
  private restartTimer: NodeJS.Timeout | undefined;
  private watch: { stop(): void } | undefined;
  private crashes = 0;
  private lastExitCode: number | undefined;

  constructor(private readonly options: KeptProcessOptions) {
    this.name = options.name;
    this.logFile = join(options.logFolder, `${options.name}.log`);
  }

  /** Falls since the start; the start gives up after a few. */
  get falls(): number {
    return this.crashes;
  }

  /** True when it ended because its settings are wrong: trying again is no use. */
  get isMisconfigured(): boolean {
    return this.lastExitCode === configExitCode;
  }

  start(): void {
    this.isWanted = true;
    rotateLog(this.logFile);
    this.watch ??= watchErrors(this.logFile, (phrase) => sayError(this.name, phrase));
    this.launch();
  }

  private launch(): void {
    const { program, args, env, cwd, runFolder, name } = this.options;
    const log = openSync(this.logFile, 'a', 0o600);
    const logFrom = logSize(this.logFile);
    const startedMs = performance.now();
    // A process group of its own: Ctrl-C reaches only us, and we stop the parts in order.
    const child = spawn(process.execPath, ['--enable-source-maps', program, ...args], {
      cwd,
      env,
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    this.identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
    if (this.identity) writeFileSync(join(runFolder, `${name}.json`), JSON.stringify(this.identity));
    child.once('error', (error) => sayError(name, error.message));
    child.once('exit', (code, signal) => {
      this.identity = undefined;
      this.lastExitCode = code ?? undefined;
      rmSync(join(runFolder, `${name}.json`), { force: true });
      if (this.isWanted) this.fell(signal ?? `exit code ${code}`, performance.now() - startedMs, logFrom);
    });
  }

  private fell(how: string, livedMs: number, logFrom: number): void {
    this.crashes++;
    if (livedMs > backoff.forgottenAfterMs) this.delayMs = backoff.firstMs;
    for (const words of crashWords(lastLines(this.logFile, 60, logFrom))) sayError(this.name, words);
    if (this.isMisconfigured) {
      sayError(this.name, `ended (${how}): its settings are wrong, not started again`);
      return;
    }
    sayWarning(this.name, `ended (${how}); again in ${this.delayMs / 1000} s`);
    this.restartTimer = setTimeout(() => this.launch(), this.delayMs);
    this.delayMs = Math.min(this.delayMs * 2, backoff.mostMs);
  }

  /** SIGTERM, then SIGKILL when it has not ended within `withinMs`. */
  async stop(withinMs: number): Promise<void> {
    this.isWanted = false;
    clearTimeout(this.restartTimer);
    const identity = this.identity;
    if (identity) {
      const ended = await endProcess(identity, [
        { signal: 'SIGTERM', waitMs: withinMs },
        { signal: 'SIGKILL', waitMs: 500 },
      ]);
      if (!ended) sayError(this.name, `process ${identity.pid} does not end`);
    }
    this.watch?.stop();
    this.watch = undefined;
  }

  kill(): void {
    this.isWanted = false;
    clearTimeout(this.restartTimer);
    if (this.identity) signalProcess(this.identity, 'SIGKILL');
  }
}

/** Ends a process that an earlier supervisor left behind; true when there was one. */
export async function endLeftover(recordFile: string): Promise<boolean> {
  let wasThere = false;
  try {
    const identity = JSON.parse(readFileSync(recordFile, 'utf8')) as ProcessIdentity;
    wasThere = identifyProcess(identity.pid)?.startedAt === identity.startedAt;
    await endProcess(identity, [
      { signal: 'SIGTERM', waitMs: 4_000 },
      { signal: 'SIGKILL', waitMs: 1_000 },
    ]);
  } catch {
    // An unreadable record names nobody.
  }
  rmSync(recordFile, { force: true });
  return wasThere;
}
