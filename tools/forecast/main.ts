import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  type DailyHistory,
  type Day,
  dayOf,
  Forecaster,
  HistoryError,
  isoOf,
  readHistoryCsv,
  reasonInWords,
} from '@kkt/forecast';

/** Foretells when an FN ends from documents a day; for support staff and for anyone's own data. */

const usage = `npm run --silent forecast -- --history FILE.csv --capacity N --valid-until YYYY-MM-DD [options]
  --history FILE      lines "date,documents": documents the FN made on each day since its activation ("-": stdin)
  --capacity N        documents the FN takes in its whole life
  --valid-until DATE  last day of the FN's term
  --today DATE        the day on which you ask (default: the day after the last line). Later lines are not looked at;
                      a line of this very day counts as a whole day
  --used N            documents in the FN now, by its own counter (default: the sum of the lines; days without a line
                      are taken as ordinary days)
  --lang ru|en        language of the reason (ru)
Prints JSON {fill:{p10,p50,p90},end:{date,cause},warnOn,reason}. fill: days on which the FN is full with the chance of
10, 50, 90 %, null when not within reach. end: the earlier of fill.p50 and valid-until, cause "capacity" or "validity".
warnOn: 60 days before the end; a day that has passed means at once.
Ends with 0; 64 wrong options; 65 wrong data in the file; 66 the file cannot be read.
`;

class UsageError extends Error {}

interface Options {
  history: string;
  capacity: number;
  validUntil: Day;
  today?: Day;
  used?: number;
  language: 'ru' | 'en';
}

function date(name: string, text: string | undefined): Day | undefined {
  if (text === undefined) return undefined;
  const day = dayOf(text);
  if (day === undefined) throw new UsageError(`--${name} must be a day YYYY-MM-DD, is "${text}"`);
  return day;
}

function whole(name: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d{1,12}$/.test(text) || value < least)
    throw new UsageError(`--${name} must be a whole number of at least ${least}, is "${text}"`);
  return value;
}

function readOptions(): Options | undefined {
  const { values } = (() => {
    try {
      return parseArgs({
        options: {
          history: { type: 'string' },
          capacity: { type: 'string' },
          'valid-until': { type: 'string' },
          today: { type: 'string' },
          used: { type: 'string' },
          lang: { type: 'string', default: 'ru' },
          help: { type: 'boolean', short: 'h', default: false },
        },
      });
    } catch (error) {
      throw new UsageError((error as Error).message);
    }
  })();
  if (values.help) return undefined;
  const capacity = whole('capacity', values.capacity, 1);
  const validUntil = date('valid-until', values['valid-until']);
  if (values.history === undefined) throw new UsageError('--history must be given');
  if (capacity === undefined) throw new UsageError('--capacity must be given');
  if (validUntil === undefined) throw new UsageError('--valid-until must be given');
  if (values.lang !== 'ru' && values.lang !== 'en')
    throw new UsageError(`--lang must be ru or en, is "${values.lang}"`);
  return {
    history: values.history,
    capacity,
    validUntil,
    today: date('today', values.today),
    used: whole('used', values.used, 0),
    language: values.lang,
  };
}

/** What was known on the day of the question. */
function until(history: DailyHistory, today: Day | undefined): DailyHistory {
  if (today === undefined) return history;
  const days = Math.max(0, Math.min(history.documents.length, today - history.firstDay + 1));
  const documents = Float64Array.from(history.documents).subarray(0, days);
  return { firstDay: days > 0 ? history.firstDay : today, documents };
}

/** Days between the last line and the day of the question have no reading. */
function upTo(history: DailyHistory, today: Day | undefined): DailyHistory {
  const missing = today === undefined ? 0 : today - (history.firstDay + history.documents.length);
  if (missing <= 0 || history.documents.length === 0) return history;
  const documents = new Float64Array(history.documents.length + missing).fill(NaN);
  documents.set(history.documents);
  return { firstDay: history.firstDay, documents };
}

function main(): number {
  let options: Options | undefined;
  try {
    options = readOptions();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`forecast: ${error.message}\n\n${usage}`);
    return 64;
  }
  if (!options) {
    process.stdout.write(usage);
    return 0;
  }
  let text: string;
  try {
    text = readFileSync(options.history === '-' ? 0 : options.history, 'utf8');
  } catch (error) {
    process.stderr.write(`forecast: --history cannot be read: ${(error as Error).message}\n`);
    return 66;
  }
  let history: DailyHistory;
  try {
    history = readHistoryCsv(text);
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    process.stderr.write(`forecast: ${options.history}: ${error.message}\n`);
    return 65;
  }
  if (history.documents.length === 0 && options.today === undefined) {
    process.stderr.write(`forecast: ${options.history}: no day is told, so --today must be given\n`);
    return 65;
  }
  const asked = {
    history: upTo(until(history, options.today), options.today),
    capacityDocuments: options.capacity,
    usedDocuments: options.used,
    validUntil: options.validUntil,
    today: options.today,
  };
  const forecast = new Forecaster().forecast(asked);
  const iso = (day: Day | null) => (day === null ? null : isoOf(day));
  const { fill, end, warnOn } = forecast;
  process.stdout.write(
    `${JSON.stringify({
      fill: { p10: iso(fill.p10), p50: iso(fill.p50), p90: iso(fill.p90) },
      end: { date: iso(end.day), cause: end.cause },
      warnOn: iso(warnOn),
      reason: reasonInWords(forecast, asked, options.language),
    })}\n`,
  );
  return 0;
}

process.exitCode = main();
