import pino, { type DestinationStream, type Logger } from 'pino';
import type { Log } from '@kkt/contracts';
import { correlationId } from './correlation';
import { scrubFields, scrubText } from './redaction';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** Lines that may wait for a slow reader of our output before new ones are dropped: a blocked pipe must not stop work. */
const maxWaitingBytes = 8 * 1024 * 1024;

let dropped = 0;
let standardOutput: (DestinationStream & { flushSync(): void }) | undefined;

function openStandardOutput(): DestinationStream {
  if (standardOutput) return standardOutput;
  const stream = pino.destination({ dest: 1, sync: false, minLength: 0, maxLength: maxWaitingBytes });
  stream.on('drop', () => dropped++);
  // A full disk or a closed pipe loses lines, never the process.
  stream.on('error', () => dropped++);
  standardOutput = stream;
  process.on('exit', flushLog);
  return stream;
}

/** Writes out what still waits. Called by itself at the process's exit. */
export function flushLog(): void {
  try {
    standardOutput?.flushSync();
  } catch {
    // The stream was not opened yet, or its reader is gone: nothing can be told anywhere.
  }
}

/** Log lines lost because nobody read them. */
export const droppedLogLines = (): number => dropped;

/**
 * The log of one process: a JSON object per line with `time` (UTC), `level`, `app`, the correlation id, the fields
 * and `msg`. Secrets and buyers' contacts are removed by name and by shape before a line is written.
 */
export function createLog(
  name: string,
  level: LogLevel,
  destination: DestinationStream = openStandardOutput(),
): Log {
  const logger = pino(
    {
      level,
      base: { app: name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: scrubFields },
      // Fields are plain objects by the time serializers would see them.
      serializers: { err: (value: unknown) => value },
      mixin: () => {
        const cid = correlationId();
        return cid === undefined ? {} : { cid };
      },
    },
    destination,
  );
  return wrap(logger);
}

const wrap = (logger: Logger): Log => ({
  debug: (fields, message) => logger.debug(fields, scrubText(message)),
  info: (fields, message) => logger.info(fields, scrubText(message)),
  warn: (fields, message) => logger.warn(fields, scrubText(message)),
  error: (fields, message) => logger.error(fields, scrubText(message)),
  child: (fields) => wrap(logger.child(scrubFields(fields))),
});
