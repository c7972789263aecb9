import { closeSync, existsSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs';

const pinoError = 50;
const pollMs = 300;
const largestLogBytes = 20_000_000;
const burst = { lines: 5, perMs: 10_000 };

/** Keeps one older log when the newest has grown large. */
export function rotateLog(file: string): void {
  if (existsSync(file) && statSync(file).size > largestLogBytes) renameSync(file, `${file}.1`);
}

/** Its size in bytes; 0 when there is none. */
export const logSize = (file: string): number => (existsSync(file) ? statSync(file).size : 0);

/** The last lines of a log file that were written after its first `from` bytes. */
export function lastLines(file: string, count: number, from = 0): string[] {
  try {
    const fd = openSync(file, 'r');
    try {
      const { size } = fstatSync(fd);
      const bytes = Buffer.alloc(Math.max(0, Math.min(size - from, 16_384)));
      readSync(fd, bytes, 0, bytes.length, size - bytes.length);
      return bytes.toString('utf8').split('\n').filter(Boolean).slice(-count);
    } finally {
      closeSync(fd);
    }
  } catch {
    return [];
  }
}

/** Of a crash's plain text the part one acts on: from the line that names the error, else the end. */
export function crashWords(lines: readonly string[]): string[] {
  const plain = lines
    .filter((line) => !line.startsWith('{') && !/^\s+at /.test(line))
    .map((line) => line.trim());
  const named = plain.findIndex((line) => /(^|[A-Za-z])Error\b/.test(line));
  return named >= 0 ? plain.slice(named, named + 2) : plain.slice(-3);
}

interface LogLine {
  /** pino's number, or its label. */
  level?: number | string;
  msg?: string;
  err?: { message?: string; code?: string } | string;
}

/** What an error line says in one phrase; undefined when the line is no error. */
export function errorPhrase(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const { level = 0, msg = '', err } = JSON.parse(line) as LogLine;
    const isError = typeof level === 'number' ? level >= pinoError : level === 'error' || level === 'fatal';
    if (!isError) return undefined;
    const cause = typeof err === 'string' ? err : (err?.message ?? '');
    return (
      [msg, cause].filter((part, at, all) => part !== '' && all.indexOf(part) === at).join(': ') || 'error'
    );
  } catch {
    return undefined;
  }
}

/**
 * Follows a log that a child writes by itself and hands on its error lines. The child keeps the file, not a
 * pipe: it goes on logging when we are killed.
 */
export function watchErrors(file: string, onError: (phrase: string) => void): { stop(): void } {
  let at = logSize(file);
  let rest = '';
  let shown = 0;
  let windowStart = 0;

  const tell = (phrase: string) => {
    const now = performance.now();
    if (now - windowStart > burst.perMs) {
      windowStart = now;
      shown = 0;
    }
    shown++;
    if (shown <= burst.lines) onError(phrase);
    else if (shown === burst.lines + 1) onError(`more errors in ${file}`);
  };

  const look = () => {
    let fd: number;
    try {
      fd = openSync(file, 'r');
    } catch {
      return;
    }
    try {
      const { size } = fstatSync(fd);
      if (size < at) at = 0;
      const bytes = Buffer.alloc(Math.min(size - at, 1_000_000));
      at += readSync(fd, bytes, 0, bytes.length, at);
      const lines = (rest + bytes.toString('utf8')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const phrase = errorPhrase(line);
        if (phrase) tell(phrase);
      }
    } finally {
      closeSync(fd);
    }
  };
  const timer = setInterval(look, pollMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
