import { type Day, dayOf } from './days';
import type { DailyHistory } from './types';

/** What is wrong with a history file: the line, counted from 1, and the rule it breaks. */
export class HistoryError extends Error {
  constructor(
    readonly line: number | undefined,
    rule: string,
  ) {
    super(line === undefined ? rule : `line ${line}: ${rule}`);
    this.name = 'HistoryError';
  }
}

const maxDays = 3660;
const maxPerDay = 10_000_000;

/**
 * Reads `date,documents` a day: `YYYY-MM-DD` and a whole number. A header, BOM, CRLF, `;` or tab instead of the comma,
 * quotes, blank lines, any order and missing days are allowed.
 */
export function readHistoryCsv(text: string): DailyHistory {
  const counts = new Map<Day, { documents: number; line: number }>();
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  let isFirst = true;
  for (const [at, raw] of lines.entries()) {
    const line = at + 1;
    if (raw.trim() === '') continue;
    const cells = raw.split(/[,;\t]/).map((cell) =>
      cell
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .trim(),
    );
    // A first line that neither begins with a digit nor tells a number is a header.
    const isHeader = isFirst && !/^\d/.test(cells[0] as string) && !/^[-+\d]/.test(cells[1] ?? '');
    isFirst = false;
    if (isHeader) continue;
    if (cells.length !== 2)
      throw new HistoryError(line, `must have two columns, date and documents; has ${cells.length}`);
    const [date, documents] = cells as [string, string];
    const day = dayOf(date);
    if (day === undefined)
      throw new HistoryError(line, `date must be a day YYYY-MM-DD, is "${date.slice(0, 40)}"`);
    if (!/^\d+$/.test(documents) || Number(documents) > maxPerDay)
      throw new HistoryError(
        line,
        `documents must be a whole number from 0 to ${maxPerDay}, is "${documents.slice(0, 40)}"`,
      );
    const earlier = counts.get(day);
    if (earlier) throw new HistoryError(line, `date ${date} repeats line ${earlier.line}`);
    counts.set(day, { documents: Number(documents), line });
  }
  if (isFirst) throw new HistoryError(undefined, 'the file is empty: it must hold lines "date,documents"');
  if (counts.size === 0) return { firstDay: 0, documents: [] };
  let firstDay = Infinity;
  let lastDay = -Infinity;
  for (const day of counts.keys()) {
    firstDay = Math.min(firstDay, day);
    lastDay = Math.max(lastDay, day);
  }
  if (lastDay - firstDay >= maxDays) {
    const line = counts.get(firstDay)?.line;
    throw new HistoryError(line, `the days span more than ${maxDays} days, an FN does not live so long`);
  }
  const documents = new Float64Array(lastDay - firstDay + 1).fill(NaN);
  for (const [day, { documents: value }] of counts) documents[day - firstDay] = value;
  return { firstDay, documents };
}
