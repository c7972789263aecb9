import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import type { Log } from '@kkt/contracts';

const keptLines = 400;

/** Everything that happens, in order: its hash tells whether two runs of a seed were the same. */
export class EventLog {
  private readonly hash = createHash('sha256');
  private readonly tail: string[] = [];
  lines = 0;

  constructor(
    private readonly nowMs: () => number,
    /** A file for every line; without one only the last lines are kept. */
    private readonly file?: string,
  ) {}

  add(who: string, what: string): void {
    const line = `${this.nowMs()} ${who} ${what}\n`;
    this.hash.update(line);
    this.lines += 1;
    if (this.file) appendFileSync(this.file, line);
    this.tail.push(line);
    if (this.tail.length > 2 * keptLines) this.tail.splice(0, keptLines);
  }

  digest(): string {
    return this.hash.copy().digest('hex').slice(0, 16);
  }

  /** The farm's own log lines of a process, as part of the record. */
  logOf(who: string): Log {
    const write = (fields: object, message: string): void =>
      this.add(who, `${message} ${JSON.stringify(fields, plain)}`);
    const log: Log = {
      debug: () => undefined,
      info: write,
      warn: write,
      error: write,
      child: () => log,
    };
    return log;
  }
}

const plain = (_key: string, value: unknown): unknown =>
  value instanceof Error ? `${(value as { code?: string }).code ?? ''} ${value.message}` : value;
